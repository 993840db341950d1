"""Signing in: password, then the phone's code or a backup code; and the first time with a code.

What was wrong is never told apart: a name that does not exist answers as a wrong password, and as
slowly. Each step makes a new session, so that what a browser held before is worth nothing.
"""

from typing import Any, Final

from sqlalchemy import Connection, select, update

from enumerator_app.domain.instants import instant_from_text
from sync.server.office import Office
from sync.server.one_time import code_hash
from sync.server.people.attempts import Tries
from sync.server.people.audit import audit
from sync.server.people.errors import CodeUsedBefore, CodeWrong, SignInWrong
from sync.server.people.passwords import is_password
from sync.server.people.phone_codes import matching_step, new_secret, open_for
from sync.server.people.sessions import end_session, start_session
from sync.server.people.tables import ACCOUNT_ROWS, BACKUP_CODE_ROWS

_MOST_LOGIN: Final = 40
_PHONE_DIGITS: Final = 6


def check_password(office: Office, *, login: str, password: str, address: str) -> str:
    """Return the cookie of a session that still lacks its code.

    Raises:
        SignInWrong, TriedTooOften
    """
    tries = _tries(office, login, address)
    row = _active(office, tries.login)
    if not is_password(password, row.password if row else None) or row is None:
        tries.failed()
        raise SignInWrong
    with office.database.writing() as connection:
        return start_session(office, connection, row.id, "code", address=address)


def check_code(office: Office, session: Any, *, code: str, address: str) -> str:
    """Return the cookie of an open session, in the place of the one that lacked its code.

    Raises:
        CodeWrong, CodeUsedBefore, TriedTooOften
    """
    use_code(office, session.account, session.a_login, code, address=address)
    with office.database.writing() as connection:
        end_session(connection, session.hash)
        return open_session(office, connection, session.account, address=address)


def open_session(office: Office, connection: Connection, account: str, *, address: str) -> str:
    """Let an account in: the deed is journalled, and its last sign-in remembered."""
    values = {"signed_in_at": office.now(), "signed_in_from": address}
    connection.execute(update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == account).values(values))
    audit(office, connection, account, "signed_in", account)
    return start_session(office, connection, account, "open", address=address)


def check_first_code(office: Office, *, login: str, code: str, address: str) -> str:
    """Return the cookie of somebody who may choose a password now; the code stays good until then.

    Raises:
        SignInWrong, TriedTooOften
    """
    tries = _tries(office, login, address)
    table = ACCOUNT_ROWS.c
    query = select(table.id, table.first_until).where(
        table.login == tries.login, table.state == "invited", table.first_hash == code_hash(code)
    )
    with office.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None or instant_from_text(row.first_until) < office.clock():
        tries.failed()
        raise SignInWrong
    tries.succeeded()
    with office.database.writing() as connection:
        return start_session(
            office, connection, row.id, "first", address=address, secret=new_secret()
        )


def use_code(office: Office, account: str, login: str, code: str, *, address: str) -> None:
    """Take the phone's code, or a backup code, of an account: each counts once.

    Raises:
        CodeWrong, CodeUsedBefore, TriedTooOften
    """
    tries = _tries(office, login, address)
    try:
        with office.database.writing() as connection:
            query = select(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == account).with_for_update()
            row = connection.execute(query).one()
            _use_code(office, connection, row, code)
    except (CodeWrong, CodeUsedBefore):
        tries.failed()
        raise
    tries.succeeded()


def _use_code(office: Office, connection: Connection, row: Any, code: str) -> None:
    digits = "".join(code.split())
    if not (len(digits) == _PHONE_DIGITS and digits.isascii() and digits.isdigit()):
        _use_backup_code(office, connection, row.id, code)
        return
    secret = open_for(office.home, row.id, row.totp) if row.totp else None
    step = matching_step(secret, digits, office.clock()) if secret else None
    if step is None:
        raise CodeWrong
    if step <= row.totp_step:
        raise CodeUsedBefore
    change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == row.id)
    connection.execute(change.values(totp_step=step))


def _use_backup_code(office: Office, connection: Connection, account: str, code: str) -> None:
    table = BACKUP_CODE_ROWS.c
    is_it = (table.account == account) & (table.hash == code_hash(code)) & table.used_at.is_(None)
    change = update(BACKUP_CODE_ROWS).where(is_it).values(used_at=office.now())
    if connection.execute(change).rowcount != 1:
        raise CodeWrong
    audit(office, connection, account, "backup_code_used", account)


def _tries(office: Office, login: str, address: str) -> Tries:
    tries = Tries(office, login.strip().lower()[:_MOST_LOGIN], address)
    tries.count()
    return tries


def _active(office: Office, login: str) -> Any:
    table = ACCOUNT_ROWS.c
    query = select(ACCOUNT_ROWS).where(table.login == login, table.state == "active")
    with office.database.reading() as connection:
        return connection.execute(query).one_or_none()
