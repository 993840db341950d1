"""Links into an office of invented people: looking at its pages without password and phone.

An office is a sample only from its making on (`init --sample`). In any other office there are no
such links: nobody signs in there in somebody else's name.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update

from enumerator_app.domain.instants import instant_from_text, instant_to_text
from sync.server.home import Home, write_json
from sync.server.office import Office
from sync.server.one_time import code_hash, new_code
from sync.server.people.accounts import find_account
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.people.errors import SampleOnly, SignInWrong
from sync.server.people.signing_in import open_session
from sync.server.people.tables import ACCOUNT_ROWS

SAMPLE_PATH: Final = "/sign-in/sample"
_LIVES: Final = timedelta(hours=24)


def mark_sample(home: Home) -> None:
    write_json(home.sample_file, {"sample": True})


def is_sample(office: Office) -> bool:
    return office.home.sample_file.exists()


def make_link(office: Office, named: str) -> str:
    """Return the path that signs in once, within a day, as this account.

    Raises:
        SampleOnly: the people of this office are real.
        AccountUnknown
    """
    if not is_sample(office):
        raise SampleOnly
    code = new_code()
    until = instant_to_text(office.clock() + _LIVES)
    with office.database.writing() as connection:
        found = find_account(connection, named)
        change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == found.id)
        connection.execute(change.values(first_hash=code_hash(code), first_until=until))
        audit(office, connection, COMMAND_LINE, "sample_link_made", found.id)
    return f"{SAMPLE_PATH}?code={code}"


def linked_account(office: Office, code: str) -> Any:
    """Return the account that a link of this sample office opens, or None."""
    if not is_sample(office) or not code:
        return None
    table = ACCOUNT_ROWS.c
    query = select(ACCOUNT_ROWS).where(table.first_hash == code_hash(code))
    with office.database.reading() as connection:
        row = connection.execute(query.where(table.state != "disabled")).one_or_none()
    return row if row and instant_from_text(row.first_until) >= office.clock() else None


def use_link(office: Office, code: str, *, address: str) -> str:
    """Return the cookie of an open session; the link is used up.

    Raises:
        SignInWrong: there is no such link, or it was used.
    """
    found = linked_account(office, code)
    if found is None:
        raise SignInWrong
    with office.database.writing() as connection:
        is_it = (ACCOUNT_ROWS.c.id == found.id) & (ACCOUNT_ROWS.c.first_hash == code_hash(code))
        change = update(ACCOUNT_ROWS).where(is_it).values(first_hash=None, first_until=None)
        if connection.execute(change).rowcount != 1:
            raise SignInWrong
        return open_session(office, connection, found.id, address=address)
