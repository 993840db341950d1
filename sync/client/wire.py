"""Plain HTTP to one address: bytes out, bytes in, faults named. Signatures are above (http.py)."""

import ssl
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3

from enumerator_app.domain.errors import (
    AddressNotAllowed,
    KnownError,
    OfficeCannotStore,
    OfficeNotProven,
    WifiLogin,
)
from sync.client.stopping import unless_cancelled
from sync.client.surroundings import NO_HEADER, is_login_page, is_offline, proxy_fault
from sync.client.tls import PinnedAdapter
from sync.client.transport import Interrupted, Traffic
from sync.client.whole_head import WholeHeadAdapter

T = TypeVar("T")

MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PASSING: Final = frozenset({408, 413, 425, 429, 500, 502, 503, 504})
_CANNOT_STORE: Final = 507


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, and seconds without a single byte before a request is given up."""

    connect_s: float = 10.0
    read_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete answer, its body as before compression."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_loopback(server_url: str) -> bool:
    return urlsplit(server_url).hostname in _LOOPBACK


def full_address(typed: str) -> str:
    """Return an office's address as typed, with what people leave out: the way there is TLS."""
    address = typed.strip().rstrip("/")
    if not address or "://" in address:
        return address
    guess = f"https://{address}"
    return f"http://{address}" if is_loopback(guess) else guess


def check_address(server_url: str, *, has_authority: bool) -> None:
    """Let plain HTTP go to this machine only, and TLS only to an authority that is pinned.

    Raises:
        AddressNotAllowed: anything else.
    """
    parts = urlsplit(server_url)
    is_plain = parts.scheme == "http" and is_loopback(server_url)
    is_pinned = parts.scheme == "https" and has_authority
    if not parts.hostname or not (is_plain or is_pinned):
        raise AddressNotAllowed(url=server_url)


class Wire:
    """One kept-open way to one address; counts what passes.

    Proxies come from the environment. Nothing else does: no credentials, no further authorities,
    no cookies; redirects are answers, not orders. Where `cancelled` is given, no request outlasts
    its yes by more than a moment.
    """

    def __init__(
        self,
        server_url: str,
        context: ssl.SSLContext | None,
        timeouts: Timeouts | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        check_address(server_url, has_authority=context is not None)
        self._base = server_url.rstrip("/")
        self._timeouts = timeouts or Timeouts()
        self._cancelled = cancelled
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", WholeHeadAdapter())
        if context is not None:
            self._session.mount("https://", PinnedAdapter(context))
            self._session.verify = context.verify_mode is not ssl.CERT_NONE
        self._proxies = {} if is_loopback(server_url) else environment_proxies(server_url)
        self._has_looked = False
        self.traffic = Traffic()

    def close(self) -> None:
        self._session.close()

    def exchange(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one request and return its whole answer.

        Raises:
            Interrupted: it was cut, timed out, cancelled, or the office asks to come again.
            WifiLogin, OfficeNotProven, ProxyWantsLogin: something else answered.
        """
        request = _prepared(method, self._base + target, body, headers)
        self.traffic.requests += 1
        self.traffic.bytes_up += _size_up(request)
        try:
            answer = self._unless_cancelled(lambda: self._complete(request))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._named(error) from error
        _check_standing(answer)
        self._has_looked = False
        return answer

    def _unless_cancelled(self, work: Callable[[], T]) -> T:
        if self._cancelled is None:
            return work()
        return unless_cancelled(work, self._cancelled, self._cut)

    def _cut(self) -> None:
        for adapter in self._session.adapters.values():
            if isinstance(adapter, WholeHeadAdapter):
                adapter.cut()

    def _complete(self, request: requests.PreparedRequest) -> Answer:
        response = self._sent(request)
        try:
            packed = response.raw.read(MAX_ANSWER_BYTES, decode_content=False)
            self.traffic.bytes_down += _size_down(response, packed)
            if not _is_whole(response, packed):
                raise Interrupted
            body = unpacked(packed) if _is_packed(response) else packed
        finally:
            response.close()
        return Answer(response.status_code, response.headers, body)

    def _sent(self, request: requests.PreparedRequest) -> requests.Response:
        with warnings.catch_warnings():  # a clock that is years off is expected: see tls.py
            warnings.simplefilter("ignore", urllib3.exceptions.SystemTimeWarning)
            return self._session.send(
                request,
                stream=True,
                allow_redirects=False,
                proxies=self._proxies,
                timeout=(self._timeouts.connect_s, self._timeouts.read_s),
            )

    def _named(self, error: Exception) -> KnownError:
        """Return what an exception of the network means to the person who waits."""
        causes = list(_causes(error))
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            return self._impostor()
        if any("WRONG_VERSION_NUMBER" in str(cause) for cause in causes):
            return self._impostor()
        if (fault := proxy_fault(causes, self._base, self._proxies)) is not None:
            return fault
        if self._may_look(causes) and self._is_login_page():
            return WifiLogin()
        never = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
        refused = any(isinstance(cause, never) for cause in causes)
        return Interrupted(reached=not (refused or isinstance(error, requests.ConnectTimeout)))

    def _impostor(self) -> KnownError:
        """Tell a wifi that wants a login from something that poses as the office."""
        return WifiLogin() if self._is_login_page() else OfficeNotProven()

    def _may_look(self, causes: Sequence[BaseException]) -> bool:
        """Whether to look for a login: once after each answer, and where there is a network."""
        return not (self._has_looked or is_loopback(self._base) or is_offline(causes))

    def _is_login_page(self) -> bool:
        self._has_looked = True
        return self._unless_cancelled(lambda: is_login_page(self._base, self._proxies))


def _check_standing(answer: Answer) -> None:
    """Raise for answers that do not come from the office's program, or not yet."""
    if answer.status == _CANNOT_STORE:
        raise Interrupted(wait_s=_wait_s(answer), verdict=OfficeCannotStore())
    if answer.status in _PASSING:
        raise Interrupted(wait_s=_wait_s(answer))
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    if is_page or 300 <= answer.status < 400 or answer.status == 511:
        raise WifiLogin


def _wait_s(answer: Answer) -> float:
    given = answer.headers.get("Retry-After", "")
    return float(given) if given.isascii() and given.isdigit() else 0.0


def _prepared(
    method: str, url: str, body: bytes, headers: Mapping[str, str]
) -> requests.PreparedRequest:
    """Return the request with nothing in it that the office does not read: lines are slow."""
    bare = {"User-Agent": NO_HEADER, "Accept-Encoding": NO_HEADER}
    return requests.Request(method, url, data=body or None, headers={**bare, **headers}).prepare()


def environment_proxies(server_url: str) -> dict[str, str]:
    return requests.utils.get_environ_proxies(server_url)


def _size_up(request: requests.PreparedRequest) -> int:
    line = f"{request.method} {request.path_url} HTTP/1.1\r\nHost: \r\n\r\n"
    host = urlsplit(request.url or "").netloc
    sent = {k: v for k, v in request.headers.items() if v != NO_HEADER}
    body = request.body or b""
    return (
        len(line) + len(str(host)) + sum(len(k) + len(v) + 4 for k, v in sent.items()) + len(body)
    )


def _size_down(response: requests.Response, packed: bytes) -> int:
    line = f"HTTP/1.1 {response.status_code} {response.reason}\r\n\r\n"
    return len(line) + sum(len(k) + len(v) + 4 for k, v in response.headers.items()) + len(packed)


def _is_whole(response: requests.Response, packed: bytes) -> bool:
    """Whether the answer has the length that its head says."""
    if "chunked" in response.headers.get("Transfer-Encoding", ""):
        return len(packed) < MAX_ANSWER_BYTES
    said = response.headers.get("Content-Length")
    is_bodyless = response.request.method == "HEAD" or response.status_code == 204
    return is_bodyless or said == str(len(packed))


def _is_packed(response: requests.Response) -> bool:
    return response.headers.get("Content-Encoding", "") == "gzip"


def unpacked(packed: bytes) -> bytes:
    """Return gzip content; Interrupted if it is cut, damaged or far too large."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(packed, MAX_ANSWER_BYTES)
    except zlib.error as error:
        raise Interrupted from error
    if not unpacker.eof:
        raise Interrupted
    return body


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that it wraps, in each of the ways that the libraries use."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, cause.__cause__, cause.__context__]
            waiting.append(getattr(cause, "reason", None))
