"""The page that says how far long work is; it may be left, and the work goes on."""

from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.instants import instant_from_text, shown_moment
from enumerator_app.texts import Language, text
from sync.server.long_work.running import Standing, Work, begin, standing_of, unfinished
from sync.server.office import Office
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.numbers import percent, whole
from sync.server.web.site import Site
from sync.server.web.words import problem_words

MOST_AT_ONCE: Final = 1_000
"""About as many people as a page looks at within a second; see the yardstick of lists."""
_OF_UPDATES: Final = frozenset({"count", "paid", "stop", "unpaid", "unstop"})
_OF_BATCHES: Final = frozenset({"check", "export", "reply"})
OF_A_DRIVE: Final = "drive"
"""The kind that the page of a drive shows itself, to whoever brought it."""
AGAIN_S: Final = 3
_BAR: Final = 520
_KB: Final = 1000


def add_long_work(site: Site) -> None:
    """Hang the page; it is about lists of the whole regency."""

    @site.get("/work/{work}", right=Right.hand_over)
    def work(request: Request, visitor: Visitor) -> Response:
        found = standing_of(site.office, request.path_params["work"])
        if found is None or visitor.districts is not None:
            return site.missing(visitor)
        is_other = request.query_params.get("other") == "1" or found.kind == OF_A_DRIVE
        if found.state == "done":
            return site.go(f"/{_place(found)}" if is_other else found.answer)
        values = work_page(found, visitor.language)
        status = 422 if found.state == "failed" else 200
        answer = site.render(
            visitor, "long_work.html", active=_place(found), status=status, is_other=is_other,
            **values,
        )  # fmt: skip
        if found.state == "running":
            answer.headers["Refresh"] = str(AGAIN_S)
        return answer


def do_or_begin(site: Site, visitor: Visitor, kind: str, people: int, work: Work) -> Response:
    """Do it at once where it takes no longer than a page may, else begin it and show how far."""
    if people <= MOST_AT_ONCE:
        return site.go(work())
    return begin_work(site, visitor, kind, people, work)


def begin_work(site: Site, visitor: Visitor, kind: str, total: int, work: Work) -> Response:
    """Begin long work and show how far it is; one piece at a time, so perhaps another one's."""
    name, is_begun = begin(site.office, kind, visitor.account, total, work)
    return site.go(f"/work/{name}{'' if is_begun else '?other=1'}")


def _place(found: Standing) -> str:
    return "updates" if found.kind in _OF_UPDATES else "batches"


def work_page(found: Standing, language: Language) -> dict[str, Any]:
    at = instant_from_text(found.asked_at)
    day = shown_moment(at)
    done = min(found.done, found.total) if found.total else found.done
    unit = _KB if found.kind == OF_A_DRIVE else 1
    numbers = {"n": whole(done // unit, language), "total": whole(found.total // unit, language)}
    far = "far_kb" if found.kind == OF_A_DRIVE else "far"
    title = text(f"web.work_{found.kind}_{found.state}", language)
    return {
        "title": title,
        "place": _place(found),
        "back": text(f"web.rail_{_place(found)}", language),
        "facts": text("web.work_since", language, at=day),
        "state": found.state,
        "share": percent(done, found.total, language) if found.total else "",
        "width": round(_BAR * done / found.total) if found.total else 0,
        "said": text(f"web.work_{far if found.total else 'reading'}", language, **numbers),
        "problem": _problem(found, language),
    }


def _problem(found: Standing, language: Language) -> str:
    problem = found.problem
    if "code" in problem:
        return problem_words(problem["code"], problem["parameters"], language)
    if "number" in problem:
        return text("web.say_bug_do", language, number=problem["number"])
    return ""


def work_notes(office: Office, place: str, language: Language) -> list[dict[str, str]]:
    """Return what the page of a place says of work that runs, was cut off or failed."""
    kinds = _OF_UPDATES if place == "updates" else _OF_BATCHES
    return [
        {
            "said": page["title"],
            "more": page["said"] if page["state"] == "running" else page["facts"],
            "address": f"/work/{found.id}",
            "open": text(f"web.work_{'see' if page['state'] == 'running' else 'why'}", language),
        }
        for found in unfinished(office, kinds)
        if (page := work_page(found, language))
    ]
