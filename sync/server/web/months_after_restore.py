"""After a restore, on the page of months: which may be missing, for no laptop keeps them.

Where the files beside the database hold all of them, none is.
"""

from sqlalchemy import func, select

from enumerator_app.domain.instants import instant_from_text, shown_moment
from enumerator_app.texts import Language, text
from sync.server.covering.kept_beside import KIND, is_whole, restored_lately, unreadable
from sync.server.office import Office
from sync.server.people.tables import DEED_ROWS


def months_missing(office: Office, language: Language) -> str:
    """Return since when months are missing that were noted before a restore; empty if none are.

    The database is as old as the last deed in it from before it was put back.
    """
    restored = None if is_whole(office) else restored_lately(office)
    if restored is None:
        return ""
    with office.database.reading() as connection:
        last = select(func.max(DEED_ROWS.c.at)).where(DEED_ROWS.c.at < restored)
        known = connection.execute(last).scalar() or restored
    since, until = shown_moment(instant_from_text(known)), shown_moment(instant_from_text(restored))
    return text("web.updates_missing", language, since=since, until=until)


def months_unreadable(office: Office, language: Language) -> str:
    """Return which files beside the database nobody can read; empty if nothing is lost by them."""
    files = [f"{KIND}/{name}" for name in unreadable(office)]
    return text("web.updates_unreadable", language, files=", ".join(files)) if files else ""
