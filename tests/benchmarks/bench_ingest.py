"""A regency arrives at once: 75,903 people from 20 laptops, into SQLite and into PostgreSQL.

    python -m tests.benchmarks.bench_ingest [--people 75903] [--laptops 20] [--batch 500]

The server is a process of its own (with PostgreSQL two, as many as there are cores), every laptop a
connection of its own; batches are written, signed and packed before the clock starts. Afterwards
the office must count everybody once and find nothing wrong.
"""

import argparse
import csv
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from enumerator_app.domain.journal import to_line
from enumerator_app.resource_files import resource_path
from tests.benchmarks.invented_people import WORDS
from tests.server.laptops import Laptop
from tests.server.offices import address
from tests.server.postgres import running_postgres
from tests.server.test_command_line import Program

GATE_S, GOAL_S = 180.0, 20.0
Prepared = list[tuple[bytes, dict[str, str]]]


@dataclass
class Load:
    """One laptop's batches, ready to go, and how long each took."""

    laptop: Laptop
    batches: Prepared
    seconds: list[float]

    def send(self) -> None:
        line = HTTPConnection(*self.laptop.place, timeout=120)
        for body, headers in self.batches:
            began = time.perf_counter()
            line.request("POST", "/v1/batches", body, headers)
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            self.seconds.append(time.perf_counter() - began)
        line.close()


def people(count: int) -> Iterator[dict[str, Any]]:
    """Invented people of all villages of the regency; each NIK fits its birth date, and is one's
    own.
    """
    villages, words = _villages(), WORDS["men"]
    dice = random.Random("a regency")
    for n in range(count):
        day, month, year = dice.randint(1, 28), dice.randint(1, 12), dice.randint(1962, 2005)
        village = villages[n % len(villages)]
        yield {
            "nik": f"{village[:6]}{day:02}{month:02}{year % 100:02}{n % 9999 + 1:04}",
            "name": f"{dice.choice(words['first'])} {dice.choice(words['second'])}",
            "birth_date": f"{year}-{month:02}-{day:02}",
            "village_code": village,
        }


def prepared(laptop: Laptop, people: Sequence[dict[str, Any]], batch: int) -> Load:
    entries = [laptop.register(**one) for one in people]
    batches: Prepared = []
    for at in range(0, len(entries), batch):
        part = entries[at : at + batch]
        body = laptop.batch([to_line(entry) for entry in part], part[-1].hash)
        laptop.counter += 1
        said: dict[str, Any] = {"counter": laptop.counter, "key": None, "nonce": "0123456789abcdef"}
        proof = laptop.proof("POST", "/v1/batches", body, **said)
        batches.append((body, {**proof, "Content-Encoding": "gzip"}))
    return Load(laptop, batches, [])


def measured(folder: Path, options: argparse.Namespace, *served: str) -> dict[str, Any]:
    """Return one office's figures."""
    folder.mkdir()
    program = Program(folder, subprocess)
    database = served[:2] if "--database" in served else ()
    program.ask("init", "--regency", "32.16", "--admin", "Bench", *database)
    process, url = program.start(*served)
    try:
        loads = _loads(program, address(url), options, database)
        began = time.perf_counter()
        threads = [threading.Thread(target=load.send) for load in loads]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
        memory = sum(_peak_mib(one) for one in _family(process.pid))
    finally:
        process.terminate()
        process.wait(60)
        assert process.stdout is not None
        process.stdout.close()
    times = sorted(one for load in loads for one in load.seconds)
    standing = program.ask("status", *database)
    assert len(times) == sum(len(load.batches) for load in loads)
    return {
        "seconds": round(seconds, 1), "records_a_second": round(options.people / seconds),
        "batch_p50_ms": round(1000 * statistics.median(times)),
        "batch_p95_ms": round(1000 * times[int(0.95 * len(times))]),
        "memory_mib": memory, "registrations": standing["registrations"],
        "verify": program.ask("verify", *database)["ok"],
    }  # fmt: skip


def _loads(
    program: Program, place: tuple[str, int], options: argparse.Namespace, database: Sequence[str]
) -> list[Load]:
    everybody = list(people(options.people))
    loads = []
    for n in range(options.laptops):
        laptop = Laptop(place)
        code = program.ask("device", "add", f"Laptop {n}", *database)["code"]
        assert laptop.enrol(code).status == 200
        laptop.start_epoch()
        laptop.push(laptop.journal)
        loads.append(prepared(laptop, everybody[n :: options.laptops], options.batch))
    return loads


def _villages() -> list[str]:
    with resource_path("places", "kab_bekasi_villages.csv").open(encoding="utf-8") as file:
        return [row["code"].replace(".", "") for row in csv.DictReader(file)]


def _family(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *map(int, children)]


def _peak_mib(process: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) // 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", type=int, default=75_903)
    parser.add_argument("--laptops", type=int, default=20)
    parser.add_argument("--batch", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        found = {"sqlite": measured(Path(folder) / "sqlite", options)}
        database = ("--database", server.new_database(), "--workers", "2")
        found["postgresql"] = measured(Path(folder) / "postgresql", options, *database)
    gates = [
        one["seconds"] <= GATE_S and one["registrations"] == options.people and one["verify"]
        for one in found.values()
    ]
    report = {"people": options.people, "laptops": options.laptops, "batch": options.batch}
    limits = {"gate_s": GATE_S, "goal_s": GOAL_S, "passes": all(gates)}
    print(json.dumps({"bench": "ingest", **report, **found, **limits}, indent=1))
    return 0 if all(gates) else 1


if __name__ == "__main__":
    sys.exit(main())
