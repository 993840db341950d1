"""A table of chosen people: asked for with the passphrase, whole or not at all, inert."""

import csv
from datetime import UTC, datetime

import openpyxl
import pytest

from enumerator_app.domain.errors import FileUnwritable, WrongPassphrase
from enumerator_app.services.laptop import Laptop
from enumerator_app.storage.attempts import PassphraseTooSoon
from tests.storage.laptops import PASSPHRASE, new_laptop, person


@pytest.fixture
def laptop(tmp_path):
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    with Laptop(new_laptop(tmp_path / "home", now=lambda: now)) as laptop:
        for i in range(3):
            laptop.store.register(person(i))
        laptop.store.register(person(9, name='=HYPERLINK("x")', nik="0316135203740003"))
        yield laptop


def written(laptop, path, **options):
    return laptop.table_export.write(
        laptop.table_export.subjects(""), path, **{"passphrase": PASSPHRASE, **options}
    )


def rows_of(path):
    book = openpyxl.load_workbook(path)
    header, *rows = book.active.iter_rows()
    return [{h.value: c for h, c in zip(header, row, strict=True)} for row in rows]


def test_an_xlsx_has_text_cells_that_nothing_calculates(laptop, tmp_path):
    done = written(laptop, tmp_path / "out.xlsx")
    assert done.people == 4
    rows = rows_of(tmp_path / "out.xlsx")
    last = rows[-1]
    assert (last["nik"].value, last["nik"].data_type) == ("0316135203740003", "s")
    assert (last["name"].value, last["name"].data_type) == ('=HYPERLINK("x")', "s")
    assert [row["nik"].value for row in rows[:3]] == [person(i).nik for i in range(3)]


def test_a_csv_neither_calculates_nor_rounds(laptop, tmp_path):
    written(laptop, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[-1]["name"] == '\'=HYPERLINK("x")'
    assert rows[-1]["nik"] == "'0316135203740003"


SIGNS = ("=", "+", "-", "@", "＝")  # noqa: RUF001 - some programs read the wide one, too


@pytest.mark.parametrize("typed", [
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\uff1dSUM(A1)", "<script>x</script>",
    "javascript:x", "{{7*7}}", "\u202e\u200b=1", "A" * 10_000,
])  # fmt: skip
def test_whatever_was_typed_is_words_in_both_files(laptop, tmp_path, typed):
    laptop.store.register(person(7, name=typed, address=typed, workplace=typed))
    written(laptop, tmp_path / "out.xlsx")
    cells = [one for row in rows_of(tmp_path / "out.xlsx") for one in row.values()]
    assert {one.data_type for one in cells if one.value is not None} == {"s"}
    assert not any(one.hyperlink for one in cells)
    written(laptop, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        plain = [one for row in csv.reader(file) for one in row]
    assert not [one for one in plain if one.startswith(SIGNS)]
    assert sum(one.lstrip("'").endswith(typed.lstrip("\u202e\u200b")) for one in plain) >= 3


def test_a_wrong_passphrase_writes_nothing_and_the_sixth_has_to_wait(laptop, tmp_path):
    path = tmp_path / "out.xlsx"
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            written(laptop, path, passphrase="padi kuning sawah hujan sore")
    with pytest.raises(PassphraseTooSoon):
        written(laptop, path)
    assert not path.exists()


def test_a_cancelled_table_leaves_nothing_behind(laptop, tmp_path):
    path = tmp_path / "folder" / "out.xlsx"
    assert written(laptop, path, cancelled=lambda: True) is None
    assert list(path.parent.iterdir()) == []
    assert list(laptop.store.temporary.iterdir()) == []


def test_an_older_table_stays_where_the_new_one_cannot_be_written(laptop, tmp_path):
    path = tmp_path / "out.xlsx"
    path.mkdir()
    with pytest.raises(FileUnwritable):
        written(laptop, path)
    assert path.is_dir()


def test_progress_is_told_to_the_end(laptop, tmp_path):
    told = []
    written(laptop, tmp_path / "out.csv", on_progress=lambda *now: told.append(now))
    assert told == [(0, 4), (4, 4)]
