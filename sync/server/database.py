"""The office's database: SQLite in the home, or PostgreSQL; one shape of transaction for both.

A writing transaction on SQLite takes the write lock at its start (other processes wait); on
PostgreSQL rows are locked where it matters. Readers never write.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from enumerator_app.domain.errors import DatabaseDamaged, DiskFull, UsageWrong
from sync.server.errors import DatabaseUnreachable

Dialect = Literal["sqlite", "postgresql"]
_BUSY_TIMEOUT_MS: Final = 30_000
_NO_ROOM: Final = "53100"  # PostgreSQL: disk_full
_LEAST_SQLITE: Final = (3, 51, 3)  # earlier ones can corrupt a WAL file


class _Turns:
    """Writers of this process, one after the other as they came.

    SQLite lets whoever looks at the right moment go first: of twenty laptops some waited half a
    minute, and were told that the database was away.
    """

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._holder: int | None = None
        self.waiting: deque[threading.Lock] = deque()

    @contextmanager
    def own(self) -> Iterator[None]:
        if self._holder == threading.get_ident():  # inside its own turn: SQLite says what it thinks
            yield
            return
        mine = threading.Lock()
        mine.acquire()
        with self._looking:
            self.waiting.append(mine)
            is_free = len(self.waiting) == 1
        try:
            if not is_free:
                mine.acquire()
            self._holder = threading.get_ident()
            yield
        finally:
            self._leave(mine)

    def _leave(self, mine: threading.Lock) -> None:
        """Who stands first in the row has the turn; with it gone the next one has."""
        with self._looking:
            had_turn = self.waiting[0] is mine
            self.waiting.remove(mine)
            if had_turn:
                self._holder = None
                if self.waiting:
                    self.waiting[0].release()


class Database:
    """Connections to one office's database. `url` as SQLAlchemy reads it, or a file's path."""

    def __init__(self, place: Path | str) -> None:
        self.place = place
        self.dialect: Dialect = "sqlite" if isinstance(place, Path) else "postgresql"
        self._writer = self._engine("BEGIN IMMEDIATE", synchronous="FULL")
        self._light = self._engine("BEGIN IMMEDIATE", synchronous="NORMAL")
        self._reader = self._engine("BEGIN", synchronous="FULL", query_only=True)
        self._turns = _Turns() if self.dialect == "sqlite" else None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One durable transaction: committed at the end of the block, else rolled back."""
        with _sentences(), self._turn(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """As `writing`, for what may be forgotten in a power cut (request counters)."""
        with _sentences(), self._turn(), self._light.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with _sentences(), self._reader.begin() as connection:
            yield connection

    def _turn(self) -> AbstractContextManager[None]:
        return self._turns.own() if self._turns else nullcontext()

    def close(self) -> None:
        for engine in (self._writer, self._light, self._reader):
            engine.dispose()

    def _engine(self, begin: str, *, synchronous: str, query_only: bool = False) -> Engine:
        if isinstance(self.place, Path):
            return _sqlite_engine(self.place, begin, synchronous, query_only=query_only)
        # A plan kept from when tables were empty walks through them a hundred thousand rows later.
        options = "-c plan_cache_mode=force_custom_plan"
        if synchronous == "NORMAL":
            options += " -c synchronous_commit=off"
        if query_only:
            options += " -c default_transaction_read_only=on"
        return create_engine(
            _psycopg_url(self.place),
            pool_size=8,
            max_overflow=24,
            pool_pre_ping=False,
            connect_args={"options": options, "prepare_threshold": 1},
        )


def _psycopg_url(written: str) -> Any:
    try:
        url = make_url(written)
    except Exception as error:
        raise UsageWrong(detail="--database") from error
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise UsageWrong(detail="--database")
    return url.set(drivername="postgresql+psycopg")


class _Compiler(SQLiteCompiler):
    """Writes the index that a query names: the library keeps such hints for other databases."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:  # noqa: ARG002 - as called
        return text


def _sqlite_engine(path: Path, begin: str, synchronous: str, *, query_only: bool) -> Engine:
    # The SQLite of the operating system may be old; this one comes with the program.
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - PostgreSQL offices do without

    assert dbapi2.sqlite_version_info >= _LEAST_SQLITE

    def connect() -> Any:
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        for pragma in (
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "cache_size=-16000",
            "secure_delete=ON",  # what is erased is not left in free pages
            f"query_only={int(query_only)}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine(
        "sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool, max_overflow=24
    )
    engine.dialect.statement_compiler = _Compiler

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def _sentences() -> Iterator[None]:
    """Tell the database being away or damaged from a bug of ours."""
    try:
        yield
    except OperationalError as error:
        raise (DiskFull() if _is_full(error) else DatabaseUnreachable()) from error
    except Exception as error:
        if _is_damage(error):
            raise DatabaseDamaged from error
        raise


def _is_full(error: OperationalError) -> bool:
    """Whether the disk has no room: SQLite says it in words, PostgreSQL by its class."""
    is_full = getattr(error.orig, "sqlstate", None) == _NO_ROOM
    return is_full or "disk is full" in str(error.orig)


def _is_damage(error: Exception) -> bool:
    said = str(getattr(error, "orig", ""))
    return "malformed" in said or "not a database" in said


def scalar(connection: Connection, sql: str, **values: object) -> Any:
    """Return the first column of the first row of a fixed statement, or None."""
    return connection.execute(text(sql), values).scalar()
