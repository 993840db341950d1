"""The district server of a campaign: `district-server serve`, forked, killed, and served again."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.server.__main__ import main as district_server
from tests.faults.forking import Child

_TROUBLE = {'"event": "bug"': "a bug in the server's log", "Traceback": "a traceback in its log"}


@dataclass
class Served:
    """`prepare` is done in the child before it serves: a control breaks something there."""

    home: Path
    database: str | None = None
    prepare: Callable[[], Any] = lambda: None
    port: int = 0
    _child: Child | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, and wait until it listens."""
        self.port = self.port or free_port()
        self._child = Child(self._serve)
        first = next(self._child.said(1), None)
        assert first, self._log.read_text()[-2000:]
        assert first["url"] == self.url, first

    def kill(self) -> bool:
        """End it by SIGKILL; return whether it was still alive."""
        assert self._child is not None
        was_alive = self._child.kill()
        self._child.close()
        self._child = None
        return was_alive

    def trouble(self) -> list[str]:
        """What stands in its log that no weather explains: a bug, or a traceback."""
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        return [_TROUBLE[word] for line in lines for word in _TROUBLE if word in line]

    @property
    def _log(self) -> Path:
        return self.home.parent / "serve.log"

    def _serve(self, pipe: int) -> None:
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(pipe, 1)
        os.dup2(log, 2)
        self.prepare()
        line = ["serve", "--port", str(self.port), "--home", str(self.home), "--json"]
        district_server([*line, *(("--database", self.database) if self.database else ())])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
