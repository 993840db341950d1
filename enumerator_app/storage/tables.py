"""The tables of the laptop's file as models: for reading, and to hold the schema to account.

The migrations own the schema; a test compares the two. Saving is plain SQL (see `saving`).
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, Column, Index, MetaData, String, text
from sqlmodel import Field

from enumerator_app.domain.registration import (
    ConsentMethod,
    DateSource,
    DocumentSeen,
    EndedReason,
    NoPhotoReason,
    PhoneOwner,
    RegistrationFields,
    Sex,
    WorksNow,
)
from enumerator_app.storage.columns import InstantText, UuidText

# A registry of its own: the office's tables of the same names live in another process and registry.
LAPTOP_METADATA = MetaData()


class RegistrationRow(RegistrationFields, table=True):
    """One record as screens and lists read it; derived from the revision that is shown."""

    __tablename__ = "registration"
    metadata = LAPTOP_METADATA
    __table_args__: ClassVar[Any] = (
        Index("registration_number", "number"),
        Index("registration_nik", "nik_reversed"),
        Index("registration_name", "name_folded"),
        Index("registration_birth_date", "birth_date"),
        Index("registration_village", "village_code"),
        Index("registration_day", "day"),
        Index("registration_state", "state"),
        Index("registration_unsent", "id", sqlite_where=text("custody = 'saved'")),
        Index("registration_visit", "visit_id", sqlite_where=text("visit_id IS NOT NULL")),
        Index("registration_custody", "custody"),
        Index("registration_portrait", "photo", sqlite_where=text("custody != 'saved'")),
        Index("registration_unprinted", "state", sqlite_where=text("printed_at IS NULL")),
        Index(
            "registration_new_card",
            "state",
            sqlite_where=text(
                "card_seal IS NOT NULL AND printed_kind IS NOT 'active' AND printed_at IS NOT NULL"
            ),
        ),
        Index("registration_pending", "pending", sqlite_where=text("pending IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject: UUID = Field(sa_type=UuidText, unique=True)
    number: str
    state: str
    custody: str = "saved"
    revision: str  # what is on the screen, and the base of the next change
    source: str  # the entry or notice whose body it is
    pending: str | None = None  # the latest own change whose outcome is not here yet
    day: str  # of registered_at, in WIB
    name_folded: str
    nik_reversed: str
    programmes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    heirs: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    paradata: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    kpj: str | None = None
    cover_from: date | None = None
    cover_to: date | None = None
    card_seal: str | None = None
    returned_field: str | None = None
    returned_reason: str | None = None
    case_kind: str | None = None
    issue: int = 0
    printed_at: datetime | None = Field(default=None, sa_type=InstantText)
    printed_kind: str | None = None

    # Columns cannot be made from `Literal`, nor in our text forms, without being told.
    document_seen: DocumentSeen = Field(default="KTP", sa_type=String)
    date_source: DateSource = Field(default="", sa_type=String)
    sex: Sex = Field(default="", sa_type=String)
    phone_owner: PhoneOwner = Field(default="", sa_type=String)
    works_now: WorksNow = Field(default="", sa_type=String)
    consent_method: ConsentMethod = Field(default="", sa_type=String)
    no_photo_reason: NoPhotoReason = Field(default="", sa_type=String)
    ended_reason: EndedReason = Field(default="", sa_type=String)
    consent_at: datetime | None = Field(default=None, sa_type=InstantText)
    registered_at: datetime = Field(sa_type=InstantText)
    visit_id: UUID | None = Field(default=None, sa_type=UuidText)
    group_id: UUID | None = Field(default=None, sa_type=UuidText)
