"""Eight laptops write into one laptop's feed at once, and it reads along by its cursor.

    python -m tests.faults.cursor_race --duration 60 [--seed 1] [--control] [--save FILE]

PostgreSQL, the server as a process of its own, nine laptops on sockets. Each person that a writer
registers has the NIK of one of the reader's people: the office opens a case, and tells the reader.
A notice that becomes visible behind the reader's cursor would never be seen. The control takes
numbers from a bare sequence, as is commonly done: it must skip some.
"""

import random
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import psycopg

from sync.server import feed
from sync.server.devices import add_device
from sync.server.home import Home
from sync.server.office import open_office
from sync.server.verifying import verify_office
from tests.faults.reporting import campaign_options, concluded
from tests.faults.served import Served
from tests.server.laptops import Laptop, nik
from tests.server.offices import address, new_office, serving
from tests.server.postgres import running_postgres

WRITERS = 8
_MOST_PEOPLE = 9_000  # NIKs of the reader: as many as there are four-digit ends
_PEOPLE_A_SECOND = 150  # more than a writer can register
_ENTRIES_A_BATCH = 4


def numbers_from_a_bare_sequence() -> None:
    """The control's fault: no lock on the feed's end; a number as from `bigserial`."""

    def read_heads(connection: Any, devices: Any, *, lock: bool) -> list[feed.FeedHead]:
        heads = feed.read_heads(connection, devices, lock=False)
        for head in heads if lock else ():
            head.n = 1000 * connection.exec_driver_sql("SELECT nextval('bare')").scalar()
        return heads

    patch("sync.server.ingest.run.read_heads", read_heads).start()


@dataclass
class Reader:
    """Reads pages after the largest number it has seen, as a cursor does."""

    laptop: Laptop
    cursor: int = 0
    pages: int = 0
    seen: set[int] = field(default_factory=set)

    def read(self) -> None:
        answer = self.laptop.ask("GET", f"/v1/feed?after={self.cursor}&limit=500")
        numbers = [item["n"] for item in answer.json["items"]]
        self.pages += 1
        self.seen.update(numbers)
        self.cursor = max([self.cursor, *numbers])

    def read_until(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            self.read()


@dataclass
class Writer:
    laptop: Laptop
    niks: list[int]
    batches: int = 0
    fault: BaseException | None = None

    def write_until(self, end: float) -> None:
        try:
            while time.monotonic() < end and len(self.niks) >= _ENTRIES_A_BATCH:
                niks = [self.niks.pop() for _ in range(_ENTRIES_A_BATCH)]
                few = [self.laptop.register(nik=nik(n)) for n in niks]
                self.laptop.push(few)
                self.batches += 1
        except BaseException as error:  # noqa: BLE001  counted by the campaign
            self.fault = error


def run_campaign(duration: float, seed: int, *, control: bool = False) -> dict[str, Any]:
    """Return the report of so many seconds."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        postgres = stack.enter_context(running_postgres(durable=True))
        url = postgres.new_database()
        people = int(min(_MOST_PEOPLE, _PEOPLE_A_SECOND * duration))
        reader, writers = _enrolled(folder / "office", url, people, random.Random(seed))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE SEQUENCE bare START 1000")
        served = Served(folder / "office", url)
        if control:
            served.prepare = numbers_from_a_bare_sequence
        served.start()
        stack.callback(served.kill)
        for one in (reader.laptop, *(writer.laptop for writer in writers)):
            one.place = address(served.url)
        _race(reader, writers, people, duration)
        with psycopg.connect(url) as connection:
            query = "SELECT n FROM feed WHERE device = %s"
            rows = connection.execute(query, [str(reader.laptop.device)]).fetchall()
        office = open_office(Home(folder / "office"), url)
        stack.callback(office.close)
        faults = [] if control else verify_office(office)
    written = {n for (n,) in rows}
    skipped = len(written - reader.seen)
    stopped = [type(writer.fault).__name__ for writer in writers if writer.fault]
    has_work = reader.pages > duration and len(written) > people + 10 * duration and not stopped
    return {
        "control": "numbers from a bare sequence" if control else None,
        "writers": WRITERS,
        "batches": sum(writer.batches for writer in writers),
        "notices_for_the_reader": len(written),
        "pages_read": reader.pages,
        "skipped": skipped,
        "writers_stopped": stopped,
        "office_verified": None if control else not faults,
        "as_expected": has_work and (skipped > 0 if control else not skipped and not faults),
    }


def _enrolled(
    home: Path, url: str, people: int, dice: random.Random
) -> tuple[Reader, list[Writer]]:
    """Found an office; the reader sends all its people first."""
    office = new_office(home, url)
    laptops = []
    try:
        with serving(office) as place:
            for n in range(1 + WRITERS):
                laptop = Laptop(place)
                assert laptop.enrol(add_device(office, f"Laptop {n}").code).status == 200
                laptop.push([laptop.start_epoch()])
                laptops.append(laptop)
            reader = laptops[0]
            for start in range(0, people, 500):
                some = range(start, min(start + 500, people))
                reader.push([reader.register(nik=nik(n)) for n in some])
    finally:
        office.close()
    writers = [Writer(one, dice.sample(range(people), people)) for one in laptops[1:]]
    return Reader(laptops[0]), writers


def _race(reader: Reader, writers: list[Writer], people: int, duration: float) -> None:
    while len(reader.seen) < people:
        reader.read()
    end, stopped = time.monotonic() + duration, threading.Event()
    reading = threading.Thread(target=reader.read_until, args=[stopped])
    writing = [threading.Thread(target=writer.write_until, args=[end]) for writer in writers]
    for thread in (reading, *writing):
        thread.start()
    for thread in writing:
        thread.join()
    stopped.set()
    reading.join()
    before = -1
    while before != reader.cursor:
        before = reader.cursor
        reader.read()


def main() -> int:
    options = campaign_options(__doc__, duration=60).parse_args()
    return concluded(
        options, lambda: run_campaign(options.duration, options.seed, control=options.control)
    )


if __name__ == "__main__":
    raise SystemExit(main())
