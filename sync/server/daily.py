"""What a serving office does by itself once a day, beside its answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from enumerator_app.domain.errors import KnownError
from sync.server.niks import refresh_niks
from sync.server.office import Office
from sync.server.people.attempts import forget_old_tries
from sync.server.people.sessions import forget_old_sessions

_LOOK_EVERY_S: Final = 600.0
log = structlog.get_logger()


@contextmanager
def daily_work(office: Office) -> Iterator[None]:
    """Look now and every ten minutes for the day's short hashes, and forget old sessions."""
    stopped = threading.Event()

    def work() -> None:
        while True:
            try:
                refresh_niks(office)
                forget_old_sessions(office)
                forget_old_tries(office)
            except KnownError as error:
                log.warning("daily_work_failed", code=error.code)
            if stopped.wait(_LOOK_EVERY_S):
                return

    thread = threading.Thread(target=work, name="daily", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
