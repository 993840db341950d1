"""People of a test office who are signed in, without the time that a password costs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

import pyotp
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select, update

from sync.server.application import create_application
from sync.server.office import Office
from sync.server.people.accounts import add_account
from sync.server.people.phone_codes import new_secret, seal_for
from sync.server.people.sessions import find_session
from sync.server.people.signing_in import open_session
from sync.server.people.tables import ACCOUNT_ROWS

HERE = "http://testserver"


@dataclass
class Browser:
    """Somebody's browser: `get` and `post` as their pages would send them."""

    client: TestClient
    office: Office
    account: str
    secret: str
    token: str

    @property
    def csrf(self) -> str:
        session = find_session(self.office, self.token)
        return session.csrf if session else ""

    @property
    def code(self) -> str:
        """The six digits that this person's phone shows by the office's clock."""
        return pyotp.TOTP(self.secret).at(self.office.clock())

    def get(self, path: str, **how) -> Response:
        return self.client.get(path, follow_redirects=False, **how)

    def post(self, path: str, form: dict | None = None, **how) -> Response:
        sent = {"csrf": self.csrf, **(form or {})}
        headers = {"Origin": HERE, **how.pop("headers", {})}
        return self.client.post(path, data=sent, headers=headers, follow_redirects=False, **how)


def words_of(page: Response) -> str:
    """Return what a page says, without its marks."""
    bare = re.sub(r"<[^>]+>", " ", page.text)
    return re.sub(r"\s+", " ", unescape(bare)).replace("\xa0", " ")


def new_person(
    office: Office, role: str, *, login: str = "", districts: Sequence[str] = ()
) -> tuple[str, str]:
    """Make an account that is in use; return its id and the secret of its phone."""
    made = add_account(
        office,
        login=login or role.replace("_", "."),
        name=f"Uji {role}",
        role=role,
        districts=districts,
        by="command line",
    )
    secret = new_secret()
    values = {"state": "active", "totp": seal_for(office.home, made.account, secret)}
    with office.database.writing() as connection:
        change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == made.account)
        connection.execute(change.values(values | {"first_hash": None}))
    return made.account, secret


def signed_in(
    office: Office, role: str, *, login: str = "", districts: Sequence[str] = (), app=None
) -> Browser:
    """Return the browser of somebody with this role; the same login again is the same person."""
    name = login or role.replace("_", ".")
    with office.database.reading() as connection:
        query = select(ACCOUNT_ROWS.c.id).where(ACCOUNT_ROWS.c.login == name)
        known = connection.execute(query).scalar()
    account, secret = (
        (known, "") if known else new_person(office, role, login=name, districts=districts)
    )
    with office.database.writing() as connection:
        token = open_session(office, connection, account, address="testclient")
    client = TestClient(
        app or create_application(office), base_url=HERE, cookies={"session": token}
    )
    return Browser(client, office, account, secret, token)
