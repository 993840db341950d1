"""Signed-in people for the campaign of mutated requests: every page and form of the application.

What they open and send is walked to, page by page, so that a page of tomorrow is mutated, too. A
person's own pace is never passed: the office's clock goes on with each of their requests, or the
limit would refuse the rest of the campaign and nothing would be tried.
"""

import random
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import pyotp
from sqlalchemy import delete, select, update

from sync.server.office import Office
from sync.server.people.sessions import find_session
from sync.server.people.signing_in import open_session
from sync.server.people.tables import ACCOUNT_ROWS, ATTEMPT_ROWS, PAIR_ROWS, SESSION_ROWS
from tests.server.people import signed_in
from tests.server.planted import VISIT, Planted, plant
from tests.server.walking import Field, Sheet, Walk

if TYPE_CHECKING:
    from tests.faults.fuzz_server import Asked

ROLES = ("coordinator", "administrator")
HERE = "http://127.0.0.1"
FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "tani"
_CODE = re.compile(rb"\bcode=[^&]*")
_APART = timedelta(milliseconds=250)  # 240 a minute: a limit is 600
_FRESH_EVERY = 200


@dataclass
class Pages:
    """The people in front of the pages; `now` is the office's clock."""

    office: Office
    now: datetime
    accounts: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    csrf: dict[str, str] = field(default_factory=dict)
    phones: dict[str, pyotp.TOTP] = field(default_factory=dict)
    asked: int = 0
    _at_first: list[dict[str, Any]] = field(default_factory=list)

    def headers(self, one: "Asked", dice: random.Random) -> "Asked":
        """Return the request as a browser would send it; half of the forms are right."""
        if self.asked % _FRESH_EVERY == 0:
            self.fresh()
        self.asked += 1
        self.now += _APART
        kept = {"Cookie": f"session={self.tokens[one.who]}", "Origin": HERE}
        body = one.body
        if one.method == "POST" and dice.random() < 0.5:
            token = self.csrf[one.who]
            said = f"csrf={token}&".encode()
            if one.headers.get("Content-Type", "").startswith("multipart"):
                said = _part("csrf", token.encode())
            code = b"code=" + self.phones[one.who].at(self.now).encode()
            body = said + _CODE.sub(code, body)
        elif dice.random() < 0.2:
            kept.pop(dice.choice(list(kept)))
        return replace(one, body=body, headers={**kept, **one.headers})

    def fresh(self) -> None:
        """Sign everybody in again as they were: requests end sessions and change rights."""
        with self.office.database.writing() as connection:
            for table in (SESSION_ROWS, ATTEMPT_ROWS, PAIR_ROWS):
                connection.execute(delete(table))
            for row in self._at_first:
                change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == row["id"])
                connection.execute(change.values(row))
            for role, account in self.accounts.items():
                token = open_session(self.office, connection, account, address="127.0.0.1")
                self.tokens[role] = token
        for role, token in self.tokens.items():
            session = find_session(self.office, token)
            assert session
            self.csrf[role] = session.csrf

    def remember(self) -> None:
        with self.office.database.reading() as connection:
            rows = connection.execute(select(ACCOUNT_ROWS)).mappings()
            self._at_first = [dict(row) for row in rows]


def with_pages(office: Office, folder: Path, app: Any) -> tuple[Pages, list["Asked"]]:
    """Plant an office full of harm, and return who uses its pages, and all that they can ask."""
    people = {role: signed_in(office, role, app=app) for role in ROLES}
    planted = plant(office, folder)
    pages = Pages(office, office.clock())
    office.clock = lambda: pages.now
    pages.accounts = {role: browser.account for role, browser in people.items()}
    pages.phones = {role: pyotp.TOTP(browser.secret) for role, browser in people.items()}
    pages.remember()
    corpus: list[Asked] = []
    for role in ROLES:
        walk = Walk(app, signed_in(office, role, app=app)).from_here("/")
        corpus += [_get(role, address) for address in walk.answers]
        corpus += [_post(role, form) for form in (*walk.all_forms(), *_unled(planted))]
    return pages, corpus


def _unled(planted: Planted) -> list[Sheet]:
    """Forms that stand on no page as long as the office is as it is."""
    words = [Field(name, "text", "x") for name in ("id", "code", "subject", "content", "verdict")]
    here = f"/visits/{VISIT}"
    return [
        Sheet("POST", f"{here}/look", words), Sheet("POST", f"{here}/sign", words),
        Sheet("POST", f"{here}/minutes", [Field("scan", "file"), Field("signed_on", "date")]),
        Sheet("POST", "/visits-undo", words), Sheet("POST", "/decide-undo", words),
        Sheet("POST", f"/batches/{planted.batch}/finish", words),
        Sheet("POST", f"/service/{planted.first}/card.pdf", words),
        Sheet("POST", "/pairs/x/yes", words), Sheet("POST", "/batches/export", words),
    ]  # fmt: skip


def _get(who: str, address: str) -> "Asked":
    from tests.faults.fuzz_server import Asked  # noqa: PLC0415 - it knows of this module

    parts = urlsplit(address)
    return Asked("GET", parts.path, parts.query, who=who)


def _post(who: str, form: Sheet) -> "Asked":
    from tests.faults.fuzz_server import Asked  # noqa: PLC0415 - it knows of this module

    values = {name: value for name, value in form.values().items() if name != "csrf"}
    files = [one.name for one in form.fields if one.kind == "file"]
    path = urlsplit(form.action).path
    if not files:
        body, kind = urlencode(values).encode(), FORM
    else:
        parts = [_part(name, value.encode()) for name, value in values.items()]
        parts += [_part(name, b"number,status\nx,diterima\n", "a.csv") for name in files]
        body = b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
    return Asked("POST", path, "", body, {"Content-Type": kind}, who)


def odd_form(body: bytes, word: bytes, dice: random.Random) -> bytes:
    """Put a word in the place of one value of a form, or of a field that it has not."""
    fields = body.split(b"&") if body else []
    n = dice.randrange(len(fields) + 1)
    name = fields[n].partition(b"=")[0] if n < len(fields) else b"id"
    return b"&".join([*fields[:n], name + b"=" + quote(word).encode(), *fields[n + 1 :]])


def _part(name: str, content: bytes, file: str = "") -> bytes:
    what = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    return f"--{_BOUNDARY}\r\nContent-Disposition: {what}\r\n\r\n".encode() + content + b"\r\n"
