"""How fast batches of 500 become part of the office, against a bare COPY endpoint, in one run.

    python -m tests.benchmarks.bench_push [--records 10000] [--batch 500]

Every server is a process of its own; the batches are written and packed before the clock starts.
"""

import argparse
import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from enumerator_app.domain.journal import to_line
from tests.server.laptops import Laptop, nik
from tests.server.offices import address
from tests.server.postgres import PostgresServer, running_postgres
from tests.server.test_command_line import Program

GATE = {"ratio_to_bare": 3.0}
STRETCH = {"ratio_to_bare": 1.5}


@contextmanager
def bare(server: PostgresServer) -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = [sys.executable, "-m", "uvicorn", "tests.benchmarks.bare_copy:application", "--factory",
            "--port", str(port), "--log-level", "warning", "--no-access-log"]  # fmt: skip
    process = subprocess.Popen(line, env={**os.environ, "BARE_URL": server.new_database()})
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def ours(folder: Path, *options: str) -> Iterator[Laptop]:
    folder.mkdir()
    program = Program(folder, subprocess)
    program.ask("init", "--regency", "32.16", "--admin", "Bench", *options)
    process, url = program.start(*options)
    try:
        laptop = Laptop(address(url))
        assert laptop.enrol(program.ask("device", "add", "Bench", *options)["code"]).status == 200
        laptop.start_epoch()
        laptop.push(laptop.journal)
        yield laptop
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def push_ours(laptop: Laptop, records: int, batch: int) -> float:
    entries = [laptop.register(nik=nik(n), name=f"ORANG {n}") for n in range(records)]
    parts = [entries[at : at + batch] for at in range(0, records, batch)]
    lines = [[to_line(entry) for entry in part] for part in parts]
    began = time.perf_counter()
    for part, written in zip(parts, lines, strict=True):
        assert laptop.send(written, part[-1].hash).status == 200
    return time.perf_counter() - began


def push_bare(place: tuple[str, int], laptop: Laptop, batch: int) -> float:
    lines = [to_line(entry) for entry in laptop.journal[1:]]
    parts = [b"{}\n" + b"".join(lines[at : at + batch]) for at in range(0, len(lines), batch)]
    began = time.perf_counter()
    for part in parts:
        line = http.client.HTTPConnection(*place, timeout=60)
        line.request("POST", "/", gzip.compress(part))
        assert line.getresponse().read() == b"{}"
        line.close()
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=500)
    options = parser.parse_args()
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        with ours(Path(folder) / "sqlite") as laptop:
            seconds["sqlite"] = push_ours(laptop, options.records, options.batch)
        database = ("--database", server.new_database())
        with ours(Path(folder) / "postgresql", *database) as laptop:
            seconds["postgresql"] = push_ours(laptop, options.records, options.batch)
        with bare(server) as place:
            seconds["bare"] = push_bare(place, laptop, options.batch)
    rates = {name: round(options.records / spent) for name, spent in seconds.items()}
    ratios = {
        name: {"ratio_to_bare": round(seconds[name] / seconds["bare"], 2)}
        for name in ("sqlite", "postgresql")
    }
    result = {"records": options.records, "batch": options.batch, "records_a_second": rates}
    passes = all(ratio["ratio_to_bare"] <= GATE["ratio_to_bare"] for ratio in ratios.values())
    judged = {**ratios, "gate": GATE, "stretch": STRETCH, "passes": passes}
    print(json.dumps({"bench": "push", **result, **judged}, indent=1))
    return 0 if passes else 1


if __name__ == "__main__":
    sys.exit(main())
