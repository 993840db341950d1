"""The service desk: find a person, see their file, and do what they came for."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.findings import describe
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.registration import HeirDraft
from enumerator_app.texts import text
from sync.server.active_cards import reissue_card
from sync.server.covering.correcting import Told, correct_cover, look_at_correction
from sync.server.covering.ending import REASONS, end_cover, endable, paid_after, undo_end
from sync.server.papers.kinds import KINDS
from sync.server.papers.wishes import Wish, scratch
from sync.server.people.audit import audit
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.resolving.officer import Officer
from sync.server.serving.correcting import correct_person
from sync.server.serving.finding import FoundPerson, find_people
from sync.server.serving.person import PersonFile, read_person
from sync.server.serving.printing import card_pdf
from sync.server.trust import refresh_trust
from sync.server.web.forms import Form
from sync.server.web.person_pages import (
    MOST_HEIRS,
    found_people,
    late_months,
    person_page,
    read_day,
)
from sync.server.web.site import PAGE_HEADERS, Look, Site

_ACTIVE: Final = "service"
_CARD_REASONS: Final = ("lost", "damaged", "changed")
_DONE: Final = frozenset({"card", "corrected", "cover_corrected", "ended", "reopened"})
_COVER_DAYS: Final = ("cover_from", "cover_to")
_PAPERS: Final = {
    "accident": ("claim-file", "accident"),
    "claim": ("claim-file", "death"),
    "self_pay": ("self-pay", "death"),
}
_MOST_WORDS: Final = 60


def add_service(site: Site) -> None:
    """Hang the desk's pages; somebody outside the visitor's kecamatan does not exist."""
    _add_finding(site)
    _add_file(site)
    _add_papers(site)
    _add_changes(site)
    _add_ending(site)
    _add_correcting_cover(site)


def _add_finding(site: Site) -> None:
    @site.get("/service", right=Right.serve_people)
    def desk(request: Request, visitor: Visitor) -> Response:
        place = _moved_out(visitor, request.query_params.get("moved", ""))
        return site.render(
            visitor, "service.html", active=_ACTIVE, name="", born="", found=None, is_cut=False,
            problem="", moved=place,
        )  # fmt: skip

    @site.post("/service", right=Right.serve_people)
    def find(visitor: Visitor, form: Form) -> Response:
        name = form.values.get("name", "").strip()[:_MOST_WORDS]
        typed = form.values.get("born", "").strip()[:30]
        born = read_day(typed)
        problem = "" if name else "name"
        if typed and born is None:
            problem = "born"
        found: list[FoundPerson] = []
        is_cut = False
        if not problem:
            found, is_cut = find_people(site.office, name, born, visitor.districts)
            _note(site, visitor, "searched_at_desk", None)
        return site.render(
            visitor, "service.html", active=_ACTIVE, status=422 if problem else 200, name=name,
            born=typed, problem=problem, is_cut=is_cut, moved="",
            found=None if problem else found_people(site.office, found, visitor.language),
        )  # fmt: skip


def _add_file(site: Site) -> None:
    @site.get("/service/{subject}", right=Right.see_people)
    def person(request: Request, visitor: Visitor) -> Response:
        asked = request.query_params.get("done", "")
        done = asked if asked in _DONE else ""
        return _show(site, visitor, request.path_params["subject"], done=done)

    @site.post("/service/{subject}/nik", right=Right.reveal_nik)
    def nik(visitor: Visitor, form: Form) -> Response:
        file = _file(site, visitor, form.path["subject"])
        if file is None:
            return site.missing(visitor)
        _note(site, visitor, "nik_revealed", file.row.id)
        return _show(site, visitor, file.row.id, shows_nik=True)

    @site.get("/service/{subject}/photo", right=Right.see_people)
    def photo(request: Request, visitor: Visitor) -> Response:
        file = _file(site, visitor, request.path_params["subject"])
        name = str(file.body.get("photo") or "") if file else ""
        content = site.office.photos.read(name) if name else None
        if content is None:
            return Response(status_code=404, headers=PAGE_HEADERS)
        return Response(content, headers=PAGE_HEADERS, media_type="image/jpeg")


def _add_papers(site: Site) -> None:
    office = site.office

    @site.post("/service/{subject}/paper/{kind}", right=Right.serve_people)
    def paper(visitor: Visitor, form: Form) -> Response:
        file, kind = _file(site, visitor, form.path["subject"]), form.path["kind"]
        if file is None or kind not in _PAPERS:
            return site.missing(visitor)
        name, case = _PAPERS[kind]
        wish = Wish(
            day=day_in_wib(office.clock()), language=visitor.language,
            number=file.row.number or "", case="accident" if case == "accident" else "death",
        )  # fmt: skip
        with scratch(office.home) as folder:
            KINDS[name](office, wish, folder / "paper.pdf")
            content = (folder / "paper.pdf").read_bytes()
        _note(site, visitor, f"paper_{name}", file.row.id)
        return _pdf(content, f"{name}.pdf")

    @site.post("/service/{subject}/card", right=Right.serve_people)
    def card(visitor: Visitor, form: Form) -> Response:
        file, reason = _file(site, visitor, form.path["subject"]), form.values.get("reason", "")
        if file is None or reason not in _CARD_REASONS:
            return site.missing(visitor)
        number, seen = file.row.number or "", form.values.get("seen", "")
        reissue_card(office, number, reason=reason, officer=visitor.name, seen=seen)
        _note(site, visitor, f"card_again_{reason}", file.row.id)
        refresh_trust(office)
        return site.go(f"/service/{file.row.id}?done=card")

    @site.post("/service/{subject}/card.pdf", right=Right.serve_people)
    def card_file(visitor: Visitor, form: Form) -> Response:
        file = _file(site, visitor, form.path["subject"])
        if file is None:
            return site.missing(visitor)
        content = card_pdf(office, file, visitor.language)
        _note(site, visitor, "card_printed", file.row.id)
        return _pdf(content, "kartu.pdf")


def _add_changes(site: Site) -> None:
    @site.post("/service/{subject}/correct", right=Right.serve_people)
    def correct(visitor: Visitor, form: Form) -> Response:
        file = _file(site, visitor, form.path["subject"])
        if file is None:
            return site.missing(visitor)
        heirs = _heirs(form) if form.values.get("part") == "heirs" else None
        officer = Officer(visitor.account, visitor.name)
        seen = form.values.get("seen", "")
        errors = correct_person(site.office, file.row.id, seen, form.values, heirs, officer)
        if errors:
            said = " ".join(describe(one, visitor.language) for one in errors)
            return _show(site, visitor, file.row.id, problem=said, typed=dict(form.values))
        return site.go(_after_change(site, visitor, file.row.id))


def _add_ending(site: Site) -> None:
    @site.post("/service/{subject}/end", right=Right.end_cover)
    def end(visitor: Visitor, form: Form) -> Response:
        file, reason = _file(site, visitor, form.path["subject"]), form.values.get("reason", "")
        if file is None:
            return site.missing(visitor)
        on = read_day(form.values.get("on", ""))
        if reason not in REASONS or on is None:
            said = text("web.service_end_choose", visitor.language)
            return _show(site, visitor, file.row.id, problem=said, typed=dict(form.values))
        number, who = file.row.number or "", visitor

        def look() -> Response | None:
            endable(site.office, number, reason, on)
            late = paid_after(site.office, number, on)
            if not late or form.values.get("paid_after", "") == str(len(late)):
                return None
            said, seen = late_months(late, on, who.language), {"paid_after": str(len(late))}
            return _show(site, who, file.row.id, problem=said, typed={**form.values, **seen})

        def deed() -> None:
            end_cover(site.office, number, reason, on, officer=who.name, account=who.account)

        return _with_code(site, visitor, form, "ended", deed, look)

    @site.post("/service/{subject}/not-ended", right=Right.end_cover)
    def not_ended(visitor: Visitor, form: Form) -> Response:
        file = _file(site, visitor, form.path["subject"])
        if file is None:
            return site.missing(visitor)
        number, who = file.row.number or "", visitor

        def deed() -> None:
            undo_end(site.office, number, officer=who.name, account=who.account)

        return _with_code(site, visitor, form, "reopened", deed)


def _after_change(site: Site, visitor: Visitor, subject: str) -> str:
    """Return the page of a record that was changed, or one that says where it went from here."""
    now = read_person(site.office, subject)
    if now is None or visitor.sees(now.row.village_code):
        return f"/service/{subject}?done=corrected"
    return f"/service?moved={now.row.village_code}"


def _moved_out(visitor: Visitor, code: str) -> str:
    """Return what a village that this person does not serve is called, with its kecamatan."""
    village = None if visitor.sees(code) else load_places().village(code)
    return f"{village.name}, {village.district_name}" if village else ""


def _add_correcting_cover(site: Site) -> None:
    @site.post("/service/{subject}/cover", right=Right.end_cover)
    def correct_number(visitor: Visitor, form: Form) -> Response:
        file, typed = _file(site, visitor, form.path["subject"]), dict(form.values)
        if file is None:
            return site.missing(visitor)
        days = {name: read_day(typed.get(name, "")) for name in _COVER_DAYS}
        is_unread = any(typed.get(name) and day is None for name, day in days.items())
        if is_unread or not typed.get("letter", "").strip():
            said = text("web.service_cover_choose", visitor.language)
            return _show(site, visitor, file.row.id, problem=said, typed=typed)
        told = Told(typed["letter"], typed.get("kpj", "")[:_MOST_WORDS], *days.values())
        number = file.row.number or ""

        def look() -> None:
            look_at_correction(site.office, number, told)

        def deed() -> None:
            correct_cover(
                site.office, number, told, officer=visitor.name, account=visitor.account,
                seen=typed.get("seen", ""),
            )  # fmt: skip

        return _with_code(site, visitor, form, "cover_corrected", deed, look)


def _with_code(
    site: Site, visitor: Visitor, form: Form, done: str,
    deed: Callable[[], None], look: Look | None = None,
) -> Response:  # fmt: skip
    """Do a deed about somebody with the code of whoever does it, and show their page again."""
    subject, typed = form.path["subject"], dict(form.values)

    def work() -> Response:
        deed()
        return site.go(f"/service/{subject}?done={done}")

    def again(said: str) -> Response:
        return _show(site, visitor, subject, problem=said, typed=typed)

    return site.with_code(visitor, typed.get("code", ""), work, again, look)


def _heirs(form: Form) -> tuple[HeirDraft, ...]:
    values = form.values
    drafts = (
        HeirDraft(
            name=values.get(f"heir_name_{n}", "").strip(),
            relation=values.get(f"heir_relation_{n}", ""),
            born=values.get(f"heir_born_{n}", "").strip(),
            scholarship="yes" if values.get(f"heir_school_{n}") else "no",
        )
        for n in range(1, MOST_HEIRS + 1)
    )
    return tuple(one for one in drafts if one.name or one.relation or one.born)


def _file(site: Site, visitor: Visitor, subject: str) -> PersonFile | None:
    found = read_person(site.office, subject)
    return found if found is not None and visitor.sees(found.row.village_code) else None


def _show(
    site: Site,
    visitor: Visitor,
    subject: str,
    *,
    done: str = "",
    shows_nik: bool = False,
    problem: str = "",
    typed: dict[str, Any] | None = None,
) -> Response:
    file = _file(site, visitor, subject)
    if file is None:
        return site.missing(visitor)
    values = person_page(site.office, file, visitor, shows_nik=shows_nik, typed=typed or {})
    return site.render(
        visitor, "person.html", active=_ACTIVE, status=422 if problem else 200, done=done,
        problem=problem, **values,
    )  # fmt: skip


def _note(site: Site, visitor: Visitor, deed: str, subject: str | None) -> None:
    with site.office.database.writing() as connection:
        audit(site.office, connection, visitor.account, deed, subject)


def _pdf(content: bytes, name: str) -> Response:
    headers = {**PAGE_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type="application/pdf")
