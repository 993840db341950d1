"""Children that are made to be killed: forked from a process that has everything loaded.

What a child says goes through a pipe, a line of JSON each, written at once: a line is there whole
or not at all, whenever its writer dies.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

Work = Callable[[int], object]


def speak(pipe: int, **what: Any) -> None:
    os.write(pipe, json.dumps(what).encode() + b"\n")


class Child:
    """A process that does `work`, which gets the pipe to speak into."""

    def __init__(self, work: Work) -> None:
        reading, writing = os.pipe()
        sys.stdout.flush()
        self.process = os.fork()
        if self.process == 0:
            os.close(reading)
            _live(work, writing)
        os.close(writing)
        self._lines = os.fdopen(reading, "rb")

    def said(self, most: int = sys.maxsize) -> Iterator[dict[str, Any]]:
        """Yield what it says, up to `most` lines, to its end; waits for it."""
        for _ in range(most):
            line = self._lines.readline()
            if not line.endswith(b"\n"):
                return
            yield json.loads(line)

    def kill(self) -> bool:
        """End it by SIGKILL; return whether that was its end, and not another one before."""
        os.kill(self.process, signal.SIGKILL)
        return self.ended()

    def ended(self) -> bool:
        """Wait for its end; return whether a signal was it."""
        _, status = os.waitpid(self.process, 0)
        return os.WIFSIGNALED(status)

    def close(self) -> None:
        self._lines.close()


def _live(work: Work, pipe: int) -> None:
    try:
        work(pipe)
    except BaseException as error:  # noqa: BLE001  the parent counts it
        speak(pipe, error=f"{type(error).__name__}: {error}")
    os._exit(0)
