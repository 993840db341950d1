"""A call that may wait for a minute, and a person who wants to stop now."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import Final, TypeVar

from sync.client.transport import Interrupted

T = TypeVar("T")

_LOOK_S: Final = 0.1


def unless_cancelled(
    work: Callable[[], T], cancelled: Callable[[], bool], cut: Callable[[], None]
) -> T:
    """Return what `work` returns; it runs in a thread of its own, which may be left behind.

    Name resolution and connecting cannot be broken off on every system, a read can: `cut` does
    what can be done, and nobody waits for the rest. `work` must change nothing that is kept.

    Raises:
        Interrupted: `cancelled` said so first; `work` may have been done or not.
    """
    done: Future[T] = Future()
    Thread(target=_do, args=(work, done), name="request", daemon=True).start()
    while not wait((done,), _LOOK_S).done:
        if cancelled():
            cut()
            raise Interrupted
    return done.result()


def _do(work: Callable[[], T], done: "Future[T]") -> None:
    try:
        done.set_result(work())
    except BaseException as error:  # noqa: BLE001 - the thread boundary: the waiting one raises it
        done.set_exception(error)
