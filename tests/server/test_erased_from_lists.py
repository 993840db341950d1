"""Who is erased stands in no kept list any more, and no sum tells their NIK."""

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from sync.server import erasing
from sync.server.backing_up import back_up
from sync.server.batches import register
from sync.server.batches.keeping import list_batches
from sync.server.batches.recovering import recover
from sync.server.deciding import approve
from sync.server.erasing import erase, erase_again
from sync.server.insurer import export_to_insurer, import_from_insurer, kept_file, write_list
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office
from sync.server.verifying import verify_office
from tests.server.laptops import nik
from tests.server.people import signed_in
from tests.server.test_insurer_replies import COVER
from tests.server.test_lists_after_restore import put_back

GONE, STAYS = "DARSIH BINTI KASIM", "WARTI BINTI SAIP"
MEMBER = "26000000042"


def everything_in(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode(errors="replace") for name in book.namelist())


def sum_of_niks(path: Path) -> str:
    """The control sum, counted by another reader than the program's."""
    header, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return str(sum(int(row[header.index("nik")]) for row in rows))


@pytest.fixture
def listed(sqlite_office: Office, laptop_on, tmp_path: Path):
    """Three people on a list, of whom one will ask to be erased; a copy from before the list."""
    office, laptop = sqlite_office, laptop_on(sqlite_office)
    for n, name in enumerate((STAYS, GONE, "ORANG KETIGA")):
        laptop.register(nik=nik(n + 1), name=name)
    laptop.push(laptop.journal)
    back_up(office, tmp_path / "copy")
    approve(office, officer="Ratna")
    made = export_to_insurer(office, tmp_path / "sent.xlsx", officer="Ratna")
    with office.database.reading() as connection:
        subject = connection.exec_driver_sql(
            "SELECT id FROM subject WHERE nik = ?", (nik(2),)
        ).scalar()
    return office, laptop, made, subject


def test_the_kept_file_its_sums_and_its_letter_leave_the_erased_person_out(listed, tmp_path):
    office, _, made, subject = listed
    assert GONE in everything_in(kept_file(office, made.id))
    erase(office, subject, ground="diminta sendiri")
    kept = kept_file(office, made.id)
    for word in (GONE, nik(2)):
        assert word not in everything_in(kept)
    assert STAYS in everything_in(kept)
    (batch,) = list_batches(office)
    assert batch.nik_sum == sum_of_niks(kept)
    assert (batch.rows, batch.monthly) == (3, made.monthly), "what was sent and paid is counted"
    noted = json.loads((register.folder_of(office.home) / f"{made.id}.json").read_text())
    assert noted["nik_sum"] == sum_of_niks(kept)
    again = write_list(office, made.id, tmp_path / "again.xlsx", officer="Ratna")
    assert (tmp_path / "again.xlsx").read_bytes() == kept.read_bytes()
    assert again.sha256 == batch.sha256
    browser = signed_in(office, "coordinator")
    page = browser.get(f"/batches/{made.id}").text
    assert "1 orang di kiriman ini sudah dihapus dari kantor" in page
    with pypdfium2.PdfDocument(browser.get(f"/batches/{made.id}/letter").content) as letter:
        said = "".join(page.get_textpage().get_text_range() for page in letter)
    assert batch.nik_sum in said.replace("\r\n", "")
    table = browser.get(f"/batches/{made.id}/file").content
    assert openpyxl.load_workbook(io.BytesIO(table)).active.max_row == 3  # a header and two
    assert verify_office(office) == []


def test_without_cutting_out_the_kept_file_would_still_name_them(listed, monkeypatch):
    """The control."""
    office, _, made, subject = listed
    monkeypatch.setattr(erasing, "cut_out", lambda *_: None)
    erase(office, subject, ground="diminta sendiri")
    assert GONE in everything_in(kept_file(office, made.id))


def test_a_cut_before_the_database_said_so_is_made_good_when_the_office_opens(listed, monkeypatch):
    office, _, made, subject = listed

    def cut(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(erasing, "_tell", cut)
    with pytest.raises(KeyboardInterrupt):
        erase(office, subject, ground="diminta sendiri")
    monkeypatch.undo()
    assert erase_again(office) == 1
    assert GONE not in everything_in(kept_file(office, made.id))
    write_list(office, made.id, kept_file(office, "copy-of-it"), officer="Ratna")
    assert verify_office(office) == []


def test_a_file_that_cannot_be_read_is_not_kept(listed):
    office, _, made, subject = listed
    kept_file(office, made.id).write_bytes(b"PK no table")
    erase(office, subject, ground="diminta sendiri")
    assert not kept_file(office, made.id).exists()
    assert list_batches(office)[0].nik_sum == ""


def test_a_sent_file_read_back_after_a_restore_brings_nobody_back_who_was_erased(listed, tmp_path):
    office, laptop, made, subject = listed
    again = put_back(office, laptop, tmp_path / "copy", tmp_path / "other")
    erase(again, subject, ground="diminta sendiri")
    recover(again, tmp_path / "sent.xlsx", officer="Ratna")
    kept = kept_file(again, made.id)
    for word in (GONE, nik(2)):
        assert word not in everything_in(kept)
    with again.database.reading() as connection:
        niks = connection.exec_driver_sql("SELECT nik FROM insurer_row").scalars().all()
    assert sorted(niks) == ["", nik(1), nik(3)]
    assert list_batches(again)[0].nik_sum == sum_of_niks(kept)
    again.close()


def test_no_table_has_a_name_a_nik_or_a_member_number_of_who_was_erased(listed):
    office, _, _, subject = listed
    reply = [ReplyRow(2, "", nik(2), "accepted", MEMBER, "")]
    assert import_from_insurer(office, reply, COVER, officer="Ratna").accepted == 1
    assert tables_with(office, GONE) == {"entry", "subject"}
    assert tables_with(office, nik(2)) == {"entry", "subject", "insurer_row"}
    assert tables_with(office, MEMBER) == {"feed", "revision", "subject", "insurer_row"}

    erase(office, subject, ground="diminta sendiri")

    for word in (GONE, nik(2), MEMBER):
        assert tables_with(office, word) == set()


def tables_with(office: Office, word: str) -> set[str]:
    """Return every table that has this word in any of its cells, as SQLite itself finds it."""
    found = set()
    with office.database.reading() as connection:
        ask = connection.exec_driver_sql
        names = ask("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        for name in names:
            for _, column, *_ in ask(f"PRAGMA table_info('{name}')").all():
                query = f'SELECT 1 FROM "{name}" WHERE instr(CAST("{column}" AS TEXT), ?)'  # noqa: S608 - its own names
                if ask(query, (word,)).first():
                    found.add(name)
    return found
