"""A regency's list to the insurer and back: time and memory of the real commands, and the pages.

An office is filled with invented, approved people; then `insurer check`, `insurer export`, `insurer
import` of a reply for everybody and `payment record` run as processes of their own, once for few
people and once for all: memory that does not grow with the people is constant. Afterwards each page
is asked by a signed-in coordinator.

Run: `python -m tests.benchmarks.bench_insurer [--people 75903]`; prints one JSON object.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from sync.server.covering.updating import keep_update, monthly_update
from sync.server.office import Office
from tests.benchmarks.bench_decree import fill
from tests.server.offices import new_office
from tests.server.people import signed_in

_FEW = 5_000
_ROUNDS = 30
_NAMES = ("number", "nik", "status", "kpj", "reason")


def run(office: Office, *words: str) -> dict[str, Any]:
    """Run a command as a process of its own; return its answer, seconds and peak memory in MB."""
    line = [sys.executable, "-m", "sync.server", "--home", str(office.home.path), *words, "--json"]
    begun = time.perf_counter()
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    return {
        "answer": json.loads(said),
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def reply_to(batch: Path, reply: Path) -> int:
    """Write a reply that accepts everybody but every fiftieth; return its rows."""
    book = openpyxl.load_workbook(batch, read_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    header = next(rows)
    number, nik = header.index("number"), header.index("nik")
    with xlsxwriter.Workbook(str(reply), {"constant_memory": True}) as written:
        sheet = written.add_worksheet()
        sheet.write_row(0, 0, _NAMES)
        for n, row in enumerate(rows, start=1):
            said = ("accepted", f"{n:011d}", "") if n % 50 else ("refused", "", "NIK INVALID")
            sheet.write_row(n, 0, (row[number], row[nik], *said))
    book.close()
    return n


def round_trip(people: int, folder: Path) -> tuple[Office, dict[str, Any]]:
    office = new_office(folder / "office", None)
    fill(office, people)
    batch, reply = folder / "list.xlsx", folder / "reply.xlsx"
    found = {
        "check": run(office, "insurer", "check"),
        "export": run(office, "insurer", "export", str(batch)),
    }
    assert found["export"]["answer"]["rows"] == reply_to(batch, reply) == people
    start = datetime.now(UTC).date().replace(day=1)
    end = (start + timedelta(days=400)).replace(day=28).isoformat()
    words = ("--cover-from", start.isoformat(), "--cover-to", end)
    found["import"] = run(office, "insurer", "import", str(reply), *words)
    found["pay"] = run(office, "payment", "record", "--month", f"{start:%Y-%m}")
    answers = {name: one.pop("answer") for name, one in found.items()}
    assert answers["import"]["accepted"] + answers["import"]["refused"] == people
    assert answers["pay"]["people"] == answers["import"]["accepted"]
    size = round(batch.stat().st_size / 1024 / 1024, 1)
    return office, {**found, "batch": answers["export"]["export"], "file_mb": size}


def pages(office: Office, batch: str) -> dict[str, float]:
    """Return the 95th percentile of each page in milliseconds, the work behind it included."""
    browser = signed_in(office, "coordinator")
    next_month = (datetime.now(UTC).date().replace(day=1) + timedelta(days=32)).replace(day=1)
    keep_update(office, monthly_update(office, next_month))
    with office.database.reading() as connection:
        subject, name, born = connection.exec_driver_sql(
            "SELECT id, name, birth_date FROM subject WHERE state = 'enrolled' LIMIT 1"
        ).one()
    asked = {
        "batches": lambda: browser.get("/batches"),
        "batch": lambda: browser.get(f"/batches/{batch}"),
        "updates": lambda: browser.get("/updates"),
        "person": lambda: browser.get(f"/service/{subject}"),
        "search": lambda: browser.post("/service", {"name": name, "born": born or ""}),
    }
    found = {}
    for page, ask in asked.items():
        times = []
        for _ in range(_ROUNDS):
            begun = time.perf_counter()
            answer = ask()
            times.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, answer.text[:300]
        found[page] = round(statistics.quantiles(times, n=20)[-1], 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=75_903)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        few, small = round_trip(_FEW, Path(folder) / "few")
        few.close()
        office, found = round_trip(people, Path(folder) / "all")
        served = pages(office, found.pop("batch"))
        office.close()
    growth = found["export"]["peak_mb"] - small["export"]["peak_mb"]
    said = {
        f"{name}_{what}": one[what]
        for name, one in found.items()
        if isinstance(one, dict)
        for what in ("seconds", "peak_mb")
    }
    print(json.dumps({
        "bench": "insurer", "people": people, "few": _FEW, **said, "file_mb": found["file_mb"],
        "export_growth_mb": growth, **{f"page_{name}_p95_ms": ms for name, ms in served.items()},
    }))  # fmt: skip


if __name__ == "__main__":
    main()
