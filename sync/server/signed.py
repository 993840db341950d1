"""Requests that a device signed, and answers that the office signs.

The signature covers method, target, the body as sent, a counter and a nonce; a counter that was
seen is refused, so a recorded request is worth nothing. There is no time in it: clocks are wrong.
"""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select, update

from sync.protocol.signing import (
    ANSWER,
    COUNTER_HEADER,
    DEVICE_HEADER,
    KEY_HEADER,
    NONCE_HEADER,
    REQUEST,
    SIGNATURE_HEADER,
    answer_message,
    is_signed,
    request_message,
    sign,
)
from sync.server.keys import Issuer
from sync.server.office import Office
from sync.server.refusal import Refused
from sync.server.tables import DEVICE_KEY_ROWS, DEVICE_ROWS

_GZIP_FROM_BYTES: Final = 600
_MAX_COUNTER: Final = 2**62
_MAX_DIGITS: Final = 19


_TAKE_COUNTER: Final = (
    update(DEVICE_ROWS)
    .where(DEVICE_ROWS.c.id == bindparam("of_device"), DEVICE_ROWS.c.counter < bindparam("taken"))
    .values(counter=bindparam("taken"), last_seen=bindparam("at"))
    .returning(DEVICE_ROWS.c.state)
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came; header names are in small letters. `named`: what its path ends in."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)
    named: str = ""

    @property
    def nonce(self) -> str:
        """The nonce of a signed request; `/v1/time` may give it in its address."""
        given = self.headers.get(NONCE_HEADER.lower(), "")
        return (given or self.query.get("nonce", ""))[:128]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered, before it is signed."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"

    @classmethod
    def of(cls, message: BaseModel, status: int = 200, **headers: str) -> "Reply":
        return cls(message.model_dump_json().encode(), status, headers)


@dataclass(frozen=True, slots=True)
class Caller:
    """The device that signed a request, proven."""

    id: str
    counter: int
    at: str

    def lock(self, connection: Connection) -> str:
        """Take this request's counter, lock the device's row, and return the device's state.

        Raises:
            Refused: a counter this large was seen before.
        """
        state = connection.execute(
            _TAKE_COUNTER,
            {"of_device": self.id, "taken": self.counter, "at": self.at},
        ).scalar()
        if state is None:
            seen = select(DEVICE_ROWS.c.counter).where(DEVICE_ROWS.c.id == self.id)
            last = connection.execute(seen).scalar_one_or_none()
            if last is None:
                raise Refused(401, "unknown_device")
            raise Refused(409, "counter_behind", counter=last)
        return str(state)


def caller_of(office: Office, incoming: Incoming) -> Caller:
    """Return the device that signed a request; its counter is not taken yet.

    Raises:
        Refused: no such device, or the signature is not its own.
    """
    device = incoming.headers.get(DEVICE_HEADER.lower(), "")
    counter = _counter(incoming)
    message = request_message(
        incoming.method, incoming.target, incoming.body, counter, incoming.nonce
    )
    signature = incoming.headers.get(SIGNATURE_HEADER.lower(), "")
    keys = public_keys(office, device)
    is_proven = any(is_signed(key, REQUEST, message, signature) for key in keys)
    if not incoming.nonce or not is_proven:
        raise Refused(401, "bad_signature")
    return Caller(device, counter, office.now())


def public_keys(office: Office, device: str) -> Iterator[str]:
    """Yield a device's keys: those that are remembered, since a key belongs to its device for good,
    and then what the database has now, where another process may have taken one in.

    Raises:
        Refused: no such device.
    """
    yield from office.device_keys.get(device, ())
    table = DEVICE_KEY_ROWS.c
    with office.database.reading() as connection:
        query = select(table.public_key).where(table.device == device).order_by(table.n)
        known = list(connection.execute(query).scalars())
    if not known:
        raise Refused(401, "unknown_device")
    office.device_keys[device] = known
    yield from known


def _counter(incoming: Incoming) -> int:
    written = incoming.headers.get(COUNTER_HEADER.lower(), "")
    is_number = written.isascii() and written.isdigit() and len(written) <= _MAX_DIGITS
    if not is_number or int(written) >= _MAX_COUNTER:
        raise Refused(401, "bad_signature")
    return int(written)


def signed_headers(issuer: Issuer, incoming: Incoming, reply: Reply) -> dict[str, str]:
    """Return the headers that prove the answer to whoever knows the office's root key."""
    if not incoming.nonce:
        return {}
    message = answer_message(incoming.nonce, reply.status, reply.body)
    return {KEY_HEADER: issuer.kid, SIGNATURE_HEADER: sign(issuer.key, ANSWER, message)}


def packed(incoming: Incoming, reply: Reply) -> tuple[bytes, dict[str, str]]:
    """Return the body as it goes out, and the headers that say how."""
    accepted = incoming.headers.get("accept-encoding", "")
    if len(reply.body) < _GZIP_FROM_BYTES or "gzip" not in accepted:
        return reply.body, {}
    return gzip.compress(reply.body, 5, mtime=0), {"Content-Encoding": "gzip"}
