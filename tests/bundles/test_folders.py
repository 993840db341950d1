"""A folder with several laptops' files at the office: each is told, and each has its answer."""

import contextlib
import json
import re
import shutil
from pathlib import Path

import pytest

from enumerator_app.services.laptop import Laptop
from enumerator_app.texts import text
from sync.client.carrying import Cut, take_answer, write_bundle
from sync.protocol.bundle import NoBundleBelow
from sync.server.bundles import How, import_bundle, import_folder
from sync.server.commands.bundles import _sentences
from sync.server.errors import AnswerUnwritten
from sync.server.standing import standing
from tests import processes
from tests.storage.laptops import person, portrait, reopened
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced

VILLAGE = "3216132001"


@pytest.fixture
def drive(tmp_path):
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    return folder


def register(store, count, *, first=0):
    for i in range(first, first + count):
        store.register(person(i, village_code=VILLAGE, photo=None), photo=None)


def filled(office, home, drive, *, first):
    """A laptop that kept two saves on the drive, one packet each."""
    with Laptop(enrolled_laptop(office, home)) as laptop:
        laptop.carrying.stick.use(drive)
        for i in (first, first + 1):
            register(laptop.store, 1, first=i)
            laptop.carrying.stick.catch_up()


@pytest.fixture
def two(office, tmp_path, drive):
    """Two laptops on one drive: A01 with people 0 and 1, A02 with 10 and 11."""
    filled(office, tmp_path / "satu", drive, first=0)
    filled(office, tmp_path / "dua", drive, first=10)


def packets(drive):
    return sorted(drive.rglob("*.tpb"))


@pytest.mark.usefixtures("two")
def test_each_laptop_is_told_apart_and_has_its_own_answer(office, drive, tmp_path):
    taken = import_folder(office.office, drive, How(drive / "kantor.tpa"))
    assert [(one.sender.code, one.new) for one in taken.laptops] == [("A01", 3), ("A02", 3)]
    assert taken.answers == {"A01": drive / "kantor-A01.tpa", "A02": drive / "kantor-A02.tpa"}
    assert taken.is_whole
    for name, code in (("satu", "A01"), ("dua", "A02")):
        with contextlib.closing(reopened(tmp_path / name)) as store:
            done = take_answer(store, taken.answers[code])
            assert (done.settled, done.pending, done.heads_agree) == (3, 0, True)


@pytest.mark.usefixtures("two")
def test_a_packet_that_cannot_be_read_is_named(office, drive):
    last = packets(drive)[-1]
    last.write_bytes(last.read_bytes()[:200])
    taken = import_folder(office.office, drive, How(drive / "kantor.tpa"))
    assert [(one.file, one.code) for one in taken.unread] == [
        (str(last.relative_to(drive)), "bundle_unreadable")
    ]
    assert not taken.is_whole
    assert taken.answers["A02"].exists()
    assert standing(office.office)["registrations"] == 3


@pytest.mark.usefixtures("two")
def test_an_answer_that_cannot_be_written_loses_neither_counts_nor_the_others(office, drive):
    with pytest.raises(AnswerUnwritten) as told:
        import_folder(office.office, drive, How(drive.parent / "gone" / "kantor.tpa"))
    assert not (drive.parent / "gone").exists()  # the place of a drive is not made anew
    assert told.value.parameters == {
        "name": "kantor-A01.tpa, kantor-A02.tpa", "new": 6, "known": 0,
    }  # fmt: skip
    (drive / "kantor-A01.tpa").mkdir()
    with pytest.raises(AnswerUnwritten) as told:
        import_folder(office.office, drive, How(drive / "kantor.tpa"))
    assert told.value.parameters == {"name": "kantor-A01.tpa", "new": 0, "known": 6}
    assert (drive / "kantor-A02.tpa").is_file()
    assert sorted(one.name for one in drive.iterdir()) == [
        "kantor-A01.tpa", "kantor-A02.tpa", "tani-pendata",
    ]  # fmt: skip


def test_a_folder_without_a_bundle_is_not_damaged(office, drive):
    (drive / "tua.tpb").mkdir()
    with pytest.raises(NoBundleBelow) as told:
        import_folder(office.office, drive)
    assert told.value.parameters == {"name": "KINGSTON"}


def test_a_dry_run_foresees_what_follows_in_another_file(office, drive, tmp_path):
    """The later part has the earlier name, so that it is read first."""
    with contextlib.closing(enrolled_laptop(office, tmp_path / "satu")) as store:
        register(store, 2)
        write_bundle(store, drive / "2.tpb", Cut())
        tip = store.position().head
        register(store, 3, first=2)
        write_bundle(store, drive / "1.tpb", Cut(since=tip))
        write_bundle(store, drive / "3.tpb", Cut(everything=True))
        counted = {}
        for dry_run in (True, False):
            (taken,) = import_folder(office.office, drive, How(dry_run=dry_run)).laptops
            counted[dry_run] = (taken.entries, taken.new, taken.known, taken.waiting)
        assert counted == {True: (6, 6, 0, 0), False: (6, 6, 0, 0)}
        assert taken.outcomes == {"accepted": 6}
        (drive / "2.tpb").unlink()
        (drive / "3.tpb").unlink()
        (again,) = import_folder(office.office, drive).laptops
        assert (again.new, again.known, again.waiting) == (0, 3, 0)


def test_a_dry_run_says_what_waits_for_a_file_that_is_not_there(office, drive, tmp_path):
    with contextlib.closing(enrolled_laptop(office, tmp_path / "satu")) as store:
        register(store, 2)
        tip = store.position().head
        register(store, 3, first=2)
        write_bundle(store, drive / "1.tpb", Cut(since=tip))
        for dry_run in (True, False):
            (taken,) = import_folder(office.office, drive, How(dry_run=dry_run)).laptops
            assert (taken.new, taken.waiting) == (0, 3)
        assert really_synced(store).heads_agree


def test_the_command_says_of_a_dry_run_what_would_wait(office, tmp_path):
    with contextlib.closing(enrolled_laptop(office, tmp_path / "satu")) as store:
        register(store, 2)
        tip = store.position().head
        register(store, 3, first=2)
        path = tmp_path / "dua.tpb"
        write_bundle(store, path, Cut(since=tip))
    taken = import_bundle(office.office, path, How(None, dry_run=True))
    for dry_run, word in ((True, "akan menunggu"), (False, "Yang ini disimpan")):
        said = " ".join(_sentences(taken, None, dry_run=dry_run))
        assert word in said
        assert ("Belum ada yang diubah" in said) is dry_run


# The command, with the office as a process of its own


def test_the_command_names_what_it_could_not_read(tmp_path, drive):
    (tmp_path / "proses").mkdir()
    process = founded(tmp_path / "proses")
    process.start()
    try:
        filled(process, tmp_path / "satu", drive, first=0)
        filled(process, tmp_path / "dua", drive, first=10)
    finally:
        process.stop()
    bad = packets(drive)[-1]
    bad.write_bytes(bad.read_bytes()[:200])
    other = drive / "kosong.tpb"
    other.write_bytes(b"")

    def ask(*words, code, as_json=True):
        line = process._line("bundle", "import", *map(str, words))
        line = line if as_json else [one for one in line if one != "--json"]
        done = processes.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr[-2000:]
        return json.loads(done.stdout) if as_json else done.stdout + done.stderr

    seen = ask(drive, "--dry-run", code=3)
    assert (seen["new"], seen["answer"], seen["dry_run"]) == (5, None, True)
    assert not list(drive.glob("*.tpa"))
    words = ask(drive, code=3, as_json=False)
    assert "Laptop A01: 3 catatan baru" in words
    assert "Laptop A02: 2 catatan baru" in words
    assert "2 berkas tidak terbaca" in words
    assert bad.name in words
    for file in ("kantor-A01.tpa", "kantor-A02.tpa"):
        assert file in words
        assert (drive / file).exists()
    whole = packets(drive)[1]  # the first is empty
    renamed, before = Path(shutil.copy(whole, tmp_path / "ren.tpa")), whole.read_bytes()
    over = "usage_wrong", text("bundles.answer_over_file", file="{}")
    nowhere = drive / "gone" / "x.tpa"
    for words, (error, said) in (
        ((renamed,), over),
        ((whole, "--answer", whole), over),
        ((drive, "--answer", drive / "kantor.TPB"), over),
        ((whole, "--answer", nowhere), ("file_unwritable", "{}")),
    ):
        failed = ask(*words, code=2)["error"]
        assert failed["code"] == error
        assert said.format(Path(words[-1]).name) in failed["message"]
    assert (renamed.read_bytes(), whole.read_bytes()) == (before, before)
    assert not nowhere.parent.exists()
    (tmp_path / "kantor.tpa").mkdir()
    failed = ask(whole, "--answer", tmp_path / "kantor.tpa", code=3)["error"]
    assert (failed["code"], failed["data_safe"]) == ("answer_unwritten", True)
    again = ask(drive, code=3)
    assert [(one["device"], one["known"]) for one in again["laptops"]] == [("A01", 3), ("A02", 2)]
    assert {Path(one["file"]).name for one in again["unread"]} == {bad.name, other.name}
    assert (again["known"], again["complete"], again["device"]) == (5, True, None)
    shutil.rmtree(drive / "tani-pendata" / "A02")
    other.unlink()
    alone = ask(drive, code=0)
    assert (alone["device"], Path(alone["answer"]).name) == ("A01", "kantor-A01.tpa")


def blocked(home, photo):
    """Let the office's disk refuse this portrait: a file lies where its folder would be."""
    place = home / "photos" / photo.sha256[:2]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"")
    return place


def test_a_disk_that_fills_midway_is_told_with_what_is_in_and_what_is_not(tmp_path, drive):
    process = founded(tmp_path)
    process.start()
    photos = [portrait(n, 20_000) for n in range(3)]
    with Laptop(enrolled_laptop(process, tmp_path / "satu")) as laptop:
        laptop.carrying.stick.use(drive)
        for n, photo in enumerate(photos):
            laptop.store.register(person(n, village_code=VILLAGE, photo=None), photo=photo)
            laptop.carrying.stick.catch_up()
    process.stop()
    place = blocked(process.home, photos[1])
    first, *rest = packets(drive)

    def ask(*words, code):
        line = process._line("bundle", "import", str(drive), *words)
        done = processes.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr[-2000:]
        assert re.match(r"bundle \d+/\d+ kB\n", done.stderr)
        return json.loads(done.stdout)

    told = ask(code=1)
    assert (told["error"]["code"], told["error"]["data_safe"]) == ("office_disk", True)
    assert (told["new"], told["known"], told["photos"]) == (3, 0, 1)
    assert told["left"] == [str(path.relative_to(drive)) for path in rest]
    assert text("errors.office_disk", "id", new=3, known=0, left=2) == told["error"]["message"]
    assert not list(drive.glob("*.tpa"))

    place.unlink()
    again = ask(code=0)
    assert (again["new"], again["known"], again["photos"], again["left"]) == (1, 3, 2, [])
    assert first.exists()
    assert (drive / "kantor-A01.tpa").exists()
