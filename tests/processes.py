"""Our programs as processes of their own, as `subprocess` starts them but without their loading.

A test that starts ten commands would load the program ten times, which is most of what it costs.
Here they are forked from one process that has it loaded (`tests/nursery.py`). What is no program
of ours goes to `subprocess` as it is. How a program starts by itself is for
`tests/services/test_usage.py` and `tests/end_to_end/test_fortnight.py`.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Self

from tests.nursery import MAINS, MOST_BYTES

PIPE = subprocess.PIPE
TimeoutExpired = subprocess.TimeoutExpired
ROOT = Path(__file__).resolve().parents[1]


class _Nursery:
    """The other end of the process that forks; one for each process of the suite."""

    def __init__(self) -> None:
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            number = other.fileno()
            line = [sys.executable, "-W", "error", "-m", "tests.nursery", str(number)]
            self._process = subprocess.Popen(line, pass_fds=[number], cwd=ROOT)
        self._lock = threading.Lock()
        self._ends: dict[int, int] = {}

    def begin(self, asked: dict[str, Any], outputs: Sequence[int]) -> int:
        with self._lock:
            socket.send_fds(self._line, [json.dumps(asked).encode()], list(outputs))
            while "begun" not in (said := self._said(None)):
                self._ends[said["ended"]] = said["code"]
        return int(said["begun"])

    def end_of(self, child: int, seconds: float | None) -> int | None:
        """Return the exit code of a child; None if it lives on after so many seconds."""
        with self._lock:
            while child not in self._ends:
                try:
                    said = self._said(seconds)
                except (TimeoutError, BlockingIOError):
                    return None
                self._ends[said["ended"]] = said["code"]
            return self._ends[child]

    def _said(self, seconds: float | None) -> dict[str, Any]:
        self._line.settimeout(seconds)
        said = self._line.recv(MOST_BYTES)
        assert said, "the process that forks has died"
        return dict(json.loads(said))

    def close(self) -> None:
        self._line.close()
        self._process.wait(20)


_nursery: _Nursery | None = None


def _the_nursery() -> _Nursery:
    global _nursery  # noqa: PLW0603 - made by the first test that needs it
    if _nursery is None:
        _nursery = _Nursery()
        atexit.register(_nursery.close)
    return _nursery


class _Program:
    """A program of ours that runs; what the tests use of `subprocess.Popen`."""

    def __init__(self, asked: dict[str, Any], stdout: int, stderr: int) -> None:
        self.stdout: IO[bytes] | None = None
        writing = stdout
        if stdout == PIPE:
            reading, writing = os.pipe()
            self.stdout = os.fdopen(reading, "rb")
        try:
            self.pid = _the_nursery().begin(asked, (writing, stderr))
        finally:
            if stdout == PIPE:
                os.close(writing)
        self.returncode: int | None = None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        code = self._ended(timeout)
        if code is None:
            raise TimeoutExpired("a program of ours", timeout or 0)
        return code

    def _ended(self, seconds: float | None) -> int | None:
        if self.returncode is None:
            self.returncode = _the_nursery().end_of(self.pid, seconds)
        return self.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.stdout:
            self.stdout.close()
        self.wait()


def _asked(line: Sequence[Any], cwd: Any, env: Any) -> dict[str, Any] | None:
    """Return what to fork; None: that is none of our programs."""
    words = [os.fspath(word) for word in line]
    if words[1:3] == ["-W", "error"]:
        del words[1:3]
    if words[:2] != [sys.executable, "-m"] or words[2] not in MAINS:
        return None
    return {
        "module": words[2],
        "arguments": words[3:],
        "folder": str(cwd or Path.cwd()),
        "environment": dict(os.environ if env is None else env),
    }


def Popen(  # noqa: N802 - the name of what it stands for
    line: Sequence[Any], *, stdout: Any, stderr: Any, cwd: Any = None, env: Any = None
) -> Any:
    asked = _asked(line, cwd, env)
    if asked is None:
        return subprocess.Popen(line, stdout=stdout, stderr=stderr, cwd=cwd, env=env)
    where = stdout if stdout == PIPE else stdout.fileno()
    return _Program(asked, where, stderr.fileno())


def run(
    line: Sequence[Any], *, capture_output: bool = True, text: bool = True, check: bool = False,
    cwd: Any = None, env: Any = None, timeout: float | None = None,
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    asked = _asked(line, cwd, env)
    assert capture_output
    assert text
    if asked is None:
        return subprocess.run(line, capture_output=True, text=True, check=check, cwd=cwd,
                              env=env, timeout=timeout)  # fmt: skip
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = _Program(asked, out.fileno(), err.fileno()).wait(timeout)
        said = [_words(out), _words(err)]
    done = subprocess.CompletedProcess([*line], code, *said)
    if check:
        done.check_returncode()
    return done


def _words(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
