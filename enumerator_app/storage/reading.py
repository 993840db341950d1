"""What screens and lists read; nothing here writes."""

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from enumerator_app.domain.errors import NumberUnknown
from enumerator_app.domain.numbers import RegistrationNumber, parse_number
from enumerator_app.domain.registration import SCALAR_FIELDS, Registration, registration_from_body
from enumerator_app.domain.states import Decision
from enumerator_app.storage import photos, tallies
from enumerator_app.storage.bodies import body_at
from enumerator_app.storage.listing import newest_first
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.records import Counts, DayCount, Event, Record
from enumerator_app.storage.searching import Filter, search
from enumerator_app.storage.tables import RegistrationRow
from enumerator_app.storage.timeline import timeline
from enumerator_app.storage.worker import ListedWorker

_ASKED_AT_ONCE: Final = 500
_NO_PAPER: Final = ("withdrawn", "duplicate", "ended", "refused")


class Reading:
    """The part of the store that answers questions."""

    _file: OpenFile

    def find(self, which: RegistrationNumber | UUID | str) -> Record | None:
        """Return the record with this number (however it is typed) or subject."""
        condition = _which(which)
        if condition is None:
            return None
        with self._file.session() as session:
            found = session.exec(select(RegistrationRow).where(condition)).first()
            if found is None:
                return None
            worker = newest_first(session, col(RegistrationRow.id) == found.id)[0]
        return Record(worker, self._registration(found), found.revision)

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
        found: dict[UUID, ListedWorker] = {}
        for start in range(0, len(subjects), _ASKED_AT_ONCE):
            part = subjects[start : start + _ASKED_AT_ONCE]
            rows = self._rows(col(RegistrationRow.subject).in_(part))
            found.update((worker.subject, worker) for worker in rows)
        return [found[subject] for subject in subjects if subject in found]

    def search(
        self,
        text: str,
        *,
        states: Sequence[Decision] | None = None,
        village: str | None = None,
        day: date | None = None,
        limit: int = 50,
        after: ListedWorker | None = None,
    ) -> list[ListedWorker]:
        """Return hits for part of a name, last digits of a NIK, or a number or its end.

        No text means everything, newest first. `after` is the last line of the page before.
        """
        narrowed = Filter(tuple(states or ()), village, day)
        with self._file.session() as session:
            return search(session, text, narrowed, limit=limit, after=after)

    def with_nik(self, nik: str) -> list[ListedWorker]:
        """Return the records that carry this NIK."""
        return self._rows(col(RegistrationRow.nik_reversed) == nik[::-1]) if nik else []

    def similar_candidates(self, birth_date: date | None, village: str) -> list[ListedWorker]:
        """Return those born on that day or living in that village: who may be the same person."""
        nearby = col(RegistrationRow.village_code) == village
        if birth_date is None:
            return self._rows(nearby)
        return self._rows(or_(col(RegistrationRow.birth_date) == birth_date, nearby))

    def tasks(self) -> list[ListedWorker]:
        """Return the records that the office sent back."""
        return self._rows(col(RegistrationRow.state) == "returned")

    def to_print(self, which: Literal["new", "all"] | Sequence[str]) -> list[ListedWorker]:
        """Return the records to print: without a paper (or with a new card), all, or by number.

        Raises:
            NumberUnknown: for the first number that is not here.
        """
        if which == "new":
            return self._rows(_waits_for_print())[::-1]
        if which == "all":
            return self._rows(col(RegistrationRow.state).not_in(_NO_PAPER))[::-1]
        return [self.record(number).worker for number in which]

    def counts(self) -> Counts:
        return self._file.engine.read(tallies.counts)

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

    def _rows(self, *conditions: ColumnElement[bool]) -> list[ListedWorker]:
        with self._file.session() as session:
            return newest_first(session, *conditions)

    def _registration(self, found: RegistrationRow) -> Registration:
        body = self._file.engine.read(lambda connection: body_at(connection, found.source))
        return registration_from_body(body) if body else _from_columns(found)


def _which(which: RegistrationNumber | UUID | str) -> ColumnElement[bool] | None:
    if isinstance(which, UUID):
        return col(RegistrationRow.subject) == which
    number = parse_number(which)
    return col(RegistrationRow.number) == number if number is not None else None


def _waits_for_print() -> ColumnElement[bool]:
    new_card = and_(
        col(RegistrationRow.card_seal).is_not(None),
        col(RegistrationRow.printed_kind).is_distinct_from("active"),
    )
    return and_(
        col(RegistrationRow.state).not_in(_NO_PAPER),
        or_(col(RegistrationRow.printed_at).is_(None), new_card),
    )


def _from_columns(found: RegistrationRow) -> Registration:
    """Return a record whose body was sealed away: the columns hold the same values."""
    names = (*SCALAR_FIELDS, "programmes", "heirs", "paradata")
    return Registration.model_validate({name: getattr(found, name) for name in names})
