"""The appendix of a decree for everybody: time, pages and memory of the real command.

An office is filled with invented people in all villages, straight into its tables; then
`district-server paper decree` runs as a process of its own, once for few and once for all.

Run: `python -m tests.benchmarks.bench_decree [--people 75903]`; prints one JSON object.
"""

import argparse
import csv
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.numbers import registration_number
from enumerator_app.domain.reference import load_places
from sync.server.office import Office
from sync.server.tables import ENTRY_ROWS, SUBJECT_ROWS
from tests.server.laptops import NOON, person
from tests.server.offices import new_office

_AT_ONCE = 5_000
_FEW = 10_000
_SYLLABLES = ("mu", "sa", "ri", "na", "wi", "dya", "nur", "has", "sul", "ta", "kar", "tin", "yah")


def fill(office: Office, people: int) -> None:
    """Put so many verified people into an empty office."""
    dice = random.Random(3)
    villages = [village.code for village in load_places().villages]
    with office.database.writing() as connection:
        connection.execute(delete(SUBJECT_ROWS))
        connection.execute(delete(ENTRY_ROWS))
        for start in range(0, people, _AT_ONCE):
            some = [_rows(n, dice, villages) for n in range(start, min(start + _AT_ONCE, people))]
            connection.execute(insert(ENTRY_ROWS), [entry for entry, _ in some])
            connection.execute(insert(SUBJECT_ROWS), [subject for _, subject in some])


def _rows(n: int, dice: random.Random, villages: list[str]) -> tuple[dict[str, Any], ...]:
    subject, hash_ = UUID(int=n + 1), hashlib.sha256(str(n).encode()).hexdigest()
    name = " ".join(
        "".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))) for _ in range(dice.randint(1, 4))
    ).upper()
    number = registration_number(
        regency="3216", device_code=f"A{n % 60 + 1:02d}", serial=n // 60 + 1, subject=subject
    )
    body = person(
        name=name, nik=f"3216{n:012d}", village_code=villages[n % len(villages)], number=number
    )
    entry = {
        "hash": hash_, "device": "d", "epoch": "e", "seq": n, "kind": "register",
        "subject": str(subject), "header": b"", "body": canonical_bytes(body),
        "outcome": "accepted", "received_at": NOON, "is_leaf": 0, "has_child": 0, "ingest_n": n,
    }  # fmt: skip
    row = {
        "id": str(subject), "revision": hash_, "content": hash_, "state": "verified",
        "number": number, "device": "d", "nik": body["nik"], "name": name,
        "village_code": body["village_code"], "severity": "", "registered_at": NOON,
        "received_at": NOON,
    }  # fmt: skip
    return entry, row


def run(office: Office, folder: Path) -> dict[str, Any]:
    """Run the command; its peak memory is that of the largest child until now."""
    output = folder / "decree.pdf"
    line = [
        sys.executable, "-m", "sync.server", "--home", str(office.home.path), "paper", "decree",
        "--output", str(output), "--json",
    ]  # fmt: skip
    begun = time.perf_counter()
    answer = json.loads(subprocess.run(line, check=True, capture_output=True).stdout)
    seconds = time.perf_counter() - begun
    with Path(answer["table"]).open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.reader(table))[1:]
    said = "".join("\t".join(row) + "\n" for row in rows)
    assert hashlib.sha256(said.encode()).hexdigest() == answer["sha256"]
    return {
        "people": answer["rows"],
        "pages": answer["pages"],
        "seconds": round(seconds, 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "megabytes": round(output.stat().st_size / 1e6, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=75_903)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        office = new_office(Path(folder) / "office", None)
        found = {}
        for name, count in (("few", _FEW), ("all", people)):
            fill(office, count)
            found[name] = run(office, Path(folder))
        office.close()
    growth = found["all"]["peak_memory_mb"] - found["few"]["peak_memory_mb"]
    rate = round(found["all"]["people"] / found["all"]["seconds"])
    print(json.dumps({**found, "memory_growth_mb": growth, "people_per_second": rate}, indent=1))


if __name__ == "__main__":
    main()
