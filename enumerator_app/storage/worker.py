"""One line of a list: what screens and papers say of a registered worker."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from enumerator_app.domain.numbers import RegistrationNumber
from enumerator_app.domain.registration import ASKED_OF_ALL, Programme
from enumerator_app.domain.states import Custody, Decision

CardKind = Literal["provisional", "active"]


@dataclass(frozen=True, slots=True)
class ListedWorker:
    """A registered worker. `card` is the office's seal of the active card, once it is here."""

    position: int  # order of arrival in this file; the newest is the largest
    subject: UUID
    number: RegistrationNumber
    name: str
    nik: str
    birth_date: date | None
    sex: str
    mother_name: str
    village_code: str
    programmes: tuple[Programme, ...]
    state: Decision
    custody: Custody
    registered_at: datetime
    photo: str | None
    returned_field: str | None
    returned_reason: str | None
    kpj: str | None
    cover_from: date | None
    cover_to: date | None
    card: str | None
    issue: int  # papers printed so far
    printed_at: datetime | None
    printed_kind: CardKind | None
    case_kind: str | None
    pending: bool  # an own change whose outcome has not come back
    works_now: str = ""

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Return the questions for everybody that this record has no answer to."""
        answers = {"sex": self.sex, "birth_date": self.birth_date, "works_now": self.works_now}
        return tuple(name for name in ASKED_OF_ALL if not answers[name])

    @property
    def printed(self) -> bool:
        return self.printed_at is not None
