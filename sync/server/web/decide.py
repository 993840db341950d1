"""Cases: the list, two records beside each other, and the answers named for what they do."""

import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request, Response
from sqlalchemy import Connection

from enumerator_app.domain.duplicates import weightiest
from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from enumerator_app.texts import Language, catalogue, text
from sync.server.office import Office
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.resolving.answering import Given, Opened, answers_for, check_answer, open_case
from sync.server.resolving.comparing import FIELDS_OF, Row, compared
from sync.server.resolving.holding import hold, take_back
from sync.server.resolving.linking import LAID_ASIDE, link_of_case, separate
from sync.server.resolving.officer import Officer
from sync.server.resolving.queue import count_queue, is_for, list_queue, place_in_queue
from sync.server.resolving.revising import content_at
from sync.server.resolving.uniting import ask_to_unite
from sync.server.resolving.watching import CASE, payload_of, settle_held
from sync.server.tables import CASE_ROWS, SUBJECT_ROWS
from sync.server.web.forms import Form
from sync.server.web.frame import Count
from sync.server.web.numbers import whole
from sync.server.web.site import PAGE_HEADERS, Site
from sync.server.web.undoing import undo_line

HERE: Final = "/decide"
_MOST_REASONS: Final = 4
_SIDES: Final = ("A", "B")


def add_decide(site: Site) -> None:
    """Hang the pages of cases onto the site."""
    office = site.office

    @site.get(HERE, right=Right.decide)
    def cases(request: Request, visitor: Visitor) -> Response:
        settle_held(office)
        waiting = request.query_params.get("view") == "waiting"
        page = _list_page(office, visitor, waiting=waiting)
        return site.render(visitor, "decide.html", active="decide", **page)

    @site.get(HERE + "/{case}", right=Right.decide)
    def one(request: Request, visitor: Visitor) -> Response:
        settle_held(office)
        return _show(site, visitor, request.path_params["case"], dict(request.query_params))

    @site.get(HERE + "/{case}/photo/{subject}", right=Right.decide)
    def photo(request: Request, visitor: Visitor) -> Response:
        case, subject = request.path_params["case"], request.path_params["subject"]
        with office.database.reading() as connection:
            found = _visible(connection, visitor, case)
            names = {person.id for person in found.people} if found else set()
        return photo_of(site, visitor, subject if subject in names else None)

    @site.post(HERE + "/{case}/answer", right=Right.decide)
    def answer(visitor: Visitor, form: Form) -> Response:
        return _answer(site, visitor, form)

    @site.post(HERE + "/{case}/separate", right=Right.decide)
    def separated(visitor: Visitor, form: Form) -> Response:
        case = form.path["case"]
        with office.database.writing() as connection:
            link = link_of_case(connection, case) if _closed(connection, visitor, case) else None
            if link is None:
                return site.missing(visitor)
            separate(office, connection, link, officer_of(visitor))
        office.keep_head_outside()
        return site.go(f"{HERE}/{case}")

    @site.post("/decide-undo", right=Right.decide)
    def undo(visitor: Visitor, form: Form) -> Response:
        row = take_back(office, officer_of(visitor), form.values.get("id", ""))
        return site.go(f"{HERE}/{row.about}")

    site.count("decide", lambda visitor: _waiting(office, visitor))


def officer_of(visitor: Visitor) -> Officer:
    return Officer(visitor.account, visitor.name)


def photo_of(site: Site, visitor: Visitor, subject: str | None) -> Response:
    """Return the photo of a record that this person may see."""
    content = None
    if subject is not None:
        with site.office.database.reading() as connection:
            _, body = content_at(connection, subject)
        name = body.get("photo")
        content = site.office.photos.read(name) if isinstance(name, str) else None
    if content is None:
        return site.missing(visitor)
    return Response(content, headers=PAGE_HEADERS, media_type="image/jpeg")


def _waiting(office: Office, visitor: Visitor) -> Count:
    if not visitor.may(Right.decide):
        return Count(0)
    with office.database.reading() as connection:
        return Count(count_queue(connection, visitor.districts), is_urgent=True)


def _visible(connection: Connection, visitor: Visitor, case: str) -> Opened | None:
    """Return an open case that is there for this person."""
    try:
        found = open_case(connection, case)
    except KnownError:
        return None
    villages = [person.village_code for person in found.people]
    return found if is_for(visitor.districts, villages) else None


# The list


def _list_page(office: Office, visitor: Visitor, *, waiting: bool) -> dict[str, Any]:
    language = visitor.language
    with office.database.reading() as connection:
        rows = list_queue(connection, visitor.districts, waiting=waiting)
        counts = [count_queue(connection, visitor.districts, waiting=one) for one in (False, True)]
        undo = undo_line(office, connection, visitor, CASE, "/decide-undo")
    views = [
        {"label": text(f"web.decide_view_{name}", language, n=whole(n, language)),
         "address": address, "is_active": is_here}
        for name, n, address, is_here in (
            ("open", counts[0], HERE, not waiting),
            ("waiting", counts[1], f"{HERE}?view=waiting", waiting),
        )
    ]  # fmt: skip
    shown = [_listed(row, language) for row in rows]
    n = whole(counts[waiting], language)
    return {"rows": shown, "views": views, "waiting": waiting, "undo": undo, "n": n,
            "is_all": len(rows) == counts[waiting]}  # fmt: skip


def _listed(row: Any, language: Language) -> dict[str, Any]:
    names = [name for name in (row.one_name, row.other_name) if name]
    return {
        "address": f"{HERE}/{row.id}",
        "kind": text(f"web.decide_kind_{row.kind}", language),
        "names": names or [text("web.decide_no_name", language)],
        "score": row.score or "",
        "reasons": ", ".join(_reasons(row, language)),
        "day": shown_date(day_in_wib(instant_from_text(row.opened_at))),
        "waits": text(f"web.decide_waits_{row.answer}", language) if row.answer else "",
    }


def _reasons(row: Any, language: Language) -> list[str]:
    codes = weightiest(json.loads(row.reasons), _MOST_REASONS)
    keys = [f"findings.reasons.{code}" for code in codes]
    return [text(key, language) for key in keys if key in catalogue()]


# One case


def _show(
    site: Site,
    visitor: Visitor,
    case: str,
    asked: Mapping[str, str],
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    office = site.office
    with office.database.reading() as connection:
        found = _visible(connection, visitor, case)
        if found is None:
            return _ended(site, connection, visitor, case)
        page = _case_page(connection, visitor, found, asked)
        page["undo"] = undo_line(office, connection, visitor, CASE, "/decide-undo")
    step = asked.get("step", "")
    template = "decide_step.html" if step in {"unite", "as_is"} else "decide_case.html"
    page |= {"problem": problem, "step": step}
    return site.render(visitor, template, active="decide", status=status, **page)


def _ended(site: Site, connection: Connection, visitor: Visitor, case: str) -> Response:
    """Say how a case ended, to whom it was there; else that there is none."""
    row = _closed(connection, visitor, case)
    if row is None:
        return site.missing(visitor)
    key = f"web.decide_ended_{row.answer}"
    said = text(key if key in catalogue() else "web.decide_ended", visitor.language)
    is_united = link_of_case(connection, case) is not None
    values: dict[str, Any] = {"said": said, "case": case, "is_united": is_united}
    return site.render(visitor, "decide_ended.html", active="decide", **values)


def _closed(connection: Connection, visitor: Visitor, case: str) -> Any:
    """Return a case that ended, if it was there for this person."""
    row = connection.execute(CASE_ROWS.select().where(CASE_ROWS.c.id == case)).one_or_none()
    if row is None or row.closed_at is None:
        return None
    members = [name for name in (row.one, row.other) if name]
    query = SUBJECT_ROWS.select().where(SUBJECT_ROWS.c.id.in_(members))
    villages = [one.village_code for one in connection.execute(query)]
    return row if is_for(visitor.districts, villages) else None


def _case_page(
    connection: Connection,
    visitor: Visitor,
    found: Opened,
    asked: Mapping[str, str],
) -> dict[str, Any]:
    language = visitor.language
    bodies = [content_at(connection, person.id)[1] for person in found.people]
    rows = compared(bodies[0], bodies[-1], language) if bodies else []
    before, earlier, later = place_in_queue(connection, visitor.districts, found.row)
    only = asked.get("only") == "differences"
    large = asked.get("photos") == "large"
    shown = [row for row in rows if row.differs] if only and found.is_pair else rows
    people = [
        _person(found.row.id, side, person, body, language)
        for side, person, body in zip(_SIDES, found.people, bodies, strict=False)
    ]
    total = count_queue(connection, visitor.districts)
    return {
        "case": found.row.id,
        "version": found.row.version,
        "is_pair": found.is_pair,
        "title": text(f"web.decide_title_{found.row.kind}", language),
        "facts": _facts(found, rows, before + 1, total, language),
        "people": people,
        "rows": [_shown_row(row, language) for row in shown],
        "answers": _answers(found, people, language),
        "earlier": f"{HERE}/{earlier}" if earlier else "",
        "later": f"{HERE}/{later}" if later else "",
        "only": only,
        "large": large,
        "waits": text(f"web.decide_waits_{found.row.answer}", language) if found.row.answer else "",
        "choices": [_shown_row(row, language) for row in rows if row.differs and row.fields],
    }


def _person(
    case: str, side: str, person: Any, body: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    return {
        "side": side,
        "id": person.id,
        "number": person.number or "",
        "name": person.name or text("web.decide_no_name", language),
        "state": person.state,
        "photo": f"{HERE}/{case}/photo/{person.id}" if body.get("photo") else "",
        "no_photo": text("web.decide_no_photo", language),
        "may_go": person.state in LAID_ASIDE,
    }


def _facts(found: Opened, rows: list[Row], place: int, total: int, language: Language) -> str:
    day = shown_date(day_in_wib(instant_from_text(found.row.opened_at)))
    reasons = ", ".join(_reasons(found.row, language))
    values = {"place": place, "total": max(total, place), "day": day}
    parts = [text("web.decide_facts", language, **values)]
    if reasons:
        score = f" ({found.row.score})" if found.row.score else ""
        parts.append(text("web.decide_because", language, reasons=reasons, score=score))
    if found.is_pair:
        same = sum(not row.differs for row in rows)
        counts = {"same": same, "differ": len(rows) - same}
        parts.append(text("web.decide_counts", language, **counts))
    return " ".join(parts)


def _shown_row(row: Row, language: Language) -> dict[str, Any]:
    word = f"{row.word}_n" if row.n else row.word
    return {
        "name": row.name,
        "label": text(f"web.decide_row_{row.name}", language),
        "one": row.one,
        "other": row.other,
        "word": text(f"web.decide_word_{word}", language, n=row.n),
        "differs": row.differs,
        "is_odd": row.word in {"alike", "differs"},
    }


def _answers(
    found: Opened, people: list[dict[str, Any]], language: Language
) -> list[dict[str, Any]]:
    """Return the framed answers: key, name, what follows, and where it leads."""
    newest = people[-1]["side"] if people else ""
    shown = []
    for n, name in enumerate(answers_for(found.row.kind), start=1):
        where = f"{HERE}/{found.row.id}?step={name}" if name in {"unite", "as_is"} else ""
        shown.append({
            "key": str(n),
            "name": name,
            "label": text(f"web.decide_answer_{name}", language),
            "follows": text(f"web.decide_follows_{name}", language, side=newest),
            "address": where,
        })  # fmt: skip
    return shown


# Answering


def _answer(site: Site, visitor: Visitor, form: Form) -> Response:
    office, case, values = site.office, form.path["case"], form.values
    with office.database.reading() as connection:
        found = _visible(connection, visitor, case)
        if found is None:
            return _ended(site, connection, visitor, case)
        _, earlier, later = place_in_queue(connection, visitor.districts, found.row)
    given = _given(found, values)
    try:
        if given.answer == "unite":
            ask_to_unite(office, officer_of(visitor), given)
        else:
            with office.database.writing() as connection:
                check_answer(connection, given)
                payload = payload_of(given)
                hold(office, connection, officer_of(visitor), CASE, case, payload)
    except KnownError as error:
        said = text(f"errors.{error.code}", visitor.language, **error.parameters)
        asked = {"step": values.get("step", "")}
        return _show(site, visitor, case, asked, problem=said, status=422)
    following = later or earlier
    return site.go(f"{HERE}/{following}" if following else HERE)


def _given(found: Opened, values: Mapping[str, str]) -> Given:
    people = {person.id for person in found.people}
    about = values.get("about", "")
    version = values.get("version", "")[:9]
    gone = next(
        (side for side, one in zip(_SIDES, found.people, strict=False) if one.id == about), ""
    )
    taken = [row for row in FIELDS_OF if gone and values.get(f"take_{row}") == gone]
    choices = {name: "b" for row in taken for name in FIELDS_OF[row]}
    return Given(
        case=found.row.id,
        answer=values.get("answer", ""),
        version=int(version) if version.isascii() and version.isdigit() else -1,
        note=values.get("note", "").strip()[:500],
        about=about if about in people else "",
        choices=choices,
    )
