"""How long each page of the office takes with a whole regency in it, from a server of its own.

    python -m tests.benchmarks.bench_pages [--people 75903] [--times 20]

The office's tables are filled with invented people and a year of what an office does with them;
every page that the application hangs is asked for as somebody's browser would, with an address that
leads to something where a part of it is left open, and filters, a deep page, a search and tables
besides. What was not asked is named. One request at a time; 95th parts in milliseconds, and the
server's own time on a processor, on SQLite and on PostgreSQL; and how much more memory the table of
everybody takes than that of about a quarter of them.
"""

import argparse
import http.client
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import structlog
from sqlalchemy import func, select

from sync.server.application import create_application
from sync.server.cover_tables import SENT_ROWS
from sync.server.office import Office
from sync.server.people.pairs import answer
from sync.server.people.rights import Right, Role, rights_of
from sync.server.people.tables import PAIR_ROWS
from sync.server.tables import IS_WAITING, SUBJECT_ROWS
from tests.benchmarks import seeded_year
from tests.benchmarks.seeded_office import World, fill, now
from tests.server.offices import address, new_office
from tests.server.people import Browser, signed_in
from tests.server.postgres import running_postgres

GATE = {"p95_ms": 200.0}
GATE_MILLION = {"p95_ms": 500.0}
MORE = (
    "/people?state=look", "/people?district=321613&state=covered", "/people?sort=name&page=900",
    "/people?page=900", "/people?age=65", "/lists?page=2", "/?measure=covered",
)  # fmt: skip
STOP = f"/updates/stop/undo?stop={seeded_year.STOP}"
# Those are tables, papers and pictures: the large ones wait for a second person.
IS_FILE = re.compile(
    r"\.(\{kind\}|pdf)$|/(photo|photo/\{subject\}|file|letter|minutes|answers/\{code\})$"
)
TABLES = ("/people.csv", "/people.xlsx")
QUARTER = "state=registered,waiting_nik,returned,verified,submitted"
MOST_GROWTH_MB = 25.0  # more for everybody than for a quarter of them
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AT_ONCE = 20  # pages that one account asks for: there is a limit on those of a minute


@dataclass
class Asked:
    """What is asked for: addresses with the right that they need, and routes that are not."""

    pages: dict[str, Right]
    not_asked: dict[str, str]


def pages_of(office: Office, account: str) -> Asked:
    """Return an address for each page that the application knows, and what is not asked and why."""
    known = _addresses(office, account)
    rights = create_application(office).state.site.needs.rights
    found = Asked({}, {})
    for path, right in sorted((path, right) for (method, path), right in rights.items()
                              if method == "GET"):  # fmt: skip
        address = known.get(path, path)
        if IS_FILE.search(path):
            found.not_asked[path] = "a file"
        elif "{" in address:
            found.not_asked[path] = "no address of it is known"
        else:
            found.pages[address] = right
    for address in MORE:
        found.pages[address] = rights["GET", address.partition("?")[0]]
    return found


def _addresses(office: Office, account: str) -> dict[str, str]:
    """Return an address for each route with an open part, of something that is there."""
    table = SUBJECT_ROWS.c
    largest = (
        select(table.visit_id, func.min(table.id))
        .where(IS_WAITING, table.visit_id.is_not(None))
        .group_by(table.visit_id)
        .order_by(func.count().desc(), table.visit_id)
    )
    with office.database.reading() as connection:
        visit, record = connection.execute(largest.limit(1)).one()
        batch = connection.execute(select(SENT_ROWS.c.batch).limit(1)).scalar_one()
    return {
        "/accounts/{id}": f"/accounts/{account}",
        "/batches/held/{code}": "/batches/held/no_nik",
        "/batches/replies/{reply}": f"/batches/replies/{seeded_year.reply_name(11)}",
        "/batches/{batch}": f"/batches/{batch}",
        "/decide/{case}": f"/decide/{0:064x}",
        "/devices/{code}": "/devices/A23",
        "/drives/{id}": f"/drives/{seeded_year.DRIVE}",
        "/service/{subject}": f"/service/{5:032x}",
        "/updates/stop/undo": STOP,
        "/visits/{visit}": f"/visits/{visit}",
        "/visits/{visit}/{subject}": f"/visits/{visit}/{record}",
        "/work/{work}": f"/work/{seeded_year.RUNNING}",
    }


class Visitors:
    """Browsers of people with a right; a new person after so many pages."""

    def __init__(self, office: Office) -> None:
        self._office, self._app = office, create_application(office)
        self._asked: dict[Role, int] = {}

    def with_right(self, right: Right) -> Browser:
        role = next(role for role in Role if right in rights_of(role))
        n = self._asked[role] = self._asked.get(role, -1) + 1
        login = f"{role.replace('_', '.')}.{n // AT_ONCE}"
        return signed_in(self._office, role, login=login, app=self._app)


@contextmanager
def served(office: Office, url: str | None) -> Iterator[tuple[tuple[str, int], int]]:
    """Serve the office from a process of its own; yield its place and its id."""
    more = ["--database", url] if url else []
    line = [sys.executable, "-m", "sync.server", "serve", "--port", "0", "--json",
            "--home", str(office.home.path), *more]  # fmt: skip
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        try:
            yield address(said["url"]), process.pid
        finally:
            process.terminate()


def agree(office: Office, browser: Browser, asked: str = "") -> None:
    """Ask for the table of everybody, or of a filter, and have a second person agree to it."""
    other = signed_in(office, "coordinator", login="second")
    assert browser.post("/exports", {"table": "people", "filter": asked}).status_code == 303
    with office.database.reading() as connection:
        asked = connection.execute(
            select(PAIR_ROWS.c.id).where(
                PAIR_ROWS.c.kind == "mass_export",
                PAIR_ROWS.c.state == "open",
                PAIR_ROWS.c.asked_by == browser.account,
            )
        ).scalar_one()
    answer(office, other.account, asked, yes=True)


def ask(place: tuple[str, int], browser: Browser, path: str, form: str = "") -> tuple[float, int]:
    """Return the milliseconds that one answer takes, and its bytes."""
    line = http.client.HTTPConnection(*place, timeout=120)
    start = time.perf_counter()
    headers = {"Cookie": f"session={browser.token}", "Origin": f"http://{place[0]}:{place[1]}"}
    if form:
        line.request("POST", path, form, headers | FORM)
    else:
        line.request("GET", path, headers=headers)
    answer = line.getresponse()
    body = answer.read()
    took = 1000 * (time.perf_counter() - start)
    line.close()
    assert answer.status == 200, (path, answer.status)
    return took, len(body)


def measured(
    place: tuple[str, int], process: int, browser: Browser, path: str, times: int, form: str = ""
) -> dict[str, float]:
    ask(place, browser, path, form)
    before = _busy_ms(process)
    found = [ask(place, browser, path, form) for _ in range(times)]
    busy = (_busy_ms(process) - before) / times
    took = sorted(ms for ms, _ in found)
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[max(int(0.95 * len(took)) - 1, 0)], 1),
        "server_cpu_ms": round(busy, 1),
        "kb": round(found[-1][1] / 1000, 1),
    }


def run(office: Office, url: str | None, people: int, times: int) -> dict[str, Any]:
    start = time.perf_counter()
    world = World(people=people, target=75_903, now=now())
    fill(office, world)
    seeded_year.fill_year(office, world)
    filled_s = time.perf_counter() - start
    visitors = Visitors(office)
    browser = visitors.with_right(Right.hand_over)
    seeded_year.write_pairs(office, world, signed_in(office, "coordinator", login="asker").account)
    seeded_year.bring_drive(office, world, browser.account)
    if url:
        # As a serving database does by itself within a minute: indexes answer without the rows.
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
    asked = pages_of(office, browser.account)
    found: dict[str, dict[str, float]] = {}
    with served(office, url) as (place, process):
        for path, right in asked.pages.items():
            who = browser if path.startswith("/drives") else visitors.with_right(right)
            status = _status(place, who, path)
            if status == 200:
                found[path] = measured(place, process, who, path, times)
            else:
                asked.not_asked[path] = str(status)
        form = f"csrf={browser.csrf}&words=siti+hid"
        found["POST /people"] = measured(place, process, browser, "/people", times, form)
        agree(office, browser)
        agree(office, browser, QUARTER)
        growth = table_growth(place, process, browser)
        tables = {path: measured(place, process, browser, path, 1) for path in TABLES}
        auditor = visitors.with_right(Right.audit)
        check = f"csrf={auditor.csrf}"
        took, _ = ask(place, auditor, "/audit/check", check)
        memory = _peak_mb(process)
    worst = max(found, key=lambda path: found[path]["p95_ms"])
    return {
        "people": people, "filled_s": round(filled_s, 1),
        "p95_ms": {path: one["p95_ms"] for path, one in found.items()},
        "server_cpu_ms": {path: one["server_cpu_ms"] for path, one in found.items()},
        "worst": {"page": worst, **found[worst]}, "tables": tables, "table_growth": growth,
        "whole_chain_checked_s": round(took / 1000, 1),
        "server_peak_mb": memory, "not_asked": asked.not_asked,
    }  # fmt: skip


def table_growth(place: tuple[str, int], process: int, browser: Browser) -> dict[str, float]:
    """Return by how many MB the server grows for a quarter of the people and for all of them."""
    few, everybody = f"/people.xlsx?{QUARTER}", "/people.xlsx"
    ask(place, browser, few)  # what is loaded for the first table is no growth of a table
    found = {"quarter_mb": _grown_mb(place, process, browser, few),
             "everybody_mb": _grown_mb(place, process, browser, everybody)}  # fmt: skip
    return {**found, "more_mb": round(found["everybody_mb"] - found["quarter_mb"], 1)}


def _grown_mb(place: tuple[str, int], process: int, browser: Browser, path: str) -> float:
    """Return how far above what it had before the server's memory goes for one answer."""
    before = _memory_mb(process, "VmRSS")
    Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")  # the peak from here on
    ask(place, browser, path)
    return round(max(_peak_mb(process) - before, 0.0), 1)


def _status(place: tuple[str, int], browser: Browser, path: str) -> int:
    line = http.client.HTTPConnection(*place, timeout=120)
    line.request("GET", path, headers={"Cookie": f"session={browser.token}"})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def _busy_ms(process: int) -> float:
    """Return the processor's time of the server until now, without other programs."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(process: int) -> float:
    return _memory_mb(process, "VmHWM")


def _memory_mb(process: int, name: str) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith(name))
    return round(int(line.split()[1]) / 1024, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=75_903, metavar="N")
    parser.add_argument("--times", type=int, default=20, metavar="N")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    found = {}
    with tempfile.TemporaryDirectory() as folder, running_postgres(durable=True) as server:
        for name in ("sqlite", "postgresql"):
            if options.only in {None, name}:
                url = server.new_database() if name == "postgresql" else None
                office = new_office(Path(folder) / name, url)
                found[name] = run(office, url, options.people, options.times)
                office.close()
    gate = GATE if options.people <= 100_000 else GATE_MILLION
    passed = all(
        one["worst"]["p95_ms"] <= gate["p95_ms"]
        and one["table_growth"]["more_mb"] <= MOST_GROWTH_MB
        for one in found.values()
    )
    own = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    text = json.dumps({**found, "gate": gate, "passed": passed, "own_peak_mb": own}, indent=1)
    print(text)
    if options.save:
        options.save.write_text(text + "\n", encoding="utf-8")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
