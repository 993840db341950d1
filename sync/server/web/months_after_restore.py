"""After a restore, on the page of months: which may be missing, for no laptop keeps them."""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date, shown_time
from enumerator_app.texts import Language, text
from sync.server.office import Office
from sync.server.people.tables import DEED_ROWS
from sync.server.tables import OFFICE_ROWS

_SAID_FOR: Final = timedelta(days=92)  # the next months are paid and compared by then


def months_missing(office: Office, language: Language) -> str:
    """Return since when months are missing that were noted before a restore; empty if none are.

    The database is as old as the last deed in it from before it was put back.
    """
    with office.database.reading() as connection:
        restored = connection.execute(select(OFFICE_ROWS.c.restored_at)).scalar_one()
        if restored is None or office.clock() - instant_from_text(restored) > _SAID_FOR:
            return ""
        last = select(func.max(DEED_ROWS.c.at)).where(DEED_ROWS.c.at < restored)
        known = connection.execute(last).scalar() or restored
    since, until = _moment(known), _moment(restored)
    return text("web.updates_missing", language, since=since, until=until)


def _moment(written: str) -> str:
    at = instant_from_text(written)
    return f"{shown_date(day_in_wib(at))} {shown_time(at)}"
