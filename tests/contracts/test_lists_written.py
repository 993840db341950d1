"""Tables that cannot be written: nothing is decided for them, or it can be written again."""

from pathlib import Path

import openpyxl
import pytest

from enumerator_app.domain.errors import FileUnwritable, UsageWrong
from sync.server import insurer
from sync.server.batches.trouble import ListChanged
from sync.server.deciding import approve
from sync.server.errors import ListNotWritten
from sync.server.exporting import export_registrations
from sync.server.insurer import export_to_insurer, write_list
from sync.server.office import Office
from sync.server.standing import standing
from tests.server.laptops import Laptop, nik


@pytest.fixture
def verified(office: Office, laptop: Laptop) -> Office:
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    return office


@pytest.mark.parametrize(
    ("name", "error"),
    [("file/list.xlsx", FileUnwritable), ("folder.xlsx", FileUnwritable), ("list.pdf", UsageWrong)],
)
def test_nobody_is_submitted_for_a_list_that_cannot_be_written(
    verified: Office, tmp_path: Path, name: str, error: type[Exception]
):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.xlsx").mkdir()

    with pytest.raises(error):
        export_to_insurer(verified, tmp_path / name, officer="Ratna")

    assert standing(verified)["by_state"] == {"verified": 1}


def test_nobody_is_submitted_where_the_office_cannot_keep_its_list(
    verified: Office, tmp_path: Path
):
    verified.home.exports.write_text("")  # stands where the office keeps its lists

    with pytest.raises(FileUnwritable):
        export_to_insurer(verified, tmp_path / "list.xlsx", officer="Ratna")

    assert standing(verified)["by_state"] == {"verified": 1}


def test_a_list_that_was_made_can_be_written_again(
    verified: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "gone" / "list.xlsx"
    keep = insurer.keep_batch

    def keep_and_fill(*given):
        keep(*given)
        target.parent.rmdir()
        target.parent.write_text("")  # the drive was taken out meanwhile

    monkeypatch.setattr(insurer, "keep_batch", keep_and_fill)
    with pytest.raises(ListNotWritten) as raised:
        export_to_insurer(verified, target, officer="Ratna")
    monkeypatch.undo()

    name = raised.value.parameters["export"]
    again = write_list(verified, name, tmp_path / "list.xlsx", officer="Ratna")
    once_more = write_list(verified, name, tmp_path / "other.xlsx", officer="Ratna")

    assert again.rows == 1
    assert openpyxl.load_workbook(tmp_path / "list.xlsx").active.max_row == 2
    assert (tmp_path / "list.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()
    assert once_more == again


def test_the_office_makes_the_very_file_anew_or_none(verified: Office, tmp_path: Path):
    made = export_to_insurer(verified, tmp_path / "one.xlsx", officer="Ratna")
    kept = insurer.kept_file(verified, made.id)
    kept.unlink()

    write_list(verified, made.id, tmp_path / "two.xlsx", officer="Ratna")

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    kept.unlink()
    with verified.database.writing() as connection:
        connection.exec_driver_sql("UPDATE insurer_export SET sha256 = 'other'")
    with pytest.raises(ListChanged):
        write_list(verified, made.id, tmp_path / "three.xlsx", officer="Ratna")
    assert not (tmp_path / "three.xlsx").exists()


@pytest.mark.parametrize("name", ["20990101-abcdef", "../list", ""])
def test_a_list_that_was_never_made_is_not_written(verified: Office, tmp_path: Path, name: str):
    with pytest.raises(UsageWrong):
        write_list(verified, name, tmp_path / "list.xlsx", officer="Ratna")

    assert not list(tmp_path.rglob("list.xlsx"))


def test_an_older_table_stays_until_the_new_one_is_whole(verified: Office, tmp_path: Path):
    target = tmp_path / "all.csv"
    target.write_text("kept")
    (tmp_path / ".all.csv.part").mkdir()

    with pytest.raises(FileUnwritable):
        export_registrations(verified, target)

    assert target.read_text() == "kept"
