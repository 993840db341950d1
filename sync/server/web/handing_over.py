"""Making a list for the insurer: with the code of who does it, and a second person for many."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import Response

from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_moment
from enumerator_app.texts import Language, text
from sync.server.batches.branches import looked_at
from sync.server.batches.checking import last_check
from sync.server.batches.months import month_text, next_month, read_month
from sync.server.insurer import export_to_insurer, write_list
from sync.server.office import Office
from sync.server.papers.wishes import scratch
from sync.server.people.agreed_lists import ListFor, gate_of, most_people
from sync.server.people.mass_exports import MOST_ALONE
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.branch_choice import asked_branch
from sync.server.web.forms import Form
from sync.server.web.long_work import do_or_begin
from sync.server.web.numbers import whole
from sync.server.web.site import Site

Show = Callable[[Visitor, str, str], Response]
"""Returns the page of lists for a branch, with a sentence about what was not done."""


def add_handing_over(site: Site, show: Show) -> None:
    """Hang the deeds; they are about the whole regency, so people with some kecamatan do not."""
    office = site.office

    @site.post("/batches/export", right=Right.hand_over, whole=True)
    def export(visitor: Visitor, form: Form) -> Response:
        month = read_or_next_month(office, form.values.get("month", ""))
        branch = asked_branch(form.values)
        if branch is None:
            return site.missing(visitor)
        check, wanted = last_check(office, branch), ListFor(month_text(month), branch)
        people = check["ready"] if check and check["month"] == wanted.month else 0
        if gate_of(office, visitor, wanted, people).kind in ("ask", "asked"):
            return show(visitor, branch, text("web.handing_second_first", visitor.language))
        return _made(site, visitor, form, wanted, show)

    @site.post("/batches/{batch}/finish", right=Right.hand_over, whole=True)
    def finish(visitor: Visitor, form: Form) -> Response:
        name = form.path["batch"]
        with scratch(office.home) as folder:
            write_list(
                office, name, folder / "list.xlsx", officer=visitor.name, account=visitor.account
            )
        return site.go(f"/batches/{name}")


def _made(site: Site, visitor: Visitor, form: Form, wanted: ListFor, show: Show) -> Response:
    office, branch = site.office, wanted.branch
    most = most_people(office, visitor, wanted)

    def work() -> str:
        with scratch(office.home) as folder:
            made = export_to_insurer(
                office, folder / "list.xlsx", officer=visitor.name, branch=branch,
                month=read_month(wanted.month), account=visitor.account, most=most,
            )  # fmt: skip
        return f"/batches/{made.id}"

    def deed() -> Response:
        # Everybody is looked at first, and then everybody who is ready is written.
        return do_or_begin(site, visitor, "export", 2 * looked_at(office)[branch], work)

    def again(said: str) -> Response:
        return show(visitor, branch, said)

    return site.with_code(visitor, form.values.get("code", ""), deed, again)


def handing_page(office: Office, visitor: Visitor, branch: str) -> dict[str, Any]:
    """Return what stands between a list that is ready and its file, and since when it waits."""
    check, language = last_check(office, branch), visitor.language
    if not check or not check["ready"]:
        return {"kind": ""}
    wanted = ListFor(check["month"], branch)
    gate = gate_of(office, visitor, wanted, check["ready"])
    return {
        "kind": gate.kind,
        "filter": wanted.filter(check["ready"]),
        "why": text(
            "web.handing_second", language, n=whole(check["ready"], language),
            most=whole(MOST_ALONE, language),
        ),
        "since": _moment(gate.since, language) if gate.since else "",
    }  # fmt: skip


def _moment(at: str, language: Language) -> str:
    moment = instant_from_text(at)
    day = shown_moment(moment)
    return text("web.handing_waits", language, at=day)


def read_or_next_month(office: Office, typed: str) -> date:
    """Return the month that was typed, else the one after today's.

    Raises:
        MonthUnreadable: it is none.
    """
    return read_month(typed) if typed else next_month(day_in_wib(office.clock()))
