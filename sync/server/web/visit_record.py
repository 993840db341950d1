"""One noted record of a visit, and the answers named for what they do."""

from typing import Final

from fastapi import Request, Response

from enumerator_app.domain.errors import KnownError
from enumerator_app.texts import text
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.resolving.holding import hold
from sync.server.resolving.records import (
    RECORD,
    RECORD_ANSWERS,
    Said,
    check_said,
    possible_answers,
)
from sync.server.resolving.sampling import in_open_cases
from sync.server.resolving.watching import payload_of, settle_held
from sync.server.web.decide import officer_of, photo_of
from sync.server.web.forms import Form
from sync.server.web.site import Site
from sync.server.web.visit_people import HERE, findings_of, gone, person_of, record_of
from sync.server.web.words import problem_words

_FIX_FIELDS: Final = (
    "nik", "name", "birth_date", "sex", "mother_name", "address", "rt", "phone", "photo",
    "works_now", "heirs",
)  # fmt: skip


def add_visit_records(site: Site) -> None:
    """Hang the page of one record of a visit onto the site."""
    office = site.office

    @site.get(HERE + "/{visit}/photo/{subject}", right=Right.approve)
    def photo(request: Request, visitor: Visitor) -> Response:
        visit, subject = request.path_params["visit"], request.path_params["subject"]
        is_there = record_of(office, visitor, visit, subject) is not None
        return photo_of(site, visitor, subject if is_there else None)

    @site.get(HERE + "/{visit}/{subject}", right=Right.approve)
    def record(request: Request, visitor: Visitor) -> Response:
        settle_held(office)
        visit, subject = request.path_params["visit"], request.path_params["subject"]
        return _record_page(site, visitor, visit, subject)

    @site.post(HERE + "/{visit}/{subject}", right=Right.approve)
    def answered(visitor: Visitor, form: Form) -> Response:
        return _answer(site, visitor, form)


def _record_page(
    site: Site, visitor: Visitor, visit: str, subject: str, *, problem: str = "", status: int = 200
) -> Response:
    office, language = site.office, visitor.language
    row = record_of(office, visitor, visit, subject)
    if row is None:
        return gone(site, visitor, visit, "record")
    person = person_of(office, visit, row, language)
    with office.database.reading() as connection:
        case = in_open_cases(connection, {subject}).get(subject)
    answers = [
        {
            "key": str(n),
            "name": name,
            "label": text(f"web.record_answer_{name}", language),
            "follows": text(f"web.record_follows_{name}", language),
        }
        for n, name in enumerate(RECORD_ANSWERS, start=1)  # a key means one answer on every page
        if name in possible_answers(row)
    ]
    return site.render(
        visitor, "visit_record.html", active="visits", status=status,
        visit=visit, record=person, answers=answers, problem=problem,
        findings=findings_of(office, person["body"], language),
        case=f"/decide/{case.id}" if case is not None and visitor.may(Right.decide) else "",
        has_case=case is not None,
        fields=[(name, text(f"fields.{name}", language)) for name in _FIX_FIELDS],
    )  # fmt: skip


def _answer(site: Site, visitor: Visitor, form: Form) -> Response:
    office, values = site.office, form.values
    visit, subject = form.path["visit"], form.path["subject"]
    if record_of(office, visitor, visit, subject) is None:
        return gone(site, visitor, visit, "record_late")
    field, reason = values.get("field", ""), values.get("reason", "").strip()[:500]
    said = Said(values.get("answer", ""), values.get("seen", ""), field, reason)
    try:
        with office.database.writing() as connection:
            check_said(connection, subject, said)
            hold(office, connection, officer_of(visitor), RECORD, subject, payload_of(said))
    except KnownError as error:
        told = problem_words(error.code, error.parameters, visitor.language)
        return _record_page(site, visitor, visit, subject, problem=told, status=422)
    return site.go(f"{HERE}/{visit}")
