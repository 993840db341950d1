"""An office's feed for one laptop, made by the rules of the protocol and by nothing of ours."""

import hashlib
import json
import secrets
from uuid import UUID

from sync.protocol.messages import FeedItem, FeedPage, OtherOutcome, Receipt
from tests.storage.laptops import SERVER_EPOCH

AT = "2026-11-23T02:00:00.000Z"


def revision(n: int) -> str:
    return hashlib.sha256(f"revision {n}".encode()).hexdigest()


class OfficeFeed:
    """Notices with a running hash; the same calls in the same order make another feed."""

    def __init__(self) -> None:
        self.items: list[FeedItem] = []

    def add(self, kind: str, subject: UUID | None = None, **fields) -> FeedItem:
        known = {"kind": kind, "subject": str(subject) if subject else None, "number": None}
        known |= {"revision": None, "state": None, "at": AT, "server_epoch": SERVER_EPOCH}
        known |= fields
        content = json.dumps(
            {"fields": known}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        salt = secrets.token_bytes(16)
        digest = hashlib.sha256(salt + content.encode()).digest()
        before = bytes.fromhex(self.items[-1].hash) if self.items else b""
        item = FeedItem(
            n=len(self.items) + 1,
            hash=hashlib.sha256(before + digest).hexdigest(),
            digest=digest.hex(),
            salt=salt.hex(),
            kind=kind,
            subject=known["subject"],
            revision=known["revision"],
            bytes=content,
        )
        self.items.append(item)
        return item

    def accepted(self, saved, *, outcome="accepted", revision=None, state="registered", **fields):
        return self.add(
            "accepted", saved.subject, entry=saved.entry_hash, outcome=outcome,
            revision=revision or saved.entry_hash, state=state, number=saved.number, **fields,
        )  # fmt: skip

    def page(self, after: int = 0, limit: int = 500) -> FeedPage:
        return FeedPage(
            server_epoch=SERVER_EPOCH,
            items=self.items[after : after + limit],
            head=len(self.items),
        )


def receipt(epoch: str, accepted, others=(), *, server_epoch=SERVER_EPOCH) -> Receipt:
    return Receipt(
        batch_id="0" * 64,
        server_epoch=server_epoch,
        epoch=epoch,
        accepted=list(accepted),
        others=[OtherOutcome(hash=h, outcome=o, code=None) for h, o in others],
        server_head=None,
        time=AT,
        kid="0" * 16,
        sig="0" * 128,
    )
