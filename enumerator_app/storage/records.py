"""What goes into and comes out of the store: frozen values, no rows and no sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from enumerator_app.domain.numbers import RegistrationNumber
from enumerator_app.domain.registration import Registration
from enumerator_app.domain.states import Custody, Decision

CardKind = Literal["provisional", "active"]


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """A portrait ready to be kept: re-encoded JPEG (at most 60 kB) and its 4 kB thumbnail."""

    sha256: str
    jpeg: bytes
    thumbnail: bytes

    @staticmethod
    def of(jpeg: bytes, thumbnail: bytes) -> "PreparedPhoto":
        return PreparedPhoto(sha256(jpeg).hexdigest(), jpeg, thumbnail)


@dataclass(frozen=True, slots=True)
class Saved:
    """The proof of a save: it exists only after COMMIT. `already`: it was held, nothing written."""

    subject: UUID
    number: RegistrationNumber
    entry_hash: str
    saved_at: datetime
    already: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    position: int  # order of arrival in this file; the newest is the largest
    subject: UUID
    number: RegistrationNumber
    name: str
    nik: str
    birth_date: date | None
    sex: str
    mother_name: str
    village_code: str
    state: Decision
    custody: Custody
    registered_at: datetime
    photo: str | None
    returned_field: str | None
    returned_reason: str | None
    kpj: str | None
    cover_from: date | None
    cover_to: date | None
    issue: int
    printed_at: datetime | None
    printed_kind: CardKind | None
    case_kind: str | None
    pending: bool  # an own change whose outcome has not come back


@dataclass(frozen=True, slots=True)
class Record:
    """One registration in full, as shown: `revision` is the base of the next change."""

    row: Row
    registration: Registration
    revision: str
    card_seal: str | None


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """One paper that came out of the printer; `issue` counts a record's papers from 1."""

    subject: UUID
    kind: CardKind
    issue: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An open form as typed."""

    form_id: str
    payload: Mapping[str, Any]
    photo: str | None
    updated: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """`pending` = registrations that the office has not received in their latest form."""

    registrations: int
    pending: int
    entries_pending: int
    by_state: Mapping[str, int]
    received: int
    complete: int
    to_correct: int
    waiting_print: int
    photos_pending: int
    drafts: int


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    registrations: int
    pending: int


@dataclass(frozen=True, slots=True)
class Event:
    """One step in the life of a record: an own entry, or a notice of the office."""

    at: datetime
    by_office: bool
    kind: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    received: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not in order; `text("storage.problem_" + code, count=...)` says it."""

    code: str
    count: int = 1
    where: tuple[str, ...] = ()  # numbers, hashes or places; never content


@dataclass(frozen=True, slots=True)
class SyncState:
    """When this laptop last agreed with its office, and how far it is in the feed."""

    finished_at: datetime | None
    office_time: datetime | None
    heads_agree: bool
    feed_n: int
    server_epoch: str | None
