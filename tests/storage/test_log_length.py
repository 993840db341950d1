"""The log beside the file stays short, also while one write follows the other."""

import contextlib
import os

import pytest

from enumerator_app.storage import checkpointer
from tests.storage.laptops import new_laptop, person

LONG = 512 * 1024
ONE_WRITE = 32 * 1024
# Five times as much is written. What is added while pages are moved is for the machine to say.
BOUNDED = 6 * LONG


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpointer, "_LOG_BYTES", LONG // 4)
    monkeypatch.setattr(checkpointer, "_LONG_LOG_BYTES", LONG)
    with contextlib.closing(new_laptop(tmp_path / "laptop")) as store:
        store._file.engine.write(lambda c: c.execute("CREATE TABLE filler (x BLOB)")).result()
        yield store


def written(store, times):
    """Write so often without a pause; return the log's greatest length."""
    (log,) = store.path.rglob("*-wal")
    longest = 0
    for _ in range(times):
        filling = os.urandom(ONE_WRITE)
        store._file.engine.write(
            lambda c, filling=filling: c.execute("INSERT INTO filler VALUES (?)", (filling,))
        ).result()
        longest = max(longest, log.stat().st_size)
    return longest


def test_writing_without_a_pause_begins_the_log_anew_when_it_is_long(store):
    longest = written(store, 30 * LONG // ONE_WRITE)
    assert LONG // 2 < longest < BOUNDED
    store.register(person(1))
    assert store.doctor() == []


def test_readers_that_come_and_go_do_not_keep_the_log_growing(store):
    def read_meanwhile(connection) -> int:
        connection.execute("SELECT count(*) FROM filler").fetchone()
        return written(store, 4)

    reads = 30 * LONG // ONE_WRITE // 5
    longest = max(
        max(store._file.engine.read(read_meanwhile), written(store, 1)) for _ in range(reads)
    )
    assert LONG // 2 < longest < BOUNDED


def test_while_the_file_is_held_at_rest_writing_goes_on_and_the_log_ends_later(store):
    with store._file.engine.file_at_rest() as is_whole:
        assert is_whole
        assert written(store, 3 * LONG // ONE_WRITE) > 2 * LONG
    (log,) = store.path.rglob("*-wal")
    grown = log.stat().st_size
    assert written(store, 3 * LONG // ONE_WRITE) < grown + LONG
