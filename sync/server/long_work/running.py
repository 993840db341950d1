"""Long work in a thread of the process that was asked; any process says how far it is.

One piece runs at a time in an office. The row of one that runs is touched every few seconds: one
that is not touched any more was cut off, by a restart or a crash, and says so. All work of this
kind may be begun again: what was done is not done twice.
"""

import json
import threading
from collections.abc import Callable, Collection
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import func, insert, select, update

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import instant_from_text, instant_to_text
from sync.server.bugs import note_bug
from sync.server.long_work.counting import LISTENING, Count
from sync.server.long_work.tables import LONG_WORK_ROWS
from sync.server.office import Office
from sync.server.tables import OFFICE_ROWS

BEAT_S: Final = 1.0
CUT_AFTER: Final = timedelta(seconds=20)
NAMED_FOR: Final = timedelta(days=7)
Work = Callable[[], str]
"""Does it, and returns the page that shows what came of it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one piece of long work stands; `is_cut` if nobody does it any more."""

    id: str
    kind: str
    account: str
    state: str
    asked_at: str
    done: int
    total: int
    answer: str
    problem: dict[str, Any]


def begin(office: Office, kind: str, account: str, total: int, work: Work) -> tuple[str, bool]:
    """Begin long work and return its id; while another runs, that one's id, and False."""
    now = office.now()
    with office.database.writing() as connection:
        connection.execute(select(OFFICE_ROWS).with_for_update()).all()  # one begins at a time
        for row in connection.execute(_running()).all():
            if not _is_silent(office, row.beat_at):
                return str(row.id), False
        name = str(uuid4())
        values = {
            "id": name, "kind": kind, "account": account, "state": "running", "asked_at": now,
            "beat_at": now, "done": 0, "total": total,
        }  # fmt: skip
        connection.execute(insert(LONG_WORK_ROWS).values(values))
    thread = threading.Thread(
        target=copy_context().run, args=(_run, office, name, work), name="long work", daemon=True
    )
    thread.start()
    return name, True


def standing_of(office: Office, name: str) -> Standing | None:
    with office.database.reading() as connection:
        row = connection.execute(
            select(LONG_WORK_ROWS).where(LONG_WORK_ROWS.c.id == name)
        ).one_or_none()
    return None if row is None else _standing(office, row)


def unfinished(office: Office, kinds: Collection[str]) -> list[Standing]:
    """Return the piece that runs, if one does, of any kind; then what of `kinds` ended badly.

    The newest of its kind only, and not for ever: what was cut off or failed is no longer named
    once it is begun again, or nobody did so for a week.
    """
    table = LONG_WORK_ROWS.c
    newest = select(table.kind, func.max(table.asked_at).label("at")).group_by(table.kind)
    last = newest.subquery()
    is_last = (table.kind == last.c.kind) & (table.asked_at == last.c.at)
    since = instant_to_text(office.clock() - NAMED_FOR)
    is_open = (table.state != "done") & (table.asked_at > since)
    query = select(LONG_WORK_ROWS).join(last, is_last).where(is_open)
    with office.database.reading() as connection:
        rows = connection.execute(query.order_by(table.asked_at.desc())).all()
    found = [_standing(office, row) for row in rows]
    runs = [one for one in found if one.state == "running"]
    return runs + [one for one in found if one.state != "running" and one.kind in kinds]


def _running() -> Any:
    return select(LONG_WORK_ROWS).where(LONG_WORK_ROWS.c.state == "running")


def _standing(office: Office, row: Any) -> Standing:
    is_cut = row.state == "running" and _is_silent(office, row.beat_at)
    return Standing(
        row.id, row.kind, row.account, "cut" if is_cut else row.state, row.asked_at, row.done,
        row.total, row.answer or "", json.loads(row.problem) if row.problem else {},
    )  # fmt: skip


def _is_silent(office: Office, beat_at: str) -> bool:
    return office.clock() - instant_from_text(beat_at) > CUT_AFTER


def _run(office: Office, name: str, work: Work) -> None:
    count, ended = Count(), threading.Event()
    LISTENING.set(count)
    beating = threading.Thread(target=_beat, args=(office, name, count, ended), daemon=True)
    beating.start()
    values: dict[str, Any]
    try:
        values = {"state": "done", "answer": work()}
    except KnownError as error:
        problem = {"code": error.code, "parameters": dict(error.parameters)}
        values = {"state": "failed", "problem": json.dumps(problem, default=str)}
    except Exception as error:  # noqa: BLE001 - a bug is told, too, and never with content
        values = {"state": "failed", "problem": json.dumps({"number": note_bug(error, work=name)})}
    ended.set()
    beating.join()
    _note(office, name, {**values, **_how_far(count)})
    office.keep_head_outside()


def _beat(office: Office, name: str, count: Count, ended: threading.Event) -> None:
    while not ended.wait(BEAT_S):
        _note(office, name, _how_far(count))


def _how_far(count: Count) -> dict[str, Any]:
    return {"done": count.done, **({"total": count.total} if count.total else {})}


def _note(office: Office, name: str, values: dict[str, Any]) -> None:
    change = update(LONG_WORK_ROWS).where(LONG_WORK_ROWS.c.id == name)
    with office.database.writing() as connection:
        connection.execute(change.values(values | {"beat_at": instant_to_text(office.clock())}))
