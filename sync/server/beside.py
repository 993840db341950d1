"""Work that a serving office does again and again beside its answers, in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from enumerator_app.domain.errors import KnownError

log = structlog.get_logger()


@contextmanager
def again_and_again(
    name: str,
    work: Callable[[threading.Event], object],
    every_s: float,
    *,
    at_once: bool = False,
) -> Iterator[None]:
    """Do `work` every so many seconds until the block ends, the first time at once if asked.

    What the world refuses is logged and tried again the next time. Long work asks the event that
    it is given whether the block has ended.
    """
    stopped, failed = threading.Event(), f"{name}_failed"

    def run() -> None:
        is_time = at_once or not stopped.wait(every_s)
        while is_time:
            try:
                work(stopped)
            except KnownError as error:
                log.warning(failed, code=error.code)
            is_time = not stopped.wait(every_s)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
