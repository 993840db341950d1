"""Sample workers as the files that `register` reads, their portraits beside them."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Final

import xlsxwriter

from enumerator_app.services.paper_columns import load_columns
from enumerator_app.services.sample_data.faces import Face, chosen_face
from enumerator_app.services.sample_data.people import (
    SAMPLE_DAY,
    Row,
    makers,
    ordinary_people,
)
from enumerator_app.services.sample_data.portraits import drawn_portrait
from enumerator_app.services.sample_data.problems import CASES

PHOTOS: Final = "foto"
KINDS: Final = ("jsonl", "csv", "xlsx")
_EVERY: Final = 4  # one row in so many is a case
_REMEMBERED: Final = 400  # people that a twin or a shared phone may go back to
_HEIR_HEADERS: Final = {
    "name": "Nama ahli waris {n}",
    "relation": "Hubungan ahli waris {n}",
    "born": "Lahir ahli waris {n}",
    "scholarship": "Sekolah ahli waris {n}",
}
_HEIR_COLUMNS: Final = 3
_XLSX_DATE: Final = {"num_format": "dd-mm-yyyy"}


def write_sample_data(
    folder: Path,
    *,
    workers: int,
    seed: int,
    portraits: int | None = None,
    kinds: Sequence[str] = ("jsonl",),
) -> Path:
    """Write `workers.jsonl` (and .csv, .xlsx) with portraits under `foto/`; return the first file.

    The same arguments write the same bytes. At most `portraits` pictures are drawn; whoever has
    none gets a reason for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(sample_rows(workers=workers, seed=seed, portraits=portraits))
    _draw_portraits(folder, rows, seed)
    writers = {"jsonl": _write_jsonl, "csv": _write_csv, "xlsx": _write_xlsx}
    paths = [folder / f"workers.{kind}" for kind in kinds]
    for kind, path in zip(kinds, paths, strict=True):
        writers[kind](path, rows)
    return paths[0]


def sample_rows(*, workers: int, seed: int, portraits: int | None = None) -> Iterator[Row]:
    """Yield the rows of a sample: three ordinary people, then somebody who is a case."""
    run = makers(seed, workers)
    earlier: list[Row] = []
    pictures = 0
    for number, ordinary in zip(range(workers), ordinary_people(run), strict=False):
        row = ordinary
        if number % _EVERY == _EVERY - 1:
            row = CASES[number // _EVERY % len(CASES)](run, ordinary, earlier[-_REMEMBERED:])
        if not row.get("no_photo_reason"):
            if portraits is None or pictures < portraits:
                row["photo"] = f"{PHOTOS}/{row['ticket']}.jpg"
                pictures += 1
            else:
                row["no_photo_reason"] = "no_camera"
        earlier.append(row)
        yield dict(row)


def _draw_portraits(folder: Path, rows: Sequence[Row], seed: int) -> None:
    (folder / PHOTOS).mkdir(exist_ok=True)
    for row in rows:
        if "photo" not in row:
            continue
        face, chance = _face(row, seed)
        (folder / row["photo"]).write_bytes(drawn_portrait(face, chance))


def _face(row: Row, seed: int) -> tuple[Face, Random]:
    """One person has one face, in other clothes each time."""
    person = Random(f"face {seed} {row['mother_name']} {row['birth_date']}")  # noqa: S311 - repeats
    day = Random(f"picture {seed} {row['ticket']}")  # noqa: S311 - repeats
    age = SAMPLE_DAY.year - date.fromisoformat(row["birth_date"]).year
    today = chosen_face(day, row["sex"], age)
    face = chosen_face(person, row["sex"], age)
    return replace(face, wall=today.wall, clothes=today.clothes, batik=today.batik), day


def _write_jsonl(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    """As a spreadsheet program here saves it: semicolons, a byte order mark, our headers."""
    table = _table(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.writer(lines, delimiter=";")
        writer.writerow(table[0])
        for cells in table[1:]:
            writer.writerow([str(cell) for cell in cells])


def _write_xlsx(path: Path, rows: Sequence[Row]) -> None:
    """Texts as texts, dates as dates, figures as figures; the digits of a NIK are a text."""
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 11, 22)})  # noqa: DTZ001 - the writer wants it
    sheet, dated = book.add_worksheet("Pekerja"), book.add_format(_XLSX_DATE)
    table = _table(rows)
    birth = table[0].index(load_columns().labels["birth_date"])
    for at, cells in enumerate(table):
        for column, cell in enumerate(cells):
            if at and column == birth:
                sheet.write_datetime(at, column, datetime.fromisoformat(str(cell)), dated)
            elif isinstance(cell, int):
                sheet.write_number(at, column, cell)
            elif cell != "":
                sheet.write_string(at, column, cell)
    book.close()


def _table(rows: Sequence[Row]) -> list[list[str | int]]:
    """Return header and rows with one column a field and four a heir, under Indonesian headers."""
    labels = load_columns().labels
    names = [name for name in labels if any(name in row for row in rows)]
    heirs = [
        header.format(n=number)
        for number in range(1, _HEIR_COLUMNS + 1)
        for header in _HEIR_HEADERS.values()
    ]
    header: list[str | int] = [*(labels[name] for name in names), *heirs]
    return [header, *([*_cells(row, names), *_heir_cells(row)] for row in rows)]


def _cells(row: Row, names: Sequence[str]) -> Iterator[str | int]:
    for name in names:
        value = row.get(name, "")
        yield "+".join(value) if isinstance(value, list) else value


def _heir_cells(row: Row) -> Iterator[str]:
    for number in range(_HEIR_COLUMNS):
        heir = row["heirs"][number] if number < len(row["heirs"]) else {}
        yield from (heir.get(part, "") for part in _HEIR_HEADERS)
