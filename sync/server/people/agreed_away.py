"""That a restored office waits no more for laptops that are away takes two persons.

Nothing of theirs is lost by it: a laptop that comes back is heard as any other. But what only it
knows is decided without it, so one names the laptops and another agrees.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from enumerator_app.texts import text
from sync.server.awaiting import Unheard, awaited, excuse
from sync.server.office import Office
from sync.server.people import pairs
from sync.server.people.audit import audit
from sync.server.people.errors import NotAllowed
from sync.server.people.visitor import Visitor
from sync.server.resolving.errors import DecidedBefore
from sync.server.tables import OFFICE_ROWS

KIND: Final = "away"


def ask_to_excuse(office: Office, visitor: Visitor, named: Sequence[str]) -> str:
    """Put it before a second person that these laptops (codes) count as heard; return its id.

    Raises:
        NotAllowed: they have some kecamatan only; lists are the whole regency's.
        DecidedBefore: one of them is not awaited (any more).
    """
    if visitor.districts is not None:
        raise NotAllowed
    with office.database.reading() as connection:
        epoch, waits = _epoch(connection), {one.code for one in awaited(connection)}
    if not set(named) <= waits:
        raise DecidedBefore
    payload = {"devices": sorted(set(named)), "server_epoch": epoch}
    return pairs.ask(office, visitor.account, KIND, payload)


def waiting_for(office: Office, visitor: Visitor) -> dict[str, pairs.Waiting]:
    """Return what can still be agreed to, by the code of each laptop that it names."""
    return {
        code: one
        for one in pairs.waiting(office, visitor)
        if one.kind == KIND and not one.told.past
        for code in one.payload["devices"]
    }


def _excuse(office: Office, connection: Connection, asked_by: str, payload: dict[str, Any]) -> None:
    connection.execute(select(OFFICE_ROWS.c.id).with_for_update())  # two requests may name the same
    still = _still(connection, payload)
    if not still:
        raise DecidedBefore
    for one in still:
        excuse(connection, one.id, by=asked_by, at=office.now())
        audit(office, connection, asked_by, "device_excused", one.code)


def _tell(office: Office, visitor: Visitor, payload: dict[str, Any]) -> pairs.Told | None:
    if visitor.districts is not None:
        return None
    language = visitor.language
    with office.database.reading() as connection:
        is_same, still = payload["server_epoch"] == _epoch(connection), _still(connection, payload)
    labels = {one.code: one.label for one in still}
    names = [f"{one} ({labels[one]})" if labels.get(one) else one for one in payload["devices"]]
    past = "" if still else "web.away_past_heard" if is_same else "web.away_past_restored"
    details = [
        (text("web.away_laptops", language), ", ".join(names)),
        (text("web.key_follows", language), text("web.away_follows", language)),
    ]
    return pairs.Told(details, "/devices", text(past, language) if past else "")


def _still(connection: Connection, payload: dict[str, Any]) -> list[Unheard]:
    """Return those of the named laptops that are awaited in the life that the request is of."""
    if payload["server_epoch"] != _epoch(connection):
        return []
    return [one for one in awaited(connection) if one.code in payload["devices"]]


def _epoch(connection: Connection) -> str:
    return str(connection.execute(select(OFFICE_ROWS.c.server_epoch)).scalar_one())


pairs.register(KIND, _excuse, _tell)
