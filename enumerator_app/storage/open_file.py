"""One opened laptop: home, key, engine, who is at the table, and the clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

from sqlmodel import Session

from enumerator_app import BUILT_ON, __version__
from enumerator_app.domain.errors import NotEnrolled
from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.domain.journal import Clock, EntryKind, Statement
from enumerator_app.storage import journal
from enumerator_app.storage.engine import Engine
from enumerator_app.storage.failures import faults_named
from enumerator_app.storage.home import Home, Outside
from enumerator_app.storage.key_file import OperatorSlot

if TYPE_CHECKING:
    from sqlite3 import Connection

T = TypeVar("T")
_BUILT_AT: Final = datetime(BUILT_ON.year, BUILT_ON.month, BUILT_ON.day, tzinfo=UTC)
_PLAUSIBLE_AHEAD: Final = timedelta(days=400)  # a laptop meets its office more often than that


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """The part of an enrolled laptop's identity that numbers are made of."""

    regency: str
    device_code: str


@dataclass(slots=True)
class Counter:
    """Request counters: the one used last, and how far they were taken from the file."""

    last: int = 0
    reserved: int = 0
    lock: Lock = field(default_factory=Lock)


@dataclass(slots=True)
class OpenFile:
    """What the parts of the store share."""

    home: Home
    key: bytes
    device: UUID
    operator: OperatorSlot
    machine: str
    now: Callable[[], datetime] = utc_now
    place: Place | None = None
    clock_floor: datetime = _BUILT_AT
    counter: Counter = field(default_factory=Counter)
    after_write: Callable[[], object] | None = None
    """Told after each commit, in the writing thread's caller; must return at once."""
    is_operator_removed: bool = False
    """The office has ended the work of whoever opened the file: their passphrase is gone."""
    _engine: Engine | None = None
    _remembered: str | None = None

    @property
    def engine(self) -> Engine:
        assert self._engine is not None, "the file is closed"
        return self._engine

    def attach(self, engine: Engine) -> None:
        self._engine = engine

    def numbers_from(self) -> Place:
        """Return what numbers are made of.

        Raises:
            NotEnrolled: no office has given this laptop a code.
        """
        if self.place is None:
            raise NotEnrolled
        return self.place

    def write(
        self,
        work: Callable[["Connection"], T],
        is_there: Callable[["Connection", T], bool] | None = None,
    ) -> T:
        """Run `work` in a write transaction and return its result after the COMMIT."""
        result = self.engine.write(work, is_there=is_there).result()
        if self.after_write is not None:
            self.after_write()
        return result

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session for reading the tables as models; faults are raised by their names."""
        with faults_named(self.home.path), self.engine.session() as session:
            yield session

    def statement(
        self,
        kind: EntryKind,
        subject: UUID | None,
        body: dict[str, Any],
        *,
        at: datetime,
        base: str | None = None,
        photos: tuple[str, ...] = (),
        clock: Clock | None = None,
    ) -> Statement:
        return Statement(
            kind=kind,
            subject=subject,
            base=base,
            body=body,
            operator=self.operator.id,
            claimed_time=instant_to_text(at),
            photos=photos,
            clock=clock or self.clock_mark(at),
            app=__version__,
        )

    def append(
        self,
        connection: "Connection",
        kind: EntryKind,
        subject: str | None,
        body: dict[str, Any],
    ) -> str:
        """Journal something that needs no more than this, inside a write transaction."""
        statement = self.statement(kind, UUID(subject) if subject else None, body, at=self.now())
        end = journal.journal_end(connection)
        entry, _ = journal.append(connection, end, statement, device=self.device)
        return entry.hash

    def start_epoch(self, reason: str) -> None:
        """Open a new epoch after the present head."""
        body = {"reason": reason, "lost": []}
        statement = self.statement("epoch_start", None, body, at=self.now())

        def work(connection: "Connection") -> None:
            journal.open_epoch(connection, statement, device=self.device)

        self.write(work)

    def clock_mark(self, at: datetime) -> Clock:
        """Return whether this machine's time can be right, as far as the office's is known."""
        ahead = self.clock_floor + _PLAUSIBLE_AHEAD
        return "ok" if self.clock_floor <= at <= ahead else "uncertain"

    def learn_office_time(self, office_time: str) -> None:
        """Take the office's last word on the time, which its signature ties to a question: also one
        that goes back, for the office's clock may have been ahead.
        """
        self.clock_floor = max(_BUILT_AT, instant_from_text(office_time))

    def remember_head(self, connection: "Connection") -> None:
        """Tell the second place where the chain ends, if it has moved."""
        end = journal.journal_end(connection)
        if end.head.hash != self._remembered:
            self.home.remember_outside(Outside(end.head.hash, end.head.epoch, self.machine))
            self._remembered = end.head.hash
