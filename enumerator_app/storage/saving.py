"""Saving: photo, number, entry, row, index, digest and draft in one transaction, then COMMIT.

Prepared SQL only: through the mapper a save would take three times as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from uuid_utils.compat import uuid7

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NumberUnknown
from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.domain.numbers import RegistrationNumber, registration_number
from enumerator_app.domain.registration import FIELDS, Registration, body_of
from enumerator_app.domain.states import Decision, may_move
from enumerator_app.storage import bodies, journal, photos
from enumerator_app.storage.drafts import erase_draft
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.records import PreparedPhoto, PrintedCard, Saved
from enumerator_app.storage.rows import insert_row, update_content

if TYPE_CHECKING:
    from sqlite3 import Connection

_SHOWN = "SELECT id, number, state, revision, source FROM registration WHERE subject = ?"
_CORRECTED = (
    "UPDATE registration SET state = ?, custody = 'saved', revision = ?, source = ?, pending = ?, "
    "returned_field = NULL, returned_reason = NULL WHERE id = ?"
)
_WITHDRAWN = (
    "UPDATE registration SET state = ?, custody = 'saved', revision = ?, pending = ? WHERE id = ?"
)
_PRINTED = (
    "UPDATE registration SET issue = max(issue, ?), printed_at = ?, printed_kind = ? "
    "WHERE subject = ?"
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A record as it stands before a change."""

    position: int
    number: RegistrationNumber
    state: Decision
    revision: str
    source: str


class Saving:
    """The part of the store that journals what an enumerator did."""

    _file: OpenFile

    def register(
        self,
        registration: Registration,
        *,
        content_digest: str | None = None,
        draft_id: str | None = None,
        photo: PreparedPhoto | None = None,
    ) -> Saved:
        """Save a new person and return the number to show: it is on the disk by then.

        A `content_digest` that is already held writes nothing and returns the first save again.

        Raises:
            NotEnrolled: no number can be given yet.
            EntryTooLarge, NotCanonical: not saved, the content has to change.
            DiskFull, NotSaved, DatabaseDamaged: not saved; the file was closed and verified anew.
        """
        place, at = self._file.numbers_from(), self._file.now()
        if photo is not None:
            registration = registration.model_copy(update={"photo": photo.sha256})

        def work(connection: "Connection") -> Saved:
            held = _held(connection, content_digest)
            if held is not None:
                return held
            end = journal.journal_end(connection)
            subject: UUID = uuid7()
            number = registration_number(
                regency=place.regency,
                device_code=place.device_code,
                serial=end.serial + 1,
                subject=subject,
            )
            body = {**body_of(registration), "number": number}
            entry = self._append(connection, end, subject, body, at=at, serial=end.serial + 1)
            state = "registered" if registration.nik else "waiting_nik"
            standing = (str(subject), number, state, "saved", entry, entry, entry)
            insert_row(connection, standing, body)
            photos.attach(connection, registration.photo, photo, end.n + 1)
            if content_digest is not None:
                connection.execute(
                    "INSERT INTO content_digest VALUES (?, ?)", (content_digest, str(subject))
                )
            erase_draft(connection, draft_id)
            return Saved(subject, number, entry, at)

        return self._file.write(work, _is_there)

    def correct(
        self,
        subject: UUID,
        registration: Registration,
        *,
        photo: PreparedPhoto | None = None,
        draft_id: str | None = None,
    ) -> Saved:
        """Save a changed record; its base is the revision shown now. Raises as `register` does.

        Raises:
            NumberUnknown: there is no such record here.
        """
        at = self._file.now()
        if photo is not None:
            registration = registration.model_copy(update={"photo": photo.sha256})

        def work(connection: "Connection") -> Saved:
            shown = _shown(connection, subject)
            end = journal.journal_end(connection)
            body = {
                **_unknown_keys(connection, shown),
                **body_of(registration),
                "number": shown.number,
            }
            entry = self._append(connection, end, subject, body, at=at, base=shown.revision)
            update_content(connection, shown.position, shown.number, body)
            state = _state_after(shown.state, "registered" if registration.nik else "waiting_nik")
            connection.execute(_CORRECTED, (state, entry, entry, entry, shown.position))
            photos.attach(connection, registration.photo, photo, end.n + 1)
            erase_draft(connection, draft_id)
            return Saved(subject, shown.number, entry, at)

        return self._file.write(work, _is_there)

    def withdraw(self, subject: UUID, reason: str) -> Saved:
        """Journal that the person withdrew; a record already submitted keeps its state.

        Raises:
            NumberUnknown: there is no such record here.
        """
        at = self._file.now()

        def work(connection: "Connection") -> Saved:
            shown = _shown(connection, subject)
            statement = self._file.statement(
                "withdraw", subject, {"reason": reason}, at=at, base=shown.revision
            )
            end = journal.journal_end(connection)
            entry, _ = journal.append(connection, end, statement, device=self._file.device)
            state = _state_after(shown.state, "withdrawn")
            connection.execute(_WITHDRAWN, (state, entry.hash, entry.hash, shown.position))
            return Saved(subject, shown.number, entry.hash, at)

        return self._file.write(work, _is_there)

    def mark_printed(self, printed: Sequence[PrintedCard]) -> None:
        """Journal the papers that came out of the printer, all or none."""
        at = self._file.now()

        def work(connection: "Connection") -> None:
            end = journal.journal_end(connection)
            for card in printed:
                statement = self._file.statement(
                    "card_printed",
                    card.subject,
                    {"card": card.kind, "issue": card.issue},
                    at=at,
                )
                _, end = journal.append(connection, end, statement, device=self._file.device)
                values = (card.issue, instant_to_text(at), card.kind, str(card.subject))
                connection.execute(_PRINTED, values)

        self._file.write(work)

    def _append(
        self,
        connection: "Connection",
        end: journal.JournalEnd,
        subject: UUID,
        body: dict[str, Any],
        *,
        at: datetime,
        base: str | None = None,
        serial: int | None = None,
    ) -> str:
        statement = self._file.statement(
            "register" if serial is not None else "correct",
            subject,
            body,
            at=at,
            base=base,
            photos=(body["photo"],) if body["photo"] else (),
        )
        entry, _ = journal.append(
            connection, end, statement, device=self._file.device, serial=serial
        )
        return entry.hash


def _is_there(connection: "Connection", saved: Saved) -> bool:
    return journal.holds(connection, saved.entry_hash)


def _held(connection: "Connection", content_digest: str | None) -> Saved | None:
    if content_digest is None:
        return None
    row = connection.execute(
        "SELECT r.subject, r.number, e.hash, e.header FROM content_digest d "
        "JOIN registration r ON r.subject = d.subject "
        "JOIN entry e ON e.subject = d.subject AND e.kind = 'register' WHERE d.digest = ?",
        (content_digest,),
    ).fetchone()
    if row is None:
        return None
    subject, number, hash_, header = row
    at = instant_from_text(from_canonical(header)["claimed_time"])
    return Saved(UUID(subject), RegistrationNumber(number), hash_, at, already=True)


def _shown(connection: "Connection", subject: UUID) -> _Shown:
    row = connection.execute(_SHOWN, (str(subject),)).fetchone()
    if row is None:
        raise NumberUnknown(number=str(subject))
    return _Shown(*row)


def _unknown_keys(connection: "Connection", shown: _Shown) -> dict[str, Any]:
    """Return what a newer schema wrote into the shown body: it is carried on, never dropped."""
    body = bodies.body_at(connection, shown.source)
    return {key: value for key, value in body.items() if key not in FIELDS and key != "schema"}


def _state_after(old: Decision, new: Decision) -> Decision:
    return new if may_move(old, new, "device") else old
