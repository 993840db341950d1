"""A damaged file is rescued: what can be read goes on under its number, and nothing is deleted."""

import json
import random
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from enumerator_app.domain.errors import DatabaseDamaged
from enumerator_app.storage.carrying_over import BeyondRescue
from enumerator_app.storage.doctor import structure
from enumerator_app.storage.exchanging import new_file
from enumerator_app.storage.home import Home
from enumerator_app.storage.rescuing import rescue_home, set_home_aside
from tests import processes
from tests.storage.laptops import ENROLMENT, PASSPHRASE, new_laptop, person, portrait, reopened

ROOT = Path(__file__).parents[2]
PAGE = 4096


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Return a closed home and its thirty people, every third with a portrait."""
    home = tmp_path_factory.mktemp("sound") / "home"
    with new_laptop(home) as store:
        saved = [
            store.register(person(i), photo=portrait(i, 3_000) if i % 3 == 0 else None)
            for i in range(30)
        ]
        store.keep_draft("form", {"name": "Siti"})
    return home, saved


def rescued(home):
    return rescue_home(home, operator_name=None, passphrase=PASSPHRASE)


def harm(home, page):
    path = home / "registrations.db"
    raw = bytearray(path.read_bytes())
    raw[page * PAGE + 100] ^= 1
    path.write_bytes(raw)


def pages_of(home):
    return (home / "registrations.db").stat().st_size // PAGE


def test_whatever_single_page_is_lost_everybody_who_can_be_read_goes_on(sound, tmp_path):
    home, saved = sound
    refused = again = people = 0
    for page in random.Random(5).sample(range(pages_of(home)), 25):
        copy = tmp_path / f"page-{page}"
        shutil.copytree(home, copy)
        harm(copy, page)
        before = (copy / "registrations.db").read_bytes()
        try:
            store, report = rescued(copy)
        except BeyondRescue:
            refused += 1
            continue
        with store:
            assert (store.set_aside / "registrations.db").read_bytes() == before
            shown = {worker.number for worker in store.search("", limit=100)}
            assert report.people == len(shown)
            for i, one in enumerate(saved):
                if one.number in shown:
                    assert store.record(one.number).registration.nik == person(i).nik
            assert {problem.code for problem in store.doctor()} <= {"photo_missing"}
            next_one = store.register(person(500))
            assert next_one.number not in {one.number for one in saved}
            people += len(shown)
            again += report.again
        with reopened(copy) as store:
            assert store.went_back is None
            assert store.holds(next_one.entry_hash)
    assert refused < 8
    assert people == 30 * (25 - refused)
    assert again > 0


def test_what_was_set_aside_is_a_home_of_its_own(sound, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(sound[0], copy)
    store, _ = rescued(copy)
    store.close()
    with reopened(store.set_aside) as old:
        assert old.counts().registrations == 30
        assert [draft.form_id for draft in old.drafts()] == ["form"]


def test_a_sound_file_comes_over_whole(sound, tmp_path):
    home, saved = sound
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    store, report = rescued(copy)
    with store:
        assert (report.people, report.photos, report.photos_lost, report.again) == (30, 10, 0, 0)
        assert report.is_whole
        assert all(store.holds(one.entry_hash) for one in saved)
        assert [draft.payload for draft in store.drafts()] == [{"name": "Siti"}]
        assert store.doctor() == []


def test_no_table_is_forgotten(sound, tmp_path):
    """What is in the old file is in the new one, or comes from the office: named here."""
    from_the_office = {"notice", "acknowledged", "bucket", "document_part", "listed_person"}
    copy = tmp_path / "copy"
    shutil.copytree(sound[0], copy)
    with reopened(copy) as store:
        tables = [
            row[0]
            for row in store._file.write(
                lambda c: c.execute(
                    "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
                ).fetchall()
            )
            if not row[0].lstrip("_").startswith("sqlite_")
        ]
        for table in tables:
            store._file.write(lambda c, table=table: fill_if_empty(c, table))
    store, _ = rescued(copy)
    with store:
        empty = {
            table
            for table in tables
            if not store._file.engine.read(
                lambda c, table=table: c.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
            )
        }
    assert empty == from_the_office


def fill_if_empty(connection, table):
    if connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:  # noqa: S608 - our own names
        return
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    values = [7 if column[2] == "INTEGER" else "2026-11-22" for column in columns]
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - our own names


def test_a_power_cut_between_the_two_files_is_finished_at_the_next_start(sound, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(sound[0], copy)
    store, _ = rescued(copy)
    store.close()
    home = Home(copy)
    (copy / "registrations.db").rename(new_file(home))  # moved aside, not yet put in place
    home.close()
    with reopened(copy) as store:
        assert store.counts().registrations == 30
        assert store.doctor() == []


def test_nothing_is_moved_if_nothing_can_be_read(sound, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(sound[0], copy)
    (copy / "registrations.db").write_bytes(random.Random(1).randbytes(50 * PAGE))
    before = sorted(path.name for path in copy.rglob("*") if path.is_file())
    with pytest.raises(BeyondRescue):
        rescued(copy)
    with pytest.raises(DatabaseDamaged):
        reopened(copy)
    after = {path.name for path in copy.rglob("*") if path.is_file()} - {"rescued.db"}
    assert set(before) <= after
    aside = set_home_aside(copy)
    assert (aside / "registrations.db").stat().st_size == 50 * PAGE
    with new_laptop(copy, enrolled=False) as store:
        store.set_identity(ENROLMENT)
        store.register(person(1))


@pytest.mark.parametrize("which", ["keys.json", "keys-second.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x00" * 300])
def test_one_damaged_key_file_of_two_locks_nobody_out(sound, tmp_path, which, content):
    copy = tmp_path / "copy"
    shutil.copytree(sound[0], copy)
    right = (copy / "keys.json").read_bytes()
    if content is None:
        (copy / which).unlink()
    else:
        (copy / which).write_bytes(content)
    with reopened(copy) as store:
        assert store.counts().registrations == 30
    assert (copy / "keys.json").read_bytes() == (copy / "keys-second.json").read_bytes() == right


def read_everybody(store, saved):
    for one in saved:
        portrait_of = store.record(one.number).registration.photo
        assert portrait_of is None or store.photo(portrait_of)


def met_at_work(copy, saved):
    """Whether the damage lets the file open, and is met when somebody works with it."""
    try:
        with reopened(copy) as store:
            read_everybody(store, saved)
    except DatabaseDamaged:
        return (copy / "damage_seen").exists()
    return False


def test_damage_that_is_met_at_work_leads_to_the_rescue_at_the_next_start(sound, tmp_path):
    home, saved = sound
    for page in range(pages_of(home) - 1, 2, -1):
        copy = tmp_path / f"page-{page}"
        shutil.copytree(home, copy)
        harm(copy, page)
        if not met_at_work(copy, saved):
            continue
        with pytest.raises(DatabaseDamaged):
            reopened(copy)  # the page of the passphrase offers the rescue for that
        store, report = rescued(copy)
        store.close()
        assert report.people == len(saved)
        reopened(copy).close()
        assert not (copy / "damage_seen").exists()
        return
    pytest.fail("no page was met only at work")


def test_a_file_that_proves_to_be_whole_is_opened_again(sound, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(sound[0], copy)
    (copy / "damage_seen").touch()
    reopened(copy).close()
    assert not (copy / "damage_seen").exists()


def test_a_file_without_one_of_the_indexes_is_checked_by_the_others(tmp_path):
    with closing(sqlite3.connect(tmp_path / "earlier.db")) as connection:
        connection.execute("CREATE VIRTUAL TABLE registration_search USING fts5(name)")
        assert list(structure(connection)) == []


def test_the_command_rescues_and_says_so(sound, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(sound[0], copy)
    harm(copy, pages_of(copy) - 1)
    words = tmp_path / "words.txt"
    words.write_text(PASSPHRASE + "\n")
    line = [sys.executable, "-m", "enumerator_app", "--home", copy, "--passphrase-file", words]
    run = processes.run(
        [*line, "--json", "rescue"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["people"] == 30
    assert Path(said["set_aside"]).is_dir()
