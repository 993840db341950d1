"""Accounts of the office's people: made by an administrator, finished by their owner.

A new account has a one-time code that counts for 24 hours. With it its owner chooses a password,
takes the secret for the phone, and gets ten codes for the day without the phone.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update

from enumerator_app.domain.canonical import clean_text
from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.domain.reference import load_places
from sync.server.office import Office
from sync.server.one_time import code_hash, new_code
from sync.server.people.audit import audit
from sync.server.people.errors import (
    AccountExists,
    AccountUnknown,
    AccountWrong,
    LastAdministrator,
)
from sync.server.people.passwords import password_hash
from sync.server.people.phone_codes import seal_for
from sync.server.people.rights import Role
from sync.server.people.sessions import end_sessions
from sync.server.people.tables import ACCOUNT_ROWS, BACKUP_CODE_ROWS

CODE_LIVES: Final = timedelta(hours=24)
BACKUP_CODES: Final = 10
_BACKUP_LETTERS: Final = 8
_LOGIN: Final = re.compile("[a-z0-9][a-z0-9._-]{1,39}")
_MOST_LOGIN: Final = 40
_MOST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Invited:
    """What its administrator tells the owner of an account, once. `code` is never stored."""

    account: str
    login: str
    code: str
    expires_at: str


def add_account(
    office: Office, *, login: str, name: str, role: str, by: str, districts: Sequence[str] = ()
) -> Invited:
    """Make an account that its owner has to finish; without `districts` it sees the whole regency.

    Raises:
        AccountExists, AccountWrong
    """
    written = login.strip().lower()
    shown = clean_text(name)
    if not _LOGIN.fullmatch(written):
        raise AccountWrong(value=login)
    if not shown or len(shown) > _MOST_NAME:
        raise AccountWrong(value=name)
    account = str(uuid4())
    row = {
        "id": account, "login": written, "name": shown, "role": _role(role),
        "districts": _kept(read_districts(districts)), "language": "id", "keys": 1,
        "state": "invited", "totp_step": 0, "created_at": office.now(),
    }  # fmt: skip
    with office.database.writing() as connection:
        if connection.execute(select(ACCOUNT_ROWS.c.id).where(_is(written))).first():
            raise AccountExists(login=written)
        connection.execute(insert(ACCOUNT_ROWS).values(row))
        audit(office, connection, by, "account_added", account)
        return _invite(office, connection, account, written)


def first_administrator(office: Office, name: str, *, by: str) -> Invited:
    """Make the account that makes the others; its sign-in name is made of the person's name."""
    letters = re.sub("[^a-z0-9]+", ".", name.lower()).strip(".")[:_MOST_LOGIN].strip(".")
    login = letters if _LOGIN.fullmatch(letters) else "administrator"
    return add_account(office, login=login, name=name, role=Role.administrator, by=by)


def reset_account(office: Office, named: str, *, by: str) -> Invited:
    """Take password, phone and codes away, and make a new one-time code.

    Raises:
        AccountUnknown
    """
    with office.database.writing() as connection:
        found = find_account(connection, named)
        end_sessions(connection, found.id)
        connection.execute(delete(BACKUP_CODE_ROWS).where(BACKUP_CODE_ROWS.c.account == found.id))
        change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == found.id)
        connection.execute(change.values(state="invited", password=None, totp=None))
        audit(office, connection, by, "account_reset", found.id)
        return _invite(office, connection, found.id, found.login)


def disable_account(office: Office, named: str, *, by: str) -> Any:
    """End an account: it signs in no more, and what it did stays.

    Raises:
        AccountUnknown, LastAdministrator
    """
    with office.database.writing() as connection:
        found = find_account(connection, named)
        _keep_an_administrator(connection, found)
        end_sessions(connection, found.id)
        change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == found.id)
        connection.execute(change.values(state="disabled", first_hash=None))
        audit(office, connection, by, "account_disabled", found.id)
    return found


def change_scope(
    office: Office, named: str, *, by: str, role: str | None = None,
    districts: Iterable[str] | None = None,
) -> None:  # fmt: skip
    """Give an account another role or other kecamatan (none named: the whole regency).

    Raises:
        AccountUnknown, AccountWrong, LastAdministrator
    """
    values: dict[str, Any] = {}
    if role is not None:
        values["role"] = _role(role)
    if districts is not None:
        values["districts"] = _kept(read_districts(districts))
    with office.database.writing() as connection:
        found = find_account(connection, named)
        if values.get("role", "administrator") != "administrator":
            _keep_an_administrator(connection, found)
        end_sessions(connection, found.id)  # what is open was opened with the other rights
        if values:
            change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == found.id)
            connection.execute(change.values(values))
        audit(office, connection, by, "account_scope", found.id)


def finish_account(office: Office, account: str, *, password: str, secret: str) -> list[str]:
    """Take the owner's password and phone; return the codes for the day without the phone.

    Raises:
        PassphraseTooWeak
    """
    kept = password_hash(password)
    with office.database.writing() as connection:
        values = {
            "password": kept, "totp": seal_for(office.home, account, secret), "totp_step": 0,
            "state": "active", "first_hash": None, "first_until": None,
        }  # fmt: skip
        change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == account)
        connection.execute(change.values(values))
        codes = new_backup_codes(connection, account)
        audit(office, connection, account, "account_finished", account)
    return codes


def new_backup_codes(connection: Connection, account: str) -> list[str]:
    """Put ten new codes in the place of the old ones."""
    codes = [new_code(_BACKUP_LETTERS) for _ in range(BACKUP_CODES)]
    connection.execute(delete(BACKUP_CODE_ROWS).where(BACKUP_CODE_ROWS.c.account == account))
    rows = [{"account": account, "hash": code_hash(code), "used_at": None} for code in codes]
    connection.execute(insert(BACKUP_CODE_ROWS), rows)
    return codes


def choose_language(office: Office, account: str, language: str) -> None:
    with office.database.noting() as connection:
        change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == account)
        connection.execute(change.values(language=language))


def find_account(connection: Connection, named: str) -> Any:
    """Return the account with this sign-in name or id.

    Raises:
        AccountUnknown
    """
    row = connection.execute(
        select(ACCOUNT_ROWS).where(_is(named.strip().lower()) | (ACCOUNT_ROWS.c.id == named))
    ).one_or_none()
    if row is None:
        raise AccountUnknown(name=named)
    return row


def list_accounts(office: Office) -> list[dict[str, Any]]:
    """Return every account as commands and pages show it, by sign-in name."""
    with office.database.reading() as connection:
        rows = connection.execute(select(ACCOUNT_ROWS).order_by(ACCOUNT_ROWS.c.login)).all()
    now = office.clock()
    return [
        {
            "id": row.id, "login": row.login, "name": row.name, "role": row.role,
            "districts": districts_of(row.districts), "state": row.state,
            "signed_in_at": row.signed_in_at, "created_at": row.created_at,
            "code_expired": row.state == "invited" and (
                row.first_until is None or instant_from_text(row.first_until) < now
            ),
        }
        for row in rows
    ]  # fmt: skip


def districts_of(kept: str | None) -> list[str] | None:
    """Return the codes of kecamatan in a row of an account; None is the whole regency."""
    return None if kept is None else list(json.loads(kept))


def read_districts(typed: Iterable[str]) -> list[str]:
    """Return the six-digit codes of kecamatan given by code or by name, sorted.

    Raises:
        AccountWrong: there is no such kecamatan.
    """
    names = {
        village.district_name.casefold(): village.district_code
        for village in load_places().villages
    }
    found: set[str] = set()
    for one in typed:
        digits = one.replace(".", "").strip()
        code = digits if digits in names.values() else names.get(one.strip().casefold())
        if code is None:
            raise AccountWrong(value=one)
        found.add(code)
    return sorted(found)


def _invite(office: Office, connection: Connection, account: str, login: str) -> Invited:
    code, until = new_code(), instant_to_text(office.clock() + CODE_LIVES)
    values = {"first_hash": code_hash(code), "first_until": until}
    connection.execute(update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == account).values(values))
    return Invited(account, login, code, until)


def _keep_an_administrator(connection: Connection, leaving: Any) -> None:
    table = ACCOUNT_ROWS.c
    others = select(table.id).where(
        table.role == "administrator", table.state != "disabled", table.id != leaving.id
    )
    is_one = leaving.role == "administrator"
    if is_one and connection.execute(others.with_for_update()).first() is None:
        raise LastAdministrator


def _is(login: str) -> Any:
    return ACCOUNT_ROWS.c.login == login


def _role(written: str) -> str:
    if written not in set(Role):
        raise AccountWrong(value=written)
    return written


def _kept(districts: list[str]) -> str | None:
    return json.dumps(districts) if districts else None
