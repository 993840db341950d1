"""Tables of what the office gave before leaving, as models: parts of documents, lists, places."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from enumerator_app.storage.tables import LAPTOP_METADATA


class _Table(SQLModel):
    metadata = LAPTOP_METADATA


class DocumentPartRow(_Table, table=True):
    """A part that was fetched; `is_active` once the whole document it belongs to was here.

    `content` is empty where rows were made of it.
    """

    __tablename__ = "document_part"

    hash: str = Field(primary_key=True)
    document: str
    content: bytes = Field(sa_type=LargeBinary)
    is_active: int = 0


class ListedPersonRow(_Table, table=True):
    """A line of a worklist, as its part says it."""

    __tablename__ = "listed_person"
    __table_args__: ClassVar[Any] = (
        Index("listed_person_part", "part"),
        Index("listed_person_code", "code"),
        Index("listed_person_village", "village_code"),
        Index("listed_person_nik", "nik"),
        Index("listed_person_nik_end", "nik_reversed"),
    )

    id: int = Field(primary_key=True)
    part: str
    code: str
    village_code: str
    name: str
    nik: str
    nik_reversed: str
    birth_date: date | None
    address: str
    group_name: str
    source: str
    birth_place: str = ""


class ListedAnswerRow(_Table, table=True):
    """What was said on this laptop of a line; `subject` is the record of who is registered."""

    __tablename__ = "listed_answer"
    __table_args__: ClassVar[Any] = (
        Index("listed_answer_subject", "subject", sqlite_where=text("subject IS NOT NULL")),
    )

    code: str = Field(primary_key=True)
    answer: str
    subject: str | None
    at: str


class VillageSeatsRow(_Table, table=True):
    """How the office said that a village's places in the budget stand, and when."""

    __tablename__ = "village_seats"

    village_code: str = Field(primary_key=True)
    seats: int
    confirmed: int
    waiting: int
    programmes: str
    starts_on: str
    ends_on: str
    months: int
    monthly: int
    told_at: str


class PersonSeatRow(_Table, table=True):
    """Whether a person has a place, as the office said last."""

    __tablename__ = "person_seat"

    subject: str = Field(primary_key=True)
    state: str


class LeavingRow(_Table, table=True):
    """A record whose content was announced to leave this laptop, or is not asked about yet."""

    __tablename__ = "leaving"

    subject: str = Field(primary_key=True)
    ask_after: str
    announced_at: str | None = None
    server_epoch: str | None = None


class WipedRow(_Table, table=True):
    """A record of which only a list's line is here."""

    __tablename__ = "wiped"
    __table_args__: ClassVar[Any] = (
        Index("wiped_wanted", "subject", sqlite_where=text("is_wanted = 1")),
    )

    subject: str = Field(primary_key=True)
    at: str
    is_wanted: int = 0


class SyncLogRow(_Table, table=True):
    """One sync as it ended."""

    __tablename__ = "sync_log"

    id: int | None = Field(default=None, primary_key=True)
    at: str
    how: str
    outcome: str
    pushed: int
    photos: int
    pulled: int
    pending: int
    seconds: int
    detail: str
