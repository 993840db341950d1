"""A small laptop for tests, written from the protocol alone: a journal in memory, signed requests.

It checks every answer's signature, every receipt and every running hash by itself.
"""

import gzip
import hashlib
import http.client
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.journal import (
    Entry,
    Head,
    Statement,
    make_entry,
    new_epoch,
    to_line,
)
from enumerator_app.domain.numbers import registration_number
from sync.protocol.signing import (
    ANSWER,
    ENROLMENT,
    RECEIPT,
    REQUEST,
    TIP,
    answer_message,
    is_signed,
    issuing_key,
    new_private_key,
    public_hex,
    request_message,
    sign,
    tip_message,
)

NOON = "2026-11-22T05:00:00.000Z"


def person(**changed: Any) -> dict[str, Any]:
    """An invented, valid registration as a journal body without number."""
    body = {
        "nik": "3216061203850001", "document_seen": "KTP", "kk_number": "", "name": "SITI AMINAH",
        "birth_place": "BEKASI", "birth_date": "1985-03-12", "date_source": "ktp", "sex": "L",
        "mother_name": "RUKMINI", "address": "KP. RAWA 1", "rt": "001", "rw": "002",
        "village_code": "3216012001", "phone": "", "phone_owner": "none", "email": "",
        "occupation": "Buruh tani", "workplace": "Sawah", "works_now": "working",
        "works_since": 2010, "monthly_income": 1_000_000, "consent_method": "signature",
        "consent_witness": "", "witness_role": "", "consent_at": NOON,
        "consent_text_version": "2026-11", "photo": None, "no_photo_reason": "no_camera",
        "ticket": "", "visit_id": None, "group_id": None, "latitude_udeg": None,
        "longitude_udeg": None, "location_source": "", "registered_at": NOON, "ended_on": None,
        "ended_reason": "", "programmes": ["JKK", "JKM"], "heirs": [], "paradata": {},
    }  # fmt: skip
    return {**body, **changed}


def nik(n: int) -> str:
    """The n-th of many different NIKs that fit the invented person."""
    return f"321606120385{n:04d}"


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Laptop:
    place: tuple[str, int]
    device: UUID = field(default_factory=uuid4)
    key: Any = field(default_factory=new_private_key)
    operator: UUID = field(default_factory=uuid4)
    head: Head = field(default_factory=lambda: Head(new_epoch(), 0, None))
    journal: list[Entry] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    feed_n: int = 0
    feed_hash: str | None = None
    counter: int = 0
    serial: int = 0
    office: str = ""
    code: str = ""
    issuing: str = ""
    epoch: str | None = None
    now: str = NOON
    acknowledged: dict[str, str] = field(default_factory=dict)

    def copy(self) -> "Laptop":
        """A clone, as when a disk image is put into a second machine."""
        return replace(
            self, journal=list(self.journal), notices=list(self.notices),
            acknowledged=dict(self.acknowledged),
        )  # fmt: skip

    # ------------------------------------------------------------------ journal

    def write(self, kind: str, body: dict[str, Any] | None = None, **said: Any) -> Entry:
        statement = Statement(
            kind=kind, subject=said.get("subject"), base=said.get("base"), body=body,
            operator=self.operator, claimed_time=said.get("claimed_time", self.now),
            photos=tuple(said.get("photos", ())), schema=said.get("schema", 1),
        )  # fmt: skip
        entry = make_entry(statement, device=self.device, head=self.head)
        self.head = Head(self.head.epoch, self.head.seq + 1, entry.hash)
        self.journal.append(entry)
        return entry

    def start_epoch(self, reason: str = "enrolled") -> Entry:
        self.head = Head(new_epoch(), 0, self.head.hash)
        return self.write("epoch_start", {"reason": reason, "lost": []})

    def register(self, subject: UUID | None = None, **changed: Any) -> Entry:
        subject = subject or uuid4()
        self.serial += 1
        said = {name: changed.pop(name) for name in ("photos", "claimed_time") if name in changed}
        number = changed.pop("number", None) or registration_number(
            regency="3216", device_code=self.code or "A01", serial=self.serial, subject=subject
        )
        return self.write(
            "register", {**person(**changed), "number": number}, subject=subject, **said
        )

    # ------------------------------------------------------------------ requests

    def enrol(self, code: str) -> Answered:
        nonce = secrets.token_hex(8)
        statement = f"{code}\n{self.device}\n{nonce}".encode()
        request = {
            "protocol": 1, "app": "test", "code": code, "device": str(self.device),
            "public_key": public_hex(self.key), "operator": "Nining",
            "operator_id": str(self.operator), "nonce": nonce,
            "proof": sign(self.key, ENROLMENT, statement),
        }  # fmt: skip
        answer = self._exchange("POST", "/v1/enrol", canonical_bytes(request), {"TP1-Nonce": nonce})
        if answer.status == 200:
            granted = answer.json
            self.office, self.code = granted["office"], granted["device_code"]
            certified = issuing_key(granted["server_key"], granted["root_key"])
            assert certified
            self.issuing = certified.public_key
            self._check(answer, nonce)
        return answer

    def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        *,
        counter: int | None = None,
        key: Any = None,
        nonce: str | None = None,
    ) -> Answered:
        if counter is None:
            self.counter += 1
            counter = self.counter
        nonce = nonce or secrets.token_hex(8)
        proof = self.proof(method, target, body, counter=counter, key=key, nonce=nonce)
        answer = self._exchange(method, target, body, {**proof, **(headers or {})})
        self._check(answer, nonce)
        return answer

    def proof(
        self, method: str, target: str, body: bytes, *, counter: int, key: Any, nonce: str
    ) -> dict[str, str]:
        """The headers that say who asks this, and prove it."""
        message = request_message(method, target, body, counter, nonce)
        return {
            "TP1-Device": str(self.device), "TP1-Counter": str(counter), "TP1-Nonce": nonce,
            "TP1-Signature": sign(key or self.key, REQUEST, message),
        }  # fmt: skip

    def hello(self, **changed: Any) -> dict[str, Any]:
        message = {
            "protocol": [1], "app": "test", "office": self.office, "device": str(self.device),
            "epoch": self.head.epoch, "head": self.head.hash,
            "locator": [entry.hash for entry in reversed(self.journal)][:20],
            "feed": {"n": self.feed_n, "hash": self.feed_hash}, "digest": self.digest(),
            "server_epoch": self.epoch, "nonce": secrets.token_hex(8), **changed,
        }  # fmt: skip
        answer = self.ask("POST", "/v1/hello", json.dumps(message).encode())
        assert answer.status == 200, answer.body
        self.epoch = answer.json["server_epoch"]
        found: dict[str, Any] = answer.json
        return found

    def push(self, entries: Sequence[Entry]) -> dict[str, Any]:
        return self.push_lines([to_line(entry) for entry in entries], entries[-1].hash)

    def push_lines(self, lines: Sequence[bytes], tip: str) -> dict[str, Any]:
        answer = self.send(lines, tip)
        assert answer.status == 200, answer.body
        receipt: dict[str, Any] = answer.json
        unsigned = {name: value for name, value in receipt.items() if name != "sig"}
        assert is_signed(self.issuing, RECEIPT, canonical_bytes(unsigned), receipt["sig"])
        return receipt

    def send(self, lines: Sequence[bytes], tip: str, **changed: Any) -> Answered:
        body = self.batch(lines, tip, **changed)
        return self.ask("POST", "/v1/batches", body, {"Content-Encoding": "gzip"})

    def batch(self, lines: Sequence[bytes], tip: str, **changed: Any) -> bytes:
        raw = b"".join(lines)
        key = changed.pop("tip_key", self.key)
        header = {
            "office": self.office, "device": str(self.device),
            "batch_id": hashlib.sha256(raw).hexdigest(), "count": len(lines), "tip": tip,
            "sig": sign(key, TIP, tip_message(self.office, self.device, tip)),
            "server_epoch": self.epoch, "nonce": secrets.token_hex(8), **changed,
        }  # fmt: skip
        return gzip.compress(canonical_bytes(header) + b"\n" + raw)

    def pull(self) -> list[dict[str, Any]]:
        """Read the feed to its head, checking each link; return what was new."""
        new: list[dict[str, Any]] = []
        while True:
            target = f"/v1/feed?after={self.feed_n}&limit=500"
            answer = self.ask("GET", target, headers={"Accept-Encoding": "gzip"})
            assert answer.status == 200
            for item in answer.json["items"]:
                self._follow(item)
                new.append(item)
            if self.feed_n >= answer.json["head"]:
                return new

    def reoffer(self) -> list[str]:
        """Offer every notice again; return what became of each."""
        body = json.dumps({"notices": self.notices, "nonce": "00"}).encode()
        answer = self.ask("POST", "/v1/reoffer", body)
        assert answer.status == 200
        found: list[str] = answer.json["outcomes"]
        return found

    def _follow(self, item: dict[str, Any]) -> None:
        assert item["n"] == self.feed_n + 1
        link = bytes.fromhex(self.feed_hash or "") + bytes.fromhex(item["digest"])
        assert hashlib.sha256(link).hexdigest() == item["hash"]
        if item["bytes"] is not None:
            content = bytes.fromhex(item["salt"]) + item["bytes"].encode()
            assert hashlib.sha256(content).hexdigest() == item["digest"]
        if item["revision"] and item["subject"]:
            self.acknowledged[item["subject"]] = item["revision"]
        self.feed_n, self.feed_hash = item["n"], item["hash"]
        self.notices.append(item)

    def digest(self) -> str:
        """The digest, written from the protocol's text and not from the program's module."""
        sums = [0] * 256
        for name, revision in self.acknowledged.items():
            subject = UUID(name).bytes
            part = hashlib.sha256(subject + bytes.fromhex(revision)).digest()[:16]
            sums[subject[-1]] = (sums[subject[-1]] + int.from_bytes(part)) % 2**128
        return hashlib.sha256("".join(f"{one:032x}" for one in sums).encode()).hexdigest()

    def _check(self, answer: Answered, nonce: str) -> None:
        message = answer_message(nonce, answer.status, answer.body)
        if self.issuing:
            assert is_signed(self.issuing, ANSWER, message, answer.headers["tp1-signature"])

    def _exchange(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> Answered:
        line = http.client.HTTPConnection(*self.place, timeout=60)
        try:
            line.request(method, target, body, headers)
            response = line.getresponse()
            raw = response.read()
            found = {name.lower(): value for name, value in response.getheaders()}
        finally:
            line.close()
        if found.get("content-encoding") == "gzip":
            raw = gzip.decompress(raw)
        return Answered(response.status, found, raw)


def fields_of(item: dict[str, Any]) -> dict[str, Any]:
    """What a notice says."""
    fields: dict[str, Any] = from_canonical(item["bytes"].encode())["fields"]
    return fields


def outcomes(receipt: dict[str, Any]) -> dict[str, str]:
    return {other["hash"]: other["outcome"] for other in receipt["others"]}
