"""Trading a one-time code for the place of a device: the only request that no device key signs.

The code is `XXXX-XXXX-XXXX-XXXX`, for a TLS office followed by `.` and the first 32 hexadecimal
digits of SHA-256 of the office's own certificate authority, which is fetched and held against it.
"""

import re
import warnings
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app import __version__
from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.errors import (
    AlreadyEnrolled,
    EnrolmentCodeRefused,
    OfficeNotProven,
    OfficeRefused,
    ProtocolTooOld,
)
from sync.client.backoff import Patience, Timing
from sync.client.http import parsed, problem_of
from sync.client.proofs import OfficeKeys
from sync.client.run import new_nonce
from sync.client.tls import FINGERPRINT_DIGITS, fingerprint, pinned_context, unverified_context
from sync.client.wire import Answer, Timeouts, Wire, check_address, full_address, is_loopback
from sync.protocol.messages import PROTOCOL, EnrolAnswer, EnrolRequest
from sync.protocol.signing import ENROLMENT, NONCE_HEADER, public_hex, sign

AUTHORITY_PATH: Final = "/v1/ca"
_MAX_AUTHORITY_BYTES: Final = 64 * 1024
_TIMEOUTS: Final = Timeouts(connect_s=10.0, read_s=20.0)
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{16}")
_MISREAD: Final = str.maketrans("OIL", "011")
_CODE_PROBLEMS: Final = frozenset({"code_used", "code_unknown", "code_expired"})


@dataclass(frozen=True, slots=True)
class Code:
    """A code as people were given it, its spelling mended; `authority` is the pinned digits."""

    text: str
    authority: str | None


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a laptop has of its office, which may have lost it: see `NewDevice.belongs_to`."""

    office: str
    device_code: str
    root_key: str


@dataclass(frozen=True, slots=True)
class NewDevice:
    """Who asks: the laptop's pending identity, kept before the first try.

    `belongs_to`: it is a device already, of an office that was put back from before that day.
    """

    device: UUID
    signing_key: Ed25519PrivateKey
    operator: str
    operator_id: UUID
    belongs_to: Belonging | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the office answered, and the authority (PEM) to trust from now on; None on loopback."""

    answer: EnrolAnswer
    server_url: str
    ca_certificate: str | None


def enrol(
    server_url: str, code: str, device: NewDevice, *, timing: Timing | None = None
) -> Enrolled:
    """Make this laptop a device of the office. The same device may ask again with the same code.

    Raises:
        AlreadyEnrolled: it belongs to another office.
        ProtocolTooOld: the office asks for another version; the code stays good.
        EnrolmentCodeRefused: mistyped, used by another device, or expired.
        AddressNotAllowed: plain HTTP to another machine, or a code without fingerprint for TLS.
        ServerUnreachable, OfficeNotProven: see there. Asking again is safe.
    """
    read = read_code(code)
    address = full_address(server_url)
    patience = Patience(lambda: False, timing or Timing())
    authority = _authority(address, read, patience)
    wire = Wire(address, pinned_context(authority) if authority else None)
    try:
        answer = patience.during(lambda: _ask(wire, read, device))
    finally:
        wire.close()
    return Enrolled(answer, address, authority)


def read_code(typed: str) -> Code:
    """Return the code in its one spelling: blanks, hyphens, case and O, I, L are free.

    Raises:
        EnrolmentCodeRefused: no code can look like this.
    """
    head, _, authority = "".join(typed.split()).partition(".")
    compact = head.replace("-", "").upper().translate(_MISREAD)
    digits = authority.lower()
    is_pin = len(digits) == FINGERPRINT_DIGITS and set(digits) <= set("0123456789abcdef")
    if not _CODE.fullmatch(compact) or not (is_pin or not digits):
        raise EnrolmentCodeRefused
    text = "-".join(compact[i : i + 4] for i in range(0, 16, 4))
    return Code(text, digits or None)


def _authority(server_url: str, code: Code, patience: Patience) -> str | None:
    """Fetch the office's certificate authority over an unproven line; the code says which."""
    if code.authority is None:
        check_address(server_url, has_authority=False)
        return None
    if urlsplit(server_url).scheme == "http" and is_loopback(server_url):
        return None
    check_address(server_url, has_authority=True)
    found = patience.during(lambda: _fetched_authority(server_url))
    try:
        is_right = fingerprint(found) == code.authority
    except ValueError as error:
        raise OfficeNotProven from error
    if not is_right:
        raise OfficeNotProven
    return found


def _fetched_authority(server_url: str) -> str:
    """Fetch the authority by the way of every other request: its proxy, its names for faults."""
    wire = Wire(server_url, unverified_context(), _TIMEOUTS)
    try:
        with warnings.catch_warnings():  # of a line that nobody vouches for: the code does
            warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
            answer = wire.exchange("GET", AUTHORITY_PATH, b"", {})
    finally:
        wire.close()
    return answer.body[:_MAX_AUTHORITY_BYTES].decode("ascii", "replace")


def _ask(wire: Wire, code: Code, device: NewDevice) -> EnrolAnswer:
    nonce = new_nonce()
    request = _request(code, device, nonce)
    headers = {NONCE_HEADER: nonce, "Content-Type": "application/json"}
    answer = wire.exchange("POST", "/v1/enrol", canonical_bytes(request.model_dump()), headers)
    _refuse_problem(answer)
    granted = parsed(EnrolAnswer, answer)
    known = device.belongs_to
    keys = OfficeKeys(known.root_key if known else granted.root_key)
    keys.learn(granted.server_key)
    keys.check(answer, nonce)
    return granted


def _request(code: Code, device: NewDevice, nonce: str) -> EnrolRequest:
    statement = f"{code.text}\n{device.device}\n{nonce}".encode()
    known = device.belongs_to
    return EnrolRequest(
        protocol=PROTOCOL,
        app=__version__,
        code=code.text,
        device=str(device.device),
        public_key=public_hex(device.signing_key),
        operator=device.operator,
        operator_id=str(device.operator_id),
        nonce=nonce,
        proof=sign(device.signing_key, ENROLMENT, statement),
        office=known.office if known else None,
        device_code=known.device_code if known else None,
    )


def _refuse_problem(answer: Answer) -> None:
    if answer.status < 400:
        return
    problem = problem_of(answer)
    if problem.code == "protocol_too_old" and problem.detail:
        raise ProtocolTooOld(version=problem.detail, own=__version__)
    if problem.code in _CODE_PROBLEMS or answer.status in {404, 410}:
        raise EnrolmentCodeRefused
    if problem.code == "other_office":
        raise AlreadyEnrolled
    raise OfficeRefused(reason=problem.code)
