"""Moves committed pages from the log into the file, off every other thread's way.

The log begins anew only when a write finds all of it moved. While writes follow each other without
a pause, as in a long sync, there are always some more by then; so from a certain length on the
writer itself moves what is left, before it goes on.
"""

from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from sqlcipher3 import dbapi2

if TYPE_CHECKING:
    from sqlite3 import Connection

_PAGE_BYTES: Final = 4096
_LOG_BYTES: Final = 8 * 1024 * 1024
_LONG_LOG_BYTES: Final = 32 * 1024 * 1024
_MOVING_S: Final = 5.0  # how long the writer waits for pages that are being moved


class Checkpointer:
    """A thread with a connection of its own; woken by a commit, it works every 8 MB or so."""

    def __init__(self, connect: Callable[[], "Connection"]) -> None:
        self._connect = connect
        self._wake = Event()
        self.working = Lock()  # held while the file itself, not its log, is written
        self._stopping = self._is_moving = False
        self._thread = Thread(target=self._run, name="checkpointer", daemon=True)
        self._thread.start()

    def committed(self, connection: "Connection") -> None:
        """See how long the log is; called by the writer after each commit.

        Raises:
            sqlcipher3.dbapi2.Error: nothing is lost, but the connection is to be opened anew.
        """
        logged, waiting = _log_bytes(connection)
        if logged >= _LONG_LOG_BYTES:
            self._bring_to_an_end(connection)
        elif waiting >= _LOG_BYTES:
            self._wake.set()

    def _bring_to_an_end(self, connection: "Connection") -> None:
        """Move all there is, with the writer's connection: nothing is added meanwhile.

        Not while the file is held at rest; a later commit comes back to it.
        """
        if self.working.acquire(timeout=_MOVING_S if self._is_moving else 0):
            try:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            finally:
                self.working.release()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        connection: Connection | None = None
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._stopping:
                break
            with self.working:
                self._is_moving = True
                connection = self._look(connection)
                self._is_moving = False
        if connection is not None:
            connection.close()

    def _look(self, connection: "Connection | None") -> "Connection | None":
        """Move pages if many wait. A failure loses nothing: they stay in the log for next time."""
        try:
            connection = connection or self._connect()
            _, waiting = _log_bytes(connection)
            if waiting >= _LOG_BYTES:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except dbapi2.Error:
            if connection is not None:
                connection.close()
            return None
        return connection


def _log_bytes(connection: "Connection") -> tuple[int, int]:
    """Return how long the log is, and how much of it was not moved yet."""
    _, logged, moved = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    return logged * _PAGE_BYTES, (logged - moved) * _PAGE_BYTES
