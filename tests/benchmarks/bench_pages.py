"""How long each page of the office takes with a whole regency in it, from a server of its own.

    python -m tests.benchmarks.bench_pages [--people 75903] [--times 20]

The office's tables are filled with invented people; every page that the application hangs with no
part of its address left open is asked for as somebody's browser would, and one person's page, a
filter, a deep page, a search and a table besides. One request at a time; medians and 95th parts in
milliseconds, and the server's own time on a processor, on SQLite and on PostgreSQL.
"""

import argparse
import http.client
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import structlog
from sqlalchemy import select

from sync.server.application import create_application
from sync.server.office import Office
from sync.server.people.pairs import answer
from sync.server.people.tables import PAIR_ROWS
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
FILES = (".csv", ".xlsx", ".pdf")  # those wait for a second person
TABLES = ("/people.csv", "/people.xlsx")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def pages_of(office: Office) -> list[str]:
    """Return all addresses of pages, as the application knows them."""
    rights = create_application(office).state.site.needs.rights
    found = sorted(
        path for method, path in rights
        if method == "GET" and "{" not in path and not path.endswith(FILES)
    )  # fmt: skip
    return found + list(MORE) + [f"/service/{5:032x}", "/devices/A23"]


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


def agree(office: Office, browser: Browser) -> None:
    """Ask for the table of everybody, and have a second person agree to it."""
    other = signed_in(office, "coordinator", login="second")
    assert browser.post("/exports", {"table": "people", "filter": ""}).status_code == 303
    with office.database.reading() as connection:
        asked = connection.execute(
            select(PAIR_ROWS.c.id).where(
                PAIR_ROWS.c.kind == "mass_export", PAIR_ROWS.c.state == "open"
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


def run(office: Office, url: str | None, people: int, times: int) -> dict:
    start = time.perf_counter()
    fill(office, World(people=people, target=75_903, now=now()))
    filled_s = time.perf_counter() - start
    if url:
        # As a serving database does by itself within a minute: indexes answer without the rows.
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
    browser = signed_in(office, "coordinator")
    signed_in(office, "administrator")
    with served(office, url) as (place, process):
        found = dict.fromkeys(pages_of(office))
        for path in list(found):
            who = browser
            status = _status(place, browser, path)
            if status == 403:
                who = signed_in(office, "auditor" if path.startswith("/audit") else "administrator")
            if status in {200, 403}:
                found[path] = measured(place, process, who, path, times)
            else:
                del found[path]
        form = f"csrf={browser.csrf}&words=siti+hid"
        found["POST /people"] = measured(place, process, browser, "/people", times, form)
        agree(office, browser)
        tables = {path: measured(place, process, browser, path, 1) for path in TABLES}
        memory = _peak_mb(process)
    worst = max(found, key=lambda path: found[path]["p95_ms"])
    return {
        "people": people, "filled_s": round(filled_s, 1),
        "p95_ms": {path: one["p95_ms"] for path, one in found.items()},
        "worst": {"page": worst, **found[worst]}, "tables": tables, "server_peak_mb": memory,
    }  # fmt: skip


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
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
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
    passed = all(one["worst"]["p95_ms"] <= gate["p95_ms"] for one in found.values())
    own = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    text = json.dumps({**found, "gate": gate, "passed": passed, "own_peak_mb": own}, indent=1)
    print(text)
    if options.save:
        options.save.write_text(text + "\n", encoding="utf-8")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
