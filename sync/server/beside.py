"""Work that a serving office does again and again beside its answers, in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from enumerator_app.domain.errors import KnownError
from sync.server.bugs import note_bug

MOST_WAIT_S: Final = 600.0
_MOST_DOUBLINGS: Final = 20
_BUGS: Final[dict[str, int]] = {}  # by the name of the work; none while all goes well
log = structlog.get_logger()


def failing() -> dict[str, int]:
    """Return how many bugs in a row each work of this process met, where there were any."""
    return dict(_BUGS)


@contextmanager
def again_and_again(
    name: str,
    work: Callable[[threading.Event], object],
    every_s: float,
    *,
    at_once: bool = False,
) -> Iterator[None]:
    """Do `work` every so many seconds until the block ends, the first time at once if asked.

    What the world refuses is logged and tried again the next time. A bug is logged and told by
    `failing`; the work is tried again, each time after twice the wait. Long work asks the event
    that it is given whether the block has ended.
    """
    stopped = threading.Event()

    def run() -> None:
        is_time = at_once or not stopped.wait(every_s)
        while is_time:
            _do(name, work, stopped)
            is_time = not stopped.wait(wait_s(every_s, _BUGS.get(name, 0)))

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
        _BUGS.pop(name, None)


def _do(name: str, work: Callable[[threading.Event], object], stopped: threading.Event) -> None:
    try:
        work(stopped)
    except KnownError as error:
        failed = f"{name}_failed"
        log.warning(failed, code=error.code)
    except Exception as error:  # noqa: BLE001 - without this the thread would end and say nothing
        note_bug(error, work=name)
        _BUGS[name] = _BUGS.get(name, 0) + 1
        return
    _BUGS.pop(name, None)


def wait_s(every_s: float, bugs: int) -> float:
    """Return the wait before the next try after so many bugs in a row, in seconds."""
    doubled: float = every_s * 2 ** min(bugs, _MOST_DOUBLINGS)
    return min(doubled, max(every_s, MOST_WAIT_S))
