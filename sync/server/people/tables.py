"""Tables of the people of the office: accounts, what they signed in with, and what they did."""

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


class AccountRow(OfficeTable, table=True):
    """Somebody of the office. `districts` is JSON, null for the whole regency.

    `state`: invited (a one-time code is out), active or disabled. `totp` is sealed with the home's
    key; `totp_step` is the last half minute whose code was used.
    """

    __tablename__ = "account"
    __table_args__: ClassVar[Any] = (Index("account_login", "login", unique=True),)
    id: str = key_column()
    login: str = text_column()
    name: str = text_column()
    role: str = text_column()
    districts: str | None = text_column(nullable=True)
    language: str = text_column()
    keys: int = number_column(1)
    state: str = text_column()
    password: str | None = text_column(nullable=True)
    totp: str | None = text_column(nullable=True)
    totp_step: int = number_column()
    first_hash: str | None = text_column(nullable=True)
    first_until: str | None = text_column(nullable=True)
    created_at: str = text_column()
    signed_in_at: str | None = text_column(nullable=True)
    signed_in_from: str | None = text_column(nullable=True)


class BackupCodeRow(OfficeTable, table=True):
    """A code for the day on which the phone is not at hand, by its hash; used once."""

    __tablename__ = "backup_code"
    account: str = key_column()
    hash: str = key_column()
    used_at: str | None = text_column(nullable=True)


class SessionRow(OfficeTable, table=True):
    """A browser that somebody uses, by the hash of what its cookie holds.

    `stage`: first (enrolling), code (the password was right, the code is missing) or open.
    """

    __tablename__ = "web_session"
    __table_args__: ClassVar[Any] = (Index("web_session_account", "account"),)
    hash: str = key_column()
    account: str = text_column()
    stage: str = text_column()
    csrf: str = text_column()
    secret: str | None = text_column(nullable=True)
    created_at: str = text_column()
    seen_at: str = text_column()
    address: str = text_column()


class AttemptRow(OfficeTable, table=True):
    """How often something was tried lately: by an account, an address, or both (`key`)."""

    __tablename__ = "attempt"
    key: str = key_column()
    since: str = text_column()
    n: int = number_column()
    failures: int = number_column()
    waits_until: str = text_column()


class DeedRow(OfficeTable, table=True):
    """A deed of an account: signed bytes that name the deed before; the columns are for lists."""

    __tablename__ = "deed"
    __table_args__: ClassVar[Any] = (
        Index("deed_account", "account", "n"),
        Index("deed_kind", "deed", "n"),
    )
    n: int = number_key_column()
    hash: str = text_column()
    account: str = text_column()
    deed: str = text_column()
    subject: str | None = text_column(nullable=True)
    at: str = text_column()
    bytes: str = text_column()


class DeedHeadRow(OfficeTable, table=True):
    """The end of the chain of deeds."""

    __tablename__ = "deed_head"
    id: str = key_column()
    n: int = number_column()
    hash: str | None = text_column(nullable=True)


class PairRow(OfficeTable, table=True):
    """What one person asked for and another answers. `state`: open, done, refused or over."""

    __tablename__ = "pair"
    __table_args__: ClassVar[Any] = (Index("pair_state", "state", "asked_at"),)
    id: str = key_column()
    kind: str = text_column()
    payload: str = text_column()
    state: str = text_column()
    asked_by: str = text_column()
    asked_at: str = text_column()
    over_at: str = text_column()
    answered_by: str | None = text_column(nullable=True)
    answered_at: str | None = text_column(nullable=True)


ACCOUNT_ROWS: Final = table_of(AccountRow)
BACKUP_CODE_ROWS: Final = table_of(BackupCodeRow)
SESSION_ROWS: Final = table_of(SessionRow)
ATTEMPT_ROWS: Final = table_of(AttemptRow)
DEED_ROWS: Final = table_of(DeedRow)
DEED_HEAD_ROWS: Final = table_of(DeedHeadRow)
PAIR_ROWS: Final = table_of(PairRow)
