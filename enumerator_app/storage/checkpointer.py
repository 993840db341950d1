"""Moves committed pages from the log into the file, off every other thread's way."""

from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from sqlcipher3 import dbapi2

if TYPE_CHECKING:
    from sqlite3 import Connection

_PAGE_BYTES: Final = 4096
_LOG_BYTES: Final = 8 * 1024 * 1024
COMMITS_BETWEEN_LOOKS: Final = 16


class Checkpointer:
    """A thread with a connection of its own; woken by commits, it works every 8 MB or so."""

    def __init__(self, connect: Callable[[], "Connection"]) -> None:
        self._connect = connect
        self._wake = Event()
        self.working = Lock()  # held while the file itself, not its log, is written
        self._stopping = False
        self._commits = 0
        self._thread = Thread(target=self._run, name="checkpointer", daemon=True)
        self._thread.start()

    def committed(self) -> None:
        """Count one commit; called by the writer only."""
        self._commits += 1
        if self._commits % COMMITS_BETWEEN_LOOKS == 0:
            self._wake.set()

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
                connection = self._look(connection)
        if connection is not None:
            connection.close()

    def _look(self, connection: "Connection | None") -> "Connection | None":
        """Move pages if many wait. A failure loses nothing: they stay in the log for next time."""
        try:
            connection = connection or self._connect()
            _, logged, moved = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
            if (logged - moved) * _PAGE_BYTES >= _LOG_BYTES:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except dbapi2.Error:
            if connection is not None:
                connection.close()
            return None
        return connection
