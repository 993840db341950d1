"""Who is held back from the insurer's list, or goes with a remark: rule by rule, and as a table."""

from typing import Final
from urllib.parse import urlencode

from fastapi import Request, Response

from sync.server.batches.checking import last_check, load_check_rules
from sync.server.batches.held_file import checked_rows
from sync.server.office import Office
from sync.server.people.agreed_lists import TABLE
from sync.server.people.audit import audit
from sync.server.people.mass_exports import needs_second
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.batch_pages import held_page
from sync.server.web.branch_choice import asked_branch
from sync.server.web.downloads import KINDS, Table, send_table
from sync.server.web.exports import second_person_page
from sync.server.web.site import Site
from sync.server.web.words import Words

_ACTIVE: Final = "batches"
_COLUMNS: Final = (
    "batches_number", "batches_person", "batches_village", "batches_district", "batches_effect",
    "column_code", "batches_rule",
)  # fmt: skip


def add_held(site: Site) -> None:
    """Hang the page of each rule, and the table of all of them."""
    office = site.office

    @site.get("/batches/held/{code}", right=Right.hand_over, whole=True)
    def held(request: Request, visitor: Visitor) -> Response:
        code, branch = request.path_params["code"], asked_branch(request.query_params)
        if branch is None or code not in load_check_rules().effects:
            return site.missing(visitor)
        page = request.query_params.get("page", "1")
        at = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        values = held_page(office, visitor.language, branch, code, max(at, 1))
        return site.render(visitor, "batch_held.html", active=_ACTIVE, **values)

    @site.get("/batches/held.{kind}", right=Right.hand_over, whole=True)
    def table(request: Request, visitor: Visitor) -> Response:
        branch = asked_branch(request.query_params)
        if branch is None or request.path_params["kind"] not in KINDS:
            return site.missing(visitor)
        people, asked = _people(office, branch), _asked(branch)
        if needs_second(office, visitor, TABLE, asked, people):
            return second_person_page(site, visitor, table=TABLE, asked=asked, rows=people)
        with office.database.writing() as connection:
            audit(office, connection, visitor.account, "held_table")
        rows = checked_rows(office, branch, visitor.language)
        header = [Words(visitor.language)(name) for name in _COLUMNS]
        return send_table(site, request, visitor, Table("perlu-dilengkapi", header, rows))


def _asked(branch: str) -> str:
    return urlencode({"held": 1} | ({"branch": branch} if branch else {}))


def _people(office: Office, branch: str) -> int:
    check = last_check(office, branch)
    return int(check["looked_at"]) - int(check["ready"]) + int(check["noted"]) if check else 0
