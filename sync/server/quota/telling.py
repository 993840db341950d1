"""What a laptop is told of places with its next contact: a forecast, never a promise.

Numbers of villages go to every laptop, a person's own place to the laptop that registered them.
Only what changed since the last time is said, in one notice of the laptop's own feed.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, cast, literal, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from sync.protocol.signing import REVISION, signed_document
from sync.server.awaiting import awaited
from sync.server.bulk import Write, write_all
from sync.server.feed import Feeds, Notice, read_heads
from sync.server.field_tables import QUOTA_ROWS, SEAT_ROWS, SEATS_TOLD_ROWS
from sync.server.office import Office

_MOST_AT_ONCE: Final = 1000
_KIND: Final = "seats"
TOLD: Final = Write(SEATS_TOLD_ROWS, ("device", "about", "told"), updates=("told",))
_VILLAGE: Final = (
    "seats", "confirmed", "waiting", "programmes", "starts_on", "ends_on", "months", "monthly",
)  # fmt: skip


def has_seat_news(connection: Connection, device: str) -> bool:
    """Return whether this laptop's picture of the places is an old one.

    Never while laptops are awaited after a restore: what they hold takes places.
    """
    return (
        not awaited(connection) and connection.execute(_untold(device).limit(1)).first() is not None
    )


def tell_seats(office: Office, connection: Connection, device: str) -> None:
    """Put what changed into the laptop's feed. The caller has locked the device's row."""
    rows = connection.execute(_untold(device).limit(_MOST_AT_ONCE)).all()
    if not rows:
        return
    villages = {row.about: dict(zip(_VILLAGE, _numbers(row), strict=True)) for row in rows
                if row.kind == "village"}  # fmt: skip
    people = {row.about: row.told for row in rows if row.kind == "person"}
    fields = {
        "kind": _KIND, "subject": None, "number": None, "revision": None, "state": None,
        "at": office.now(), "server_epoch": office.server_epoch, "villages": villages,
        "people": people,
    }  # fmt: skip
    written = signed_document(office.issuer.key, REVISION, fields).decode()
    heads = read_heads(connection, [device], lock=True)
    feeds = Feeds({head.device: head for head in heads})
    feeds.emit(device, Notice(_KIND, None, None, written))
    told = [(device, row.about, row.told) for row in rows]
    write_all(connection, [(TOLD, told), *feeds.writes()])


def _numbers(row: Any) -> list[Any]:
    seats, confirmed, waiting, programmes, starts_on, ends_on, months, monthly = row.told.split("|")
    counts = (int(seats), int(confirmed), int(waiting))
    return [*counts, programmes, starts_on, ends_on, int(months), int(monthly)]


def _untold(device: str) -> CompoundSelect[Any]:
    """Return villages and people whose standing differs from what the laptop was told."""
    quota, seat, told = QUOTA_ROWS.c, SEAT_ROWS.c, SEATS_TOLD_ROWS
    first, *rest = (cast(getattr(quota, name), Text) for name in _VILLAGE)
    joined: ColumnElement[str] = first
    for column in rest:
        joined = joined.concat("|").concat(column)
    villages = (
        select(literal("village").label("kind"), quota.village_code.label("about"),
               joined.label("told"))
        .outerjoin(told, (told.c.about == quota.village_code) & (told.c.device == device))
        .where(told.c.told.is_(None) | (told.c.told != joined))
    )  # fmt: skip
    people = (
        select(literal("person"), seat.subject, seat.state)
        .outerjoin(told, (told.c.about == seat.subject) & (told.c.device == device))
        .where(seat.device == device, told.c.told.is_(None) | (told.c.told != seat.state))
    )
    return union_all(villages, people)
