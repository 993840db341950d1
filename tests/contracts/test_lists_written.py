"""Tables that cannot be written: nothing is decided for them, or it can be written again."""

from pathlib import Path

import openpyxl
import pytest

from enumerator_app.domain.errors import FileUnwritable, UsageWrong
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


def test_a_list_that_was_made_can_be_written_again(verified: Office, tmp_path: Path):
    verified.home.exports.write_text("")  # stands where the office keeps its lists
    with pytest.raises(ListNotWritten) as raised:
        export_to_insurer(verified, tmp_path / "list.xlsx", officer="Ratna")
    verified.home.exports.unlink()

    again = write_list(
        verified, raised.value.parameters["export"], tmp_path / "list.xlsx", officer="Ratna"
    )

    assert again.rows == 1
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert sheet.max_row == 2


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
