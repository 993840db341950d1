"""Jejak: who did what and when, for auditors; and whether the chain of deeds is whole."""

import math
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response

from enumerator_app.domain.instants import instant_from_text
from enumerator_app.texts import Language, catalogue, text
from sync.server.people.accounts import list_accounts
from sync.server.people.audit import COMMAND_LINE, audit, wrong_deeds_of
from sync.server.people.reading_audit import Wanted, deed_kinds, each_deed, read_deeds
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.forms import Form
from sync.server.web.frame import moment
from sync.server.web.numbers import whole
from sync.server.web.paging import pager
from sync.server.web.site import Site
from sync.server.web.words import Words

_COMMAND: Final = "command_"
_A_PAGE: Final = 50
_FIELDS: Final = ("account", "deed", "subject")
_COLUMNS: Final = ("n", "at", "who", "what", "about", "print")


def add_audit(site: Site) -> None:
    """Hang the page onto the site, and the check of the chain."""

    @site.get("/audit", right=Right.audit)
    def page(request: Request, visitor: Visitor) -> Response:
        wanted, written = _wanted(request), request.query_params.get("page", "1")
        n = int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 1
        return _page(site, visitor, wanted, max(n, 1))

    @site.get("/audit.{kind}", right=Right.audit)
    def table(request: Request, visitor: Visitor) -> Response:
        office, wanted, words = site.office, _wanted(request), Words(visitor.language)
        with office.database.writing() as connection:
            audit(office, connection, visitor.account, "audit_table")
        with office.database.reading() as connection:
            rows = _table_rows(site, each_deed(connection, wanted), visitor.language)
            header = [words(f"audit_{name}") for name in _COLUMNS]
            return send_table(site, request, visitor, Table("jejak", header, rows))

    @site.post("/audit/check", right=Right.audit)
    def check(visitor: Visitor, _: Form) -> Response:
        wrong = wrong_deeds_of(site.office)
        said = "audit_broken" if wrong else "audit_whole"
        values = {"n": ", ".join(map(str, wrong[:10]))} if wrong else {}
        checked = {"colour": "red" if wrong else "green",
                   "said": text(f"web.{said}", visitor.language, **values)}  # fmt: skip
        return _page(site, visitor, Wanted(), 1, checked=checked)


def _wanted(request: Request) -> Wanted:
    asked = request.query_params
    return Wanted(**{name: asked.get(name, "")[:80] for name in _FIELDS})


def _table_rows(site: Site, found: Iterable[Any], language: Language) -> Iterator[list[str]]:
    """Yield what the page shows of each deed, with the print that the chain holds it by."""
    names = dict(_accounts(site, language))
    for row in found:
        shown = _shown(row, names, language)
        yield [str(row.n), row.at, shown["who"], shown["said"], shown["subject"], row.hash]


def _page(
    site: Site, visitor: Visitor, wanted: Wanted, n: int, checked: dict[str, str] | None = None
) -> Response:
    language = visitor.language
    names = dict(_accounts(site, language))
    total, rows = read_deeds(site.office, wanted, page=n, size=_A_PAGE)
    return site.render(
        visitor,
        "audit.html",
        active="audit",
        rows=[_shown(row, names, language) for row in rows],
        total=whole(total, language),
        has_filter=bool(_query(wanted)),
        downloads=table_links("/audit", _query(wanted)),
        wanted=wanted,
        accounts=list(names.items()),
        deeds=[("", text("web.audit_all_deeds", language))]
        + [(one, deed_words(one, language)) for one in deed_kinds(site.office)],
        page=pager(
            first=(n - 1) * _A_PAGE + 1,
            last=(n - 1) * _A_PAGE + len(rows),
            total=total,
            page=n,
            pages=max(math.ceil(total / _A_PAGE), 1),
            address=lambda other: _address(wanted, other),
            language=language,
        ),
        checked=checked,
    )


def _shown(row: Any, names: dict[str, str], language: Language) -> dict[str, Any]:
    return {
        "n": row.n,
        "at": moment(instant_from_text(row.at), language),
        "who": _who(row, language),
        "account": row.account,
        "said": deed_words(row.deed, language),
        "subject": names.get(row.subject, row.subject) if row.subject else "",
        "is_own": row.subject == row.account,
    }


def _who(row: Any, language: Language) -> str:
    if row.account == COMMAND_LINE:
        return text("web.audit_command_line", language)
    return row.name or str(row.account)


def deed_words(deed: str, language: Language) -> str:
    """Return a deed in words; one that has none is shown by its name."""
    if deed.startswith(_COMMAND):
        name = deed.removeprefix(_COMMAND).replace("_", " ")
        return text("web.audit_command", language, name=name)
    key = f"web.deed_{deed.replace('-', '_')}"
    said = text(key, language) if key in catalogue() else deed.replace("_", " ")
    return said[:1].upper() + said[1:]


def _accounts(site: Site, language: Language) -> list[tuple[str, str]]:
    found = [(one["id"], one["name"]) for one in list_accounts(site.office)]
    return [
        ("", text("web.audit_all_accounts", language)),
        (COMMAND_LINE, text("web.audit_command_line", language)),
        *found,
    ]


def _address(wanted: Wanted, page: int) -> str:
    return f"/audit?{'&'.join(part for part in (_query(wanted), f'page={page}') if part)}"


def _query(wanted: Wanted) -> str:
    return urlencode({name: getattr(wanted, name) for name in _FIELDS if getattr(wanted, name)})
