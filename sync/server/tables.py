"""The office's tables, in a registry of their own; the migrations make them, a test compares.

Nothing is unique but what names itself by content: a number, a NIK and (device, epoch, seq) may
come twice, and that is a case, never an error. Hashes and ids are text, bytes are bytes.
"""

from typing import Any, ClassVar, Final

from sqlalchemy import Index, Sequence, text

from sync.server import case_tables, cover_tables, field_tables, tally_tables  # noqa: F401 - one schema
from sync.server.people import tables as people_tables  # noqa: F401 - as above
from sync.server.plans import tables as plan_tables  # noqa: F401 - of the same schema
from sync.server.table_kit import OFFICE_METADATA, OfficeTable, table_of
from sync.server.table_kit import key_column as _key
from sync.server.table_kit import number_column as _number
from sync.server.table_kit import number_key_column as _number_key
from sync.server.table_kit import raw_column as _raw
from sync.server.table_kit import text_column as _text

IS_PRINTED: Final = text("kind = 'card_printed'")
IS_NEWS: Final = text("matched IS NULL OR matched <> content || ':' || state")
"""The record changed since it was last compared with everybody."""
IS_WAITING: Final = text("state IN ('registered', 'waiting_nik', 'returned')")
"""The office still has something to decide about the record, or waits for a laptop."""
HAS_KPJ: Final = text("kpj IS NOT NULL")
IS_SAID: Final = text("kind = 'visit'")
"""The row says what the visit is: its place and day."""
INGEST_NUMBER = Sequence("entry_ingest_number", metadata=OFFICE_METADATA)


class OfficeRow(OfficeTable, table=True):
    """The one row that says which life of the office this database is."""

    __tablename__ = "office"
    id: str = _key()
    server_epoch: str = _text()
    restored_at: str | None = _text(nullable=True)


class SettingRow(OfficeTable, table=True):
    __tablename__ = "setting"
    name: str = _key()
    value: str = _text()


class DeviceRow(OfficeTable, table=True):
    """A laptop. `counter` is the last request counter seen; `heard_epoch` the server epoch in
    which it has offered what it keeps.
    """

    __tablename__ = "device"
    id: str = _key()
    label: str = _text()
    code: str = _text()
    public_key: str = _text()
    state: str = _text(default="active")
    counter: int = _number()
    operator: str = _text(default="")
    operator_id: str = _text(default="")
    enrolled_at: str = _text()
    last_seen: str = _text()
    heard_epoch: str | None = _text(nullable=True)


class DeviceKeyRow(OfficeTable, table=True):
    """The public keys of a device, in the order they came.

    One that the device made itself has the `entry` that told it, and the key that vouched for it
    (`signed_by`, a kid). `vouches_to`: the last serial of its slips, once another was confirmed.
    """

    __tablename__ = "device_key"
    device: str = _key()
    n: int = _number_key()
    kid: str = _text()
    public_key: str = _text()
    added_at: str = _text()
    entry: str | None = _text(nullable=True)
    signed_by: str | None = _text(nullable=True)
    confirmed_at: str | None = _text(nullable=True)
    vouches_to: int | None = _number(None, nullable=True)


class RemovedOperatorRow(OfficeTable, table=True):
    """Somebody whose work at a laptop has ended."""

    __tablename__ = "removed_operator"
    device: str = _key()
    operator: str = _key()
    at: str = _text()


class ExcusedDeviceRow(OfficeTable, table=True):
    """A laptop for which the office does not wait, in that life of it; `asked_by`: the account."""

    __tablename__ = "excused_device"
    device: str = _key()
    server_epoch: str = _key()
    asked_by: str = _text()
    at: str = _text()


class EnrolmentRow(OfficeTable, table=True):
    """A one-time code by its hash; `device` is who used it, `replaces` whose place it takes."""

    __tablename__ = "enrolment"
    code_hash: str = _key()
    label: str = _text()
    device_code: str = _text()
    created_at: str = _text()
    expires_at: str = _text()
    device: str | None = _text(nullable=True)
    public_key: str | None = _text(nullable=True)
    replaces: str | None = _text(nullable=True)


class EntryRow(OfficeTable, table=True):
    """One journal entry as it came. `has_child`: any follows it; `is_leaf`: none of its epoch."""

    __tablename__ = "entry"
    __table_args__: ClassVar[Any] = (
        Index("entry_leaf", "device", "epoch", "is_leaf"),
        Index("entry_chain", "device", "epoch", "seq"),
        Index("entry_subject", "subject"),
        Index("entry_outcome", "device", "outcome"),
        Index("entry_ingest", "ingest_n"),
        Index("entry_printed", "subject", sqlite_where=IS_PRINTED, postgresql_where=IS_PRINTED),
    )
    hash: str = _key()
    device: str = _text()
    epoch: str = _text()
    seq: int = _number()
    prev: str | None = _text(nullable=True)
    kind: str = _text()
    subject: str | None = _text(nullable=True)
    header: bytes = _raw()
    salt: bytes | None = _raw(nullable=True)
    body: bytes | None = _raw(nullable=True)
    outcome: str = _text()
    code: str | None = _text(nullable=True)
    received_at: str = _text()
    is_leaf: int = _number(1)
    has_child: int = _number(0)
    ingest_n: int = _number()


class TipRow(OfficeTable, table=True):
    """The signature that a batch came with, by the entry it signs."""

    __tablename__ = "tip"
    hash: str = _key()
    sig: str = _text()


class HeldRow(OfficeTable, table=True):
    """An entry whose ancestor is not here yet."""

    __tablename__ = "held"
    __table_args__: ClassVar[Any] = (Index("held_device", "device"),)
    hash: str = _key()
    device: str = _text()
    line: bytes = _raw()
    received_at: str = _text()


class SubjectRow(OfficeTable, table=True):
    """Where a person's record stands. `content` names the entry or revision that holds the body;
    the columns after it are read out of that body for lists and comparisons.
    """

    __tablename__ = "subject"
    __table_args__: ClassVar[Any] = (
        Index("subject_nik", "nik"),
        Index("subject_number", "number"),
        Index("subject_state", "state"),
        Index("subject_village", "village_code", "state", "id"),
        Index("subject_birth", "birth_date", "state", "village_code", "cover_from", "cover_to"),
        Index("subject_registered", "registered_at", "id", "state", "village_code", "device"),
        Index("subject_of_device", "device", "village_code", "state"),
        Index("subject_name", "name", "id", "state", "village_code"),
        Index("subject_visit", "visit_id", "village_code", "state"),
        Index("subject_kpj", "kpj", sqlite_where=HAS_KPJ, postgresql_where=HAS_KPJ),
        Index("subject_news", "id", sqlite_where=IS_NEWS, postgresql_where=IS_NEWS),
        Index(
            "subject_waiting",
            "visit_id",
            "state",
            "severity",
            "village_code",
            "id",
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
    )
    id: str = _key()
    revision: str = _text()
    content: str = _text()
    state: str = _text()
    number: str | None = _text(nullable=True)
    device: str = _text()
    nik: str = _text(default="")
    name: str = _text(default="")
    birth_date: str | None = _text(nullable=True)
    village_code: str = _text(default="")
    visit_id: str | None = _text(nullable=True)
    severity: str = _text(default="")
    registered_at: str = _text(default="")
    received_at: str = _text()
    kpj: str | None = _text(nullable=True)
    cover_from: str | None = _text(nullable=True)
    cover_to: str | None = _text(nullable=True)
    export_id: str | None = _text(nullable=True)
    matched: str | None = _text(nullable=True)


class VisitRow(OfficeTable, table=True):
    """What is known of visits, a row for each visit, group, close, attendance, answer to a slip
    (`ticket`) and rest (`kind`).

    The id follows from what the row is about, so the same thing told twice is one row; a close is
    named by its entry, so a second one stands beside the first. `content` is the body as JSON.
    """

    __tablename__ = "visit"
    __table_args__: ClassVar[Any] = (
        Index("visit_of", "visit"),
        Index("visit_subject", "subject"),
        Index("visit_said", "visit", sqlite_where=IS_SAID, postgresql_where=IS_SAID),
    )
    id: str = _key()
    kind: str = _text()
    visit: str = _text()
    subject: str | None = _text(nullable=True)
    device: str = _text()
    operator: str = _text()
    at: str = _text()
    content: str = _text()


class RevisionRow(OfficeTable, table=True):
    """A state of a subject that the office made: signed bytes, chained by `prev`, in order `n`."""

    __tablename__ = "revision"
    __table_args__: ClassVar[Any] = (
        Index("revision_subject", "subject"),
        Index("revision_chain", "n"),
    )
    hash: str = _key()
    n: int = _number()
    subject: str = _text()
    base: str | None = _text(nullable=True)
    parents: str = _text()
    author: str = _text()
    content: str = _text()
    bytes: str | None = _text(nullable=True)
    kept: str = _text()


class ServerHeadRow(OfficeTable, table=True):
    __tablename__ = "server_head"
    id: str = _key()
    n: int = _number()
    hash: str | None = _text(nullable=True)


class FeedRow(OfficeTable, table=True):
    __tablename__ = "feed"
    __table_args__: ClassVar[Any] = (Index("feed_subject", "subject", "device"),)
    device: str = _key()
    n: int = _number_key()
    hash: str = _text()
    digest: str = _text()
    salt: str | None = _text(nullable=True)
    kind: str = _text()
    subject: str | None = _text(nullable=True)
    revision: str | None = _text(nullable=True)
    bytes: str | None = _text(nullable=True)


class FeedHeadRow(OfficeTable, table=True):
    """The end of a device's feed; `sums` are the 256 sums of 16 bytes of its digest."""

    __tablename__ = "feed_head"
    device: str = _key()
    n: int = _number()
    hash: str | None = _text(nullable=True)
    sums: bytes = _raw()


class CaseRow(OfficeTable, table=True):
    """Something a person must decide. The id follows from kind and members.

    `one` and `other` are the members again, so that a record's cases are found. An `answer` without
    `closed_at`: the case waits for what was asked for. `version` counts what was done to it.
    """

    __tablename__ = "case"
    __table_args__: ClassVar[Any] = (
        Index("case_open", "closed_at", "kind"),
        Index("case_one", "one"),
        Index("case_other", "other"),
    )
    id: str = _key()
    kind: str = _text()
    device: str | None = _text(nullable=True)
    subjects: str = _text()
    score: int = _number()
    reasons: str = _text()
    opened_at: str = _text()
    closed_at: str | None = _text(nullable=True)
    answer: str | None = _text(nullable=True)
    one: str | None = _text(nullable=True)
    other: str | None = _text(nullable=True)
    version: int = _number()
    answered_by: str | None = _text(nullable=True)
    answered_at: str | None = _text(nullable=True)
    note: str | None = _text(nullable=True)


class PhotoRow(OfficeTable, table=True):
    """A photo that an entry names: `held` bytes of `size` are here (size 0: not known yet)."""

    __tablename__ = "photo"
    __table_args__: ClassVar[Any] = (Index("photo_missing", "device", "is_complete"),)
    hash: str = _key()
    device: str = _text()
    size: int = _number()
    held: int = _number()
    refs: int = _number(1)
    is_complete: int = _number()
    erased_at: str | None = _text(nullable=True)


class ErasureRow(OfficeTable, table=True):
    __tablename__ = "erasure"
    subject: str = _key()
    at: str = _text()
    ground: str = _text()


class BackupRow(OfficeTable, table=True):
    __tablename__ = "backup"
    id: str = _key()
    verified_at: str | None = _text(nullable=True)
    heads: str = _text()


class DocumentRow(OfficeTable, table=True):
    """A signed document that laptops fetch by name."""

    __tablename__ = "document"
    name: str = _key()
    version: int = _number()
    bytes: str = _text()


class ExportRow(OfficeTable, table=True):
    """One list that went to the insurer: nothing in it goes out a second time."""

    __tablename__ = "insurer_export"
    id: str = _key()
    at: str = _text()
    officer: str = _text()
    rows: int = _number()
    sha256: str = _text()


class IdentityLockRow(OfficeTable, table=True):
    """Rows that are locked, in order, before equals are looked for (PostgreSQL)."""

    __tablename__ = "identity_lock"
    key: str = _key()


# Queries are written on the tables: their columns carry no claim about a row's Python types.
OFFICE_ROWS: Final = table_of(OfficeRow)
SETTING_ROWS: Final = table_of(SettingRow)
DEVICE_ROWS: Final = table_of(DeviceRow)
DEVICE_KEY_ROWS: Final = table_of(DeviceKeyRow)
REMOVED_OPERATOR_ROWS: Final = table_of(RemovedOperatorRow)
EXCUSED_ROWS: Final = table_of(ExcusedDeviceRow)
ENROLMENT_ROWS: Final = table_of(EnrolmentRow)
ENTRY_ROWS: Final = table_of(EntryRow)
TIP_ROWS: Final = table_of(TipRow)
HELD_ROWS: Final = table_of(HeldRow)
SUBJECT_ROWS: Final = table_of(SubjectRow)
VISIT_ROWS: Final = table_of(VisitRow)
REVISION_ROWS: Final = table_of(RevisionRow)
SERVER_HEAD_ROWS: Final = table_of(ServerHeadRow)
FEED_ROWS: Final = table_of(FeedRow)
FEED_HEAD_ROWS: Final = table_of(FeedHeadRow)
CASE_ROWS: Final = table_of(CaseRow)
PHOTO_ROWS: Final = table_of(PhotoRow)
ERASURE_ROWS: Final = table_of(ErasureRow)
BACKUP_ROWS: Final = table_of(BackupRow)
DOCUMENT_ROWS: Final = table_of(DocumentRow)
EXPORT_ROWS: Final = table_of(ExportRow)
IDENTITY_LOCK_ROWS: Final = table_of(IdentityLockRow)
