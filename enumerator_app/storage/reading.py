"""What screens and lists read; nothing here writes."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from enumerator_app.domain.errors import NumberUnknown
from enumerator_app.domain.numbers import RegistrationNumber, parse_number, short_number
from enumerator_app.domain.registration import SCALAR_FIELDS, Registration, registration_from_body
from enumerator_app.storage import photos, tallies
from enumerator_app.storage.bodies import body_at
from enumerator_app.storage.likened import KnownPerson, near
from enumerator_app.storage.listing import (
    HAS_ITS_PAPER,
    HAS_PAPER,
    TO_CORRECT,
    Condition,
    one_of,
    waits_for_print,
    workers,
)
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.records import Counts, DayCount, Event, Record
from enumerator_app.storage.searching import EVERYBODY, Filter, search, subjects
from enumerator_app.storage.tables import RegistrationRow
from enumerator_app.storage.ticketed import Ticketed, with_ticket
from enumerator_app.storage.timeline import timeline
from enumerator_app.storage.whole_rows import whole_rows
from enumerator_app.storage.worker import ListedWorker

if TYPE_CHECKING:
    from sqlite3 import Connection


class Reading:
    """The part of the store that answers questions."""

    _file: OpenFile

    def find(self, which: RegistrationNumber | UUID | str) -> Record | None:
        """Return the record with this number (however it is typed) or subject."""
        condition = _which(which)
        if condition is None:
            return None

        def work(connection: "Connection") -> tuple[ListedWorker, str, dict[str, Any]] | None:
            found = workers(connection, condition, order="r.id", limit=1)
            if not found:
                return None
            revision, source = connection.execute(
                "SELECT revision, source FROM registration WHERE id = ?", (found[0].position,)
            ).fetchone()
            return found[0], revision, body_at(connection, source)

        answer = self._file.engine.read(work)
        if answer is None:
            return None
        worker, revision, body = answer
        content = registration_from_body(body) if body else self._from_columns(worker.subject)
        return Record(worker, content, revision)

    def with_short_number(self, typed: str, *, limit: int) -> list[ListedWorker]:
        """Return those whose number has this part, as people read it aloud."""
        part = short_number(typed)
        if part is None:
            return []
        condition = Condition("instr(r.number, ?)", (part,))
        return self._file.engine.read(
            lambda connection: workers(connection, condition, order="r.id", limit=limit)
        )

    def record(self, which: RegistrationNumber | UUID | str) -> Record:
        """Return the record with this number or subject.

        Raises:
            NumberUnknown: there is none.
        """
        found = self.find(which)
        if found is None:
            raise NumberUnknown(number=str(which))
        return found

    def registration(self, subject: UUID) -> Registration:
        """Return a record's content. Raises `NumberUnknown` as `record` does."""
        return self.record(subject).registration

    def workers(self, subjects: Sequence[UUID]) -> list[ListedWorker]:
        """Return the lines of these records, in the order asked for; unknown ones are left out."""
        if not subjects:
            return []
        asked = one_of("r.subject", tuple(map(str, subjects)))
        found = {worker.subject: worker for worker in self._workers(asked)}
        return [found[subject] for subject in subjects if subject in found]

    def search(
        self,
        text: str,
        *,
        narrowed: Filter = EVERYBODY,
        limit: int = 50,
        after: ListedWorker | None = None,
    ) -> list[ListedWorker]:
        """Return hits for part of a name, last digits of a NIK, or a number or its end.

        No text means everything, newest first. `after` is the last line of the page before.
        """
        return self._file.engine.read(
            lambda connection: search(connection, text, narrowed, limit=limit, after=after)
        )

    def subjects(self, text: str, narrowed: Filter = EVERYBODY) -> list[UUID]:
        """Return everybody that `search` would give page by page, in its order."""
        return self._file.engine.read(lambda connection: subjects(connection, text, narrowed))

    def whole_rows(self, subjects: Sequence[UUID]) -> list[dict[str, Any]]:
        """Return these records by their columns, oldest first."""
        named = [str(subject) for subject in subjects]
        return self._file.engine.read(lambda connection: whole_rows(connection, named))

    def near(self, keys: Collection[str]) -> list[KnownPerson]:
        """Return those who share one of these keys of `duplicates.blocking_keys`."""
        return self._file.engine.read(lambda connection: near(connection, keys))

    def with_ticket(self, number: int) -> list[Ticketed]:
        """Return those who held the slip of this number, of any visit."""
        return self._file.engine.read(lambda connection: with_ticket(connection, number))

    def tasks(self) -> list[ListedWorker]:
        """Return the records that the office sent back or the insurer refused."""
        return self._workers(TO_CORRECT)

    def with_their_paper(self, subjects: Sequence[UUID]) -> list[ListedWorker]:
        """Return those of them who have the paper that is due to them: another is a copy."""
        if not subjects:
            return []
        asked = one_of("r.subject", tuple(map(str, subjects)))
        return self._file.engine.read(lambda c: workers(c, HAS_ITS_PAPER, asked))

    def to_print(
        self, which: Literal["new", "all"] | Sequence[str], *, copies: Sequence[UUID] = ()
    ) -> list[ListedWorker]:
        """Return the records to print: without a paper (or with a new card), all, or by number.

        `copies`: who waits for another copy, in the same order with those who are new.

        Raises:
            NumberUnknown: for the first number that is not here.
        """
        if isinstance(which, str):
            waits = waits_for_print(copies) if which == "new" else HAS_PAPER
            return self._workers(waits, order="r.id")
        return [self.record(number).worker for number in which]

    def counts(self) -> Counts:
        return self._file.engine.read(tallies.counts)

    def of_day(self, day: date) -> int:
        """Return how many registrations were made on that day (WIB)."""
        return self._file.engine.read(lambda connection: tallies.of_day(connection, day))

    def per_day(self) -> list[DayCount]:
        """Return registrations by the day (WIB) they were made, newest first."""
        return self._file.engine.read(tallies.per_day)

    def pending(self) -> int:
        """Return how many registrations the office has not received in their latest form."""
        return self.counts().pending

    def already_holds(self, content_digest: str) -> RegistrationNumber | None:
        """Return the number under which this content was registered, if it was."""
        row = self._file.engine.read(
            lambda connection: connection.execute(
                "SELECT r.number FROM content_digest d JOIN registration r "
                "ON r.subject = d.subject WHERE d.digest = ?",
                (content_digest,),
            ).fetchone()
        )
        return RegistrationNumber(row[0]) if row else None

    def timeline(self, subject: UUID) -> list[Event]:
        """Return what happened to a record, here and at the office, in order."""
        return self._file.engine.read(lambda connection: timeline(connection, subject))

    def photo(self, sha256: str) -> bytes | None:
        """Return a portrait's JPEG."""
        return self._file.engine.read(lambda connection: photos.jpeg_of(connection, sha256))

    def thumbnail(self, sha256: str) -> bytes | None:
        return self._file.engine.read(lambda connection: photos.thumbnail_of(connection, sha256))

    def read_session(self) -> Session:
        """Return a session that reads the tables as models; for reports and exports."""
        return self._file.engine.session()

    def _workers(self, condition: Condition, order: str = "r.id DESC") -> list[ListedWorker]:
        return self._file.engine.read(
            lambda connection: workers(connection, condition, order=order)
        )

    def _from_columns(self, subject: UUID) -> Registration:
        """Return a record whose body was sealed away: the columns hold the same values."""
        with self._file.session() as session:
            query = select(RegistrationRow).where(col(RegistrationRow.subject) == subject)
            found = session.exec(query).one()
            names = (*SCALAR_FIELDS, "programmes", "heirs", "paradata")
            return Registration.model_validate({name: getattr(found, name) for name in names})


def _which(which: RegistrationNumber | UUID | str) -> Condition | None:
    if isinstance(which, UUID):
        return Condition("r.subject = ?", (str(which),))
    number = parse_number(which)
    return Condition("r.number = ?", (number,)) if number is not None else None
