"""Starts the two public programs as processes of their own and reads their JSON answers."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from enumerator_app.domain.errors import KnownError

_STOP_TIMEOUT_S = 15


class DemoStepFailed(KnownError):
    """A public command did not do its step; its own words are in `detail`."""

    code = "demo_step_failed"


@dataclass(frozen=True, slots=True)
class Program:
    """One of our programs with the options that each of its calls shares."""

    command: tuple[str, ...]
    options: tuple[str, ...]

    def ask(self, *arguments: object, accept: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """Run one command to its end and return its JSON answer.

        Raises:
            DemoStepFailed: it ended with an exit code outside `accept`.
        """
        line = [*self.command, *self.options, *map(str, arguments), "--json"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603 - our own programs
        if done.returncode not in accept:
            words = (done.stdout + done.stderr).strip()[-600:]
            raise DemoStepFailed(step=str(arguments[0]), exit_code=done.returncode, detail=words)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


class OfficeProcess:
    """The district server, serving on loopback until the block ends; port 0 is any free one."""

    def __init__(self, server: Program, log: Path, *, port: int | str = 0) -> None:
        self._server = server
        self._log = log
        self._port = str(port)
        self.url = ""

    def __enter__(self) -> Self:
        line = [
            *self._server.command,
            *self._server.options,
            "serve",
            "--port",
            self._port,
            "--json",
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=log)  # noqa: S603 - our own program
        assert self._process.stdout is not None
        first = self._process.stdout.readline()
        if not first:
            words = self._log.read_text(errors="replace")[-600:]
            raise DemoStepFailed(step="serve", exit_code=self._process.wait(), detail=words)
        self.url = json.loads(first)["url"]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def program(name: str, *options: object) -> Program:
    """Return `enumerator` or `district-server`, as installed beside this very program."""
    modules = {"enumerator": "enumerator_app", "district-server": "sync.server"}
    if getattr(sys, "frozen", False):
        suffix = Path(sys.executable).suffix
        command = [str(Path(sys.executable).with_name(name + suffix))]
    else:
        command = [sys.executable, "-m", modules[name]]
    return Program(tuple(command), tuple(map(str, options)))
