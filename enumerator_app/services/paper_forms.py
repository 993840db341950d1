"""Paper forms keyed into a file: drafts out of its rows, and its rejected rows back into a file."""

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from enumerator_app.domain.findings import Finding, describe
from enumerator_app.domain.reading import NUMERIC_NIK_CELL
from enumerator_app.domain.registration import HeirDraft, RegistrationDraft
from enumerator_app.domain.table_files import RawRow, cell_text, raw_rows
from enumerator_app.domain.table_writing import FORMULA_SIGNS
from enumerator_app.services.paper_columns import (
    RAW,
    REASON,
    ROW,
    Columns,
    HeirColumn,
    heir_part,
    load_columns,
)
from enumerator_app.texts import catalogue, text

_LIST_SEPARATOR: Final = "+"
_LONG_NUMBER: Final = 11


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One row of a file as a draft. `problems` make it a rejected row before any rule is asked."""

    row_number: int
    draft: RegistrationDraft
    photo_path: Path | None = None
    problems: tuple[Finding, ...] = ()
    cells: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not registered, and why."""

    row: PaperRow
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Draft:
    """What was gathered of one row so far."""

    values: dict[str, str] = field(default_factory=dict)
    heirs: dict[int, dict[str, str]] = field(default_factory=dict)
    paradata: dict[str, int] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)

    def reject(self, code: str, name: str, **parameters: str | int) -> None:
        self.problems.append(Finding(code, "error", name, parameters))


def read_paper_forms(path: Path, *, mapping: Path | None = None) -> Iterator[PaperRow]:
    """Yield the rows of a .jsonl, .csv or .xlsx file as drafts, without reading all of it at once.

    Raises:
        FileUnreadable, FileKindUnknown, HeaderMissing, ColumnsUnknown: it is no such file. A row
            that cannot be used is yielded with its problems instead.
    """
    columns = load_columns(mapping)
    for row in raw_rows(path, columns):
        yield _paper_row(row, columns, path.parent)


def _paper_row(row: RawRow, columns: Columns, folder: Path) -> PaperRow:
    draft = _Draft()
    if row.problem:
        draft.reject(row.problem, "")
        cells: Mapping[str, object] = {RAW: row.raw}
    else:
        cells = row.cells
        for header, value in cells.items():
            _take_cell(draft, header, value, columns)
    photo = _photo_path(draft, folder)
    heirs = tuple(HeirDraft(**draft.heirs[number]) for number in sorted(draft.heirs))
    return PaperRow(
        row.number,
        RegistrationDraft(draft.values, heirs, draft.paradata),
        photo,
        tuple(draft.problems),
        cells,
    )


def _take_cell(draft: _Draft, header: str, value: object, columns: Columns) -> None:
    meaning = columns.meaning(header)
    if value is None and (meaning is not None or header in {"heirs", "paradata"}):
        return
    if header == "heirs" and isinstance(value, list):
        _take_heirs(draft, value)
    elif header == "paradata" and isinstance(value, dict):
        draft.paradata = {str(k): int(v) for k, v in value.items() if str(v).isdecimal()}
    elif isinstance(meaning, HeirColumn):
        if typed := _typed(value):
            draft.heirs.setdefault(meaning.number, {})[meaning.part] = typed
    elif meaning is None and header:
        draft.reject("column_unknown", "", column=header)
    elif isinstance(meaning, str):
        _take_field(draft, meaning, value)


def _take_field(draft: _Draft, name: str, value: object) -> None:
    if name in {"nik", "kk_number"} and isinstance(value, (int, float)):
        # The digits beyond the fifteenth are gone, and nobody can tell.
        if name == "nik":
            draft.values[NUMERIC_NIK_CELL] = "yes"
        else:
            draft.reject("xlsx_nik", name)
    if isinstance(value, list):
        value = _LIST_SEPARATOR.join(map(cell_text, value))
    elif isinstance(value, dict):
        draft.reject("value_unreadable", name)
        return
    if typed := _typed(value):
        draft.values[name] = typed


def _take_heirs(draft: _Draft, heirs: Sequence[object]) -> None:
    for number, heir in enumerate(heirs, start=1):
        if not isinstance(heir, dict):
            draft.reject("value_unreadable", "heirs")
            continue
        parts = draft.heirs.setdefault(number, {})
        for key, value in heir.items():
            part = heir_part(key)
            if part is None and key != "id":
                draft.reject("column_unknown", "heirs", column=key)
            elif part is not None and value is not None:
                parts[part] = _typed(value)


def _typed(value: object) -> str:
    """Return a cell as typed; the apostrophe that keeps a spreadsheet from calculating goes."""
    typed = cell_text(value)
    if typed.startswith("'") and typed[1:2] in {*FORMULA_SIGNS, *"0123456789"}:
        return typed[1:]
    return typed


def _photo_path(draft: _Draft, folder: Path) -> Path | None:
    """Return where the photo lies, below the folder of the file; anywhere else is a problem."""
    written = draft.values.pop("photo", "").strip().replace("\\", "/")
    if not written:
        return None
    relative = PurePosixPath(written)
    if relative.is_absolute() or ".." in relative.parts or ":" in relative.parts[0]:
        draft.reject("photo_outside", "photo")
        return None
    return folder / relative


# -- rejected rows ---------------------------------------------------------------------------


def describe_problem(finding: Finding) -> str:
    """Return the sentence of a problem of a row or of a finding of a rule."""
    key = f"forms.problem.{finding.code}"
    if key in catalogue():
        return text(key, None, **finding.parameters)
    return describe(finding)


def write_rejected(path: Path, rejected: Sequence[RejectedRow]) -> Path:
    """Write rejected rows beside the file they came from, with the reason in words.

    They can be corrected there and read again: .jsonl for .jsonl, .csv for everything else.

    Raises:
        OSError: the folder cannot be written.
    """
    kind = ".jsonl" if path.suffix.lower() == ".jsonl" else ".csv"
    target = path.with_name(f"{path.stem}.rejected{kind}")
    rows = [_with_reason(reject) for reject in rejected]
    unfinished = target.with_name(f"{target.name}.part")
    try:
        # What no encoding can hold came out of a damaged row: a mark stands in its place.
        encoding = "utf-8-sig" if kind == ".csv" else "utf-8"
        with unfinished.open("w", encoding=encoding, errors="replace", newline="") as f:
            if kind == ".jsonl":
                f.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            else:
                _write_csv(f, rows)
            f.flush()
            os.fsync(f.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _with_reason(rejected: RejectedRow) -> dict[str, Any]:
    labels = load_columns().labels
    reasons = [
        f"{labels[finding.field]}: {describe_problem(finding)}"
        if finding.field in labels
        else describe_problem(finding)
        for finding in rejected.findings
    ]
    row = rejected.row
    return {**row.cells, ROW: row.row_number, REASON: " ".join(dict.fromkeys(reasons))}


def _write_csv(target: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    last = (ROW, REASON)
    named = dict.fromkeys(name for row in rows for name in row if name and name not in last)
    writer = csv.DictWriter(target, [*named, *last], extrasaction="ignore", delimiter=";")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: inert(cell_text(value)) for name, value in row.items()})


def inert(typed: str) -> str:
    """Return a cell that a spreadsheet neither calculates nor turns into a rounded number."""
    is_long_number = len(typed) >= _LONG_NUMBER and typed.isdecimal()
    return f"'{typed}" if typed.startswith(FORMULA_SIGNS) or is_long_number else typed
