"""What a stopped laptop saved before it was lost, on its page: who waits, and letting them in."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import Response

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import shown_date
from sync.server.figures.laptops import is_laptop
from sync.server.letting_in import kept_days, let_in
from sync.server.office import Office
from sync.server.people import mass_exports
from sync.server.people.agreed_let_in import ask_to_let_in
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.days import typed_day
from sync.server.web.forms import Form
from sync.server.web.site import Site
from sync.server.web.words import Words

Show = Callable[[Visitor, str, str], Response]
"""Shows a laptop's page, with a sentence about what was not done."""


def add_letting_in(site: Site, show: Show) -> None:
    """Hang the deed onto the site."""

    @site.post("/devices/{code}/let-in", right=Right.field)
    def letting_in(visitor: Visitor, form: Form) -> Response:
        code, words = form.path["code"].upper(), Words(visitor.language)
        if not is_laptop(site.office, code, visitor.districts):
            return site.missing(visitor)
        try:
            before = typed_day(form.values.get("before", ""))
            if before is None:
                return show(visitor, code, words("let_in_no_day"))
            people = let_in(site.office, code, before, dry_run=True).people
            site.confirm(visitor, form.values.get("code", ""))
            if people > mass_exports.MOST_ALONE:
                ask_to_let_in(site.office, visitor, code, before, people)
                return site.go("/pairs")
            done = let_in(
                site.office, code, before, by=visitor.account, most=mass_exports.MOST_ALONE
            )
        except KnownError as error:
            return show(visitor, code, words.error(error))
        return site.go(f"/devices/{code}?let-in={done.people}")


def kept_on(office: Office, code: str, words: Words, asked: str) -> dict[str, Any]:
    """Return what a laptop's page shows of what it keeps without effect."""
    days = kept_days(office, code)
    rows = [(shown_date(one.day), words.n(one.people), words.n(one.entries)) for one in days]
    done = words("let_in_done", n=words.n(int(asked))) if asked.isdecimal() else ""
    people = words.n(let_in(office, code, date.max, dry_run=True).people)
    return {"kept": rows, "kept_people": people, "let_in_done": done}
