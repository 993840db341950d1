"""Cases: two records beside each other, and the answers named for what they do."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request, Response
from sqlalchemy import Connection, select

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from enumerator_app.texts import Language, catalogue, text
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.resolving.answering import (
    UNITE_ASKED,
    Given,
    Opened,
    answers_for,
    asked_of,
    check_answer,
    open_case,
)
from sync.server.resolving.beside import sent_beside
from sync.server.resolving.comparing import FIELDS_OF, Row, compared
from sync.server.resolving.holding import hold, take_back
from sync.server.resolving.linking import LAID_ASIDE, link_of_case, separate
from sync.server.resolving.officer import Officer
from sync.server.resolving.queue import count_queue, is_for, place_in_queue
from sync.server.resolving.revising import content_at
from sync.server.resolving.uniting import ask_to_unite
from sync.server.resolving.watching import CASE, payload_of, settle_held
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, SUBJECT_ROWS
from sync.server.trust import refresh_trust
from sync.server.web.decide_list import HERE, add_decide_list, kind_words, reasons_of
from sync.server.web.forms import Form
from sync.server.web.site import PAGE_HEADERS, Site
from sync.server.web.undoing import undo_line
from sync.server.web.words import problem_words

_SIDES: Final = ("A", "B")


def add_decide(site: Site) -> None:
    """Hang the pages of cases onto the site."""
    office = site.office

    add_decide_list(site)

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
        refresh_trust(office)  # papers of the record that was laid aside count again
        return site.go(f"{HERE}/{case}")

    @site.post("/decide-undo", right=Right.decide)
    def undo(visitor: Visitor, form: Form) -> Response:
        row = take_back(office, officer_of(visitor), form.values.get("id", ""))
        return site.go(f"{HERE}/{row.about}")


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


def _visible(connection: Connection, visitor: Visitor, case: str) -> Opened | None:
    """Return an open case that is there for this person."""
    try:
        found = open_case(connection, case)
    except KnownError:
        return None
    villages = [person.village_code for person in found.people]
    return found if is_for(visitor.districts, villages) else None


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
    people = [
        _person(found.row.id, side, person, body, language)
        for side, person, body in zip(_SIDES, found.people, bodies, strict=False)
    ]
    sent = sent_beside(connection, found.row)
    if sent is not None:
        bodies.append(sent[0])
        people = _now_and_sent(people[0], *sent, language)
    is_beside = len(bodies) == len(_SIDES)
    rows = compared(bodies[0], bodies[-1], language) if bodies else []
    before, earlier, later = place_in_queue(connection, visitor.districts, found.row)
    only = asked.get("only") == "differences"
    listed = [row for row in rows if row.differs] if only and is_beside else rows
    total = count_queue(connection, visitor.districts)
    return {
        "case": found.row.id,
        "version": found.row.version,
        "is_beside": is_beside,
        "title": kind_words("title", found.row.kind, language),
        "facts": _facts(found, rows if is_beside else [], before + 1, total, language),
        "about": _about(connection, found, language),
        "people": people,
        "is_asked": found.row.answer == UNITE_ASKED,
        "can_unite": any(person["may_go"] for person in people),
        "rows": [_shown_row(row, language) for row in listed],
        "answers": _answers(found, language),
        "earlier": f"{HERE}/{earlier}" if earlier else "",
        "later": f"{HERE}/{later}" if later else "",
        "only": only,
        "large": asked.get("photos") == "large",
        "waits": text(f"web.decide_waits_{found.row.answer}", language) if found.row.answer else "",
        "choices": [_shown_row(row, language) for row in rows if row.differs and row.fields],
    }


def _now_and_sent(
    person: dict[str, Any], body: Mapping[str, Any], laptop: str, language: Language
) -> list[dict[str, Any]]:
    """Return the heads of one record as it is now, and as a laptop sent it."""
    sent = text("web.decide_beside_sent", language, code=laptop)
    now = text("web.decide_beside_now", language)
    name = str(body.get("name") or person["name"])
    return [{**person, "label": now}, {**person, "label": sent, "name": name, "state": ""}]


def _about(connection: Connection, found: Opened, language: Language) -> dict[str, str] | None:
    """Return what a case about a laptop means and asks for; None for one about records."""
    if found.people:
        return None
    query = select(DEVICE_ROWS.c.code).where(DEVICE_ROWS.c.id == found.row.device)
    code = connection.execute(query).scalar() or "?"
    key = f"web.decide_about_{found.row.kind}"
    said = text(key, language, code=code) if key in catalogue() else ""
    link = text("web.decide_open_laptop", language, code=code)
    return {"said": said, "link": link, "address": f"/devices/{code}" if code != "?" else ""}


def _person(
    case: str, side: str, person: Any, body: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    return {
        "side": side,
        "label": f"{side}. {person.number or ''}",
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
    reasons = ", ".join(reasons_of(found.row, language))
    values = {"place": place, "total": max(total, place), "day": day}
    parts = [text("web.decide_facts", language, **values)]
    if reasons:
        score = f" ({found.row.score})" if found.row.score else ""
        parts.append(text("web.decide_because", language, reasons=reasons, score=score))
    if rows:
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


def _answers(found: Opened, language: Language) -> list[dict[str, Any]]:
    """Return the framed answers that are possible: key, name, what follows, and where it leads."""
    asked = _asked(found)
    shown = []
    for n, name in enumerate(answers_for(found.row.kind), start=1):
        where = f"{HERE}/{found.row.id}?step={name}" if name in {"unite", "as_is"} else ""
        if name == "ask_ktp" and not asked:
            continue  # no record of it can go back to a laptop now
        shown.append({
            "key": str(n),
            "name": name,
            "label": text(f"web.decide_answer_{name}", language),
            "follows": text(f"web.decide_follows_{name}", language, side=asked),
            "address": where,
        })  # fmt: skip
    return shown


def _asked(found: Opened) -> str:
    """Return the side whose record would go back to its laptop; empty if none can."""
    try:
        record = asked_of(found, "")
    except KnownError:
        return ""
    return next(s for s, one in zip(_SIDES, found.people, strict=False) if one.id == record.id)


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
        said = problem_words(error.code, error.parameters, visitor.language)
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
