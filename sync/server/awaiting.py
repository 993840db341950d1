"""After a restore: the laptops that the office waits for, and those excused from it.

What a laptop knows and this database does not comes back with its next contact. One that is away
for long can be excused by two persons, for this life of the office (server epoch) alone: the next
restore waits for it again. An excused laptop is not stopped, and is heard as any other.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, exists, func, insert, select

from sync.server.errors import OfficeRecovering
from sync.server.tables import DEVICE_ROWS, EXCUSED_ROWS, OFFICE_ROWS


@dataclass(frozen=True, slots=True)
class Unheard:
    """An active laptop that was not heard since the restore."""

    id: str
    code: str
    label: str
    is_excused: bool


def unheard(connection: Connection) -> list[Unheard]:
    """Return the laptops not heard since the restore, by their code; none without a restore."""
    rows = connection.execute(_unheard().order_by(DEVICE_ROWS.c.code))
    return [Unheard(*row) for row in rows]


def awaited(connection: Connection) -> list[Unheard]:
    """Return those of them that this office waits for."""
    return [one for one in unheard(connection) if not one.is_excused]


def require_heard(connection: Connection) -> None:
    """Let nothing be decided that a laptop which is awaited may know already.

    Raises:
        OfficeRecovering: laptops are awaited.
    """
    if waits := awaited(connection):
        raise OfficeRecovering(devices=len(waits))


def excuse(connection: Connection, device: str, *, by: str, at: str) -> None:
    """Wait no more for a laptop, in this life of the office; `by` is the account that asked."""
    epoch = connection.execute(select(OFFICE_ROWS.c.server_epoch)).scalar_one()
    row = {"device": device, "server_epoch": epoch, "asked_by": by, "at": at}
    connection.execute(insert(EXCUSED_ROWS).values(row))


def _unheard() -> Select[Any]:
    device, office, excused = DEVICE_ROWS.c, OFFICE_ROWS.c, EXCUSED_ROWS.c
    is_excused = exists().where(
        excused.device == device.id, excused.server_epoch == office.server_epoch
    )
    return (
        select(device.id, device.code, device.label, is_excused)
        .join_from(DEVICE_ROWS, OFFICE_ROWS, office.restored_at.is_not(None))
        .where(
            device.state == "active",
            func.coalesce(device.heard_epoch, "") != office.server_epoch,
        )
    )
