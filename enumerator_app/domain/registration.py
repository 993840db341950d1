"""The fields of a registration: their one definition, for form, file, wire, server and export.

`RegistrationDraft` is what was typed, `Registration` what passed the check. The two table classes
(laptop and office) are further leaves of `RegistrationFields`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import SQLModel
from sqlmodel._compat import SQLModelConfig

from enumerator_app.domain.instants import instant_to_text

DocumentSeen = Literal["KTP", "IKD", "KK", "suket", "none"]
Sex = Literal["", "L", "P"]
DateSource = Literal["", "ktp", "confirmed", "family", "nik", "paper"]
PhoneOwner = Literal["", "self", "family", "neighbour", "village", "none"]
WorksNow = Literal["", "working", "ill", "stopped"]
ConsentMethod = Literal["", "signature", "thumbprint", "paper", "verbal", "group"]
Programme = Literal["JKK", "JKM", "JHT"]
Relation = Literal[
    "spouse", "child", "parent", "grandparent", "grandchild", "sibling", "parent_in_law",
    "testament",
]  # fmt: skip
NoPhotoReason = Literal["", "refused", "no_camera", "face_covered", "later", "other"]
EndedReason = Literal["", "died", "moved", "age_65", "formal_work", "withdrew", "other"]

PROGRAMMES: Final[tuple[Programme, ...]] = get_args(Programme)
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)


class Heir(BaseModel):
    """One person of the family; no shares, the law fixes the order (PP 44/2015 art. 40)."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: UUID
    name: str
    relation: Relation
    birth_date: date | None = None
    birth_year: int | None = None
    scholarship: bool = False


class RegistrationFields(SQLModel):
    """The scalar fields. Texts are clean (NFC, no control characters); money is whole rupiah."""

    nik: str = ""
    document_seen: DocumentSeen = "KTP"
    kk_number: str = ""
    name: str
    birth_place: str = ""
    birth_date: date | None = None
    date_source: DateSource = ""
    sex: Sex = ""
    mother_name: str = ""
    address: str = ""
    rt: str = ""
    rw: str = ""
    village_code: str
    phone: str = ""
    phone_owner: PhoneOwner = ""
    email: str = ""
    occupation: str = ""
    workplace: str = ""
    works_now: WorksNow = ""
    works_since: int | None = None
    monthly_income: int | None = None
    consent_method: ConsentMethod = ""
    consent_witness: str = ""
    witness_role: str = ""
    consent_at: datetime | None = None
    consent_text_version: str = ""
    photo: str | None = None
    no_photo_reason: NoPhotoReason = ""
    ticket: str = ""
    visit_id: UUID | None = None
    group_id: UUID | None = None
    latitude_udeg: int | None = None
    longitude_udeg: int | None = None
    location_source: str = ""
    registered_at: datetime
    ended_on: date | None = None
    ended_reason: EndedReason = ""


class Registration(RegistrationFields):
    """One worker's record, checked. Made by `model_validate` only; never changed afterwards."""

    model_config = SQLModelConfig(frozen=True, extra="allow")

    programmes: tuple[Programme, ...] = ()
    heirs: tuple[Heir, ...] = ()
    paradata: dict[str, int] = {}


SCALAR_FIELDS: Final[tuple[str, ...]] = tuple(RegistrationFields.model_fields)
FIELDS: Final[tuple[str, ...]] = tuple(Registration.model_fields)
OTHER_THAN: Final = "other_than"
"""Beside the fields, only where it was said: the records that this person is not."""
ASKED_OF_ALL: Final = ("sex", "birth_date", "works_now")
"""What nobody but the person can tell: without an answer a record is not complete."""
LISTED: Final = "listed"
"""Beside the fields, only where it is known: the invitation code of this person's worklist line."""
FROM_PAPER: Final = "from_paper"
"""Beside the fields, only of what was typed from a paper: its `number` and the day `written_on`."""
_AS_IT_IS: Final = frozenset({str, int, bool, type(None)})  # most values, on the path of each save


@dataclass(frozen=True, slots=True)
class HeirDraft:
    """One heir as typed; `born` is a date, a year or an age."""

    name: str = ""
    relation: str = ""
    born: str = ""
    scholarship: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationDraft:
    """A registration as typed: every scalar field as text under its name in `values`.

    `programmes` stands in `values` too ("JKK+JKM"). `photo` is the SHA-256 of a stored photo, or
    empty. Field names outside `FIELDS` are ignored by the check. `other_than` names the records
    that were shown as perhaps the same person and said to be somebody else. `listed` is the
    invitation code of the line of a worklist that was chosen for this person. `paper` is what a
    paper form says of itself, if this was typed from one.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    heirs: tuple[HeirDraft, ...] = ()
    paradata: Mapping[str, int] = field(default_factory=dict)
    other_than: tuple[str, ...] = ()
    listed: str = ""
    paper: Mapping[str, str] = field(default_factory=dict)


def said_other(registration: Registration) -> tuple[str, ...]:
    """Return the records (subjects, or "district") that this person was said not to be."""
    return tuple((registration.model_extra or {}).get(OTHER_THAN, ()))


def body_of(registration: Registration) -> dict[str, Any]:
    """Return the journal body: JSON values only, instants and dates as text, unknown keys kept."""
    content = registration.model_dump()
    return {k: v if type(v) in _AS_IT_IS else _wire(v) for k, v in content.items()}


def registration_from_body(body: Mapping[str, Any]) -> Registration:
    """Return the registration in a journal body; keys of newer schemas are kept beside the known.

    Raises:
        pydantic.ValidationError: a value is outside its type.
    """
    return Registration.model_validate({k: v for k, v in body.items() if k != "schema"})


def _wire(value: object) -> object:
    if isinstance(value, datetime):
        return instant_to_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {key: _wire(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_wire(item) for item in value]
    return value
