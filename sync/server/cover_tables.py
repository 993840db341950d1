"""Tables of the insurer's side: rows that were sent, replies, months paid, and who left."""

from typing import Any, ClassVar, Final

from sqlalchemy import Index

from sync.server.table_kit import (
    OfficeTable,
    key_column,
    number_column,
    number_key_column,
    table_of,
    text_column,
)


class BatchRow(OfficeTable, table=True):
    """What a list of `insurer_export` was for, and the totals that its file and letter state.

    `nik_sum` is text: the sum of many NIKs is longer than any whole number of a database.
    """

    __tablename__ = "insurer_batch"
    id: str = key_column()
    month: str = text_column()
    branch: str = text_column()
    monthly: int = number_column()
    nik_sum: str = text_column()
    source: str = text_column(default="export")


class SentRow(OfficeTable, table=True):
    """One row of a list. `subject` is null where a list was read back before its laptops came.

    `state`: sent, accepted or refused. `code` is our word for the insurer's `raw` one.
    """

    __tablename__ = "insurer_row"
    __table_args__: ClassVar[Any] = (
        Index("insurer_row_subject", "subject"),
        Index("insurer_row_number", "number"),
        Index("insurer_row_nik", "nik"),
        Index("insurer_row_state", "batch", "state"),
    )
    batch: str = key_column()
    n: int = number_key_column()
    subject: str | None = text_column(nullable=True)
    number: str = text_column()
    nik: str = text_column()
    monthly: int = number_column()
    state: str = text_column()
    code: str | None = text_column(nullable=True)
    raw: str | None = text_column(nullable=True)
    kpj: str | None = text_column(nullable=True)
    answered_at: str | None = text_column(nullable=True)


class CheckRow(OfficeTable, table=True):
    """The last look at who is ready for a branch; `summary` is JSON, counts only."""

    __tablename__ = "insurer_check"
    branch: str = key_column()
    month: str = text_column()
    at: str = text_column()
    summary: str = text_column()


class CheckedRow(OfficeTable, table=True):
    """Why somebody was held back by the last look, or goes with a remark."""

    __tablename__ = "insurer_checked"
    __table_args__: ClassVar[Any] = (Index("insurer_checked_code", "branch", "code"),)
    branch: str = key_column()
    subject: str = key_column()
    code: str = key_column()
    effect: str = text_column()


class ReplyFileRow(OfficeTable, table=True):
    """A reply that was read, by the print of its rows; the counts add up to `rows`."""

    __tablename__ = "insurer_reply"
    id: str = key_column()
    at: str = text_column()
    officer: str = text_column()
    batch: str = text_column()
    rows: int = number_column()
    accepted: int = number_column()
    refused: int = number_column()
    unchanged: int = number_column()
    listed: int = number_column()


class ListedReplyRow(OfficeTable, table=True):
    """A row of a reply that a person must look at; `content` and `candidates` are JSON."""

    __tablename__ = "insurer_listed"
    __table_args__: ClassVar[Any] = (Index("insurer_listed_open", "closed_at"),)
    reply: str = key_column()
    place: int = number_key_column()
    reason: str = text_column()
    content: str = text_column()
    candidates: str = text_column()
    closed_at: str | None = text_column(nullable=True)
    answer: str | None = text_column(nullable=True)


class PaymentRow(OfficeTable, table=True):
    """One month that the regency paid, for the people of `paid_month`."""

    __tablename__ = "payment"
    id: str = key_column()
    month: str = text_column()
    at: str = text_column()
    officer: str = text_column()
    people: int = number_column()
    amount: int = number_column()


class PaidMonthRow(OfficeTable, table=True):
    """A month that was paid for a person, once."""

    __tablename__ = "paid_month"
    __table_args__: ClassVar[Any] = (Index("paid_month_month", "month"),)
    subject: str = key_column()
    month: str = key_column()
    amount: int = number_column()
    payment: str = text_column()


class ExtendedCoverRow(OfficeTable, table=True):
    """Somebody's end of cover as it was before a payment extended it."""

    __tablename__ = "extended_cover"
    payment: str = key_column()
    subject: str = key_column()
    before: str = text_column()


class PaymentStopRow(OfficeTable, table=True):
    """One stop of payment: the last month that is paid, where, and whether it was taken back."""

    __tablename__ = "payment_stop"
    id: str = key_column()
    after: str = text_column()
    area: str = text_column()
    at: str = text_column()
    officer: str = text_column()
    undone_at: str | None = text_column(nullable=True)
    undone_by: str | None = text_column(nullable=True)


class StoppedCoverRow(OfficeTable, table=True):
    """Somebody's end of cover as it was before a stop of payment moved it."""

    __tablename__ = "stopped_cover"
    stop: str = key_column()
    subject: str = key_column()
    before: str = text_column()


class EndingRow(OfficeTable, table=True):
    """Whose cover the office ended, why and on which day."""

    __tablename__ = "ending"
    subject: str = key_column()
    reason: str = text_column()
    ended_on: str = text_column()
    at: str = text_column()
    officer: str = text_column()


BATCH_ROWS: Final = table_of(BatchRow)
SENT_ROWS: Final = table_of(SentRow)
CHECK_ROWS: Final = table_of(CheckRow)
CHECKED_ROWS: Final = table_of(CheckedRow)
REPLY_FILE_ROWS: Final = table_of(ReplyFileRow)
LISTED_REPLY_ROWS: Final = table_of(ListedReplyRow)
PAYMENT_ROWS: Final = table_of(PaymentRow)
PAID_MONTH_ROWS: Final = table_of(PaidMonthRow)
EXTENDED_COVER_ROWS: Final = table_of(ExtendedCoverRow)
PAYMENT_STOP_ROWS: Final = table_of(PaymentStopRow)
STOPPED_COVER_ROWS: Final = table_of(StoppedCoverRow)
ENDING_ROWS: Final = table_of(EndingRow)
