"""Tables of what people at the office look at and decide: likenesses, links, samples, deeds."""

from typing import Any, ClassVar, Final

from sqlalchemy import Index

from sync.server.table_kit import (
    OfficeTable,
    key_column,
    number_column,
    raw_column,
    table_of,
    text_column,
)


class PersonRow(OfficeTable, table=True):
    """What a record is compared by, read out of its content; who is no person any more has none."""

    __tablename__ = "person"
    subject: str = key_column()
    nik: str = text_column()
    name: str = text_column()
    birth_date: str = text_column()
    sex: str = text_column()
    mother_name: str = text_column()
    village_code: str = text_column()
    rt: str = text_column()
    rw: str = text_column()
    phone: str = text_column()
    phone_owner: str = text_column()
    other_than: str = text_column()


class PersonKeyRow(OfficeTable, table=True):
    """Keys of which two people share one before they are compared."""

    __tablename__ = "person_key"
    __table_args__: ClassVar[Any] = (Index("person_key_subject", "subject"),)
    key: str = key_column()
    subject: str = key_column()


class LinkRow(OfficeTable, table=True):
    """Two records said to be one person: `subject` is laid aside, `kept` goes on. Nothing of either
    is deleted: `state_before` and `revision_before` say what the first was, `kept_before` what held
    the content of the second, and `kept_after` its revision if uniting changed it.
    """

    __tablename__ = "person_link"
    __table_args__: ClassVar[Any] = (
        Index("person_link_subject", "subject"),
        Index("person_link_kept", "kept"),
    )
    id: str = key_column()
    subject: str = text_column()
    kept: str = text_column()
    case_id: str = text_column()
    asked_by: str = text_column()
    at: str = text_column()
    state_before: str = text_column()
    revision_before: str = text_column()
    kept_before: str = text_column()
    kept_after: str = text_column()
    undone_at: str | None = text_column(nullable=True)
    undone_by: str | None = text_column(nullable=True)


class HeldDecisionRow(OfficeTable, table=True):
    """What somebody decided on a page, held back while it can be undone.

    `state`: waiting, done, undone, refused (`problem` says why). Nothing of it reaches a laptop
    before `due_at`.
    """

    __tablename__ = "held_decision"
    __table_args__: ClassVar[Any] = (Index("held_decision_due", "state", "due_at"),)
    id: str = key_column()
    kind: str = text_column()
    about: str = text_column()
    account: str = text_column()
    payload: str = text_column()
    at: str = text_column()
    due_at: str = text_column()
    state: str = text_column()
    problem: str = text_column()


class SampleRow(OfficeTable, table=True):
    """One record of a visit's sample. The verdict is about this `content` and no other."""

    __tablename__ = "visit_sample"
    visit: str = key_column()
    subject: str = key_column()
    n: int = number_column()
    content: str = text_column()
    verdict: str = text_column()
    account: str = text_column()
    at: str = text_column()


class ReviewRow(OfficeTable, table=True):
    """How a visit is looked at: by its sample, or record by record since a sample did not fit."""

    __tablename__ = "visit_review"
    visit: str = key_column()
    mode: str = text_column()
    account: str = text_column()
    at: str = text_column()


class MinutesRow(OfficeTable, table=True):
    """The signed Berita Acara of a visit, as it was scanned."""

    __tablename__ = "visit_minutes"
    visit: str = key_column()
    sha256: str = text_column()
    media_type: str = text_column()
    signed_on: str = text_column()
    account: str = text_column()
    at: str = text_column()
    content: bytes = raw_column()


PERSON_ROWS: Final = table_of(PersonRow)
PERSON_KEY_ROWS: Final = table_of(PersonKeyRow)
LINK_ROWS: Final = table_of(LinkRow)
HELD_DECISION_ROWS: Final = table_of(HeldDecisionRow)
SAMPLE_ROWS: Final = table_of(SampleRow)
REVIEW_ROWS: Final = table_of(ReviewRow)
MINUTES_ROWS: Final = table_of(MinutesRow)
