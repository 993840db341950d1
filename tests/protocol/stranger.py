"""A laptop written from docs/protocol.md alone: it imports nothing of the program.

Section numbers in the comments are those of the page. Everything that a second maker would have to
write is here once, and once more in no other test.
"""

import gzip
import hashlib
import json
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NOON = "2026-11-22T05:00:00.000Z"


def canonical(value: Any) -> bytes:
    """Section 1: sorted ASCII keys, no blanks, UTF-8, integers only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def number(regency: str, device: str, serial: int, subject: uuid.UUID) -> str:
    """Section 3.5: three characters of the subject's hash, then ISO 7064 MOD 37,36."""
    bits = int.from_bytes(hashlib.sha256(subject.bytes).digest()[:2]) >> 1
    tag = "".join(CROCKFORD[(bits >> shift) & 31] for shift in (10, 5, 0))
    body = f"{regency}{device}{serial:05d}{tag}"
    product = 36
    for character in body:
        product = (product + ALPHANUMERIC.index(character)) % 36 or 36
        product = product * 2 % 37
    check = ALPHANUMERIC[(37 - product) % 36]
    return f"{regency}-{device}-{serial:05d}-{tag}{check}"


@dataclass
class Line:
    """Section 3.3."""

    header: dict[str, Any]
    salt: bytes
    body: dict[str, Any]

    @property
    def head(self) -> bytes:
        return canonical(self.header)

    @property
    def hash(self) -> str:
        return sha(b"TP1-entry\n", self.head)

    @property
    def written(self) -> bytes:
        return b"\t".join((self.head, self.salt.hex().encode(), canonical(self.body))) + b"\n"

    @property
    def stub(self) -> bytes:
        return self.head + b"\t-\t-\n"


@dataclass
class Stranger:
    """One device. `session` may be a `requests` session or anything of that shape."""

    url: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    device: str = field(default_factory=lambda: str(uuid.uuid4()))
    operator: str = field(default_factory=lambda: str(uuid.uuid4()))
    session: requests.Session = field(default_factory=requests.Session)
    counter: int = 0
    serial: int = 0
    seq: int = 0
    epoch: str = field(default_factory=lambda: secrets.token_hex(8))
    head: str | None = None
    journal: list[Line] = field(default_factory=list)
    office: str = ""
    regency: str = ""
    code: str = ""
    issuing: str = ""
    server_epoch: str | None = None
    feed_n: int = 0
    feed_hash: str | None = None
    revisions: dict[str, str] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)

    # Section 2

    def sign(self, prefix: str, message: bytes) -> str:
        return self.key.sign(prefix.encode() + message).hex()

    @property
    def public(self) -> str:
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    # Section 3

    def write(
        self,
        kind: str,
        body: dict[str, Any],
        *,
        subject: uuid.UUID | None = None,
        base: str | None = None,
        **changed: Any,
    ) -> Line:
        self.seq += 1
        salt = secrets.token_bytes(16)
        written = canonical(body)
        header = {
            "v": 1, "device": self.device, "epoch": self.epoch, "seq": self.seq,
            "prev": self.head, "kind": kind, "subject": str(subject) if subject else None,
            "base": base, "schema": 1, "body_hash": sha(b"TP1-body\n", salt, written),
            "body_size": len(written), "photos": [], "operator": self.operator,
            "claimed_time": NOON, "clock": "ok", "app": "stranger/1",
        }  # fmt: skip
        line = Line(header | changed, salt, body)
        self.head = line.hash
        self.journal.append(line)
        return line

    def start_epoch(self, reason: str = "enrol") -> Line:
        self.epoch, self.seq = secrets.token_hex(8), 0
        return self.write("epoch_start", {"lost": [], "reason": reason})

    def rekey(self) -> Ed25519PrivateKey:
        """Tell a key of its own for a new epoch; it is used once the office names it."""
        new = Ed25519PrivateKey.generate()
        public = new.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        message = f"{self.office}\n{self.device}\n{public}".encode()
        proof = new.sign(b"TP1-rekey\n" + message).hex()
        said = {"public_key": public, "sig": self.sign("TP1-rekey\n", message), "proof": proof}
        self.write("rekey", said)
        return new

    def register(self, subject: uuid.UUID, photos: tuple[str, ...] = (), **fields: Any) -> Line:
        self.serial += 1
        own = number(self.regency, self.code, self.serial, subject)
        body = {
            "schema": 1, "number": own, "nik": f"32160612038{self.serial:05d}",
            "document_seen": "KTP", "name": "SITI AMINAH", "birth_date": "1985-03-12",
            "date_source": "ktp", "sex": "L", "village_code": "3216012001",
            "works_now": "working", "programmes": ["JKK", "JKM"], "heirs": [],
            "consent_method": "signature", "consent_at": NOON, "consent_text_version": "2026-11",
            "no_photo_reason": "no_camera", "registered_at": NOON,
        } | fields  # fmt: skip
        return self.write("register", body, subject=subject, photos=list(photos))

    # Section 4

    def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        **changed: Any,
    ) -> requests.Response:
        counter = changed.get("counter")
        if counter is None:
            self.counter += 1
            counter = self.counter
        nonce = secrets.token_hex(8)
        message = f"{method}\n{target}\n{sha(body)}\n{counter}\n{nonce}".encode()
        proof = {
            "TP1-Device": changed.get("device", self.device),
            "TP1-Counter": str(counter),
            "TP1-Nonce": nonce,
            "TP1-Signature": changed.get("signature") or self.sign("TP1-request\n", message),
        }
        answer = self.session.request(
            method, self.url + target, data=body, headers={**proof, **(headers or {})}, timeout=60
        )
        self.prove(answer, nonce)
        return answer

    def prove(self, answer: requests.Response, nonce: str) -> None:
        """Believe nothing that the issuing key did not sign over this nonce, status and body."""
        body = b"" if answer.request.method == "HEAD" else answer.content
        message = f"{nonce}\n{answer.status_code}\n{sha(body)}".encode()
        check(self.issuing, "TP1-answer\n", message, answer.headers["TP1-Signature"])

    # Section 5

    def enrol(self, code: str) -> None:
        nonce = secrets.token_hex(8)
        request = {
            "protocol": 1, "app": "stranger/1", "code": code, "device": self.device,
            "public_key": self.public, "operator": "Rina", "operator_id": self.operator,
            "nonce": nonce,
            "proof": self.sign("TP1-enrol\n", f"{code}\n{self.device}\n{nonce}".encode()),
        }  # fmt: skip
        answer = self.session.post(
            f"{self.url}/v1/enrol",
            data=canonical(request),
            headers={"TP1-Nonce": nonce},
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
        granted = answer.json()
        self.office, self.regency = granted["office"], granted["regency"]
        self.code, self.server_epoch = granted["device_code"], granted["server_epoch"]
        self.issuing = certified(granted["server_key"], granted["root_key"])
        self.prove(answer, nonce)

    def hello(self) -> dict[str, Any]:
        message = {
            "protocol": [1], "app": "stranger/1", "office": self.office, "device": self.device,
            "epoch": self.epoch, "head": self.head, "locator": self.locator(),
            "feed": {"n": self.feed_n, "hash": self.feed_hash}, "digest": self.digest(),
            "server_epoch": self.server_epoch, "nonce": secrets.token_hex(8),
        }  # fmt: skip
        answer = self.ask("POST", "/v1/hello", canonical(message))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def locator(self) -> list[str]:
        places, step = [len(self.journal) - 1], 1
        while places[-1] > 0:
            places.append(max(0, places[0] - step))
            step *= 2
        return [self.journal[place].hash for place in places if place >= 0]

    def batch(self, raw: bytes, count: int, last: str, changed: dict[str, Any]) -> bytes:
        """The body of `POST /v1/batches`, packed; `changed` are lies in its header."""
        tip = changed.get("tip", last)
        message = f"{self.office}\n{self.device}\n{tip}".encode()
        header = {
            "office": self.office, "device": self.device, "batch_id": sha(raw), "count": count,
            "tip": tip, "sig": self.sign("TP1-tip\n", message),
            "server_epoch": self.server_epoch, "nonce": secrets.token_hex(8),
        }  # fmt: skip
        return gzip.compress(canonical(header | changed) + b"\n" + raw)

    def push(self, lines: list[Line], raw: bytes | None = None, **changed: Any) -> Any:
        """Send lines and return the receipt, or the code of the problem."""
        written = b"".join(line.written for line in lines) if raw is None else raw
        body = self.batch(written, len(lines), lines[-1].hash, changed)
        return self.sent(body)

    def sent(self, body: bytes, encoding: str = "gzip") -> Any:
        answer = self.ask("POST", "/v1/batches", body, {"Content-Encoding": encoding})
        if answer.status_code != 200:
            return f"{answer.status_code} {answer.json()['code']}"
        receipt = answer.json()
        unsigned = {name: value for name, value in receipt.items() if name != "sig"}
        check(self.issuing, "TP1-receipt\n", canonical(unsigned), receipt["sig"])
        return receipt

    def outcome(self, line: Line, receipt: dict[str, Any]) -> str:
        """What a receipt says of one line: `outcome` or `outcome code`."""
        for other in receipt["others"]:
            if other["hash"] == line.hash:
                return " ".join(filter(None, (other["outcome"], other["code"])))
        seq = line.header["seq"]
        assert receipt["epoch"] == line.header["epoch"]
        assert any(first <= seq <= last for first, last in receipt["accepted"])
        return "accepted"

    def send_photo(self, raw: bytes, name: str | None = None) -> list[str]:
        """Send a photo in two pieces; return what each was answered."""
        name = name or sha(raw)
        said, offset = [], 0
        for end in (len(raw) // 2, len(raw)):
            places = {"Upload-Offset": str(offset), "Upload-Length": str(len(raw))}
            answer = self.ask("PATCH", f"/v1/photos/{name}", raw[offset:end], places)
            problem = answer.json()["code"] if answer.status_code >= 400 else ""
            said.append(f"{answer.status_code} {problem}".strip())
            offset = int(answer.headers.get("Upload-Offset", end))
        return said

    # Sections 1 and 6

    def pull(self) -> None:
        """Read the feed to its head, each link proven."""
        while True:
            answer = self.ask("GET", f"/v1/feed?after={self.feed_n}&limit=7")
            page = answer.json()
            for item in page["items"]:
                self._follow(item)
            if self.feed_n >= page["head"]:
                return

    def _follow(self, item: dict[str, Any]) -> None:
        assert item["n"] == self.feed_n + 1
        digest = bytes.fromhex(item["digest"])
        assert sha(bytes.fromhex(self.feed_hash or ""), digest) == item["hash"]
        if item["bytes"] is not None:
            assert sha(bytes.fromhex(item["salt"]), item["bytes"].encode()) == item["digest"]
            notice = json.loads(item["bytes"])
            if item["kind"] != "accepted":
                message = canonical(notice["fields"])
                check(self.issuing, "TP1-revision\n", message, notice["sig"])
            self.said.append(notice["fields"])
        if item["subject"] and item["revision"]:
            self.revisions[item["subject"]] = item["revision"]
        self.feed_n, self.feed_hash = item["n"], item["hash"]

    def digest(self) -> str:
        sums = [0] * 256
        for subject, revision in self.revisions.items():
            raw = uuid.UUID(subject).bytes
            term = hashlib.sha256(raw + bytes.fromhex(revision)).digest()[:16]
            sums[raw[-1]] = (sums[raw[-1]] + int.from_bytes(term)) % 2**128
        return sha("".join(f"{one:032x}" for one in sums).encode())

    def sync(self) -> dict[str, Any]:
        """Section 7, as far as this laptop has anything to do."""
        known = self.hello()["known"]
        place = next((i for i, line in enumerate(self.journal) if line.hash == known), -1)
        if self.journal[place + 1 :]:
            receipt = self.push(self.journal[place + 1 :])
            assert isinstance(receipt, dict), receipt
        self.pull()
        return self.hello()


def check(public: str, prefix: str, message: bytes, signature: str) -> None:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    try:
        key.verify(bytes.fromhex(signature), prefix.encode() + message)
    except InvalidSignature as error:
        raise AssertionError(f"not signed by the office: {prefix!r}") from error


def certified(certificate: dict[str, Any], root: str) -> str:
    """Section 2: the issuing key's certificate leads back to the root."""
    fields = {name: value for name, value in certificate.items() if name != "sig"}
    check(root, "TP1-cert\n", canonical(fields), certificate["sig"])
    public = str(certificate["public_key"])
    assert certificate["kid"] == sha(bytes.fromhex(public))[:16]
    return public


def shortened(lines: list[Line]) -> bytes:
    """Section 5, the short form: two hashes that the receiver reckons itself are left out."""
    written = []
    for place, line in enumerate(lines):
        left_out = {"body_hash": "~", "prev": "~"} if place else {"body_hash": "~"}
        written.append(Line(line.header | left_out, line.salt, line.body).written)
    return b"".join(written)


def revision_name(fields: dict[str, Any]) -> str:
    """Section 6: what names a revision of the office."""
    named = {name: value for name, value in fields.items() if name != "revision"}
    return sha(b"TP1-revision\n", canonical(named))


def cbor(value: Any) -> bytes:
    """RFC 8949, deterministic, as far as section 11 needs it."""
    match value:
        case None:
            return b"\xf6"
        case int():
            return _cbor_head(0, value) if value >= 0 else _cbor_head(1, -1 - value)
        case bytes():
            return _cbor_head(2, len(value)) + value
        case str():
            return _cbor_head(3, len(value.encode())) + value.encode()
        case list():
            return _cbor_head(4, len(value)) + b"".join(map(cbor, value))
        case _:
            pairs = sorted((cbor(key), cbor(one)) for key, one in value.items())
            return _cbor_head(5, len(pairs)) + b"".join(key + one for key, one in pairs)


def _cbor_head(major: int, size: int) -> bytes:
    if size < 24:
        return bytes([major << 5 | size])
    more = next(n for n in (0, 1, 2, 3) if size < 1 << (8 << n))
    return bytes([major << 5 | 24 + more]) + size.to_bytes(1 << more)


def base45(raw: bytes) -> str:
    """RFC 9285."""
    signs, written = ALPHANUMERIC + " $%*+-./:", ""
    for at in range(0, len(raw), 2):
        piece = raw[at : at + 2]
        value = int.from_bytes(piece)
        for _ in range(len(piece) + 1):
            value, place = divmod(value, 45)
            written += signs[place]
    return written


def card_code(claims: list[Any], key: Ed25519PrivateKey) -> str:
    """Section 11: a COSE_Sign1 in its one shape."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    kid = bytes.fromhex(sha(public)[:16])
    protected = cbor({1: -8, 4: kid})
    payload = cbor(claims)
    signature = key.sign(cbor(["Signature1", protected, b"TP1-card\n", payload]))
    return "TP1:" + base45(b"\xd2" + cbor([protected, {}, payload, signature]))
