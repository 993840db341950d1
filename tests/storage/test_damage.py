"""Damaged, emptied, truncated, swapped files: an error or the right data, never wrong data."""

import os
import random
import shutil

import pytest

from enumerator_app.domain.errors import DatabaseDamaged, KnownError
from enumerator_app.storage.engine import Engine
from tests.storage.laptops import ENROLMENT, new_laptop, person, portrait, reopened

MUTATIONS = int(os.environ.get("STORAGE_MUTATIONS", "200"))
PEOPLE = 40


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Return a closed home, and what reads from it."""
    home = tmp_path_factory.mktemp("sound") / "home"
    with new_laptop(home) as store:
        for i in range(PEOPLE):
            store.register(person(i), photo=portrait(i, 3_000) if i % 4 == 0 else None)
        read = everything(store)
    return home, read


def everything(store):
    """Read through rows, bodies, index, journal and portraits."""
    workers = store.search("", limit=1000)
    records = [store.record(worker.subject) for worker in workers]
    portraits = [store.photo(worker.photo) for worker in workers if worker.photo]
    found = [worker.number for word in ("siti", "budi", "asep") for worker in store.search(word)]
    lines = store.lines_after(None, max_bytes=2**30, max_entries=10_000)
    return records, portraits, found, lines, store.counts(), store.position().head


def flipped(path, dice):
    raw = bytearray(path.read_bytes())
    raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    path.write_bytes(raw)


def truncated(path, dice):
    raw = path.read_bytes()
    path.write_bytes(raw[: dice.randrange(len(raw))])


def pages_swapped(path, dice):
    raw = bytearray(path.read_bytes())
    one, two = dice.sample(range(len(raw) // 4096), 2)
    page = slice(one * 4096, one * 4096 + 4096), slice(two * 4096, two * 4096 + 4096)
    raw[page[0]], raw[page[1]] = raw[page[1]], raw[page[0]]
    path.write_bytes(raw)


def page_zeroed(path, dice):
    raw = bytearray(path.read_bytes())
    page = dice.randrange(len(raw) // 4096) * 4096
    raw[page : page + 4096] = bytes(4096)
    path.write_bytes(raw)


HARMS = (flipped, flipped, flipped, truncated, pages_swapped, page_zeroed)


def test_a_harmed_file_gives_an_error_or_the_right_data(sound, tmp_path):
    home, right = sound
    dice = random.Random(20261122)
    errors = 0
    for mutation in range(MUTATIONS):
        copy = tmp_path / f"copy-{mutation}"
        shutil.copytree(home, copy)
        dice.choice(HARMS)(copy / "registrations.db", dice)
        try:
            with reopened(copy) as store:
                assert everything(store) == right, mutation
                problems = store.doctor()
                assert problems, mutation  # what reading did not meet, the doctor finds
        except DatabaseDamaged:
            errors += 1
        shutil.rmtree(copy)
    assert errors >= MUTATIONS // 2  # the harm was real


def test_an_emptied_or_missing_file_is_never_taken_for_a_new_one(sound, tmp_path):
    home, _ = sound
    for harm in (lambda db: db.write_bytes(b""), lambda db: db.unlink()):
        copy = tmp_path / "copy"
        shutil.copytree(home, copy)
        harm(copy / "registrations.db")
        with pytest.raises(DatabaseDamaged):
            reopened(copy)
        assert (copy / "keys.json").exists()
        shutil.rmtree(copy)


def test_another_laptops_file_does_not_open(sound, tmp_path):
    home, _ = sound
    new_laptop(tmp_path / "other").close()
    shutil.copy(home / "registrations.db", tmp_path / "other" / "registrations.db")
    with pytest.raises(DatabaseDamaged):
        reopened(tmp_path / "other")


def test_a_wrong_key_says_nothing_on_standard_error(sound, tmp_path, capfd):
    test_another_laptops_file_does_not_open(sound, tmp_path)
    assert capfd.readouterr().err == ""


def test_a_lost_log_is_noticed_and_opens_a_new_epoch(tmp_path):
    """A log that vanishes takes saves with it: the second place knows that they were there."""
    with new_laptop(tmp_path / "home") as store:
        first = store.register(person(1))
    with reopened(tmp_path / "home") as store:
        second = store.register(person(2))
        store.set_setting("next", "write")  # the second place is written before the next write
        cut_copy(tmp_path / "home", tmp_path / "cut")
    with reopened(tmp_path / "cut") as store:
        assert store.went_back == "went_back"
        assert store.holds(first.entry_hash)
        assert not store.holds(second.entry_hash)
        assert store.doctor() == []
    with reopened(tmp_path / "cut") as store:
        assert store.went_back is None


def test_a_lost_log_that_took_the_enrolment_along_is_damage(tmp_path):
    with new_laptop(tmp_path / "home", enrolled=False) as store:
        store.set_identity(ENROLMENT)
        for i in range(3):
            store.register(person(i))
        store.set_setting("next", "write")
        cut_copy(tmp_path / "home", tmp_path / "cut")
    with pytest.raises(DatabaseDamaged):
        reopened(tmp_path / "cut")


def cut_copy(home, target):
    shutil.copytree(home, target)
    for suffix in ("-wal", "-shm"):
        (target / f"registrations.db{suffix}").unlink()


class TestDoctorFinds:
    """Harm done below the store, with the right key: what only a close look can find."""

    @pytest.fixture
    def harmed(self, tmp_path):
        store = new_laptop(tmp_path)
        for i in range(4):
            store.register(person(i), photo=portrait(i, 2_000))
        yield store
        store.close()

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("UPDATE registration SET name = 'Orang Lain' WHERE id = 2", "row_differs"),
            ("UPDATE registration SET nik = '1' WHERE id = 2", "row_differs"),
            (
                "UPDATE entry SET body = CAST(replace(body, 'sawah', 'kebun') AS BLOB) WHERE n = 3",
                "body_changed",
            ),
            (
                "UPDATE entry SET header = CAST(replace(header, 'ok', 'ko') AS BLOB) WHERE n = 3",
                "header_changed",
            ),
            ("UPDATE entry SET hash = 'x' WHERE n = 5", "head_wrong"),
            ("DELETE FROM entry WHERE n = 3", "entry_missing"),
            ("DELETE FROM entry WHERE n = 5", "head_wrong"),
            ("UPDATE photo SET jpeg = zeroblob(2000) WHERE id = 1", "photo_changed"),
            ("UPDATE photo SET jpeg = 'teks' WHERE id = 1", "unreadable"),
            ("DELETE FROM photo WHERE id = 1", "photo_missing"),
            ("DELETE FROM registration_search WHERE rowid = 2", "search_incomplete"),
            ("DELETE FROM registration_likeness WHERE rowid = 2", "search_incomplete"),
            ("INSERT INTO acknowledged SELECT subject, hash FROM entry WHERE n = 2", "sums_wrong"),
            ("UPDATE head SET serial = 1", "serial_behind"),
        ],
    )
    def test(self, harmed, query, code):
        assert harmed.doctor() == []
        harmed._file.write(lambda connection: connection.execute(query))
        problems = harmed.doctor()
        assert code in {problem.code for problem in problems}
        said = " ".join(problem.sentence for problem in problems)
        assert not any(person(i).name in said or person(i).nik in said for i in range(4))


def test_after_a_fault_the_file_is_verified_before_anything_is_saved(tmp_path):
    """With a harmed chain end the next save is refused, instead of building upon it."""
    with new_laptop(tmp_path) as store:
        store.register(person(1))
        store._file.write(lambda c: c.execute("UPDATE entry SET header = x'00' WHERE n = 2"))
        with pytest.raises(Exception, match="closed"):
            store._file.write(lambda c: c.close())  # stands for an error of the disk
        with pytest.raises(DatabaseDamaged):
            store.register(person(2))
        with pytest.raises(KnownError):
            store.register(person(2))


def test_rows_of_two_times_are_called_damage_and_not_a_bug(tmp_path):
    """A disk that kept an old page of the head beside a new one of the journal."""
    with new_laptop(tmp_path) as store:
        store.register(person(1))
        store._file.write(lambda c: c.execute("UPDATE head SET n = 1"))
        with pytest.raises(DatabaseDamaged):
            store.register(person(2))


def test_a_bug_in_one_write_is_raised_and_harms_no_other(tmp_path):
    with new_laptop(tmp_path) as store:

        def half(connection):
            connection.execute("DELETE FROM registration")
            raise ZeroDivisionError

        store.register(person(1))
        with pytest.raises(ZeroDivisionError):
            store._file.write(half)
        with pytest.raises(Exception, match="no such table"):
            store._file.write(lambda connection: connection.execute("SELECT * FROM no_such"))
        assert store.counts().registrations == 1
        store.register(person(2))
        assert isinstance(store._file.engine, Engine)
        assert store.doctor() == []


def test_seconds_kept_in_the_order_of_work_are_no_damage(tmp_path):
    with new_laptop(tmp_path) as store:
        store.register(person(1, paradata={"nik": 4, "name": 1, "birth": 3}))
        assert store.doctor() == []
