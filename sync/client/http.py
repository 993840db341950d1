"""The engine's way to the office over HTTP: signed requests, answers that prove who sent them."""

import gzip
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.errors import (
    LaptopUnknown,
    OfficeNotProven,
    OfficeRefused,
)
from enumerator_app.domain.instants import instant_from_text
from sync.client.ports import DeviceIdentity
from sync.client.proofs import OfficeKeys
from sync.client.run import new_nonce
from sync.client.tls import is_dated_around, pinned_context
from sync.client.transport import Interrupted, PhotoAnswer, Traffic
from sync.client.wire import Answer, Timeouts, Wire
from sync.protocol.messages import (
    PROTOCOL,
    BatchHeader,
    ContentsAnswer,
    ContentsRequest,
    DigestAnswer,
    DigestRequest,
    FeedPage,
    Hello,
    HelloAnswer,
    LevelAnswer,
    Problem,
    Receipt,
    ReofferAnswer,
    ReofferRequest,
    WatermarkAnswer,
    WatermarkRequest,
)
from sync.protocol.short_lines import shortened
from sync.protocol.signing import (
    COUNTER_HEADER,
    DEVICE_HEADER,
    NONCE_HEADER,
    REQUEST,
    SIGNATURE_HEADER,
    request_message,
    sign,
)

M = TypeVar("M", bound=BaseModel)

GZIP_LEVEL: Final = 6
MOST_HEALINGS: Final = 3
_ACCEPT: Final = {"Accept-Encoding": "gzip"}
_PACKED: Final = {"Content-Encoding": "gzip"}
_PHOTO_ANSWERS: Final = frozenset({404, 409, 410})
_UPLOAD_OFFSET: Final = "Upload-Offset"
_UPLOAD_LENGTH: Final = "Upload-Length"


class Counters(Protocol):
    """The part of a store that numbers requests."""

    def next_counter(self) -> int: ...

    def raise_counter(self, seen: int) -> None: ...


class HttpTransport:
    """Speaks for one device to the office at its address. Not for several threads.

    A request under way is given up soon after `cancelled` says so.
    """

    def __init__(
        self,
        identity: DeviceIdentity,
        counters: Counters,
        timeouts: Timeouts | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        authority = identity.ca_certificate
        self._identity, self._counters = identity, counters
        self._context = pinned_context(authority) if authority else None
        self._wire = Wire(identity.server_url, self._context, timeouts, cancelled)
        self._keys = OfficeKeys(identity.root_key)
        self._own_keys = identity.all_keys

    @property
    def traffic(self) -> Traffic:
        return self._wire.traffic

    def close(self) -> None:
        self._wire.close()

    def trust(self, certificate: dict[str, Any]) -> None:
        with suppress(OfficeNotProven):
            self._keys.learn(certificate)

    def level(self, at: str) -> str | None:
        nonce = new_nonce()
        answer = self._signed("GET", f"/v1/level?at={at}", b"", nonce, {})
        if answer.status != 200 or not self._keys.knows_sender(answer):
            return None  # hello follows, and says what the matter is
        return parsed(LevelAnswer, self._proven(answer, nonce)).time

    def hello(self, message: Hello) -> HelloAnswer:
        body = packed(canonical_bytes(message.model_dump()))
        answer = self._signed("POST", "/v1/hello", body, message.nonce, _PACKED | _ACCEPT)
        self._refuse_problem(answer, message.nonce)
        hello = parsed(HelloAnswer, answer)
        self._keys.learn(hello.server_key)
        self._keys.check(answer, message.nonce)
        self._check_dates(hello.time)
        if hello.protocol != PROTOCOL and not hello.too_old:
            raise OfficeRefused(reason="protocol_unknown")
        return hello

    def push(self, header: BatchHeader, lines: Sequence[bytes]) -> Receipt:
        raw = batch_body(header, lines)
        answer = self._signed("POST", "/v1/batches", packed(raw), header.nonce, _PACKED)
        receipt = parsed(Receipt, self._proven(answer, header.nonce))
        self._keys.check_receipt(receipt, header.batch_id)
        return receipt

    def reoffer(self, message: ReofferRequest) -> ReofferAnswer:
        return self._asked("/v1/reoffer", message, message.nonce, ReofferAnswer)

    def digest(self, message: DigestRequest) -> DigestAnswer:
        return self._asked("/v1/digest", message, message.nonce, DigestAnswer)

    def contents(self, message: ContentsRequest) -> ContentsAnswer | None:
        return self._asked_newer("/v1/contents", message, message.nonce, ContentsAnswer)

    def watermark(self, message: WatermarkRequest) -> WatermarkAnswer | None:
        return self._asked_newer("/v1/watermark", message, message.nonce, WatermarkAnswer)

    def feed(self, *, after: int, limit: int) -> FeedPage:
        nonce = new_nonce()
        answer = self._signed("GET", f"/v1/feed?after={after}&limit={limit}", b"", nonce, _ACCEPT)
        return parsed(FeedPage, self._proven(answer, nonce))

    def document(self, name: str) -> bytes | None:
        nonce = new_nonce()
        target = f"/v1/documents/{quote(name, safe='')}"
        answer = self._signed("GET", target, b"", nonce, _ACCEPT)
        if answer.status == 404:
            self._keys.check(answer, nonce)
            return None
        return self._proven(answer, nonce).body

    def part(self, sha256: str) -> bytes | None:
        nonce = new_nonce()
        answer = self._signed("GET", f"/v1/parts/{sha256}", b"", nonce, {})
        if answer.status == 404:
            self._keys.check(answer, nonce)
            return None
        return self._proven(answer, nonce).body

    def photo_place(self, sha256: str) -> PhotoAnswer:
        nonce = new_nonce()
        answer = self._signed("HEAD", f"/v1/photos/{sha256}", b"", nonce, {})
        return self._photo_answer(answer, nonce)

    def send_photo(self, sha256: str, *, offset: int, size: int, chunk: bytes) -> PhotoAnswer:
        nonce = new_nonce()
        places = {_UPLOAD_OFFSET: str(offset), _UPLOAD_LENGTH: str(size)}
        answer = self._signed("PATCH", f"/v1/photos/{sha256}", chunk, nonce, places)
        return self._photo_answer(answer, nonce, size)

    def _asked_newer(self, target: str, message: BaseModel, nonce: str, model: type[M]) -> M | None:
        """Ask for what an older office does not know; None from such a one."""
        body = packed(canonical_bytes(message.model_dump()))
        answer = self._signed("POST", target, body, nonce, _PACKED | _ACCEPT)
        if answer.status in {404, 405}:
            self._keys.check(answer, nonce)
            return None
        return parsed(model, self._proven(answer, nonce))

    def _asked(self, target: str, message: BaseModel, nonce: str, model: type[M]) -> M:
        body = packed(canonical_bytes(message.model_dump()))
        answer = self._signed("POST", target, body, nonce, _PACKED | _ACCEPT)
        return parsed(model, self._proven(answer, nonce))

    def _signed(
        self, method: str, target: str, body: bytes, nonce: str, headers: Mapping[str, str]
    ) -> Answer:
        """Send under the next counter; where the office saw a higher one, go on above that, and
        where it was put back and lost the key in use, go on under another one of this laptop.
        """
        for _ in range(MOST_HEALINGS + len(self._own_keys)):
            counter = self._counters.next_counter()
            message = request_message(method, target, body, counter, nonce)
            proof = {
                DEVICE_HEADER: str(self._identity.device),
                COUNTER_HEADER: str(counter),
                NONCE_HEADER: nonce,
                SIGNATURE_HEADER: sign(self._own_keys[0], REQUEST, message),
            }
            answer = self._wire.exchange(method, target, body, {**headers, **proof})
            seen = _counter_seen(answer)
            if seen is not None:
                self._counters.raise_counter(seen)
            elif len(self._own_keys) > 1 and problem_of(answer).code == "bad_signature":
                del self._own_keys[0]
            else:
                return answer
        raise OfficeRefused(reason="counter_behind")

    def _proven(self, answer: Answer, nonce: str) -> Answer:
        """Return a good answer of the office, or raise what its problem means."""
        self._refuse_problem(answer, nonce)
        self._keys.check(answer, nonce)
        return answer

    def _refuse_problem(self, answer: Answer, nonce: str) -> None:
        if answer.status < 400:
            return
        if self._keys.is_known:
            self._keys.check(answer, nonce)
        problem = problem_of(answer).code
        if problem == "unknown_device":
            raise LaptopUnknown
        raise OfficeRefused(reason=problem)

    def _photo_answer(self, answer: Answer, nonce: str, size: int | None = None) -> PhotoAnswer:
        if answer.status not in _PHOTO_ANSWERS:
            self._refuse_problem(answer, nonce)
        self._keys.check(answer, nonce)
        if answer.status == 410:
            return PhotoAnswer("erased")
        if answer.status == 404:
            return PhotoAnswer("unwanted")
        offset = _number(answer.headers.get(_UPLOAD_OFFSET))
        whole = _number(answer.headers.get(_UPLOAD_LENGTH)) or size
        if offset is None:
            raise Interrupted
        is_whole = whole is not None and offset >= whole > 0
        return PhotoAnswer("complete" if is_whole else "open", offset)

    def _check_dates(self, office_time: str) -> None:
        """Hold the dates of the TLS certificate against the signed time, not this clock."""
        seen = self._context.seen if self._context else None
        if seen is not None and not is_dated_around(seen, instant_from_text(office_time)):
            raise OfficeNotProven


def batch_body(header: BatchHeader, lines: Sequence[bytes]) -> bytes:
    """Return a batch before compression, its lines in short form if they have one."""
    short = shortened(lines)
    form = {"form": "full" if short is None else "short"}
    first = canonical_bytes(header.model_dump() | form)
    return b"\n".join((first, b"".join(lines) if short is None else short))


def packed(raw: bytes) -> bytes:
    return gzip.compress(raw, GZIP_LEVEL, mtime=0)


def parsed(model: type[M], answer: Answer) -> M:
    """Return the message in an answer; what is no such message does not come from the office."""
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as error:
        raise OfficeNotProven from error


def problem_of(answer: Answer) -> Problem:
    try:
        return Problem.model_validate_json(answer.body)
    except ValidationError:
        return Problem(code=str(answer.status))


def _counter_seen(answer: Answer) -> int | None:
    """Return the counter in a `counter_behind` answer, else None."""
    if answer.status != 409:
        return None
    try:
        problem = Problem.model_validate_json(answer.body)
    except ValidationError:
        return None
    return problem.counter if problem.code == "counter_behind" else None


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
