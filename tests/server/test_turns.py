"""Who writes into SQLite waits in a row: nobody is overtaken until told that it is busy."""

import threading

import pytest

from sync.server.database import Database
from sync.server.office import Office
from tests.server.test_workers import until

WRITERS = 8


def order_of_writers(database: Database) -> list[int]:
    """Return in which order writers were let in that came one after the other."""
    served: list[int] = []

    def write(n: int) -> None:
        with database.writing():
            served.append(n)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    with database.noting():
        for n, thread in enumerate(threads, start=2):
            thread.start()
            until(lambda n=n: len(database._turns.waiting) == n)
    for thread in threads:
        thread.join(30)
    return served


def test_writers_are_let_in_as_they_came(sqlite_office: Office):
    assert order_of_writers(sqlite_office.database) == list(range(WRITERS))


def test_a_writer_that_fails_lets_the_next_one_in(sqlite_office: Office):
    database = sqlite_office.database
    with pytest.raises(KeyError), database.writing():
        {}["nothing"]
    assert not database._turns.waiting
    assert order_of_writers(database) == list(range(WRITERS))
