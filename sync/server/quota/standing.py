"""How the places of each village stand, and what they cost, in whole rupiah."""

from typing import Any, Final

from sqlalchemy import select

from enumerator_app.domain.reference import load_places
from sync.server.field_tables import QUOTA_ROWS
from sync.server.office import Office

SUMS: Final = ("seats", "confirmed", "waiting", "left", "cost", "budget")


def standing(office: Office, area: str = "") -> list[dict[str, Any]]:
    """Return the villages whose code begins with `area`, by code.

    `cost` is what the confirmed places cost over the whole period, `budget` what all would.
    """
    table = QUOTA_ROWS.c
    query = select(QUOTA_ROWS).where(table.village_code.startswith(area, autoescape=True))
    with office.database.reading() as connection:
        rows = connection.execute(query.order_by(table.village_code)).all()
    return [_village(row) for row in rows]


def _village(row: Any) -> dict[str, Any]:
    village = load_places().village(row.village_code)
    each = row.monthly * row.months
    return {
        "village_code": row.village_code,
        "village": village.name if village else "",
        "district": village.district_name if village else "",
        "seats": row.seats,
        "confirmed": row.confirmed,
        "waiting": row.waiting,
        "left": row.seats - row.confirmed,
        "programmes": row.programmes,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "months": row.months,
        "monthly": row.monthly,
        "table_version": row.table_version,
        "cost": row.confirmed * each,
        "budget": row.seats * each,
    }
