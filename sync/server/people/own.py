"""What people change about their own account: password, phone, backup codes, keys, sessions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from sync.server.office import Office
from sync.server.people.accounts import new_backup_codes
from sync.server.people.audit import audit
from sync.server.people.errors import CodeWrong, PasswordsDiffer, SignInWrong
from sync.server.people.passwords import is_password, password_hash
from sync.server.people.phone_codes import matching_step, new_secret, open_for, seal_for
from sync.server.people.sessions import end_sessions
from sync.server.people.tables import ACCOUNT_ROWS, BACKUP_CODE_ROWS, SESSION_ROWS
from sync.server.people.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Own:
    """An account as its owner sees it; codes that are left, and the browsers it is open in."""

    codes_left: int
    signed_in_at: str
    signed_in_from: str
    sessions: list[Any]


def read_own(office: Office, visitor: Visitor) -> Own:
    codes, sessions = BACKUP_CODE_ROWS.c, SESSION_ROWS.c
    left = select(codes.hash).where(codes.account == visitor.account, codes.used_at.is_(None))
    is_open = (sessions.account == visitor.account) & (sessions.stage == "open")
    with office.database.reading() as connection:
        account = connection.execute(
            select(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == visitor.account)
        ).one()
        return Own(
            codes_left=len(connection.execute(left).all()),
            signed_in_at=account.signed_in_at or "",
            signed_in_from=account.signed_in_from or "",
            sessions=list(
                connection.execute(
                    select(SESSION_ROWS).where(is_open).order_by(sessions.seen_at.desc())
                )
            ),
        )


def change_password(office: Office, visitor: Visitor, *, old: str, new: str, again: str) -> None:
    """Put a new password in the place of the old one; other browsers are signed out.

    Raises:
        SignInWrong: the old one is not it.
        PasswordsDiffer, PassphraseTooWeak
    """
    if new != again:
        raise PasswordsDiffer
    with office.database.reading() as connection:
        query = select(ACCOUNT_ROWS.c.password).where(ACCOUNT_ROWS.c.id == visitor.account)
        kept = connection.execute(query).scalar_one()
    if not is_password(old, kept):
        raise SignInWrong
    _change(office, visitor, "password_changed", password=password_hash(new))


def start_phone(office: Office, visitor: Visitor) -> str:
    """Return the secret of a new phone; the old one counts until the new one is proven."""
    secret = new_secret()
    with office.database.writing() as connection:
        change = update(SESSION_ROWS).where(SESSION_ROWS.c.hash == visitor.session)
        connection.execute(change.values(secret=seal_for(office.home, visitor.session, secret)))
    return secret


def waiting_secret(office: Office, visitor: Visitor) -> str | None:
    """Return the secret of the phone that this session began to change to."""
    query = select(SESSION_ROWS.c.secret).where(SESSION_ROWS.c.hash == visitor.session)
    with office.database.reading() as connection:
        sealed = connection.execute(query).scalar()
    return open_for(office.home, visitor.session, sealed) if sealed else None


def take_phone(office: Office, visitor: Visitor, secret: str, code: str) -> None:
    """Take the new phone, whose code proves that it knows the secret.

    Raises:
        CodeWrong
    """
    step = matching_step(secret, code, office.clock())
    if step is None:
        raise CodeWrong
    sealed = seal_for(office.home, visitor.account, secret)
    _change(office, visitor, "phone_changed", totp=sealed, totp_step=step)
    with office.database.writing() as connection:
        change = update(SESSION_ROWS).where(SESSION_ROWS.c.hash == visitor.session)
        connection.execute(change.values(secret=None))


def renew_codes(office: Office, visitor: Visitor) -> list[str]:
    with office.database.writing() as connection:
        audit(office, connection, visitor.account, "backup_codes_renewed", visitor.account)
        return new_backup_codes(connection, visitor.account)


def choose_keys(office: Office, visitor: Visitor, *, on: bool) -> None:
    with office.database.writing() as connection:
        change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == visitor.account)
        connection.execute(change.values(keys=int(on)))


def leave_elsewhere(office: Office, visitor: Visitor) -> None:
    """End every session of the account but the one that asks."""
    with office.database.writing() as connection:
        end_sessions(connection, visitor.account, but=visitor.session)
        audit(office, connection, visitor.account, "signed_out_elsewhere", visitor.account)


def _change(office: Office, visitor: Visitor, deed: str, **values: Any) -> None:
    with office.database.writing() as connection:
        change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == visitor.account)
        connection.execute(change.values(values))
        end_sessions(connection, visitor.account, but=visitor.session)
        audit(office, connection, visitor.account, deed, visitor.account)
