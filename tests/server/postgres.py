"""A PostgreSQL server of the suite's own, in a temporary folder, on a free port."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


class PostgresServer:
    """A cluster; each test makes a database of its own in it."""

    def __init__(self, folder: Path, port: int, *settings: str) -> None:
        self.folder, self.port = folder, port
        self.log = folder / "log"
        self._binaries = BINARIES[-1].parent
        self._user = _as_postgres(folder)
        self._options = ["-p", str(port), "-k", str(folder)]
        for setting in (
            "listen_addresses=127.0.0.1", "max_connections=60",
            "log_line_prefix=%m [%p] %a ", *settings,
        ):  # fmt: skip
            self._options += ["-c", setting]

    def make(self) -> None:
        self._run(self._binaries / "initdb", "-D", self.folder / "data", "-A", "trust",
                  "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync")  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers: after a kill it first reads its log again."""
        line = [self._binaries / "postgres", "-D", self.folder / "data", *self._options]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(line, stdout=log, stderr=log, cwd="/", **self._user)
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=20).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, self.log.read_text()[-2000:]
                time.sleep(0.01)
            else:
                return

    def stop(self) -> None:
        """Stop at once, as in a power cut that nothing was written after."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def kill(self) -> bool:
        """End all its processes by SIGKILL; return whether it was running."""
        was_running = self._process.poll() is None
        postmaster = self._process.pid
        self._process.send_signal(signal.SIGSTOP)  # it makes no more of them
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in (*map(int, children), postmaster):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait(30)
        while any(_is_alive(int(process)) for process in children):
            time.sleep(0.002)
        return was_running

    def _run(self, *line: object) -> None:
        subprocess.run(
            [str(part) for part in line], check=True, stdout=subprocess.DEVNULL, cwd="/",
            **self._user,
        )  # fmt: skip

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str | None = None) -> str:
        """Return the address of a new database, as a copy of another if asked."""
        name = f"office_{uuid4().hex[:12]}"
        source = f" TEMPLATE {template.rsplit('/', 1)[1]}" if template else ""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{source}")
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.rsplit("/", 1)[1]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Yield a server; `durable` has it flush as it does in an office."""
    assert BINARIES, "PostgreSQL is not installed: make test-packages"
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    (folder / "data").mkdir()
    settings = () if durable else ("fsync=off",)
    server = PostgresServer(folder, _free_port(), *settings)
    server.make()
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _as_postgres(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: what starts its programs as its own user."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "postgres")
    shutil.chown(folder / "data", "postgres")
    group = pwd.getpwnam("postgres").pw_gid
    return {"user": "postgres", "group": group, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
