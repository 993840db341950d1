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
from enumerator_app.domain.errors import ContentAtOffice, NumberUnknown
from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.domain.journal import Clock, EntryKind
from enumerator_app.domain.numbers import RegistrationNumber, registration_number
from enumerator_app.domain.registration import FIELDS, Registration, body_of
from enumerator_app.domain.states import Decision, may_move
from enumerator_app.storage import bodies, journal, photos
from enumerator_app.storage.drafts import erase_draft
from enumerator_app.storage.leaving import is_wiped
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.records import PreparedPhoto, Saved
from enumerator_app.storage.rows import insert_row, note_digest, update_content

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
    "UPDATE registration SET issue = issue + 1, printed_at = ?, "
    "printed_kind = iif(card_seal IS NULL, 'provisional', 'active') WHERE subject = ? "
    "RETURNING printed_kind, issue"
)
_HELD = (
    "SELECT r.number, e.hash, e.header FROM registration r "
    "JOIN entry e ON e.subject = r.subject AND e.kind = 'register' WHERE r.subject = ?"
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A record as it stands before a change."""

    position: int
    number: RegistrationNumber
    state: Decision
    revision: str
    source: str


@dataclass(frozen=True, slots=True)
class _Content:
    """What is to be saved of one person, ready before the writer's turn comes."""

    subject: UUID
    registration: Registration
    photo: PreparedPhoto | None
    draft_id: str | None
    digest: str | None
    at: datetime
    clock: Clock | None


class Saving:
    """The part of the store that journals what an enumerator did."""

    _file: OpenFile

    def register(
        self,
        registration: Registration,
        *,
        subject: UUID | None = None,
        content_digest: str | None = None,
        draft_id: str | None = None,
        photo: PreparedPhoto | None = None,
        clock: Clock | None = None,
    ) -> Saved:
        """Save a new person and return the number to show: it is on the disk by then.

        The same `subject` again writes nothing and returns the first save. The digest is what
        `already_holds` looks for later.

        Raises:
            NotEnrolled: no number can be given yet.
            EntryTooLarge, NotCanonical: not saved, the content has to change.
            DiskFull, NotSaved, DatabaseDamaged: not saved; the file is verified before it goes on.
        """
        self._file.numbers_from()
        content = self._content(
            subject or uuid7(), registration, photo, draft_id, content_digest, clock
        )
        return self._file.write(lambda c: _register(self._file, c, content), _is_there)

    def correct(
        self,
        subject: UUID,
        registration: Registration,
        *,
        photo: PreparedPhoto | None = None,
        draft_id: str | None = None,
        clock: Clock | None = None,
        seen: str | None = None,
    ) -> Saved:
        """Save a changed record. `seen`: the revision it was made from, else the one shown now.

        Raises as `register` does.

        Raises:
            NumberUnknown: there is no such record here.
            ContentAtOffice: what it says has left this laptop; nothing was changed.
        """
        content = self._content(subject, registration, photo, draft_id, None, clock)
        return self._file.write(lambda c: _correct(self._file, c, content, seen), _is_there)

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

    def mark_printed(self, subjects: Sequence[UUID], *, reason: str = "") -> None:
        """Journal that a paper of each came out of the printer, all or none.

        The paper is the active card where the office's seal is here. `reason`: why it was
        printed again.

        Raises:
            NumberUnknown: for the first that is not here; nothing was marked.
        """
        at = self._file.now()

        def work(connection: "Connection") -> None:
            end = journal.journal_end(connection)
            for subject in subjects:
                values = (instant_to_text(at), str(subject))
                row = connection.execute(_PRINTED, values).fetchone()
                if row is None:
                    raise NumberUnknown(number=str(subject))
                body = {"card": row[0], "issue": row[1], "reason": reason}
                statement = self._file.statement("card_printed", subject, body, at=at)
                _, end = journal.append(connection, end, statement, device=self._file.device)

        self._file.write(work)

    def _content(
        self,
        subject: UUID,
        registration: Registration,
        photo: PreparedPhoto | None,
        draft_id: str | None,
        digest: str | None,
        clock: Clock | None,
    ) -> _Content:
        if photo is not None and registration.photo != photo.sha256:
            registration = registration.model_copy(update={"photo": photo.sha256})
        at = self._file.now()
        return _Content(subject, registration, photo, draft_id, digest, at, clock)


def _register(file: OpenFile, connection: "Connection", content: _Content) -> Saved:
    held = _held(connection, content.subject)
    if held is not None:
        return held
    end = journal.journal_end(connection)
    number = _next_number(file, end, content.subject)
    body = {**body_of(content.registration), "number": number}
    entry = _append(file, connection, end, content, "register", body)
    state = "registered" if content.registration.nik else "waiting_nik"
    insert_row(
        connection, (str(content.subject), number, state, "saved", entry, entry, entry), body
    )
    if content.digest is not None:
        note_digest(connection, content.digest, str(content.subject))
    _settle(connection, content, end.n + 1)
    return Saved(content.subject, number, entry, content.at)


def _correct(
    file: OpenFile, connection: "Connection", content: _Content, seen: str | None
) -> Saved:
    shown = _shown(connection, content.subject)
    if is_wiped(connection, content.subject):
        raise ContentAtOffice(number=shown.number)
    end = journal.journal_end(connection)
    unknown = _unknown_keys(connection, shown)
    body = {**unknown, **body_of(content.registration), "number": shown.number}
    entry = _append(file, connection, end, content, "correct", body, seen or shown.revision)
    update_content(connection, shown.position, shown.number, body)
    target: Decision = "registered" if content.registration.nik else "waiting_nik"
    state = _state_after(shown.state, target)
    connection.execute(_CORRECTED, (state, entry, entry, entry, shown.position))
    _settle(connection, content, end.n + 1)
    return Saved(content.subject, shown.number, entry, content.at)


def _append(
    file: OpenFile,
    connection: "Connection",
    end: journal.JournalEnd,
    content: _Content,
    kind: EntryKind,
    body: dict[str, Any],
    base: str | None = None,
) -> str:
    statement = file.statement(
        kind,
        content.subject,
        body,
        at=content.at,
        base=base,
        photos=(body["photo"],) if body["photo"] else (),
        clock=content.clock,
    )
    serial = end.serial + (kind == "register")
    entry, _ = journal.append(connection, end, statement, device=file.device, serial=serial)
    return entry.hash


def _settle(connection: "Connection", content: _Content, entry_n: int) -> None:
    photos.attach(connection, content.registration.photo, content.photo, entry_n)
    erase_draft(connection, content.draft_id)


def _next_number(file: OpenFile, end: journal.JournalEnd, subject: UUID) -> RegistrationNumber:
    place = file.numbers_from()
    return registration_number(
        regency=place.regency,
        device_code=place.device_code,
        serial=end.serial + 1,
        subject=subject,
    )


def _is_there(connection: "Connection", saved: Saved) -> bool:
    return journal.holds(connection, saved.entry_hash)


def _held(connection: "Connection", subject: UUID) -> Saved | None:
    row = connection.execute(_HELD, (str(subject),)).fetchone()
    if row is None:
        return None
    number, hash_, header = row
    at = instant_from_text(from_canonical(header)["claimed_time"])
    return Saved(subject, RegistrationNumber(number), hash_, at, already=True)


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
