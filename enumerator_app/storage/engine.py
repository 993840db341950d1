"""One thread writes, others read: the only door to the encrypted file.

A write is a function that gets the connection inside a transaction; its future is done after the
COMMIT, never before. After any fault of the disk the connection is closed, opened anew and verified
before the next write: SQLite itself would go on acknowledging after a failed flush of its log.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Engine as ReadEngine
from sqlalchemy import create_engine
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2
from sqlmodel import Session

from enumerator_app.domain.errors import DatabaseDamaged, KnownError, NotSaved
from enumerator_app.storage.checkpointer import Checkpointer
from enumerator_app.storage.connections import (
    check_library,
    reading_connection,
    writing_connection,
)
from enumerator_app.storage.durable import flush_folder
from enumerator_app.storage.failures import faults_named, known_error, note_damage

if TYPE_CHECKING:
    from sqlite3 import Connection

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Write:
    work: Callable[["Connection"], Any]
    is_there: Callable[["Connection", Any], bool] | None
    future: "Future[Any]"


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the file's owner adds: a check after a fault, and a step after each commit."""

    verify: Callable[["Connection"], None]
    committed: Callable[["Connection"], None]


class FileClosedError(RuntimeError):
    """A write came after the file was closed; it was not begun."""


class Engine:
    """The open file. Writes go one after the other; reads never wait for them."""

    def __init__(self, path: Path, key: bytes, hooks: Hooks) -> None:
        """Open an existing file.

        Raises:
            DatabaseDamaged: it cannot be read with this key.
        """
        check_library()
        self._path, self._key, self._hooks = path, key, hooks
        self._connection: Connection | None = None
        self._names_flushed = False
        with faults_named(self._path.parent):
            self._connection = self._opened()
        self._reads = _read_engine(path, key)
        self._checkpointer = Checkpointer(lambda: writing_connection(path, key))
        self._queue: SimpleQueue[_Write | None] = SimpleQueue()
        self._ending, self._is_closed = Lock(), False
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def write(
        self,
        work: Callable[["Connection"], T],
        *,
        is_there: Callable[["Connection", T], bool] | None = None,
    ) -> "Future[T]":
        """Run `work` in a transaction; the future is done after its COMMIT.

        `is_there` is asked after a COMMIT failed half-way: a change that is found in the reopened
        file, and was then moved out of the log and flushed, has been saved. After `close` the
        future fails with FileClosedError: nobody may wait for a thread that has gone.
        """
        future: Future[T] = Future()
        with self._ending:
            if self._is_closed:
                future.set_exception(FileClosedError("nothing was written"))
            else:
                self._queue.put(_Write(work, is_there, future))
        return future

    def read(self, work: Callable[["Connection"], T]) -> T:
        """Return what `work` reads, all of it from one moment."""
        with faults_named(self._path.parent):
            fairy = self._reads.raw_connection()
            try:
                connection: Connection = fairy.driver_connection  # type: ignore[assignment]
                connection.execute("BEGIN")
                try:
                    return work(connection)
                finally:
                    connection.execute("ROLLBACK")
            finally:
                fairy.close()

    def session(self) -> Session:
        """Return a session for reading the tables as models."""
        return Session(self._reads)

    @contextmanager
    def file_at_rest(self) -> Iterator[bool]:
        """Empty the log into the file, then hold back what is written into it; saves go on.

        Yields whether the file was complete: with a part of it still in the log, pages that were
        never written look like damaged ones.
        """
        with self._checkpointer.working, faults_named(self._path.parent):
            with closing(writing_connection(self._path, self._key)) as connection:
                busy, logged, moved = connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
            yield not busy and logged == moved

    @property
    def read_engine(self) -> ReadEngine:
        return self._reads

    def close(self) -> None:
        """Finish the writes that were asked for, empty the log, and let the file go."""
        with self._ending:
            self._is_closed = True
            self._queue.put(None)
        self._thread.join()
        self._checkpointer.stop()
        self._reads.dispose()
        if self._connection is not None:
            with suppress(dbapi2.Error):  # what stays in the log is moved at the next start
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()
            self._connection = None

    def _run(self) -> None:
        while (write := self._queue.get()) is not None:
            if not write.future.set_running_or_notify_cancel():
                continue
            try:
                self._perform(write)
            except BaseException as error:  # noqa: BLE001  without its thread the program hangs
                self._abandon()
                if not write.future.done():
                    write.future.set_exception(error)

    def _perform(self, write: _Write) -> None:
        try:
            connection = self._ready()
        except Exception as error:  # noqa: BLE001  the thread boundary: the caller gets it
            write.future.set_exception(self._named(error))
            return
        try:
            result = _in_transaction(connection, write.work)
        except Exception as error:  # noqa: BLE001  as above
            self._fail(write, error)
            return
        self._commit(connection, write, result)

    def _commit(self, connection: "Connection", write: _Write, result: object) -> None:
        try:
            connection.execute("COMMIT")
            self._flush_names()
        except Exception as error:  # noqa: BLE001  as above
            self._abandon()
            if self._was_saved_nevertheless(write, result):
                write.future.set_result(result)
            else:
                write.future.set_exception(self._named(error))
            return
        write.future.set_result(result)
        with suppress(OSError, MemoryError, dbapi2.Error):  # the second place may be behind
            self._hooks.committed(connection)
        try:
            self._checkpointer.committed(connection)
        except dbapi2.Error:  # what could not be moved stays in the log
            self._abandon()

    def _fail(self, write: _Write, error: Exception) -> None:
        known = known_error(error)
        if known is None or isinstance(error, KnownError):
            self._roll_back()
        else:
            self._abandon()
        write.future.set_exception(self._named(error))

    def _roll_back(self) -> None:
        assert self._connection is not None
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except dbapi2.Error:
            self._abandon()

    def _abandon(self) -> None:
        if self._connection is not None:
            with suppress(dbapi2.Error):
                self._connection.close()
        self._connection = None

    def _was_saved_nevertheless(self, write: _Write, result: object) -> bool:
        if write.is_there is None:
            return False
        try:
            return write.is_there(self._ready(), result)
        except Exception:  # noqa: BLE001  still at fault: the caller is told "not saved"
            self._abandon()
            return False

    def _ready(self) -> "Connection":
        """Return the connection; after a fault a new one, once the file proved to be in order."""
        if self._connection is None:
            connection = self._opened()
            try:
                self._hooks.verify(connection)
                _settle_log(connection)
                flush_folder(self._path.parent)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _opened(self) -> "Connection":
        connection = writing_connection(self._path, self._key)
        if not connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name = 'head'"
        ).fetchone()[0]:
            connection.close()
            raise DatabaseDamaged  # an emptied file looks like a new one to SQLite
        return connection

    def _named(self, error: Exception) -> Exception:
        fault = error if isinstance(error, KnownError) else known_error(error) or error
        note_damage(fault, self._path.parent)
        return fault

    def _flush_names(self) -> None:
        """Flush the folder once the log exists: SQLite tries that too, and ignores a failure."""
        if not self._names_flushed:
            flush_folder(self._path.parent)
            self._names_flushed = True


def _in_transaction(connection: "Connection", work: Callable[["Connection"], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    return work(connection)


def _settle_log(connection: "Connection") -> None:
    """Move the whole log into the file and flush it: then nothing depends on a doubtful flush.

    RESTART, not FULL: the next write begins the log anew. Behind frames that a power cut may still
    take, the log would end for whoever reads it afterwards.

    Raises:
        NotSaved: readers hold the log; the next write tries again.
    """
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
    if busy:
        raise NotSaved


def _read_engine(path: Path, key: bytes) -> ReadEngine:
    return create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: reading_connection(path, key),
        poolclass=QueuePool,
        pool_size=3,
        max_overflow=5,
        pool_use_lifo=True,  # the connection used last has the pages in its cache
    )
