"""What a page of a large table says before a second person agreed, and asking that person."""

from typing import Final

from fastapi import Response

from sync.server.people.mass_exports import MOST_ALONE, ask_for
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.forms import Form
from sync.server.web.numbers import whole
from sync.server.web.site import Site

_TABLES: Final = frozenset({"people", "decide", "batches", "updates", "stop"})
_ACTIVE: Final = {"stop": "updates"}
_BACK: Final = {"stop": "/updates/stop"}
_MOST_FILTER: Final = 400


def add_exports(site: Site) -> None:
    """Hang the request onto the site."""

    @site.post("/exports", right=Right.export_tables)
    def asked(visitor: Visitor, form: Form) -> Response:
        table, filtered = form.values.get("table", ""), form.values.get("filter", "")
        if table not in _TABLES or len(filtered) > _MOST_FILTER:
            return site.missing(visitor)
        ask_for(site.office, visitor, table, filtered)
        return site.go("/pairs?done=asked")


def second_person_page(
    site: Site, visitor: Visitor, *, table: str, asked: str, rows: int
) -> Response:
    """Return the page that says why the table does not come yet, and how it will."""
    language = visitor.language
    return site.render(
        visitor,
        "export_two.html",
        active=_ACTIVE.get(table, table),
        status=403,
        table=table,
        asked=asked,
        back=_BACK.get(table, f"/{table}"),
        rows=whole(rows, language),
        most=whole(MOST_ALONE, language),
    )
