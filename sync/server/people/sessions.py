"""Who is signed in at which browser: in the database, because there are several server processes.

A session ends after 15 minutes without use, after eight hours, when its person signs out, and when
the account is disabled or changed. The cookie's content is kept here by its hash alone.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from enumerator_app.domain.instants import instant_from_text, instant_to_text
from sync.server.office import Office
from sync.server.people.tables import ACCOUNT_ROWS, SESSION_ROWS

IDLE: Final = timedelta(minutes=15)
ABSOLUTE: Final = timedelta(hours=8)
_HALF_WAY: Final = timedelta(minutes=10)  # between password and code
_ENROLLING: Final = timedelta(minutes=30)
_NOTED_EVERY: Final = timedelta(seconds=30)
_LIVES: Final = {"open": ABSOLUTE, "code": _HALF_WAY, "first": _ENROLLING}
_IDLES: Final = {"open": IDLE, "code": _HALF_WAY, "first": _ENROLLING}


def start_session(
    office: Office, connection: Connection, account: str, stage: str, *,
    address: str, secret: str | None = None,
) -> str:  # fmt: skip
    """Make a session and return what the cookie holds."""
    token, now = secrets.token_urlsafe(32), office.now()
    row = {
        "hash": token_hash(token), "account": account, "stage": stage, "secret": secret,
        "csrf": secrets.token_urlsafe(24), "created_at": now, "seen_at": now, "address": address,
    }  # fmt: skip
    connection.execute(insert(SESSION_ROWS).values(row))
    return token


def token_hash(token: str) -> str:
    return hashlib.sha256(b"TP1-session\n" + token.encode()).hexdigest()


def find_session(office: Office, token: str) -> Any:
    """Return the session with its account's columns, or None; `is_over` where its time is up.

    An account that is not active has no session, whatever its cookie says.
    """
    account = ACCOUNT_ROWS.c
    query = (
        select(SESSION_ROWS, *(account[name].label(f"a_{name}") for name in _OF_ACCOUNT))
        .join(ACCOUNT_ROWS, account.id == SESSION_ROWS.c.account)
        .where(SESSION_ROWS.c.hash == token_hash(token), account.state != "disabled")
    )
    with office.database.reading() as connection:
        return connection.execute(query).one_or_none()


_OF_ACCOUNT: Final = (
    "login", "name", "role", "districts", "language", "keys", "state", "signed_in_at",
    "signed_in_from",
)  # fmt: skip


def is_over(row: Any, now: datetime) -> bool:
    """Return whether nobody used the session for too long, or it is too old."""
    idle = now - instant_from_text(row.seen_at)
    age = now - instant_from_text(row.created_at)
    return idle > _IDLES[row.stage] or age > _LIVES[row.stage]


def note_use(office: Office, row: Any) -> None:
    """Remember that the session is in use; twice a minute is enough."""
    now = office.clock()
    if now - instant_from_text(row.seen_at) < _NOTED_EVERY:
        return
    with office.database.noting() as connection:
        change = update(SESSION_ROWS).where(SESSION_ROWS.c.hash == row.hash)
        connection.execute(change.values(seen_at=instant_to_text(now)))


def end_session(connection: Connection, name: str) -> None:
    connection.execute(delete(SESSION_ROWS).where(SESSION_ROWS.c.hash == name))


def end_sessions(connection: Connection, account: str, *, but: str = "") -> None:
    """End every session of an account, except the one named."""
    of_it = (SESSION_ROWS.c.account == account) & (SESSION_ROWS.c.hash != but)
    connection.execute(delete(SESSION_ROWS).where(of_it))


def forget_old_sessions(office: Office) -> None:
    limit = instant_to_text(office.clock() - ABSOLUTE)
    with office.database.noting() as connection:
        connection.execute(delete(SESSION_ROWS).where(SESSION_ROWS.c.created_at < limit))
