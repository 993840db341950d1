"""The other tables as models: journal, office's notices, photos, drafts and small keepings."""

from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from enumerator_app.storage import brought_tables  # noqa: F401 - they belong to the same schema
from enumerator_app.storage.tables import LAPTOP_METADATA


class _Table(SQLModel):
    metadata = LAPTOP_METADATA


class EntryRow(_Table, table=True):
    """One journal entry. `n` is its place on this file's chain; body and salt go when erased."""

    __tablename__ = "entry"
    __table_args__: ClassVar[Any] = (
        Index("entry_subject", "subject"),
        Index("entry_open", "n", sqlite_where=text("stage = 'open'")),
        Index("entry_quarantined", "subject", sqlite_where=text("outcome = 'quarantined'")),
    )

    n: int = Field(primary_key=True)
    hash: str = Field(unique=True)
    epoch: str
    seq: int
    kind: str
    subject: str | None
    header: bytes = Field(sa_type=LargeBinary)
    salt: bytes | None = Field(sa_type=LargeBinary)
    body: bytes | None = Field(sa_type=LargeBinary)
    stage: str = "open"
    outcome: str | None
    code: str | None


class NoticeRow(_Table, table=True):
    """One item of the office's feed, kept as received, in the order received (`id`).

    `is_foreign`: it accepts what this journal did not hold when it came.
    """

    __tablename__ = "notice"
    __table_args__: ClassVar[Any] = (
        Index("notice_subject", "subject"),
        Index("notice_revision", "revision", sqlite_where=text("kind = 'revision'")),
        Index("notice_kind", "kind"),
        Index("notice_foreign", "id", sqlite_where=text("is_foreign = 1")),
    )

    id: int = Field(primary_key=True)
    feed_hash: str = Field(unique=True)
    n: int
    digest: str
    salt: str | None
    kind: str
    subject: str | None
    revision: str | None
    content: str | None
    is_foreign: int = 0


class PhotoRow(_Table, table=True):
    """One portrait; `entry` is the number of the first entry that names it."""

    __tablename__ = "photo"
    __table_args__: ClassVar[Any] = (Index("photo_unsent", "entry", sqlite_where=text("sent = 0")),)

    id: int = Field(primary_key=True)
    sha256: str = Field(unique=True)
    size: int
    sent: int = 0
    entry: int | None
    thumbnail: bytes = Field(sa_type=LargeBinary)
    jpeg: bytes = Field(sa_type=LargeBinary)


class DraftRow(_Table, table=True):
    """An open form as typed; not journalled."""

    __tablename__ = "draft"

    form_id: str = Field(primary_key=True)
    payload: str
    photo: str | None
    updated: str


class SettingRow(_Table, table=True):
    __tablename__ = "setting"

    name: str = Field(primary_key=True)
    value: str


class ContentDigestRow(_Table, table=True):
    """What was registered from a file, so that a second run skips it."""

    __tablename__ = "content_digest"

    digest: str = Field(primary_key=True)
    subject: str


class AcknowledgedRow(_Table, table=True):
    """The revision that the latest notice of a subject names."""

    __tablename__ = "acknowledged"

    subject: str = Field(primary_key=True)
    revision: str


class BucketRow(_Table, table=True):
    """Running sums over `acknowledged`, so that a digest needs no scan."""

    __tablename__ = "bucket"

    n: int = Field(primary_key=True)
    total: str


class DocumentRow(_Table, table=True):
    __tablename__ = "document"

    name: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
    kept_at: str


class ErasedRow(_Table, table=True):
    """Subjects whose content was deleted at the office's word; kept for ever."""

    __tablename__ = "erased"

    subject: str = Field(primary_key=True)
    at: str


class VisitRow(_Table, table=True):
    """A place and a day; `body` is its newest `visit_open`, `closing` its newest `visit_close`."""

    __tablename__ = "visit"

    id: str = Field(primary_key=True)
    state: str
    entry: str
    body: str
    progress: str
    opened_at: str
    closing: str | None


class AttendanceRow(_Table, table=True):
    """Somebody who was here already came to a visit; `present` is 0 where that was taken back."""

    __tablename__ = "attendance"

    visit: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    ticket: str
    present: int
    entry: str


class HeadRow(_Table, table=True):
    """The end of the chain, and the serial given last, which never restarts."""

    __tablename__ = "head"

    id: int = Field(primary_key=True)
    epoch: str
    seq: int
    hash: str | None
    n: int
    serial: int


class SyncRow(_Table, table=True):
    """Where this file stands with its office."""

    __tablename__ = "sync"

    id: int = Field(primary_key=True)
    server_epoch: str | None
    feed_n: int
    feed_hash: str | None
    owed: int
    counter: int
    office_time: str | None
    finished_at: str | None
    heads_agree: int


class IdentityRow(_Table, table=True):
    """Who this laptop is; the office's part is empty until enrolment."""

    __tablename__ = "identity"

    id: int = Field(primary_key=True)
    device: str
    signing_key: bytes = Field(sa_type=LargeBinary)
    office: str | None
    regency: str | None
    device_code: str | None
    label: str | None
    root_key: str | None
    server_url: str | None
    ca_certificate: str | None


class DeviceKeyRow(_Table, table=True):
    """A key that this laptop had or made; `n` is the place of the entry that tells it."""

    __tablename__ = "device_key"

    n: int = Field(primary_key=True)
    kid: str
    signing_key: bytes = Field(sa_type=LargeBinary)
