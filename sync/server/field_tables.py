"""Tables of what the office gives the laptops before they leave: lists, places, short hashes."""

from typing import Any, ClassVar, Final

from sqlalchemy import CheckConstraint, Index

from sync.server.table_kit import (
    OfficeTable,
    key_column,
    number_column,
    raw_column,
    table_of,
    text_column,
)


class ListedPersonRow(OfficeTable, table=True):
    """Somebody on a village's list; `is_listed` is 0 for who is on no list any more."""

    __tablename__ = "listed_person"
    __table_args__: ClassVar[Any] = (
        Index("listed_person_village", "village_code", "is_listed"),
        Index("listed_person_nik", "nik"),
    )
    code: str = key_column()
    village_code: str = text_column()
    n: int = number_column()
    name: str = text_column()
    nik: str = text_column()
    birth_date: str = text_column()
    address: str = text_column()
    group_name: str = text_column()
    source: str = text_column()
    is_listed: int = number_column(1)
    birth_place: str = text_column(default="")


class ListedVillageRow(OfficeTable, table=True):
    """A village's list: who gets it (null: every laptop), and its parts as documents name them."""

    __tablename__ = "listed_village"
    village_code: str = key_column()
    version: int = number_column()
    devices: str | None = text_column(nullable=True)
    parts: str = text_column()
    imported_at: str = text_column()


class ListedAnswerRow(OfficeTable, table=True):
    """What a laptop wrote about somebody on a list, by the entry that says it."""

    __tablename__ = "listed_answer"
    __table_args__: ClassVar[Any] = (
        Index("listed_answer_code", "code"),
        Index("listed_answer_subject", "subject"),
    )
    entry: str = key_column()
    code: str = text_column()
    device: str = text_column()
    subject: str | None = text_column(nullable=True)
    answer: str = text_column()
    at: str = text_column()
    received_at: str = text_column()


class DocumentPartRow(OfficeTable, table=True):
    """A part of a long document, named by its content."""

    __tablename__ = "document_part"
    hash: str = key_column()
    document: str = text_column()
    content: bytes = raw_column()


class QuotaRow(OfficeTable, table=True):
    """The places of a village in the budget, and how many of them are taken."""

    __tablename__ = "quota"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("confirmed <= seats", name="quota_within_budget"),
    )
    village_code: str = key_column()
    seats: int = number_column()
    confirmed: int = number_column()
    waiting: int = number_column()
    programmes: str = text_column()
    starts_on: str = text_column()
    ends_on: str = text_column()
    months: int = number_column()
    monthly: int = number_column()
    table_version: str = text_column()
    imported_at: str = text_column()


class SeatRow(OfficeTable, table=True):
    """A person's place: `confirmed`, or `waiting` in the order `n` in which records arrived."""

    __tablename__ = "seat"
    __table_args__: ClassVar[Any] = (
        Index("seat_village", "village_code", "state", "n"),
        Index("seat_device", "device"),
    )
    subject: str = key_column()
    village_code: str = text_column()
    device: str = text_column()
    state: str = text_column()
    n: int = number_column()
    at: str = text_column()


class SeatsToldRow(OfficeTable, table=True):
    """What a laptop was told last about a village's places, or about a person's place."""

    __tablename__ = "seats_told"
    device: str = key_column()
    about: str = key_column()
    told: str = text_column()


LISTED_PERSON_ROWS: Final = table_of(ListedPersonRow)
LISTED_VILLAGE_ROWS: Final = table_of(ListedVillageRow)
LISTED_ANSWER_ROWS: Final = table_of(ListedAnswerRow)
DOCUMENT_PART_ROWS: Final = table_of(DocumentPartRow)
QUOTA_ROWS: Final = table_of(QuotaRow)
SEAT_ROWS: Final = table_of(SeatRow)
SEATS_TOLD_ROWS: Final = table_of(SeatsToldRow)
