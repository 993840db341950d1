"""How many statements a batch costs, counted by the database and not by the library above it."""

import re
from collections.abc import Callable
from itertools import groupby

import pytest
from sqlalchemy import event, insert

from enumerator_app.domain.journal import Entry
from sync.server.deciding import approve
from sync.server.office import Office
from sync.server.tables import TIP_ROWS
from tests.server.laptops import Laptop, nik, person
from tests.server.postgres import PostgresServer

MOST_STATEMENTS = 12
_FRAME = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK)", re.IGNORECASE)


def registrations(laptop: Laptop, count: int, start: int = 0) -> list[Entry]:
    return [laptop.register(nik=nik(start + n), photos=[f"{start + n:064x}"]) for n in range(count)]


def awkward(laptop: Laptop, count: int) -> list[Entry]:
    """Corrections after a decision, with a NIK that another has and a new photo: all at once."""
    entries = []
    for entry in laptop.journal[1 : count + 1]:
        body = person(nik=nik(7), birth_place=f"DESA {chr(ord('A') + len(entries) % 26)}")
        photos = [f"{10**6 + len(entries):064x}"]
        entries.append(
            laptop.write(
                "correct", body, subject=entry.fields["subject"], base=entry.hash, photos=photos
            )
        )
    return entries


@pytest.fixture
def sqlite_counter(sqlite_office: Office) -> Callable[[], list[str]]:
    """Every statement that SQLite itself began to run, in all connections of the office."""
    seen: list[str] = []
    database = sqlite_office.database
    for engine in (database._writer, database._light, database._reader):
        engine.dispose()

        @event.listens_for(engine, "connect")
        def trace(connection, _record):
            connection.set_trace_callback(seen.append)

    def taken() -> list[str]:
        # Of each step of a trigger SQLite tells by the statement it is a part of, values and all.
        sent = [said for said, _ in groupby(seen)]
        found = [said for said in sent if not said.startswith("PRAGMA")]
        seen.clear()
        return found

    return taken


@pytest.fixture
def postgres_counter(postgres: PostgresServer, postgres_office: Office) -> Callable[[], list[str]]:
    """Every statement that PostgreSQL logged for this office's database."""
    name = postgres_office.database.place.rsplit("/", 1)[1]
    with postgres_office.database._writer.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET log_statement = 'all'")
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET application_name = '{name}'")
        connection.commit()
    for engine in ("_writer", "_light", "_reader"):
        getattr(postgres_office.database, engine).dispose()
    place = [postgres.log.stat().st_size]
    marked = re.compile(rf" {name} LOG:  (?:statement|execute [^:]*): (.*)")

    def taken() -> list[str]:
        with postgres.log.open("rb") as log:
            log.seek(place[0])
            raw = log.read()
        place[0] += len(raw)
        return marked.findall(raw.decode(errors="replace"))

    return taken


def counted(taken: Callable[[], list[str]], laptop: Laptop, entries: list[Entry]) -> list[str]:
    taken()
    receipt = laptop.push(entries)
    assert not {"refused", "held"} & {other["outcome"] for other in receipt["others"]}
    found = taken()
    assert found, "the database counted nothing: this test would pass emptily"
    return [said for said in found if not _FRAME.match(said)]


def check_control(office: Office, taken: Callable[[], list[str]]) -> None:
    """Row by row would be seen: 40 rows that the library sends as one call count as 40."""
    rows = [{"hash": f"{n:064x}", "sig": ""} for n in range(40)]
    taken()
    with office.database.writing() as connection:
        connection.execute(insert(TIP_ROWS), rows)
    assert len([said for said in taken() if not _FRAME.match(said)]) >= 40


def check_sizes(office: Office, laptop: Laptop, taken: Callable[[], list[str]]) -> None:
    check_control(office, taken)
    laptop.push(laptop.journal)
    counted(taken, laptop, registrations(laptop, 5, start=9000))  # pools and plans are warm now
    small = counted(taken, laptop, registrations(laptop, 2, start=10))
    large = counted(taken, laptop, registrations(laptop, 200, start=100))
    assert len(large) <= MOST_STATEMENTS
    assert len(small) == len(large)
    approve(office, officer="R")
    few = counted(taken, laptop, awkward(laptop, 2))
    many = counted(taken, laptop, awkward(laptop, 80))
    assert len(many) <= MOST_STATEMENTS
    assert len(few) == len(many)


def test_a_batch_costs_as_many_statements_at_any_size_on_sqlite(
    sqlite_office: Office, sqlite_counter, laptop_on
):
    check_sizes(sqlite_office, laptop_on(sqlite_office), sqlite_counter)


@pytest.mark.postgres
def test_a_batch_costs_as_many_statements_at_any_size_on_postgresql(
    postgres_office: Office, postgres_counter, laptop_on
):
    check_sizes(postgres_office, laptop_on(postgres_office), postgres_counter)
