"""The wire without a socket: the real client's bytes into the real office's routes, and cuts."""

import random
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from requests.structures import CaseInsensitiveDict

from enumerator_app.domain.errors import ServerUnreachable
from enumerator_app.storage.store import Store
from sync.client.backoff import Timing
from sync.client.engine import sync
from sync.client.http import HttpTransport
from sync.client.progress import SyncResult
from sync.client.transport import Traffic
from sync.client.wire import Answer
from sync.server.office import Office
from sync.server.routes import Wire
from sync.server.signed import Incoming, packed, signed_headers

AT_ONCE = Timing(sleep=lambda _: None)


class Cut(ServerUnreachable):
    """The line is gone for this sync: before the office heard, or after it has done its work."""


class NearWire:
    """Stands in the place of `sync.client.wire.Wire`. `chance` is that of a cut, a request."""

    def __init__(self, office: Office, dice: random.Random, chance: float) -> None:
        self._wire, self._office = Wire(office), office
        self._dice, self._chance = dice, chance
        self.traffic = Traffic()
        self.cuts = 0

    def close(self) -> None:
        """There is nothing to close."""

    def exchange(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.traffic.requests += 1
        self._cut()
        answer = self._answer(method, target, body, headers)
        self._cut()
        return answer

    def _cut(self) -> None:
        if self._dice.random() < self._chance:
            self.cuts += 1
            raise Cut

    def _answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        path, _, query = target.partition("?")
        small = {name.lower(): str(value) for name, value in headers.items()}
        named = path.rsplit("/", 1)[1]
        incoming = Incoming(method, target, small, body, dict(parse_qsl(query)), named)
        reply = self._wire._reply(incoming, self._work(method, path))
        _, how = packed(incoming, reply)
        found = {**reply.headers, **how, **signed_headers(self._office.issuer, incoming, reply)}
        return Answer(reply.status, CaseInsensitiveDict(found), reply.body)

    def _work(self, method: str, path: str) -> Any:
        wire = self._wire
        if path.startswith("/v1/photos/"):
            return wire.photo if method == "HEAD" else wire.photo_piece
        if path.startswith("/v1/documents/"):
            return wire.document
        return {
            "/v1/hello": wire.hello, "/v1/level": wire.level, "/v1/batches": wire.batches,
            "/v1/reoffer": wire.reoffer, "/v1/digest": wire.digest, "/v1/feed": wire.feed,
            "/v1/contents": wire.contents, "/v1/watermark": wire.watermark, "/v1/enrol": wire.enrol,
        }[path]  # fmt: skip


def near_transport(
    office: Office, store: Store, dice: random.Random | None = None, chance: float = 0.0
) -> HttpTransport:
    """Return a laptop's real transport whose bytes go straight into the office's routes."""
    transport = HttpTransport(store.identity(), store)
    transport.close()
    wire = NearWire(office, dice or random.Random(0), chance)
    transport._wire = wire  # type: ignore[assignment]
    return transport


def near_synced(transport: HttpTransport, store: Store) -> SyncResult:
    """Run one sync; raises `Cut` where the line was cut."""
    return sync(store, transport, report=lambda _: None, cancelled=lambda: False, timing=AT_ONCE)
