"""The drive that gets each save: what was acknowledged is on it, whatever becomes of the laptop."""

import contextlib
import json
import random
import shutil
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from enumerator_app.domain.errors import FileUnwritable
from enumerator_app.services.laptop import Laptop
from enumerator_app.storage.opening import open_home, restore_home
from sync.server.bundles import import_folder
from sync.server.erasing import erase
from sync.server.standing import standing
from sync.server.tables import ENTRY_ROWS
from sync.server.verifying import verify_office
from tests import processes
from tests.storage.laptops import PASSPHRASE, person, portrait
from tests.sync_client.real_office import enrolled_laptop, really_synced

VILLAGE = "3216132001"


@pytest.fixture
def laptop(office, tmp_path):
    with Laptop(enrolled_laptop(office, tmp_path / "laptop")) as laptop:
        yield laptop


@pytest.fixture
def drive(tmp_path):
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    return folder


def register(laptop, count, *, first=0, photo=False):
    for i in range(first, first + count):
        laptop.store.register(
            person(i, village_code=VILLAGE, photo=None),
            photo=portrait(random.Random(i).randrange(10**9), 20_000) if photo else None,
        )


def packets(drive):
    return sorted(drive.rglob("*.tpb"))


def test_the_river_drill(office, laptop, drive, tmp_path):
    """The folder of the laptop is gone; stick and server give everything back."""
    register(laptop, 4, photo=True)
    really_synced(laptop.store)
    laptop.carrying.stick.use(drive)
    laptop.carrying.keeper.start()
    for i in range(4, 12):
        register(laptop, 1, first=i, photo=True)
    laptop.close()
    shutil.rmtree(tmp_path / "laptop")
    assert import_folder(office.office, drive).is_whole
    now = standing(office.office)
    assert (now["registrations"], now["photos_missing"], now["held"]) == (12, 0, 0)
    assert verify_office(office.office) == []


def test_without_the_drive_the_same_drill_loses_people(office, laptop, drive, tmp_path):
    register(laptop, 4)
    really_synced(laptop.store)
    register(laptop, 8, first=4)
    laptop.close()
    shutil.rmtree(tmp_path / "laptop")
    assert standing(office.office)["registrations"] == 4


def test_each_save_is_on_the_drive_as_a_packet_of_its_own(laptop, drive):
    laptop.carrying.stick.use(drive)
    register(laptop, 1)
    assert laptop.carrying.stick.catch_up() == 2  # the chain's start, and the person
    register(laptop, 1, first=1, photo=True)
    assert laptop.carrying.stick.catch_up() == 1
    assert laptop.carrying.stick.catch_up() == 0
    assert len(packets(drive)) == 2
    assert laptop.carrying.stick.standing().is_up_to_date


def test_a_drive_that_was_away_catches_up(laptop, drive):
    laptop.carrying.stick.use(drive)
    laptop.carrying.stick.catch_up()
    away = drive.with_name("di saku")
    drive.rename(away)
    register(laptop, 3)
    assert laptop.carrying.stick.catch_up() == 0
    assert not laptop.carrying.stick.standing().is_there
    away.rename(drive)
    assert laptop.carrying.stick.standing().behind == 3
    assert laptop.carrying.stick.catch_up() == 3
    assert laptop.carrying.stick.standing().is_up_to_date


def test_a_save_never_waits_for_a_drive_that_cannot_be_written(laptop, drive):
    (drive / "tani-pendata").write_text("a file in the folder's place")
    laptop.carrying.stick.use(drive)
    laptop.carrying.keeper.start()
    register(laptop, 2)
    with pytest.raises(FileUnwritable):
        laptop.carrying.stick.catch_up()
    laptop.carrying.keeper.stop()
    assert isinstance(laptop.carrying.keeper.trouble, FileUnwritable)
    assert laptop.counts().registrations == 2


@pytest.mark.parametrize("left", [0, 20, -10])
def test_an_index_that_was_cut_off_costs_a_packet_and_nobody(office, laptop, drive, left):
    laptop.carrying.stick.use(drive)
    for i in range(3):
        register(laptop, 1, first=i)
        laptop.carrying.stick.catch_up()
    (index,) = drive.rglob("index.jsonl")
    index.write_bytes(index.read_bytes()[:left])
    assert laptop.carrying.stick.catch_up() > 0
    assert laptop.carrying.stick.standing().is_up_to_date
    import_folder(office.office, drive)
    assert standing(office.office)["registrations"] == 3


def test_a_restored_laptop_writes_its_own_branch_as_well(office, laptop, drive, tmp_path):
    laptop.carrying.stick.use(drive)
    register(laptop, 2)
    laptop.carrying.stick.catch_up()
    laptop.store.backup(tmp_path / "dulu.tpc")
    register(laptop, 2, first=2)
    laptop.carrying.stick.catch_up()
    laptop.close()
    shutil.rmtree(tmp_path / "laptop")
    restored = restore_home(
        tmp_path / "dulu.tpc", tmp_path / "laptop", operator_name=None, passphrase=PASSPHRASE
    )
    with Laptop(restored) as again:
        register(again, 2, first=4)
        again.carrying.stick.catch_up()
    import_folder(office.office, drive)
    now = standing(office.office)
    assert (now["registrations"], now["held"]) == (6, 0)


def test_who_is_erased_leaves_the_drive_at_its_next_visit(office, laptop, drive):
    laptop.carrying.stick.use(drive)
    register(laptop, 3, photo=True)
    laptop.carrying.stick.catch_up()
    really_synced(laptop.store)
    (gone, *_) = laptop.search("", limit=1)
    erase(office.office, str(gone.subject), ground="diminta")
    really_synced(laptop.store)
    (old,) = packets(drive)
    before = old.stat().st_size
    laptop.carrying.stick.catch_up()
    assert packets(drive)[0] == old
    assert old.stat().st_size < before - 15_000  # the portrait went as well
    assert import_folder(office.office, drive).is_whole
    assert standing(office.office)["registrations"] == 2


def restored(laptop, tmp_path):
    """The laptop as its backup has it, where it was."""
    laptop.close()
    shutil.rmtree(tmp_path / "laptop")
    return Laptop(
        restore_home(
            tmp_path / "dulu.tpc", tmp_path / "laptop", operator_name=None, passphrase=PASSPHRASE
        )
    )


def subject_of(laptop, i):
    (found,) = laptop.search(person(i).name, limit=1)
    return str(found.subject)


def erased_here(office, laptop, subject):
    erase(office.office, subject, ground="diminta")
    really_synced(laptop.store)


def kept_bodies(office, subject):
    """How many entries of a person the office has words of."""
    named = ENTRY_ROWS.c.subject == subject
    query = select(ENTRY_ROWS.c.body).where(named, ENTRY_ROWS.c.kind != "erased_here")
    with office.office.database.reading() as connection:
        return sum(body is not None for body in connection.execute(query).scalars())


def test_a_packet_with_a_save_that_is_nowhere_else_is_not_rewritten(
    office, laptop, drive, tmp_path
):
    """One packet holds two people; the laptop was set back to before the second."""
    laptop.carrying.stick.use(drive)
    register(laptop, 1)
    laptop.store.backup(tmp_path / "dulu.tpc")
    register(laptop, 1, first=1)
    laptop.carrying.stick.catch_up()
    (packet,) = packets(drive)
    whole = packet.read_bytes()
    with restored(laptop, tmp_path) as again:
        really_synced(again.store)
        gone = subject_of(again, 0)
        erased_here(office, again, gone)
        again.carrying.stick.catch_up()
        assert packet.read_bytes() == whole
        assert again.carrying.stick.standing().left == (packet.name,)
        lines = next(drive.rglob("index.jsonl")).read_bytes()
        again.carrying.stick.catch_up()
        assert next(drive.rglob("index.jsonl")).read_bytes() == lines

        (taken,) = import_folder(office.office, drive).laptops
        assert taken.erased_in == [str(packet)]
        assert standing(office.office)["registrations"] == 1  # the second, and not the first
        assert kept_bodies(office, gone) == 0
        assert verify_office(office.office) == []

        packet.unlink()  # the office took it in, and takes it off the drive
        again.carrying.stick.catch_up()
        assert again.carrying.stick.standing().left == ()


def test_who_was_erased_is_known_by_entries_and_not_by_how_many(office, laptop, drive, tmp_path):
    """A laptop that was set back knows of one erased person again: of another than before."""
    laptop.carrying.stick.use(drive)
    register(laptop, 1, photo=True)
    laptop.carrying.stick.catch_up()
    really_synced(laptop.store)
    laptop.store.backup(tmp_path / "dulu.tpc")
    register(laptop, 1, first=1, photo=True)
    laptop.carrying.stick.catch_up()
    really_synced(laptop.store)
    erased_here(office, laptop, subject_of(laptop, 1))
    laptop.carrying.stick.catch_up()
    first, *_ = packets(drive)
    before = first.stat().st_size
    with restored(laptop, tmp_path) as again:
        gone = subject_of(again, 0)
        erased_here(office, again, gone)
        again.carrying.stick.catch_up()
        assert first.stat().st_size < before - 15_000
        assert again.carrying.stick.standing().left == ()
        (taken,) = import_folder(office.office, drive).laptops
        assert taken.erased_in == []
    assert kept_bodies(office, gone) == 0


def test_a_packet_keeps_a_portrait_that_this_laptop_has_lost(office, laptop, drive):
    """Content that left this laptop may be asked of the drive, whoever else is erased on it."""
    laptop.carrying.stick.use(drive)
    register(laptop, 2, photo=True)
    laptop.carrying.stick.catch_up()
    really_synced(laptop.store)
    face = laptop.registration(UUID(subject_of(laptop, 1))).photo
    lose = "UPDATE photo SET jpeg = x'' WHERE sha256 = ?"
    laptop.store._file.write(lambda c: c.execute(lose, (face,)))
    (packet,) = packets(drive)
    whole = packet.read_bytes()
    erased_here(office, laptop, subject_of(laptop, 0))
    laptop.carrying.stick.catch_up()
    assert packet.read_bytes() == whole


def test_an_entry_that_only_says_that_somebody_was_erased_costs_no_second_writing(
    office, laptop, drive
):
    laptop.carrying.stick.use(drive)
    register(laptop, 2)
    laptop.carrying.stick.catch_up()
    really_synced(laptop.store)
    erased_here(office, laptop, subject_of(laptop, 0))
    laptop.carrying.stick.catch_up()
    inodes = [packet.stat().st_ino for packet in packets(drive)]
    laptop.carrying.stick.catch_up()
    assert [packet.stat().st_ino for packet in packets(drive)] == inodes
    assert len(inodes) == 2


def test_the_command_of_the_drive(office, laptop, drive, tmp_path):
    laptop.close()
    secret = tmp_path / "sandi.txt"
    secret.write_text(f"{PASSPHRASE}\n")

    def ask(*words, code=0):
        base = [sys.executable, "-m", "enumerator_app", "--home", str(tmp_path / "laptop")]
        line = [*base, *map(str, words), "--passphrase-file", str(secret), "--json"]
        done = processes.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr[-2000:]
        return json.loads(done.stdout)

    assert ask("stick")["folder"] is None
    assert ask("stick", tmp_path / "nowhere", code=2)["error"]["code"] == "file_unwritable"
    on = ask("stick", drive)
    assert (on["is_there"], on["behind"], on["written"]) == (True, 0, 1)
    with contextlib.closing(
        open_home(tmp_path / "laptop", operator_name=None, passphrase=PASSPHRASE)
    ) as store:
        store.register(person(1, village_code=VILLAGE, photo=None))
    assert ask("stick")["behind"] == 0
    assert ask("stick", "--off")["folder"] is None
    assert Path(packets(drive)[0]).exists()
