"""What goes into and comes out of the store: frozen values, no rows and no sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from enumerator_app.domain.numbers import RegistrationNumber
from enumerator_app.domain.registration import Registration
from enumerator_app.storage.worker import ListedWorker
from enumerator_app.texts import text


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
class Record:
    """One registration in full, as shown: `revision` is the base of the next change."""

    worker: ListedWorker
    registration: Registration
    revision: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An open form as typed."""

    form_id: str
    payload: Mapping[str, Any]
    photo: str | None
    updated: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """`pending` = registrations that the office has not received in their latest form.

    `without_effect` = those that it keeps, and has not said yet that they count there; neither
    these nor the pending are `received`.
    """

    registrations: int
    pending: int
    without_effect: int
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
    """One thing that is not in order, as its code and as a sentence."""

    code: str
    count: int = 1
    detail: str = ""  # numbers, hashes or places; never content

    @property
    def sentence(self) -> str:
        return text(f"storage.problem_{self.code}", count=self.count, detail=self.detail)


@dataclass(frozen=True, slots=True)
class LastSync:
    """When a sync last came to its end, and whether both ends agreed then."""

    at: datetime
    heads_agree: bool
    office_time: datetime | None
