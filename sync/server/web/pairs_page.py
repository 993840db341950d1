"""Menunggu orang kedua: what one person asked for, for another with the same right to answer."""

from typing import Any

from fastapi import Request, Response

from enumerator_app.domain.instants import instant_from_text
from enumerator_app.texts import catalogue, text
from sync.server.people.errors import PairAnswered
from sync.server.people.mass_exports import KIND
from sync.server.people.pairs import Waiting, answer, waiting
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.forms import Form
from sync.server.web.frame import Count, moment
from sync.server.web.site import Site


def add_pairs(site: Site) -> None:
    """Hang the page onto the site, and what its buttons do."""

    @site.get("/pairs", right=Right.pairs)
    def page(request: Request, visitor: Visitor) -> Response:
        done = request.query_params.get("done", "")
        said = f"web.pairs_done_{done}"
        found = [_shown(one, visitor) for one in waiting(site.office, visitor)]
        return site.render(
            visitor,
            "pairs.html",
            active="pairs",
            found=found,
            n=sum(not one["is_own"] for one in found),
            done=text(said, visitor.language) if said in catalogue() else "",
        )

    @site.post("/pairs/{id}/{yes}", right=Right.pairs)
    def answered(visitor: Visitor, form: Form) -> Response:
        yes, id_ = form.path["yes"] == "yes", form.path["id"]
        if id_ not in {one.id for one in waiting(site.office, visitor)}:
            raise PairAnswered
        if yes:
            site.confirm(visitor, form.values.get("code", ""))
        elif form.path["yes"] != "no":
            return site.missing(visitor)
        kind = answer(site.office, visitor.account, id_, yes=yes)
        given = "agreed" if kind == KIND else "yes"  # a table leaves when who asked downloads it
        return site.go(f"/pairs?done={given if yes else 'no'}")

    def count(visitor: Visitor) -> Count:
        if not visitor.may(Right.pairs):
            return Count(0)
        n = sum(one.asked_by != visitor.account for one in waiting(site.office, visitor))
        return Count(n, is_urgent=n > 0)

    site.count("pairs", count)


def _shown(one: Waiting, visitor: Visitor) -> dict[str, Any]:
    language = visitor.language
    return {
        "id": one.id,
        "title": text(f"web.pairs_kind_{one.kind}", language),
        "what": text(f"web.pairs_what_{one.kind}", language),
        "details": one.told.details,
        "page": one.told.page,
        "past": one.told.past,
        "by": one.asked_by_name,
        "at": moment(instant_from_text(one.asked_at), language),
        "over": moment(instant_from_text(one.over_at), language),
        "is_own": one.asked_by == visitor.account,
    }
