"""A flash drive between a real laptop's encrypted file and the district office."""

import contextlib
import errno
import io
import json
import random
import shutil
import sys
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from enumerator_app.domain.errors import DiskFull, OfficeNotProven
from enumerator_app.storage.opening import open_home
from sync.client.carrying import Cut, take_answer, write_bundle
from sync.client.hello import hello_message
from sync.protocol.bundle import BundleForeign, BundleGone, BundleIsFolder, BundleUnreadable
from sync.server.bundles import How, import_bundle
from sync.server.devices import add_device
from sync.server.errors import OfficeDiskRefuses
from sync.server.office import Office
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests import processes
from tests.server.offices import new_office, serving
from tests.storage.laptops import PASSPHRASE, person, portrait
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced

VILLAGE = "3216132001"


@dataclass
class Served:
    """An office in this process, served to laptops."""

    office: Office
    url: str

    def ask(self, *words):
        """What `enrolled_laptop` asks of an office that is a process of its own."""
        assert words[:2] == ("device", "add")
        return {"code": add_device(self.office, words[2]).code}

    def standing(self):
        return standing(self.office)

    def take(self, path, *, dry_run=False):
        return import_bundle(self.office, path, How(answer_of(path), dry_run))


def answer_of(path):
    return path.with_suffix(".tpa")


@pytest.fixture
def office(sqlite_office):
    with serving(sqlite_office) as (host, port):
        yield Served(sqlite_office, f"http://{host}:{port}")


@pytest.fixture
def laptop(office, tmp_path):
    with contextlib.closing(enrolled_laptop(office, tmp_path / "laptop")) as store:
        yield store


def register(store, count, *, first=0, photos=0):
    for i in range(first, first + count):
        store.register(
            person(i, village_code=VILLAGE, photo=None),
            photo=portrait(random.Random(i).randrange(10**9), 20_000) if i < photos else None,
        )


def carried(store, folder: Path, name="kirim.tpb", **how):
    path = folder / name
    write_bundle(store, path, Cut(**how))
    return path


def test_a_stick_there_and_back_is_a_whole_sync(office, laptop, tmp_path):
    register(laptop, 12, photos=5)
    path = carried(laptop, tmp_path)
    taken = office.take(path)
    assert (taken.entries, taken.new, taken.photos) == (13, 13, 5)
    assert taken.outcomes == {"accepted": 13}
    assert office.standing()["registrations"] == 12
    done = take_answer(laptop, answer_of(path))
    assert (done.settled, done.photos, done.pending, done.heads_agree) == (13, 5, 0, True)
    counts = laptop.counts()
    assert (counts.pending, counts.photos_pending) == (0, 0)
    result = really_synced(laptop)
    assert (result.pushed, result.requests, result.heads_agree) == (0, 1, True)
    assert verify_office(office.office) == []


def test_a_dry_run_counts_and_changes_nothing(office, laptop, tmp_path):
    register(laptop, 3, photos=1)
    path = carried(laptop, tmp_path)
    before = office.standing()
    seen = office.take(path, dry_run=True)
    assert (seen.new, seen.known, seen.photos) == (4, 0, 1)
    assert office.standing() == before
    assert not answer_of(path).exists()


def test_a_stick_read_twice_or_after_the_line_doubles_nobody(office, laptop, tmp_path):
    register(laptop, 4)
    path = carried(laptop, tmp_path)
    really_synced(laptop)
    for _ in range(2):
        again = office.take(path)
        assert (again.new, again.known) == (0, 5)
    assert office.standing()["registrations"] == 4
    take_answer(laptop, answer_of(path))
    assert really_synced(laptop).heads_agree


def test_a_later_stick_may_come_first(office, laptop, tmp_path):
    register(laptop, 3)
    first = carried(laptop, tmp_path, "satu.tpb")
    tip = laptop.position().head
    register(laptop, 3, first=3)
    second = carried(laptop, tmp_path, "dua.tpb", since=tip)
    waiting = office.take(second)
    assert (waiting.entries, waiting.waiting, waiting.new) == (3, 3, 0)
    assert office.standing()["registrations"] == 0
    office.take(first)
    assert office.standing()["registrations"] == 6
    done = take_answer(laptop, answer_of(first))
    assert (done.pending, done.heads_agree) == (0, True)


def test_a_lost_laptop_comes_back_from_its_stick(office, laptop, tmp_path):
    register(laptop, 5, photos=2)
    really_synced(laptop)
    register(laptop, 5, first=5)
    path = carried(laptop, tmp_path, everything=True)
    laptop.close()
    shutil.rmtree(tmp_path / "laptop")
    taken = office.take(path)
    assert (taken.known, taken.new) == (6, 5)
    now = office.standing()
    assert (now["registrations"], now["photos_missing"]) == (10, 0)


def test_an_older_answer_takes_nothing_back(office, laptop, tmp_path):
    register(laptop, 2)
    first = carried(laptop, tmp_path, "satu.tpb")
    office.take(first)
    register(laptop, 2, first=2)
    really_synced(laptop)
    before = laptop.position()
    done = take_answer(laptop, answer_of(first))
    assert (done.is_outdated, done.pending, done.pulled) == (True, 0, 0)
    assert laptop.position() == before
    assert laptop.last_sync().heads_agree


def ahead(office, monkeypatch, days):
    """Let the office's clock be wrong."""
    clock = office.office.clock
    monkeypatch.setattr(office.office, "clock", lambda: clock() + timedelta(days=days))


def test_an_answer_is_taken_though_the_clock_of_the_office_was_ahead_before(
    office, laptop, tmp_path, monkeypatch
):
    register(laptop, 2)
    first = carried(laptop, tmp_path, "satu.tpb")
    with monkeypatch.context() as wrong:
        ahead(office, wrong, 365)
        office.take(first)
    assert take_answer(laptop, answer_of(first)).pending == 0
    register(laptop, 2, first=2)
    second = carried(laptop, tmp_path, "dua.tpb")
    office.take(second)
    done = take_answer(laptop, answer_of(second))
    assert (done.is_outdated, done.settled, done.pending, done.heads_agree) == (False, 2, 0, True)
    third = carried(laptop, tmp_path, "tiga.tpb")
    office.take(third)  # nothing was saved or decided since
    for path, is_old in ((first, True), (second, False), (third, False)):
        before = laptop.position()
        done = take_answer(laptop, answer_of(path))
        assert (done.is_outdated, done.nothing_new, done.heads_agree) == (
            is_old, not is_old, not is_old
        )  # fmt: skip
        assert (done.pending, laptop.position()) == (0, before)
    register(laptop, 1, first=4)
    done = take_answer(laptop, answer_of(third))
    assert (done.nothing_new, done.heads_agree, done.pending) == (True, False, 1)
    assert really_synced(laptop).heads_agree


def test_a_fresh_answer_that_brings_nothing_new_is_the_offices_word_all_the_same(
    office, laptop, tmp_path, monkeypatch
):
    register(laptop, 2)
    first = carried(laptop, tmp_path, "satu.tpb")
    office.take(first)
    take_answer(laptop, answer_of(first))
    before = laptop.last_sync()
    second = carried(laptop, tmp_path, "dua.tpb")
    with monkeypatch.context() as later:
        ahead(office, later, 2)
        office.take(second)

    assert take_answer(laptop, answer_of(second)).nothing_new

    heard = laptop.last_sync()
    assert heard.office_time - before.office_time > timedelta(days=1)
    assert (heard.at > before.at, heard.heads_agree) == (True, True)
    register(laptop, 1, first=2)
    for read_again in (first, second):
        take_answer(laptop, answer_of(read_again))
        assert laptop.last_sync() == heard


def test_an_answer_of_the_same_place_in_the_feed_settles_what_waits(
    office, laptop, tmp_path, monkeypatch
):
    """The drive was pulled out before the end, and the office's clock was ahead that day."""
    register(laptop, 10, photos=10)
    whole = carried(laptop, tmp_path, "utuh.tpb")
    cut = tmp_path / "potong.tpb"
    cut.write_bytes(whole.read_bytes()[:-80_000])
    with monkeypatch.context() as wrong:
        ahead(office, wrong, 365)
        office.take(cut)
    take_answer(laptop, answer_of(cut))
    assert laptop.counts().photos_pending > 0
    office.take(whole)
    done = take_answer(laptop, answer_of(whole))
    assert (done.is_outdated, laptop.counts().photos_pending) == (False, 0)


def test_what_another_office_or_laptop_wrote_is_refused_and_changes_nothing(
    office, laptop, tmp_path
):
    with contextlib.closing(enrolled_laptop(office, tmp_path / "laptop2")) as other:
        register(other, 1)
        path = carried(other, tmp_path)
        office.take(path)
    with pytest.raises(BundleForeign):
        take_answer(laptop, answer_of(path))
    with contextlib.closing(new_office(tmp_path / "lain", None)) as stranger:
        with pytest.raises(BundleForeign):
            import_bundle(stranger, path)
        assert standing(stranger)["entries"] == 0


def test_an_answer_that_the_office_did_not_sign_is_refused(office, laptop, tmp_path, monkeypatch):
    register(laptop, 1)
    path = carried(laptop, tmp_path)
    office.take(path)
    before = laptop.position()
    monkeypatch.setattr("sync.client.answer_file.BUNDLE_ANSWER", b"TP1-other\n")
    with pytest.raises(OfficeNotProven):
        take_answer(laptop, answer_of(path))
    assert laptop.position() == before


def test_a_bundle_that_its_laptop_did_not_sign_is_refused(office, laptop, tmp_path, monkeypatch):
    register(laptop, 1)
    monkeypatch.setattr("sync.client.carrying.BUNDLE", b"TP1-other\n")
    path = carried(laptop, tmp_path)
    with pytest.raises(BundleUnreadable):
        office.take(path)
    assert office.standing()["registrations"] == 0


def test_a_bundle_that_speaks_for_another_laptop_is_refused(office, laptop, tmp_path, monkeypatch):
    """Its signer would be told how the other one stands, and that one would count as heard."""
    with contextlib.closing(enrolled_laptop(office, tmp_path / "laptop2")) as other:
        named = {"device": str(other.identity().device)}
    monkeypatch.setattr(
        "sync.client.carrying.hello_message",
        lambda *about: hello_message(*about).model_copy(update=named),
    )
    path = carried(laptop, tmp_path)
    with pytest.raises(BundleForeign):
        office.take(path)
    assert not answer_of(path).exists()


def test_a_damaged_stick_is_said_and_never_believed(office, laptop, tmp_path):
    register(laptop, 6, photos=6)
    path = carried(laptop, tmp_path)
    whole, dice = path.read_bytes(), random.Random(4)
    for _ in range(200):
        raw = bytearray(whole)
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
        bad = tmp_path / "rusak.tpb"
        bad.write_bytes(raw)
        try:
            taken = office.take(bad)
        except (BundleForeign, BundleUnreadable):
            continue
        assert not taken.complete
        assert not taken.refused
    assert verify_office(office.office) == []
    assert office.take(path).complete
    assert office.standing()["registrations"] == 6


def test_a_stick_that_was_pulled_out_gives_what_was_written(office, laptop, tmp_path):
    register(laptop, 20, photos=20)
    path = carried(laptop, tmp_path)
    path.write_bytes(path.read_bytes()[:-80_000])
    assert not office.take(path).complete
    assert office.standing()["registrations"] == 20
    done = take_answer(laptop, answer_of(path))
    assert (done.pending, done.heads_agree) == (0, True)
    assert laptop.counts().photos_pending > 0
    assert really_synced(laptop).photos_pending == 0


class PulledOut(io.FileIO):
    """A file on a drive that is pulled out once so much of it was read."""

    def __init__(self, path, after):
        super().__init__(path)
        self.after = after

    def readinto(self, buffer):
        if self.tell() >= self.after:
            raise OSError(errno.EIO, "Input/output error")
        return super().readinto(buffer)

    def read(self, size=-1):
        piece = bytearray(size)
        return bytes(piece[: self.readinto(piece)])


@pytest.mark.parametrize("after", [0, 1000, 140_000])
def test_a_stick_that_is_pulled_out_while_it_is_read_is_no_damage(
    office, laptop, tmp_path, monkeypatch, after
):
    register(laptop, 10, photos=10)
    path = carried(laptop, tmp_path)
    with monkeypatch.context() as pulled:
        pulled.setattr(Path, "open", lambda one, _: PulledOut(one, after))
        if after < 140_000:
            with pytest.raises(BundleGone):
                office.take(path)
        else:
            taken = office.take(path)
            assert (taken.pulled_out, taken.is_whole, [*taken.notes()]) == (
                True, False, [("pulled_out", 1)],
            )  # fmt: skip
    assert office.take(path).is_whole
    assert office.standing()["registrations"] == 10


@pytest.mark.parametrize(("people", "photos"), [(3, 3), (2, 1)])
def test_an_office_whose_disk_is_full_says_so_and_again_adds_the_rest(
    office, laptop, tmp_path, monkeypatch, people, photos
):
    register(laptop, people, photos=photos)
    path = carried(laptop, tmp_path)
    no_room = OSError(errno.ENOSPC, "No space left on device")
    for error, counted in ((no_room, (people + 1, 0)), (DiskFull(), (0, people + 1))):
        with monkeypatch.context() as full:
            full.setattr(office.office.photos, "write", raises(error))
            with pytest.raises(OfficeDiskRefuses) as told:
                office.take(path)
        assert (told.value.exit_code, told.value.data_safe) == (1, True)
        new, known = counted
        assert told.value.parameters == {"new": new, "known": known, "left": 1}
    assert office.standing()["registrations"] == people
    taken = office.take(path)
    assert (taken.is_whole, taken.known, taken.photos) == (True, people + 1, photos)


def raises(error):
    def write(*_):
        raise error

    return write


def test_a_file_that_is_not_there_any_more_is_said(office, laptop, tmp_path):
    for take in (office.take, partial(take_answer, laptop)):
        with pytest.raises(BundleGone):
            take(tmp_path / "dicabut.tpb")
    with pytest.raises(BundleIsFolder) as told:
        take_answer(laptop, tmp_path)
    assert told.value.parameters == {"name": tmp_path.name}


def test_nothing_personal_can_be_read_on_the_stick(office, laptop, tmp_path):
    register(laptop, 3)
    path = carried(laptop, tmp_path)
    office.take(path)
    for file in (path, answer_of(path)):
        raw = file.read_bytes()
        for i in range(3):
            one = person(i)
            assert one.nik.encode() not in raw
            assert one.name.encode() not in raw


@pytest.mark.parametrize("raw", [b"", b"TP1 ", b"TP1 {}\n", b'{"v":1}\n' + bytes(400)])
def test_a_file_that_is_no_bundle(office, laptop, tmp_path, raw):
    path = tmp_path / "apa.tpb"
    path.write_bytes(raw)
    with pytest.raises(BundleUnreadable):
        office.take(path)
    with pytest.raises(BundleUnreadable):
        take_answer(laptop, path)


# The commands, with the office as a process of its own


@pytest.fixture
def process(tmp_path):
    (tmp_path / "proses").mkdir()
    office = founded(tmp_path / "proses")
    office.start()
    yield office
    office.stop()


def asked(line, code=0):
    done = processes.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_a_restored_office_gets_its_decisions_back_by_stick(process, tmp_path):
    def carry_there_and_back():
        path = carried(laptop, tmp_path)
        taken = process.ask("bundle", "import", path)
        return taken, take_answer(laptop, Path(taken["answer"]))

    with contextlib.closing(enrolled_laptop(process, tmp_path / "laptop")) as laptop:
        register(laptop, 3)
        earlier = carry_there_and_back()[0]["answer"]
        earlier = shutil.copy(earlier, tmp_path / "dulu.tpa")
        process.ask("backup", tmp_path / "office.bak")
        process.ask("approve", "--all")
        really_synced(laptop)
        assert laptop.counts().by_state == {"verified": 3}
        process.stop()
        process.ask("restore", tmp_path / "office.bak")
        assert process.ask("status")["by_state"] == {"registered": 3}
        carry_there_and_back()
        taken, done = carry_there_and_back()
        assert taken["notices"] > 0
        assert process.ask("status")["by_state"] == {"verified": 3}
        assert (done.heads_agree, laptop.counts().by_state) == (True, {"verified": 3})
        before = laptop.position()
        assert take_answer(laptop, Path(earlier)).is_outdated  # of an earlier life
        assert laptop.position() == before


def test_a_drive_from_before_a_change_of_keys_opens_with_the_administrators_key(process, tmp_path):
    with contextlib.closing(enrolled_laptop(process, tmp_path / "laptop")) as laptop:
        register(laptop, 2)
        path = carried(laptop, tmp_path)
        process.stop()
        process.ask("keys", "rotate")
        line = process._line("bundle", "import", str(path))
        without = line[: line.index("--passphrase-file")]
        assert asked([*without, "--json"], code=2)["error"]["code"] == "usage_wrong"
        taken = process.ask("bundle", "import", path)
        assert (taken["new"], taken["complete"]) == (3, True)
        done = take_answer(laptop, Path(taken["answer"]))
        assert (done.pending, done.heads_agree) == (0, True)
        register(laptop, 1, first=2)
        again = process.ask("bundle", "import", carried(laptop, tmp_path))
        assert again["new"] == 1  # sealed to the new key, which the answer brought


def test_the_commands_of_laptop_and_office(process, tmp_path):
    with contextlib.closing(enrolled_laptop(process, tmp_path / "laptop")) as laptop:
        register(laptop, 2)
    secret = tmp_path / "sandi.txt"
    secret.write_text(f"{PASSPHRASE}\n")

    def ask(*words, code=0):
        base = [sys.executable, "-m", "enumerator_app", "--home", str(tmp_path / "laptop")]
        return asked([*base, *map(str, words), "--passphrase-file", str(secret), "--json"], code)

    stick = tmp_path / "stick.tpb"
    written = ask("bundle", "export", stick)
    assert (written["entries"], written["photos"]) == (3, 0)
    assert written["bytes"] == stick.stat().st_size
    seen = process.ask("bundle", "import", stick, "--dry-run")
    assert (seen["device"], seen["new"], seen["dry_run"]) == ("A01", 3, True)
    process.ask("bundle", "import", stick)
    taken = ask("bundle", "import", answer_of(stick))
    assert (taken["settled"], taken["pending"], taken["heads_agree"]) == (3, 0, True)
    assert ask("bundle", "import", stick, code=2)["error"]["code"] == "bundle_foreign"
    stick.write_bytes(stick.read_bytes()[:-1])
    line = process._line("bundle", "import", str(stick))
    assert asked(line, code=7)["error"]["code"] == "bundle_unreadable"
    failed = ask("bundle", "export", tmp_path / "nowhere" / "x.tpb", code=2)["error"]
    assert (failed["code"], failed["data_safe"]) == ("file_unwritable", True)
    with contextlib.closing(
        open_home(tmp_path / "laptop", operator_name=None, passphrase=PASSPHRASE)
    ) as store:
        assert store.counts().pending == 0
