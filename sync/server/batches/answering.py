"""After a restore: the rows of lists that decisions of this office's own chain answer.

Laptops bring the insurer's answers back as decisions; the rows that waited for them are told here.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, update

from enumerator_app.domain.canonical import from_canonical
from sync.server.bulk import bound, one_of
from sync.server.cover_tables import SENT_ROWS
from sync.server.tables import EXPORT_ROWS, REVISION_ROWS, SUBJECT_ROWS

_AT_ONCE: Final = 2_000
_SAID: Final = {"enrolled": "accepted", "refused": "refused"}


def answer_rows(connection: Connection, subject: str | None = None) -> None:
    """Answer the rows that wait though the insurer's decision is in the chain; of one, or of all.

    A decision answers the lists that its person stood on before it, not one that left after it.
    """
    _find_people(connection)
    row, table, export = SENT_ROWS.c, SUBJECT_ROWS.c, EXPORT_ROWS.c
    goes_on = (table.state == "submitted") & (table.export_id == row.batch)
    query = (
        select(row.batch, row.n, row.subject, export.at)
        .join_from(SENT_ROWS, SUBJECT_ROWS, row.subject == table.id)
        .join(EXPORT_ROWS, export.id == row.batch)
        .where(row.state == "sent", ~func.coalesce(goes_on, False))
    )
    if subject is not None:
        query = query.where(row.subject == subject)
    waiting = connection.execute(query.order_by(row.subject)).all()
    for start in range(0, len(waiting), _AT_ONCE):
        some = waiting[start : start + _AT_ONCE]
        chains = _decisions(connection, sorted({one.subject for one in some}))
        _write(connection, [_answered(one, chains[one.subject]) for one in some])


def _find_people(connection: Connection) -> None:
    """Name the records of rows that were read back before their laptops came."""
    row, table = SENT_ROWS.c, SUBJECT_ROWS.c
    whose = (
        select(func.min(table.id))
        .where(table.number == row.number, table.state != "erased")
        .scalar_subquery()
    )
    unnamed = row.subject.is_(None) & (row.number != "")
    connection.execute(update(SENT_ROWS).where(unnamed).values(subject=whose))


def _decisions(connection: Connection, subjects: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what was decided about people and is the insurer's, or put them on a list."""
    table, dialect = REVISION_ROWS.c, connection.dialect.name
    query = select(table.subject, table.bytes).where(one_of(table.subject, dialect, "subjects"))
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for subject, written in connection.execute(query, {"subjects": bound(dialect, subjects)}):
        fields = from_canonical(written.encode())["fields"] if written else {}
        if fields.get("decision") in (*_SAID, "submitted"):
            found[subject].append(fields)
    return found


def _answered(row: Any, chain: list[dict[str, Any]]) -> dict[str, Any] | None:
    left = next((one["at"] for one in chain if one.get("export") == row.batch), row.at)
    later = [one for one in chain if one["decision"] in _SAID and one["at"] >= left]
    if not later:
        return None
    said = min(later, key=lambda one: str(one["at"]))
    return {
        "batch_of": row.batch, "place": row.n, "said": _SAID[said["decision"]],
        "why": said.get("code"), "words": said.get("raw"), "member": said.get("kpj"),
        "when": said["at"],
    }  # fmt: skip


def _write(connection: Connection, answers: Sequence[dict[str, Any] | None]) -> None:
    row = SENT_ROWS.c
    change = (
        update(SENT_ROWS)
        .where(row.batch == bindparam("batch_of"), row.n == bindparam("place"))
        .values(
            state=bindparam("said"), code=bindparam("why"), raw=bindparam("words"),
            kpj=bindparam("member"), answered_at=bindparam("when"),
        )
    )  # fmt: skip
    values = [one for one in answers if one is not None]
    if values:
        connection.execute(change, values)
