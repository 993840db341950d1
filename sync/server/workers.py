"""Several processes that answer on one socket; a parent that starts, replaces and stops them."""

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

import structlog

from enumerator_app.domain.errors import UsageWrong

MOST_WORKERS: Final = 32
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_FAILS_AT_ONCE: Final = 5
log = structlog.get_logger()


def require_workers(wanted: int) -> None:
    """Refuse a number that makes no sense, or several where the system cannot fork.

    Raises:
        UsageWrong
    """
    most = MOST_WORKERS if hasattr(os, "fork") else 1
    if not 1 <= wanted <= most:
        raise UsageWrong(detail=f"--workers 1-{most}")


def run_workers(wanted: int, work: Callable[[], None]) -> None:
    """Run `work` in so many processes until SIGTERM or SIGINT; each then ends in its own time.

    One that dies is replaced. If several die without having lived, the parent gives up: a server
    that starts again for ever says nothing to whoever started it. No thread and no connection to a
    database may be there yet.
    """
    family = _Family(work)
    before = {number: signal.signal(number, family.stop) for number in _SIGNALS}
    try:
        for _ in range(wanted):
            family.start_one()
        family.watch()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Family:
    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._children: set[int] = set()
        self._is_stopping = False
        self._fails = 0

    def start_one(self) -> None:
        assert threading.active_count() == 1, "a thread would not live on in the child"
        child = os.fork()
        if child == 0:
            self._be_the_child()
        self._children.add(child)

    def _be_the_child(self) -> None:
        code = 1
        try:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            self._work()
            code = 0
        except Exception as error:  # noqa: BLE001 - the end of a process; a message could hold a person's data
            log.error("worker_failed", error=type(error).__name__)  # noqa: TRY400 - only its kind
        finally:
            os._exit(code)

    def watch(self) -> None:
        """Return when all have ended after a signal, or too many could not start."""
        while self._children:
            child, status = os.wait()
            self._children.discard(child)
            if self._is_stopping:
                continue
            self._fails += 1
            log.error("worker_ended", status=os.waitstatus_to_exitcode(status), fails=self._fails)
            if self._fails >= _FAILS_AT_ONCE:
                self.stop(signal.SIGTERM, None)
            else:
                self.start_one()

    def stop(self, number: int, _: FrameType | None) -> None:
        self._is_stopping = True
        for child in self._children:
            os.kill(child, number)
