"""A small office over real HTTP: tree ingest, feed, photos and proofs, held in memory.

It speaks the same wire as the district server and can be told to misbehave; what the engine does
with the district server itself is tested beside it.
"""

import contextlib
import copy
import gzip
import hashlib
import json
import secrets
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.journal import from_line
from sync.protocol import signing
from sync.protocol.digest import bucket_of, bucket_sums, digest_of, sums_as_text
from sync.protocol.level import level_hash
from sync.protocol.messages import FeedPosition
from sync.protocol.short_lines import expanded

NOW = "2026-11-22T04:05:06.789Z"


@dataclass
class Device:
    public_key: str
    counter: int = 0
    feed: list[dict] = field(default_factory=list)


@dataclass
class State:
    """What a backup of the office holds."""

    server_epoch: str = field(default_factory=lambda: secrets.token_hex(8))
    devices: dict[str, Device] = field(default_factory=dict)
    entries: dict[str, dict] = field(default_factory=dict)
    effects: list[str] = field(default_factory=list)
    subjects: dict[str, str] = field(default_factory=dict)
    decisions: set[str] = field(default_factory=set)
    photos: dict[str, bytes] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    documents: dict[str, bytes] = field(default_factory=dict)


class MemoryOffice:
    def __init__(self) -> None:
        self.office = str(uuid4())
        self.root = signing.new_private_key()
        self.root_key = signing.public_hex(self.root)
        self.renew_issuing_key()
        self.state = State()
        self.lock = threading.Lock()
        self.protocol = 1
        self.too_old: str | None = None
        self.locked = False  # whether it has stopped the laptop
        self.time = NOW
        self.bodies_missing: list[str] = []
        self.batches: list[int] = []
        self.asked: list[str] = []
        self.greeted: list[str | None] = []  # the server epoch that each hello named
        self.misbehave: Callable[[str], tuple[int, dict, bytes] | None] = lambda _: None

    def renew_issuing_key(self) -> None:
        self.issuing = signing.new_private_key()
        public = signing.public_hex(self.issuing)
        self.certificate = signing.certify(
            self.root,
            signing.IssuingKey(
                signing.key_id(public), public, self.office, "2026-01-01", "2028-01-01"
            ),
        )

    def add(self, device: UUID, public_key: str) -> None:
        self.state.devices[str(device)] = Device(public_key)

    def backup(self) -> State:
        return copy.deepcopy(self.state)

    def restore(self, backup: State, *, announced: bool) -> None:
        self.state = copy.deepcopy(backup)
        if announced:
            self.state.server_epoch = secrets.token_hex(8)

    # -- the office at work -----------------------------------------------------------------

    def notice(self, device: str, kind: str, subject: str | None, revision, **more) -> None:
        feed = self.state.devices[device].feed
        fields = {"kind": kind, "subject": subject, "revision": revision, "at": NOW, **more}
        if kind == "accepted":
            text = canonical_bytes({"fields": fields}).decode()
        else:
            text = signing.signed_document(self.issuing, signing.REVISION, fields).decode()
        self._append(feed, kind, subject, revision, text)

    def _append(self, feed, kind, subject, revision, text) -> None:
        salt = secrets.token_bytes(16)
        digest = hashlib.sha256(salt + text.encode()).hexdigest()
        before = bytes.fromhex(feed[-1]["hash"]) if feed else b""
        running = hashlib.sha256(before + bytes.fromhex(digest)).hexdigest()
        feed.append(
            {
                "n": len(feed) + 1, "hash": running, "digest": digest, "salt": salt.hex(),
                "kind": kind, "subject": subject, "revision": revision, "bytes": text,
            }
        )  # fmt: skip

    def decide(self, device: str, subject: str) -> str:
        """Verify a registration; the notice carries the new revision."""
        revision = secrets.token_hex(32)
        self.state.decisions.add(revision)
        self.state.subjects[subject] = revision
        self.notice(device, "decision", subject, revision, decision="verified")
        return revision

    def announce(self, device: str, name: str, raw: bytes) -> None:
        self.state.documents[name] = raw
        self.notice(device, "document", None, None, name=name, version=1)

    # -- the wire ---------------------------------------------------------------------------

    def hello(self, ask, device) -> dict:
        self.greeted.append(ask["server_epoch"])
        feed, place = device.feed, ask["feed"]
        n = place["n"]
        feed_ok = (n == 0) or (n <= len(feed) and feed[n - 1]["hash"] == place["hash"])
        own = {h: e for h, e in self.state.entries.items() if e["device"] == ask["device"]}
        line = {h for h, e in own.items() if e["epoch"] == ask["epoch"]}
        parents = {own[h]["prev"] for h in line}
        named = {p for e in own.values() for p in e["photos"]}
        sums = self._sums(feed)
        return {
            "protocol": self.protocol,
            "server_epoch": self.state.server_epoch,
            "known": next((h for h in ask["locator"] if h in self.state.entries), None),
            "tips": sorted(line - parents),
            "feed_ok": feed_ok,
            "feed_head": len(feed),
            "digest_ok": n != len(feed) or digest_of(sums) == ask["digest"],
            "locked": self.locked,
            "time": self.time,
            "photos_missing": sorted(named - self._whole() - self.state.erased),
            "bodies_missing": self.bodies_missing,
            "too_old": self.too_old,
            "server_key": self.certificate,
        }

    def level(self, device_id: str, device) -> set[str]:
        """Return the places that need no hello."""
        feed = device.feed
        place = FeedPosition(n=len(feed), hash=feed[-1]["hash"] if feed else None)
        named = {p for e in self.state.entries.values() for p in e["photos"]}
        if self.bodies_missing or named - self._whole() - self.state.erased:
            return set()
        parents = {e["prev"] for e in self.state.entries.values()}
        return {
            level_hash(
                epoch=entry["epoch"], head=name, feed=place, digest=digest_of(self._sums(feed)),
                server_epoch=self.state.server_epoch,
            )
            for name, entry in self.state.entries.items()
            if entry["device"] == device_id and name not in parents
        }  # fmt: skip

    def _sums(self, feed) -> list[int]:
        latest = {UUID(i["subject"]): i["revision"] for i in feed if i["subject"] and i["revision"]}
        return bucket_sums(latest.items())

    def _whole(self) -> set[str]:
        return {
            name for name, raw in self.state.photos.items()
            if hashlib.sha256(raw).hexdigest() == name
        }  # fmt: skip

    def batches_in(self, body: bytes, device_id: str, device: Device) -> dict:
        head, _, sent = body.partition(b"\n")
        header = json.loads(head)
        lines = (expanded(sent) if header["form"] == "short" else sent).split(b"\n")
        entries = [from_line(line) for line in lines[:-1]]
        message = signing.tip_message(self.office, device_id, entries[-1].hash)
        assert signing.is_signed(device.public_key, signing.TIP, message, header["sig"])
        assert header["count"] == len(entries)
        assert header["batch_id"] == hashlib.sha256(b"\n".join(lines)).hexdigest()
        self.batches.append(len(entries))
        accepted, others = [], []
        for entry in entries:
            fields = entry.fields
            if self._is_new(entry.hash):
                if fields["prev"] and fields["prev"] not in self.state.entries:
                    others.append({"hash": entry.hash, "outcome": "held", "code": None})
                    continue
                self._take(entry.hash, fields, device_id)
            if fields["epoch"] == entries[0].fields["epoch"]:
                accepted.append([fields["seq"], fields["seq"]])
            else:
                others.append({"hash": entry.hash, "outcome": "accepted", "code": None})
        receipt = {
            "batch_id": header["batch_id"], "server_epoch": self.state.server_epoch,
            "epoch": entries[0].fields["epoch"], "accepted": accepted, "others": others,
            "server_head": None, "time": NOW, "kid": self.certificate["kid"],
        }  # fmt: skip
        signature = signing.sign(self.issuing, signing.RECEIPT, canonical_bytes(receipt))
        return {**receipt, "sig": signature}

    def _is_new(self, entry: str) -> bool:
        return entry not in self.state.entries

    def _take(self, entry: str, fields: dict, device: str) -> None:
        self.state.entries[entry] = fields
        self.state.effects.append(entry)
        revision = None
        if fields["subject"]:
            revision = self.state.subjects.setdefault(fields["subject"], entry)
        self.notice(device, "accepted", fields["subject"], revision, entry=entry)

    def reoffer(self, ask, device: Device) -> dict:
        outcomes = []
        for item in ask["notices"]:
            is_lost = item["kind"] == "decision" and item["revision"] not in self.state.decisions
            outcomes.append("adopted" if is_lost else "known")
            if is_lost:
                self.state.decisions.add(item["revision"])
                self.state.subjects[item["subject"]] = item["revision"]
                self._append(
                    device.feed, "decision", item["subject"], item["revision"], item["bytes"]
                )
        return {"outcomes": outcomes}

    def digest(self, ask, device: Device) -> dict:
        own = sums_as_text(self._sums(device.feed))
        differing = [i for i, (a, b) in enumerate(zip(own, ask["buckets"], strict=True)) if a != b]
        subjects = {s: r for s, r in self.state.subjects.items() if bucket_of(UUID(s)) in differing}
        return {"differing": differing, "subjects": subjects}

    def feed(self, after: int, limit: int, device: Device) -> dict:
        return {
            "server_epoch": self.state.server_epoch,
            "items": device.feed[after : after + limit],
            "head": len(device.feed),
        }

    def photo(self, method: str, name: str, headers, chunk: bytes) -> tuple[int, dict]:
        if name in self.state.erased:
            return 410, {}
        if not any(name in e["photos"] for e in self.state.entries.values()):
            return 404, {}
        held = self.state.photos.setdefault(name, b"")
        if method == "HEAD":
            return 200, {"Upload-Offset": len(held)}
        size = int(headers["Upload-Length"])
        if int(headers["Upload-Offset"]) != len(held):
            return 409, {"Upload-Offset": len(held)}
        held += chunk
        if len(held) == size and hashlib.sha256(held).hexdigest() != name:
            held = b""
        self.state.photos[name] = held
        return 204, {"Upload-Offset": len(held)}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    office: MemoryOffice

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.office.lock:
            self._answer(*self._work(body))

    do_GET = do_HEAD = do_PATCH = do_POST  # noqa: N815 - http.server's names

    def _work(self, sent: bytes) -> tuple[int, dict, bytes]:
        office, path = self.office, urlsplit(self.path).path
        office.asked.append(f"{self.command} {path}")
        trouble = office.misbehave(f"{self.command} {path}")
        if trouble is not None:
            return trouble
        name = self.headers[signing.DEVICE_HEADER]
        device = office.state.devices.get(name)
        if device is None:
            return self._problem(401, "unknown_device")
        counter = int(self.headers[signing.COUNTER_HEADER])
        message = signing.request_message(
            self.command, self.path, sent, counter, self.headers[signing.NONCE_HEADER]
        )
        good = signing.is_signed(
            device.public_key, signing.REQUEST, message, self.headers[signing.SIGNATURE_HEADER]
        )
        if not good:
            return self._problem(401, "bad_signature")
        if counter <= device.counter:
            return self._problem(409, "counter_behind", counter=device.counter)
        device.counter = counter
        if path == "/v1/level":
            return self._level(name, device)
        packed = self.headers.get("Content-Encoding") == "gzip"
        return self._routed(path, gzip.decompress(sent) if packed else sent, name, device)

    def _routed(self, path: str, body: bytes, name: str, device: Device):
        office, parts = self.office, path.split("/")[2:]
        match parts:
            case ["hello" | "reoffer" | "digest" as step]:
                return self._json(getattr(office, step)(json.loads(body), device))
            case ["batches"]:
                return self._json(office.batches_in(body, name, device))
            case ["feed"]:
                query = parse_qs(urlsplit(self.path).query)
                bounds = int(query["after"][0]), int(query["limit"][0])
                return self._json(office.feed(*bounds, device))
            case ["documents", document] if document in office.state.documents:
                return 200, {}, office.state.documents[document]
            case ["photos", photo]:
                return *office.photo(self.command, photo, self.headers, body), b""
        return self._problem(404, "unknown_path")

    def _level(self, name: str, device: Device):
        (at,) = parse_qs(urlsplit(self.path).query)["at"]
        if at in self.office.level(name, device):
            return self._json({"time": self.office.time})
        return self._problem(412, "not_level")

    def _json(self, message: dict) -> tuple[int, dict, bytes]:
        return 200, {"Content-Type": "application/json"}, json.dumps(message).encode()

    def _problem(self, status: int, code: str, **more) -> tuple[int, dict, bytes]:
        return status, {}, json.dumps({"code": code, **more}).encode()

    def _answer(self, status: int, headers: dict, body: bytes) -> None:
        nonce = self.headers.get(signing.NONCE_HEADER, "")
        message = signing.answer_message(nonce, status, body)
        self.send_response_only(status)
        self.send_header(signing.KEY_HEADER, self.office.certificate["kid"])
        signature = signing.sign(self.office.issuing, signing.ANSWER, message)
        self.send_header(signing.SIGNATURE_HEADER, signature)
        for key, value in headers.items():
            self.send_header(key, str(value))
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(b"" if self.command == "HEAD" else body)
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError, ValueError):
            super().handle()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        pass  # cut requests are what these tests are about


@contextlib.contextmanager
def serving(
    office: MemoryOffice, port: int = 0, *, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Yield the address at which the office answers."""
    handler = type("Handler", (_Handler,), {"office": office})
    server = _Server(("127.0.0.1", port), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
