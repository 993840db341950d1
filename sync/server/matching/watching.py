"""Looks for people recorded twice while the office serves: in the pauses between batches.

Which records changed stands in the database, so nothing is forgotten by a stop, and several server
processes may look at once.
"""

import threading
from contextlib import AbstractContextManager
from typing import Final

import structlog
from sqlalchemy import func, select

from sync.server.beside import again_and_again
from sync.server.matching.looking import look_at_news
from sync.server.office import Office
from sync.server.tables import ENTRY_ROWS, IS_NEWS, SUBJECT_ROWS

LOOK_EVERY_S: Final = 1.0
PORTION: Final = 200  # short, so that a batch that comes waits for no more than this
_AT_LATEST_S: Final = 60.0
log = structlog.get_logger()


def watching(office: Office, every_s: float = LOOK_EVERY_S) -> AbstractContextManager[None]:
    """Compare what is new with the district until the block ends."""
    return again_and_again("watching", _Watch(office, every_s).work, every_s)


class _Watch:
    def __init__(self, office: Office, every_s: float) -> None:
        self._office, self._every_s = office, every_s
        self._newest, self._waited_s = 0, 0.0

    def work(self, stopped: threading.Event) -> None:
        if self._is_time():
            self._look(stopped)

    def _is_time(self) -> bool:
        """Return whether there is news, and nothing comes in just now (or for too long)."""
        with self._office.database.reading() as connection:
            if (
                connection.execute(select(SUBJECT_ROWS.c.id).where(IS_NEWS).limit(1)).first()
                is None
            ):
                self._waited_s = 0.0
                return False
            newest = connection.execute(select(func.max(ENTRY_ROWS.c.ingest_n))).scalar() or 0
        is_quiet, self._newest = newest == self._newest, newest
        self._waited_s += self._every_s
        return is_quiet or self._waited_s >= _AT_LATEST_S

    def _look(self, stopped: threading.Event) -> None:
        self._waited_s = 0.0
        while not stopped.is_set():
            looked = look_at_news(self._office, PORTION)
            if looked.opened or looked.closed:
                log.info("looked", opened=looked.opened, closed=looked.closed)
            if looked.records < PORTION:
                return
