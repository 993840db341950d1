"""The keys that this laptop makes: a new one after a new epoch, in use once the office has it.

Every key that it ever had stays in the file: an office that was put back knows the earlier ones
alone, and what a colleague sealed to one of them can still be opened.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.storage import journal
from enumerator_app.storage.open_file import OpenFile
from sync.protocol.rekey import KIND, rekey_statement
from sync.protocol.signing import key_id, new_private_key, private_bytes, private_key, public_hex

if TYPE_CHECKING:
    from sqlite3 import Connection

_IN_USE: Final = "SELECT office, device, signing_key FROM identity WHERE id = 1"
_KEEP: Final = "INSERT OR IGNORE INTO device_key (n, kid, signing_key) VALUES (?, ?, ?)"
_NEWEST: Final = (
    "SELECT n, signing_key = (SELECT signing_key FROM identity WHERE id = 1), kid FROM device_key "
    "ORDER BY n DESC LIMIT 1"
)
_USE: Final = "UPDATE identity SET signing_key = ? WHERE id = 1 AND signing_key != ?"


def key_waits(connection: "Connection") -> bool:
    """Return whether a key is still to be made for this epoch, or the newest is not in use yet."""
    newest = connection.execute(_NEWEST).fetchone()
    return _is_wanted(connection, newest) or (newest is not None and not newest[1])


def is_settled(connection: "Connection", named: Sequence[str]) -> bool:
    """Return whether these are the keys that this laptop takes the office to have."""
    newest = connection.execute(_NEWEST).fetchone()
    return not key_waits(connection) and (newest is None or newest[2] in named)


def settle_keys(
    file: OpenFile, connection: "Connection", named: Sequence[str], *, renew: bool
) -> None:
    """Use the newest key among those that the office has; make one if this epoch has none."""
    rows = connection.execute("SELECT kid, signing_key FROM device_key ORDER BY n DESC").fetchall()
    in_use = next((raw for kid, raw in rows if kid in named), None)
    if in_use is not None:
        connection.execute(_USE, (in_use, in_use))
    if renew and _is_wanted(connection, connection.execute(_NEWEST).fetchone()):
        _make(file, connection)


def answer_wish(file: OpenFile, connection: "Connection") -> None:
    """Make a new key because the office wants one; one that waits for it already will do."""
    newest = connection.execute(_NEWEST).fetchone()
    if newest is None or newest[1]:
        _make(file, connection)


def keys_around(
    connection: "Connection", in_use: bytes
) -> tuple[tuple[Ed25519PrivateKey, ...], tuple[Ed25519PrivateKey, ...]]:
    """Return this laptop's keys before and after the one in use, oldest first."""
    rows = connection.execute("SELECT signing_key FROM device_key ORDER BY n").fetchall()
    raw = [bytes(row[0]) for row in rows]
    place = raw.index(in_use) if in_use in raw else 0
    return _keys(raw[:place]), _keys(raw[place + 1 :])


def _keys(raw: Collection[bytes]) -> tuple[Ed25519PrivateKey, ...]:
    return tuple(map(private_key, raw))


def _is_wanted(connection: "Connection", newest: Any) -> bool:
    """Return whether this epoch, unless it is that of the enrolment, has no key of its own."""
    end = journal.journal_end(connection)
    began = end.n - end.head.seq + 1
    return began > 1 and (newest is None or newest[0] < began)


def _make(file: OpenFile, connection: "Connection") -> None:
    """Journal a new key, signed by the one in use until the office has it."""
    office, device, raw = connection.execute(_IN_USE).fetchone()
    old, new = private_key(raw), new_private_key()
    _keep(connection, 0, old)
    file.append(connection, KIND, None, rekey_statement(office, UUID(device), old, new))
    _keep(connection, journal.journal_end(connection).n, new)


def _keep(connection: "Connection", n: int, key: Ed25519PrivateKey) -> None:
    values = (n, key_id(public_hex(key)), private_bytes(key))
    connection.execute(_KEEP, values)
