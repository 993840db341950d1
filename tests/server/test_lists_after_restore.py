"""A server put back from a copy older than a list sends nobody a second time."""

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from enumerator_app.domain.errors import UsageWrong
from sync.server.backing_up import back_up, restore
from sync.server.batches import recovering, register
from sync.server.batches.keeping import list_batches, unfinished
from sync.server.batches.recovering import is_settled, recover, settle
from sync.server.batches.trouble import BatchesUnsettled, NobodyReady
from sync.server.deciding import approve
from sync.server.erasing import erase
from sync.server.home import Home
from sync.server.insurer import export_to_insurer, write_list
from sync.server.office import Office, open_office
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, nik
from tests.server.offices import PASSPHRASE, serving


def people_in(path: Path) -> list[str]:
    """The NIKs in a list, by another reader than the program's."""
    sheet = openpyxl.load_workbook(path).active
    header, *rows = sheet.iter_rows(values_only=True)
    return [str(row[header.index("nik")]) for row in rows]


@pytest.fixture
def sent(sqlite_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path):
    """An office whose copy is older than its list: the laptop saw nothing of the list, either."""
    laptop = laptop_on(sqlite_office)
    for n in range(3):
        laptop.register(nik=nik(n + 1))
    laptop.push(laptop.journal)
    laptop.pull()
    back_up(sqlite_office, tmp_path / "copy")
    approve(sqlite_office, officer="Ratna")
    made = export_to_insurer(sqlite_office, tmp_path / "sent.xlsx", officer="Ratna")
    assert made.rows == 3
    return sqlite_office, laptop, made


def put_back(office: Office, laptop: Laptop, copy: Path, home: Path | None = None) -> Office:
    """Put the copy back, here or on another machine, and let the laptop be heard."""
    office.database.close()
    where = Home(home or office.home.path)
    where.path.mkdir(exist_ok=True)
    restore(where, None, copy, PASSPHRASE)
    again = open_office(where, None)
    with serving(again) as place:
        laptop.place = place
        laptop.hello()
        laptop.push(laptop.journal)
        laptop.hello()
    return again


def test_the_same_home_remembers_its_lists(sent, tmp_path: Path):
    office, laptop, made = sent
    again = put_back(office, laptop, tmp_path / "copy")
    approve(again, officer="Ratna")

    with pytest.raises(NobodyReady):
        export_to_insurer(again, tmp_path / "twice.xlsx", officer="Ratna")

    assert standing(again)["by_state"] == {"submitted": 3}
    (batch,) = list_batches(again)
    assert (batch.id, batch.sha256, batch.monthly) == (made.id, made.sha256, made.monthly)
    assert verify_office(again) == []
    again.close()


def test_another_machine_sends_nothing_until_somebody_said_what_left(sent, tmp_path: Path):
    office, laptop, made = sent
    again = put_back(office, laptop, tmp_path / "copy", tmp_path / "other")
    approve(again, officer="Ratna")
    target = tmp_path / "twice.xlsx"

    with pytest.raises(BatchesUnsettled):
        export_to_insurer(again, target, officer="Ratna")
    with pytest.raises(UsageWrong):
        settle(again, made.id)  # the office does not know that list yet
    done = recover(again, tmp_path / "sent.xlsx", officer="Ratna")
    assert (done.id, done.rows, done.marked, done.unknown) == (made.id, 3, 3, 0)
    assert recover(again, tmp_path / "sent.xlsx", officer="Ratna").new is False
    settle(again, made.id)
    with pytest.raises(NobodyReady):
        export_to_insurer(again, target, officer="Ratna")

    assert not target.exists()
    assert [batch.sha256 for batch in list_batches(again)] == [made.sha256]
    assert verify_office(again) == []
    again.close()


def test_who_comes_back_after_the_list_was_read_is_not_sent_either(sent, tmp_path: Path):
    office, laptop, _ = sent
    late = laptop.register(nik=nik(9))
    with serving(office) as place:
        laptop.place = place
        laptop.push([late])
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "late.xlsx", officer="Ratna")
    office.database.close()
    home = Home(tmp_path / "other")
    home.path.mkdir()
    restore(home, None, tmp_path / "copy", PASSPHRASE)
    again = open_office(home, None)
    for name in ("sent.xlsx", "late.xlsx"):
        last = recover(again, tmp_path / name, officer="Ratna")
    assert last.unknown == 1  # this laptop was not heard yet
    settle(again, last.id)
    with serving(again) as place:
        laptop.place = place
        laptop.hello()
        laptop.push(laptop.journal)
        laptop.hello()
    approve(again, officer="Ratna")

    with pytest.raises(NobodyReady):
        export_to_insurer(again, tmp_path / "twice.xlsx", officer="Ratna")

    assert standing(again)["by_state"] == {"submitted": 4}
    again.close()


def gone_back_with_its_disk(
    office: Office, laptop_on: Callable[[Office], Laptop], folder: Path
) -> tuple[Office, Path]:
    """An office whose whole disk, lists and all, is of a day before its list; a laptop knows."""
    people = laptop_on(office), laptop_on(office)
    for n, laptop in enumerate(people, 1):
        laptop.register(nik=nik(n))
        laptop.push(laptop.journal)
        laptop.pull()
    approve(office, officer="Ratna")
    export_to_insurer(office, folder / "before.xlsx", officer="Ratna")
    for n, laptop in enumerate(people, 3):
        laptop.register(nik=nik(n))
        laptop.push(laptop.journal)
        laptop.pull()
    office.database.close()
    assert register.is_whole(office.home, office.public.office)
    shutil.copytree(office.home.path, folder / "image")
    office = open_office(office.home, None)
    approve(office, officer="Ratna")
    export_to_insurer(office, folder / "sent.xlsx", officer="Ratna")
    with serving(office) as place:
        people[0].place = place
        people[0].pull()  # the other laptop hears nothing of the list
    office.database.close()
    again = open_office(Home(folder / "image"), None)
    with serving(again) as place:
        people[0].place = people[1].place = place
        people[0].reoffer()
        for laptop in people:
            laptop.hello()
            laptop.reoffer()
            laptop.push(laptop.journal)
            laptop.hello()
    return again, folder / "sent.xlsx"


def test_a_disk_that_went_back_sends_nothing_until_somebody_said_what_left(
    sqlite_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path
):
    again, sent_list = gone_back_with_its_disk(sqlite_office, laptop_on, tmp_path)
    approve(again, officer="Ratna")

    with pytest.raises(BatchesUnsettled):
        export_to_insurer(again, tmp_path / "twice.xlsx", officer="Ratna")

    done = recover(again, sent_list, officer="Ratna")
    settle(again, done.id)
    with pytest.raises(NobodyReady):
        export_to_insurer(again, tmp_path / "twice.xlsx", officer="Ratna")
    again.close()


def test_a_copy_put_back_beside_files_of_an_earlier_day_asks_what_left(sent, tmp_path: Path):
    office, laptop, made = sent
    shutil.copytree(office.home.path, tmp_path / "image")
    late = laptop.register(nik=nik(9))
    with serving(office) as place:
        laptop.place = place
        laptop.push([late])
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "late.xlsx", officer="Ratna")
    back_up(office, tmp_path / "later")
    again = put_back(office, laptop, tmp_path / "later", tmp_path / "image")
    assert made.id in register.names(again.home), "the earlier list is there, the later one is not"

    with pytest.raises(BatchesUnsettled):
        export_to_insurer(again, tmp_path / "twice.xlsx", officer="Ratna")

    again.close()


@pytest.mark.parametrize("protection", ["register", "settling"])
def test_without_the_protection_people_would_go_out_twice(
    sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protection: str
):
    office, laptop, _ = sent
    home = tmp_path / "other" if protection == "settling" else None
    if protection == "register":
        shutil.rmtree(register.folder_of(office.home))
    again = put_back(office, laptop, tmp_path / "copy", home)
    approve(again, officer="Ratna")
    monkeypatch.setattr(recovering, "is_settled", lambda _: True)

    export_to_insurer(again, tmp_path / "twice.xlsx", officer="Ratna")

    assert people_in(tmp_path / "twice.xlsx") == people_in(tmp_path / "sent.xlsx")
    again.close()


def test_a_cut_between_marking_and_the_list_loses_nobody(
    sqlite_office: Office,
    laptop_on: Callable[[Office], Laptop],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    office, laptop = sqlite_office, laptop_on(sqlite_office)
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")

    def cut(*_given, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(register, "write_down", cut)
    with pytest.raises(KeyboardInterrupt):
        export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    monkeypatch.undo()

    assert not (tmp_path / "list.xlsx").exists(), "nothing left before it was written down"
    (name,) = unfinished(office)
    made = write_list(office, name, tmp_path / "list.xlsx", officer="Ratna")
    assert (made.rows, unfinished(office)) == (1, [])
    assert people_in(tmp_path / "list.xlsx") == [nik(1)]


def test_the_files_beside_the_database_name_nobody(sent, tmp_path: Path):
    office, _, made = sent
    written = (register.folder_of(office.home) / f"{made.id}.json").read_text()
    assert nik(1) not in written
    assert "SITI" not in written
    with office.database.reading() as connection:
        subject = connection.exec_driver_sql(
            "SELECT id FROM subject WHERE nik = ?", (nik(1),)
        ).scalar()
    erase(office, subject, ground="permintaan")
    with office.database.reading() as connection:
        niks = connection.exec_driver_sql("SELECT nik FROM insurer_row").scalars().all()
    assert sorted(niks) == ["", nik(2), nik(3)]
    assert is_settled(office)
