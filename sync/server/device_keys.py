"""The keys of a laptop: which it has, asking it for a new one, and confirming one that it made.

A laptop makes a new key after a new epoch, so that two copies of it have different ones. What such
a key seals counts as far as what the key before it sealed would count. An officer who has compared
its id with the laptop at hand confirms it: then it stands on its own, and every other key of the
laptop ends with the last number that the office has.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from sync.protocol.rekey import WANTED
from sync.server.device_notices import tell_device
from sync.server.devices import find_device
from sync.server.errors import DeviceStopped, KeyUnknown
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.resolving.errors import DecidedBefore
from sync.server.tables import DEVICE_KEY_ROWS, DEVICE_ROWS
from sync.server.trust import last_serial, refresh_trust

_KEY: Final = DEVICE_KEY_ROWS.c


@dataclass(frozen=True, slots=True)
class KeyOfDevice:
    """One key. `signed_by`: the one that vouched for it, None for that of the enrolment;
    `vouches_to`: the last serial of its slips, where it has ended.
    """

    kid: str
    added_at: str
    signed_by: str | None
    confirmed_at: str | None
    vouches_to: int | None

    @property
    def standing(self) -> Literal["first", "waits", "confirmed", "ended"]:
        """`first`: of the enrolment; `waits`: an officer has not said yet whose key it is."""
        if self.vouches_to is not None:
            return "ended"
        if self.signed_by is None:
            return "first"
        return "confirmed" if self.confirmed_at else "waits"

    @property
    def can_be_confirmed(self) -> bool:
        return self.signed_by is not None and self.standing != "confirmed"


def keys_of(office: Office, named: str) -> list[KeyOfDevice]:
    """Return the keys of a laptop, oldest first.

    Raises:
        DeviceUnknown: no such laptop.
    """
    with office.database.reading() as connection:
        return _keys(connection, find_device(connection, named).id)


def print_of_keys(keys: Sequence[KeyOfDevice]) -> str:
    """Return a name for these keys, each standing as it does: another one, if anything changed."""
    stands = "\n".join(f"{one.kid} {one.standing}" for one in keys)
    return hashlib.sha256(stands.encode()).hexdigest()[:16]


def count_waiting(connection: Connection) -> dict[str, int]:
    """Return by laptop in use how many of its keys nobody has confirmed yet."""
    query = (
        select(_KEY.device, func.count())
        .join_from(DEVICE_KEY_ROWS, DEVICE_ROWS, _KEY.device == DEVICE_ROWS.c.id)
        .where(_waits(), DEVICE_ROWS.c.state == "active")
        .group_by(_KEY.device)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def confirm_key(
    office: Office, named: str, kid: str, *, by: str = COMMAND_LINE, seen: str | None = None
) -> KeyOfDevice:
    """Say that a key which the laptop made is that of the laptop at hand; again changes nothing.

    The beginning of its id is enough. All other keys of the laptop end with the last number that
    the office has of it. `seen` names the keys that a page showed (`print_of_keys`).

    Raises:
        DeviceUnknown: no such laptop.
        DeviceStopped: it is no longer in use.
        DecidedBefore: its keys are not those that were seen any more. Nothing was changed.
        KeyUnknown: it made no such key, or several begin so. Nothing was changed.
    """
    with office.database.writing() as connection:
        key = confirm_within(office, connection, named, kid, by=by, seen=seen)
    refresh_trust(office)
    return key


def confirm_within(
    office: Office, connection: Connection, named: str, kid: str, *, by: str, seen: str | None
) -> KeyOfDevice:
    """Do so as part of a transaction; raises as `confirm_key`.

    After its COMMIT the caller renews the trust list.
    """
    device = _held_in_use(connection, named)
    key = _key_named(connection, device, kid, seen)
    if key.can_be_confirmed:
        _confirm(office, connection, device, key.kid)
        audit(office, connection, by, "key_confirmed", f"{device.code} {key.kid}")
    return key


def look_at_key(office: Office, named: str, kid: str, seen: str) -> KeyOfDevice:
    """Return the key that would be confirmed, and change nothing; raises as `confirm_key`."""
    with office.database.reading() as connection:
        return _key_named(connection, _in_use(connection, named), kid, seen)


def _key_named(connection: Connection, device: Any, kid: str, seen: str | None) -> KeyOfDevice:
    begins = "".join(kid.split()).lower()
    keys = _keys(connection, device.id)
    if seen is not None and seen != print_of_keys(keys):
        raise DecidedBefore
    found = [one for one in keys if one.kid.startswith(begins)]
    if not begins or len(found) != 1 or found[0].signed_by is None:
        raise KeyUnknown(device=device.code, key=kid)
    return found[0]


def _confirm(office: Office, connection: Connection, device: Any, kid: str) -> None:
    is_of_device, is_it = _KEY.device == device.id, _KEY.kid == kid
    ends = func.coalesce(_KEY.vouches_to, last_serial(connection, device.id, device.code))
    change = update(DEVICE_KEY_ROWS)
    connection.execute(change.where(is_of_device, ~is_it).values(vouches_to=ends))
    values = {"confirmed_at": office.now(), "vouches_to": None}
    connection.execute(change.where(is_of_device, is_it).values(values))


def ask_new_key(office: Office, named: str, *, by: str = COMMAND_LINE) -> str:
    """Tell a laptop to make a new key with its next sync; return its device code.

    Raises:
        DeviceUnknown: no such laptop.
        DeviceStopped: it is no longer in use. Nothing was changed.
    """
    with office.database.writing() as connection:
        return ask_new_key_within(office, connection, named, by=by)


def ask_new_key_within(office: Office, connection: Connection, named: str, *, by: str) -> str:
    """Do so as part of a transaction; raises as `ask_new_key`."""
    device = _held_in_use(connection, named)
    tell_device(office, connection, device.id, WANTED)
    audit(office, connection, by, "key_asked", device.code)
    return str(device.code)


def require_in_use(office: Office, named: str) -> None:
    """Raise as `ask_new_key` where a laptop could not be asked for a key."""
    with office.database.reading() as connection:
        _in_use(connection, named)


def _held_in_use(connection: Connection, named: str) -> Any:
    """Return a laptop in use whose keys and state stay as they are until this transaction ends."""
    is_it = DEVICE_ROWS.c.id == find_device(connection, named).id
    connection.execute(select(DEVICE_ROWS.c.id).where(is_it).with_for_update())
    return _in_use(connection, named)


def _in_use(connection: Connection, named: str) -> Any:
    device = find_device(connection, named)
    if device.state != "active":
        raise DeviceStopped(device=device.code)
    return device


def _waits() -> ColumnElement[bool]:
    """The condition of a key that waits."""
    return and_(_KEY.signed_by.is_not(None), _KEY.confirmed_at.is_(None), _KEY.vouches_to.is_(None))


def _keys(connection: Connection, device: str) -> list[KeyOfDevice]:
    names = ("kid", "added_at", "signed_by", "confirmed_at", "vouches_to")
    query = select(*(_KEY[name] for name in names)).where(_KEY.device == device).order_by(_KEY.n)
    return [KeyOfDevice(*row) for row in connection.execute(query)]
