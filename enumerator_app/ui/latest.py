"""One call at a time, and of those asked meanwhile only the last: typing never queues up work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject

from enumerator_app.ui.jobs import Job, start_job


@dataclass(frozen=True)
class _Call:
    work: Callable[[], object]
    succeeded: Callable[[Any], object]
    failed: Callable[[Exception], object]


class Latest(QObject):
    """A lane of calls in which a newer call makes the older ones stale.

    The answer of a call that is no longer the newest is dropped. With `every_answer` it still
    arrives: for writing, where only the calls in between may be left out.
    """

    def __init__(self, parent: QObject, *, every_answer: bool = False) -> None:
        super().__init__(parent)
        self._every_answer = every_answer
        self._running: Job | None = None
        self._waiting: _Call | None = None
        self._is_closed = False

    @property
    def is_idle(self) -> bool:
        return self._running is None and self._waiting is None

    def ask(
        self,
        work: Callable[[], object],
        succeeded: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Make this call as soon as the one under way has ended; a closed lane makes none."""
        if self._is_closed:
            return
        self._waiting = _Call(work, succeeded, failed)
        if self._running is None:
            self._start()

    def forget(self) -> None:
        """Drop what waits, and the answer of what runs."""
        self._waiting = _Call(_nothing, _ignored, _ignored) if self._running else None

    def close(self) -> None:
        """Make no further call: what it would be made on is being closed."""
        self._is_closed = True
        self._waiting = None

    def _start(self) -> None:
        call, self._waiting = self._waiting, None
        if call is not None:
            self._running = start_job(
                self,
                call.work,
                lambda answer: self._finish(call.succeeded, answer),
                lambda error: self._finish(call.failed, error),
            )

    def _finish(self, tell: Callable[[Any], object], answer: object) -> None:
        self._running = None
        is_newest = self._waiting is None
        self._start()
        if (is_newest or self._every_answer) and not self._is_closed:
            tell(answer)


def close_lanes(owner: QObject) -> None:
    """Close every lane below `owner`; then `finish_jobs` can wait for the calls under way."""
    for lane in owner.findChildren(Latest):
        lane.close()


def _nothing() -> None:
    return None


def _ignored(_answer: object) -> None:
    return None
