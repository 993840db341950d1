"""The messages on the wire, as strict models; their meaning is in docs/protocol.md.

Lines of a batch are not models: both sides work on their bytes (`enumerator_app.domain.journal`).
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

PROTOCOL: Final = 1
MAX_BATCH_BYTES: Final = 4 * 1024 * 1024
MAX_BATCH_ENTRIES: Final = 1000
MAX_SERVER_ENTRY_BYTES: Final = 256 * 1024
FEED_PAGE: Final = 500
CONTENTS_AT_ONCE: Final = 200
MOST_LACKING: Final = 20_000  # that one bundle asks for
THINGS_AT_ONCE: Final = 2000

Hex64 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Hex16 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Outcome = Literal[
    "accepted", "merged", "case", "quarantined", "superseded", "damaged", "stub", "erased",
    "held", "refused",
]  # fmt: skip
RECEIVED: Final[frozenset[str]] = frozenset(
    {"accepted", "merged", "case", "quarantined", "superseded", "damaged", "stub", "erased"}
)
NoticeKind = Literal[
    "accepted", "revision", "decision", "case", "number", "seats", "document", "erase",
    "operator_removed", "revoked", "rekey_wanted", "watermark",
]  # fmt: skip


class Message(BaseModel):
    """Strict: no coercion. Unknown keys of a newer peer are kept out of the way, not refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class FeedPosition(Message):
    """Where a device stands in its feed: the number and running hash of its last notice."""

    n: int = 0
    hash: Hex64 | None = None


class EnrolRequest(Message):
    """Trades a one-time code for the place of a device; proves possession of its key."""

    protocol: int
    app: str
    code: str
    device: str
    public_key: Hex64
    operator: str
    operator_id: str
    nonce: str
    proof: str  # sign(device key, ENROLMENT, f"{code}\n{device}\n{nonce}")
    office: str | None = None  # of a laptop that belongs to one already: the office it belongs to,
    device_code: str | None = None  # and the code that it numbers by, which it keeps


class EnrolAnswer(Message):
    office: str  # uuid of this office
    regency: str  # "3216"
    device_code: str  # "A07"
    label: str
    root_key: Hex64
    server_key: dict[str, Any]  # certificate of the issuing key
    recovery_recipient: str  # age recipient of the office's recovery key
    server_epoch: str
    time: str
    settings: dict[str, str]  # posko_phone, ask_by, regency_name, cover text settings
    trust_list: str  # signed list of keys (signed_document as text)


class Hello(Message):
    protocol: list[int]
    app: str
    office: str
    device: str
    epoch: Hex16
    head: Hex64 | None
    locator: list[Hex64]  # hashes at head, -1, -2, -4, ...
    feed: FeedPosition
    digest: str | None  # hex of the order-free digest over (subject, revision hash)
    server_epoch: str | None
    nonce: str


class HelloAnswer(Message):
    protocol: int
    server_epoch: str
    known: Hex64 | None
    tips: list[Hex64]
    feed_ok: bool
    feed_head: int
    digest_ok: bool
    locked: bool
    time: str
    photos_missing: list[Hex64]
    bodies_missing: list[Hex64]
    too_old: str | None
    server_key: dict[str, Any]
    keys: list[str] | None = None
    """The ids of this device's keys that the office has; None: it takes no others."""


class LevelAnswer(Message):
    """To a laptop that stands where the office does; any other gets 412 and says hello."""

    time: str


class BatchHeader(Message):
    """First line of a batch; the entry lines follow it, gzip over all.

    `form` "short": without the hashes that the receiver computes (short_lines.py). The batch id is
    always that of the full lines.
    """

    office: str
    device: str
    batch_id: Hex64  # SHA-256 of the entry lines, uncompressed
    count: int
    tip: Hex64
    sig: str  # sign(device key, TIP, tip_message(office, device, tip))
    server_epoch: str | None
    nonce: str
    form: Literal["full", "short"] = "full"


class OtherOutcome(Message):
    hash: Hex64
    outcome: Outcome
    code: str | None


class Receipt(Message):
    """`accepted` are inclusive ranges of seq in the batch's epoch; all else is in `others`."""

    batch_id: Hex64
    server_epoch: str
    epoch: Hex16 | None
    accepted: list[tuple[int, int]]
    others: list[OtherOutcome]
    server_head: Hex64 | None
    time: str
    kid: str
    sig: str


class FeedItem(Message):
    """`digest` = SHA-256(salt || bytes), `hash` = SHA-256(previous hash || digest), all as hex.

    `bytes` is the notice in canonical form as text; salt and bytes are None once erased.
    """

    n: int
    hash: Hex64
    digest: Hex64
    salt: str | None
    kind: str
    subject: str | None
    revision: Hex64 | None
    bytes: str | None


class FeedPage(Message):
    server_epoch: str
    items: list[FeedItem]
    head: int


class ReofferRequest(Message):
    notices: list[FeedItem]
    nonce: str
    certificates: list[dict[str, Any]] = []
    """Of every issuing key that the laptop has seen: a restored office may have lost some."""


class ReofferAnswer(Message):
    outcomes: list[Literal["known", "adopted", "erased", "bad_signature"]]


class DigestRequest(Message):
    """256 order-free sums over the subjects whose id begins with that byte; see digest.py."""

    buckets: list[str]
    nonce: str


class DigestAnswer(Message):
    """Buckets that differ, and the subjects and revisions that the office has in them."""

    differing: list[int]
    subjects: dict[str, str]


class PhotoState(Message):
    offset: int
    size: int
    complete: bool


class ContentsRequest(Message):
    """Asks for what records say that the feed names and this copy of the journal does not hold."""

    subjects: list[str]
    nonce: str


class RecordContent(Message):
    """`source` is the entry or the office's revision that the body stands in."""

    source: Hex64
    body: dict[str, Any]


class ContentsAnswer(Message):
    """By subject; those that are left out have no content here."""

    records: dict[str, RecordContent]


class CopyNamed(Message):
    """A copy that the office made of itself."""

    id: str
    made_at: str
    verified_at: str | None


class WatermarkRequest(Message):
    """Announces what a laptop would like to let go: entries, revisions and photos by their hash."""

    things: list[Hex64]
    nonce: str


class WatermarkAnswer(Message):
    """`held`: of those asked, what the office has now and every copy that it keeps holds too."""

    server_epoch: str
    time: str
    newest: CopyNamed | None
    oldest: CopyNamed | None
    held: list[Hex64]


class Problem(Message):
    """The body of every answer that is not 2xx."""

    code: str
    detail: str | None = None
    counter: int | None = None  # with code "counter_behind": the last counter seen
