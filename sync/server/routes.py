"""The routes of the wire: what each takes, checks and answers. The work is done elsewhere."""

import errno
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ValidationError
from starlette.routing import Route

from enumerator_app.domain.errors import DiskFull, KnownError
from sync.protocol.messages import (
    CONTENTS_AT_ONCE,
    FEED_PAGE,
    MAX_BATCH_BYTES,
    THINGS_AT_ONCE,
    ContentsAnswer,
    ContentsRequest,
    DigestRequest,
    EnrolRequest,
    Hello,
    LevelAnswer,
    ReofferAnswer,
    ReofferRequest,
    WatermarkRequest,
)
from sync.server.bugs import note_bug
from sync.server.contents import contents_for
from sync.server.copies import watermark
from sync.server.devices import enrol
from sync.server.digests import compare_digest
from sync.server.documents import FOR_ACTIVE, read_document, read_part
from sync.server.feed import read_page
from sync.server.hello import answer_hello, is_level, note_heard
from sync.server.ingest.batch import MAX_UNPACKED, read_batch, unpack
from sync.server.news import bring_news
from sync.server.office import Office
from sync.server.photos import LENGTH, MOST_PIECE_BYTES, OFFSET, add_piece, photo_place
from sync.server.refusal import Refused
from sync.server.reoffering import note_if_set_back, take_back
from sync.server.signed import (
    Caller,
    Incoming,
    Reply,
    caller_of,
    packed,
    public_keys,
    signed_headers,
)
from sync.server.trust import NAME as TRUST_LIST
from sync.server.trust import refresh_after, refresh_daily, refresh_trust

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
MAX_MESSAGE: Final = 256 * 1024
MAX_REOFFER: Final = MAX_BATCH_BYTES
M = TypeVar("M", bound=BaseModel)
Work = Callable[[Incoming], Reply]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wire:
    """Answers requests of laptops for one office."""

    office: Office

    def endpoint(self, work: Work, most: int) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await self.answer(request, work, most)

        return answer

    async def answer(self, request: Request, work: Work, most: int) -> Response:
        """Read the body up to its cap, work in a thread, sign and pack what comes out."""
        try:
            body = await _read_body(request, most)
        except Refused as refused:
            incoming = _incoming(request, b"")
            reply = Reply.of(refused.problem, refused.status)
        else:
            incoming = _incoming(request, body)
            reply = await run_in_threadpool(self._reply, incoming, work)
        if request.method == "HEAD":  # what does not go out is not signed
            reply = replace(reply, body=b"")
        content, how = packed(incoming, reply)
        headers = {**reply.headers, **how, **signed_headers(self.office.issuer, incoming, reply)}
        return Response(content, reply.status, headers, reply.media_type)

    def _reply(self, incoming: Incoming, work: Work) -> Reply:
        try:
            return work(incoming)
        except Refused as refused:
            log.info("refused", code=refused.problem.code)
            return Reply.of(refused.problem, refused.status, **refused.headers)
        except Exception as error:  # noqa: BLE001 - a bug is answered, too, and never with content
            return _trouble(error)

    def enrol(self, incoming: Incoming) -> Reply:
        return Reply.of(enrol(self.office, _message(EnrolRequest, incoming)))

    def hello(self, incoming: Incoming) -> Reply:
        caller = caller_of(self.office, incoming)
        message = _message(Hello, incoming)
        with self.office.database.noting() as connection:
            state = caller.lock(connection)
            note_heard(self.office, connection, message, device=caller.id)
        refresh_daily(self.office)
        if state == "active":
            bring_news(self.office, caller.id)
        return Reply.of(answer_hello(self.office, message, device=caller.id, state=state))

    def level(self, incoming: Incoming) -> Reply:
        caller = caller_of(self.office, incoming)
        with self.office.database.noting() as connection:
            state = caller.lock(connection)
        refresh_daily(self.office)
        at = incoming.query.get("at", "")
        if not is_level(self.office, device=caller.id, state=state, at=at):
            raise Refused(412, "not_level")
        return Reply.of(LevelAnswer(time=self.office.now()))

    def batches(self, incoming: Incoming) -> Reply:
        caller = caller_of(self.office, incoming)
        plain = unpack(incoming.body, incoming.headers.get("content-encoding", ""), MAX_UNPACKED)
        batch = read_batch(
            plain,
            office=self.office.public.office,
            device=caller.id,
            public_keys=public_keys(self.office, caller.id),
        )
        receipt = self.office.ingest.receive(batch, caller.lock, self.office.server_epoch)
        refresh_after(self.office, batch.lines, caller.id)
        return Reply.of(receipt)

    def feed(self, incoming: Incoming) -> Reply:
        caller = self._counted(incoming)
        after = _whole_number(incoming.query.get("after", "0"))
        limit = _whole_number(incoming.query.get("limit", str(FEED_PAGE)))
        if after is None or limit is None:
            raise Refused(400, "message_unreadable")
        with self.office.database.reading() as connection:
            page = read_page(
                connection,
                caller.id,
                after=after,
                limit=min(max(limit, 1), FEED_PAGE),
                server_epoch=self.office.server_epoch,
            )
        return Reply.of(page)

    def document(self, incoming: Incoming) -> Reply:
        caller, state = self._counted_with_state(incoming)
        is_allowed = state == "active" or incoming.named not in FOR_ACTIVE
        raw = read_document(self.office, incoming.named, caller.id) if is_allowed else None
        if raw is None:
            raise Refused(404, "document_unknown")
        return Reply(raw)

    def part(self, incoming: Incoming) -> Reply:
        _, state = self._counted_with_state(incoming)
        raw = read_part(self.office, incoming.named) if state == "active" else None
        if raw is None:
            raise Refused(404, "document_unknown")
        return Reply(raw, media_type="application/octet-stream")

    def reoffer(self, incoming: Incoming) -> Reply:
        caller = caller_of(self.office, incoming)
        message = _message(ReofferRequest, incoming)
        note_if_set_back(self.office, caller.id, message)
        with self.office.database.writing() as connection:
            caller.lock(connection)
            outcomes = take_back(self.office, connection, caller.id, message)
        refresh_trust(self.office)
        return Reply.of(ReofferAnswer(outcomes=outcomes))

    def digest(self, incoming: Incoming) -> Reply:
        caller = self._counted(incoming)
        message = _message(DigestRequest, incoming)
        with self.office.database.reading() as connection:
            return Reply.of(compare_digest(connection, caller.id, message.buckets))

    def contents(self, incoming: Incoming) -> Reply:
        caller = caller_of(self.office, incoming)
        with self.office.database.noting() as connection:
            state = caller.lock(connection)
        wanted = _message(ContentsRequest, incoming).subjects
        if len(wanted) > CONTENTS_AT_ONCE:
            raise Refused(413, "body_too_large")
        if state != "active":
            return Reply.of(ContentsAnswer(records={}))
        with self.office.database.reading() as connection:
            return Reply.of(ContentsAnswer(records=contents_for(connection, caller.id, wanted)))

    def photo(self, incoming: Incoming) -> Reply:
        self._counted(incoming)
        return Reply(b"", 200, photo_place(self.office, incoming.named).headers)

    def photo_piece(self, incoming: Incoming) -> Reply:
        self._counted(incoming)
        offset = _whole_number(incoming.headers.get(OFFSET.lower()))
        if offset is None:
            raise Refused(400, "offset_missing")
        size = _whole_number(incoming.headers.get(LENGTH.lower()))
        place = add_piece(
            self.office, incoming.named, offset=offset, size=size, piece=incoming.body
        )
        return Reply(b"", 204, place.headers)

    def watermark(self, incoming: Incoming) -> Reply:
        """Say which copies of the office there are, and what of the things asked is in all."""
        _, state = self._counted_with_state(incoming)
        is_asked = incoming.method == "POST"
        things = _message(WatermarkRequest, incoming).things if is_asked else []
        if len(things) > THINGS_AT_ONCE:
            raise Refused(413, "body_too_large")
        return Reply.of(watermark(self.office, things if state == "active" else []))

    def time(self, _: Incoming) -> Reply:
        now = {"time": self.office.now(), "server_epoch": self.office.server_epoch}
        return Reply(json.dumps(now).encode())

    def trust(self, _: Incoming) -> Reply:
        raw = read_document(self.office, TRUST_LIST)
        if raw is None:
            raise Refused(404, "document_unknown")
        return Reply(raw)

    def _counted(self, incoming: Incoming) -> Caller:
        """Return the caller of a request that changes nothing but its counter."""
        return self._counted_with_state(incoming)[0]

    def _counted_with_state(self, incoming: Incoming) -> tuple[Caller, str]:
        caller = caller_of(self.office, incoming)
        with self.office.database.noting() as connection:
            return caller, caller.lock(connection)


def add_routes(app: FastAPI, office: Office) -> None:
    """Hang the routes of protocol 1 onto the application."""
    wire = Wire(office)
    routes: tuple[tuple[str, str, Work, int], ...] = (
        ("POST", "/v1/enrol", wire.enrol, MAX_MESSAGE),
        ("POST", "/v1/hello", wire.hello, MAX_MESSAGE),
        ("GET", "/v1/level", wire.level, 0),
        ("POST", "/v1/batches", wire.batches, MAX_BATCH_BYTES),
        ("POST", "/v1/reoffer", wire.reoffer, MAX_REOFFER),
        ("POST", "/v1/digest", wire.digest, MAX_MESSAGE),
        ("POST", "/v1/contents", wire.contents, MAX_MESSAGE),
        ("GET", "/v1/feed", wire.feed, 0),
        ("GET", "/v1/documents/{name}", wire.document, 0),
        ("GET", "/v1/parts/{name}", wire.part, 0),
        ("HEAD", "/v1/photos/{name}", wire.photo, 0),
        ("PATCH", "/v1/photos/{name}", wire.photo_piece, MOST_PIECE_BYTES),
        ("GET", "/v1/watermark", wire.watermark, 0),
        ("POST", "/v1/watermark", wire.watermark, MAX_MESSAGE),
        ("GET", "/v1/time", wire.time, 0),
        ("GET", "/v1/trust", wire.trust, 0),
    )
    for method, path, work, most in routes:
        app.router.routes.append(Route(path, wire.endpoint(work, most), methods=[method]))
    # A newer laptop may ask for what is not here yet: that answer is the office's, too.
    methods = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]
    unknown = wire.endpoint(_unknown_route, MAX_MESSAGE)
    app.router.routes.append(Route("/v1/{rest:path}", unknown, methods=methods))


def _trouble(error: Exception) -> Reply:
    """Answer what went wrong here; without room nothing was taken, and stays with the laptop."""
    if isinstance(error, DiskFull) or (isinstance(error, OSError) and error.errno in _NO_ROOM):
        log.error("disk_full")
        return Reply.of(Refused(507, "disk_full").problem, 507, **{"Retry-After": "600"})
    if isinstance(error, KnownError):
        log.warning("cannot_serve", code=error.code)
        return Reply.of(Refused(503, error.code).problem, 503, **{"Retry-After": "30"})
    note_bug(error)
    return Reply.of(Refused(500, "bug").problem, 500)


def _unknown_route(_: Incoming) -> Reply:
    raise Refused(404, "route_unknown")


async def _read_body(request: Request, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused(413, "body_too_large")
        parts.append(part)
    return b"".join(parts)


def _incoming(request: Request, body: bytes) -> Incoming:
    query = request.url.query
    path = request.scope.get("raw_path", b"").decode("ascii", "replace").split("?")[0]
    target = f"{path}?{query}" if query else path
    named = request.path_params.get("name", "")
    return Incoming(request.method, target, request.headers, body, request.query_params, named)


def _message(model: type[M], incoming: Incoming) -> M:
    plain = unpack(incoming.body, incoming.headers.get("content-encoding", ""), MAX_REOFFER)
    try:
        return model.model_validate_json(plain)
    except ValidationError as error:
        raise Refused(400, "message_unreadable") from error


def _whole_number(written: str | None) -> int | None:
    if written is None or not (written.isascii() and written.isdigit()) or len(written) > 12:
        return None
    return int(written)
