"""Several processes on one socket, what instruments see of them, and how they end."""

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.server.laptops import Laptop, nik
from tests.server.offices import address
from tests.server.test_command_line import Program

WORKERS = 3


def children(parent: int) -> set[int]:
    return set(map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split()))


def until(condition, seconds: float = 20.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come to be"
        threading.Event().wait(0.02)


@pytest.fixture(scope="module")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Program(tmp_path_factory.mktemp("made"))
    made.ask("init", "--regency", "32.16", "--admin", "Ratna")
    return made.home


@pytest.fixture
def program(tmp_path: Path, made_office: Path) -> Program:
    # A true start: its counts are shared between processes only if it is told so before it loads.
    made = Program(tmp_path, subprocess)
    shutil.copytree(made_office, made.home)
    return made


def get(url: str, path: str, **headers: str) -> tuple[int, str]:
    line = HTTPConnection(*address(url), timeout=20)
    try:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def metric(page: str, line: str) -> float:
    (found,) = re.findall(rf"^{re.escape(line)} (\S+)$", page, re.MULTILINE)
    return float(found)


def test_three_processes_take_batches_at_once_and_lose_or_double_none(program: Program):
    process, url = program.start("--workers", str(WORKERS))
    try:
        until(lambda: len(children(process.pid)) == WORKERS)
        laptops = []
        for n in range(4):
            laptop = Laptop(address(url))
            assert laptop.enrol(program.ask("device", "add", f"L{n}")["code"]).status == 200
            laptop.start_epoch()
            for k in range(15):
                laptop.register(nik=nik(100 * n + k))
            laptops.append(laptop)

        def push(laptop: Laptop) -> None:
            for at in range(0, len(laptop.journal), 5):
                laptop.push(laptop.journal[at : at + 5])
                laptop.hello()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(push, laptops))
        for laptop in laptops:
            laptop.pull()
            assert laptop.hello()["digest_ok"]
        found = program.ask("status")
        assert (found["registrations"], found["entries"], found["held"]) == (60, 64, 0)
        assert program.ask("verify")["ok"]
        _, page = get(url, "/metrics")
        route = 'district_requests_total{route="/v1/batches",status="200"}'
        assert metric(page, route) == 4 * 4
        assert metric(page, "district_registrations") == 60
        assert metric(page, 'district_request_seconds_count{route="/v1/batches"}') == 4 * 4
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, program.log.read_text()
        assert process.stdout is not None
        process.stdout.close()
    assert not list((program.home / "temporary").glob("counts-*"))


def test_a_process_that_dies_is_replaced_and_a_signal_ends_them_all(program: Program):
    process, url = program.start("--workers", str(WORKERS))
    try:
        until(lambda: len(children(process.pid)) == WORKERS)
        first = children(process.pid)
        killed = min(first)
        os.kill(killed, signal.SIGKILL)
        until(lambda: len(now := children(process.pid)) == WORKERS and killed not in now)
        assert '"ok":true' in get(url, "/health")[1]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0, program.log.read_text()
        assert process.stdout is not None
        process.stdout.close()
    assert "worker_ended" in program.log.read_text()


def test_a_request_that_runs_is_finished_before_the_end(program: Program):
    process, url = program.start()
    host, port = address(url)
    line = HTTPConnection(host, port, timeout=20)
    line.putrequest("POST", "/v1/hello")
    line.putheader("Content-Length", "2")
    line.endheaders(b"{")
    until(lambda: '"ok":true' in get(url, "/health")[1])
    process.send_signal(signal.SIGTERM)
    line.send(b"}")
    assert line.getresponse().status == 401  # unsigned: an answer, not a cut
    line.close()
    assert process.wait(30) == 0
    assert process.stdout is not None
    process.stdout.close()


def test_no_workers_or_too_many_are_a_mistake_on_the_command_line(program: Program):
    for wanted in ("0", "1000"):
        assert program.run("serve", "--port", "0", "--workers", wanted).returncode == 2


def test_log_and_metrics_say_routes_never_addresses_or_names_and_only_to_this_machine(
    program: Program,
):
    process, url = program.start()
    try:
        laptop = Laptop(address(url))
        assert laptop.enrol(program.ask("device", "add", "Laptop")["code"]).status == 200
        laptop.start_epoch()
        laptop.register(name="NYIMAS KENCANAWUNGU", mother_name="RARA SANTANG")
        laptop.push(laptop.journal)
        assert get(url, "/orang/NYIMAS-KENCANAWUNGU?nik=3216061203850001")[0] == 404
        assert get(url, "/metrics", **{"X-Forwarded-For": "::2"})[0] == 404
        assert metric(get(url, "/metrics")[1], "district_recovering") == 0
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stdout is not None
        process.stdout.close()
    log = program.log.read_text()
    assert '"route": "/v1/batches"' in log
    for planted in ("NYIMAS", "SANTANG", "3216061203850001", "/orang"):
        assert planted not in log
