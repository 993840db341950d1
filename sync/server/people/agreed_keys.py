"""What is done with the keys of a laptop on its page takes a second person.

One confirms a key, or wants a new one, with the laptop at hand; another looks at it and agrees.
What stops somebody is not among it: whoever is there stops a laptop at once.
"""

from typing import Any, Final

from sqlalchemy import Connection

from enumerator_app.texts import text
from sync.protocol.signing import shown_key_id
from sync.server.device_keys import (
    ask_new_key_within,
    confirm_within,
    look_at_key,
    require_in_use,
)
from sync.server.errors import DeviceStopped, DeviceUnknown, KeyUnknown
from sync.server.figures.laptops import is_laptop
from sync.server.office import Office
from sync.server.people import pairs
from sync.server.people.visitor import Visitor
from sync.server.resolving.errors import DecidedBefore
from sync.server.trust import refresh_trust

KIND: Final = "keys"
CONFIRM: Final = "confirm"
NEW: Final = "new"


def ask_to_confirm(office: Office, visitor: Visitor, device: str, kid: str, seen: str) -> str:
    """Put a key of a laptop, as its page showed it, before a second person; return its id.

    Raises:
        DecidedBefore: it is confirmed already; and as `confirm_key`.
    """
    key = look_at_key(office, device, kid, seen)
    if not key.can_be_confirmed:
        raise DecidedBefore
    payload = {"deed": CONFIRM, "device": device, "key": key.kid, "seen": seen}
    return pairs.ask(office, visitor.account, KIND, payload)


def ask_for_new(office: Office, visitor: Visitor, device: str) -> str:
    """Put it before a second person that a laptop makes a new key; raises as `ask_new_key`."""
    require_in_use(office, device)
    return pairs.ask(office, visitor.account, KIND, {"deed": NEW, "device": device})


def waiting_on(office: Office, visitor: Visitor, device: str) -> dict[str, pairs.Waiting]:
    """Return what can still be agreed to about a laptop: by key, and under `NEW` for a new one."""
    return {
        one.payload.get("key", NEW): one
        for one in pairs.waiting(office, visitor)
        if one.kind == KIND and one.payload["device"] == device and not one.told.past
    }


def _do(office: Office, connection: Connection, asked_by: str, payload: dict[str, Any]) -> None:
    device = payload["device"]
    if payload["deed"] == NEW:
        ask_new_key_within(office, connection, device, by=asked_by)
    else:
        confirm_within(
            office, connection, device, payload["key"], by=asked_by, seen=payload["seen"]
        )


def _tell(office: Office, visitor: Visitor, payload: dict[str, Any]) -> pairs.Told | None:
    code, language = payload["device"], visitor.language
    if not is_laptop(office, code, visitor.districts):
        return None
    if payload["deed"] == NEW:
        what = text("web.key_ask_now", language, code=code)
        follows = text("web.key_ask_follows", language)
    else:
        what = text("web.key_confirm", language, kid=shown_key_id(payload["key"]))
        follows = text("web.key_confirm_follows", language)
    details = [
        (text("web.device_column_code", language), code),
        (text("web.key_deed", language), what),
        (text("web.key_follows", language), follows),
    ]
    past = _past(office, payload)
    return pairs.Told(details, f"/devices/{code}", text(past, language) if past else "")


def _past(office: Office, payload: dict[str, Any]) -> str:
    """Return the sentence that says why nobody can agree any more; empty: somebody can."""
    device = payload["device"]
    try:
        if payload["deed"] == NEW:
            require_in_use(office, device)
        else:
            look_at_key(office, device, payload["key"], payload["seen"])
    except DeviceStopped:
        return "web.key_past_stopped"
    except (DecidedBefore, DeviceUnknown, KeyUnknown):
        return "web.key_past_changed"
    return ""


def _after(office: Office, payload: dict[str, Any]) -> None:
    if payload["deed"] == CONFIRM:
        refresh_trust(office)  # which slips count is told to laptops and phones


pairs.register(KIND, _do, _tell, _after)
