"""Records that arrived and cannot be read: kept whole, and shown with what is known of them.

Such a record ends by itself as soon as its laptop sends it in a form that can be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from enumerator_app.domain.reference import load_places
from enumerator_app.texts import catalogue
from sync.server.ingest.judging import content_of, number_in
from sync.server.tables import DEVICE_ROWS, ENTRY_ROWS, SUBJECT_ROWS

_STATE: Final = "quarantined"
_MOST_NAME: Final = 80
Districts = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Unread:
    """What its body says as far as it says it; empty where it says nothing usable."""

    id: str
    name: str
    number: str
    village_code: str
    laptop: str
    code: str
    since: str


def unread_records(connection: Connection, districts: Districts, most: int) -> list[Unread]:
    """Return them, the oldest first; whose village cannot be read is only the whole regency's."""
    found = (one for one in _each(connection) if _is_inside(one, districts))
    return [one for one, _ in zip(found, range(most), strict=False)]


def unread_with(connection: Connection, number: str) -> Unread | None:
    """Return the one with this registration number."""
    return next((one for one in _each(connection) if one.number == number), None)


def words_of(one: Unread) -> tuple[str, str]:
    """Return the keys of the sentences that say why it has no effect, and what to do."""
    code = one.code if f"web.decide_unread_{one.code}" in catalogue() else "invalid"
    return f"web.decide_unread_{code}", f"web.decide_unread_do_{code}"


def count_unread(connection: Connection, districts: Districts) -> int:
    if districts is not None:
        return sum(_is_inside(one, districts) for one in _each(connection))
    query = select(func.count()).where(SUBJECT_ROWS.c.state == _STATE)
    return int(connection.execute(query).scalar_one())


def _is_inside(one: Unread, districts: Districts) -> bool:
    return districts is None or one.village_code[:6] in districts


def _each(connection: Connection) -> Iterator[Unread]:
    subject, entry = SUBJECT_ROWS.c, ENTRY_ROWS.c
    query = (
        select(
            subject.id, subject.received_at, entry.code, entry.body,
            DEVICE_ROWS.c.code.label("laptop"),
        )
        .outerjoin(ENTRY_ROWS, entry.hash == subject.content)
        .outerjoin(DEVICE_ROWS, DEVICE_ROWS.c.id == subject.device)
        .where(subject.state == _STATE)
        .order_by(subject.received_at, subject.id)
    )  # fmt: skip
    for row in connection.execute(query):
        yield _read(row, content_of(row.body) or {})


def _read(row: Any, content: dict[str, Any]) -> Unread:
    name, village = content.get("name"), content.get("village_code")
    is_village = isinstance(village, str) and load_places().village(village) is not None
    return Unread(
        id=row.id,
        name=name[:_MOST_NAME] if isinstance(name, str) else "",
        number=number_in(content) or "",
        village_code=str(village) if is_village else "",
        laptop=row.laptop or "",
        code=row.code or "",
        since=row.received_at,
    )
