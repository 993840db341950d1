"""The people of a visit, as the pages show them; what is not there for somebody is not found."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import Response
from sqlalchemy import select

from enumerator_app.domain.checking import check_registration
from enumerator_app.domain.findings import describe
from enumerator_app.domain.registration import registration_from_body
from enumerator_app.texts import Language, text
from sync.server.office import Office
from sync.server.people.visitor import Visitor
from sync.server.resolving.comparing import shown
from sync.server.resolving.queue import is_for
from sync.server.resolving.revising import content_at
from sync.server.resolving.sampling import drawn_review
from sync.server.resolving.visit_queue import Waiting, waiting_visits
from sync.server.resolving.visitless import is_of, village_of
from sync.server.tables import SUBJECT_ROWS
from sync.server.web.site import Site

HERE: Final = "/visits"
UNDO: Final = "/visits-undo"


def visit_of(office: Office, visitor: Visitor, visit: str) -> Waiting | None:
    with office.database.reading() as connection:
        found = waiting_visits(connection, visitor.districts, only=visit)
    return found[0] if found else None


def is_done(office: Office, visitor: Visitor, visit: str) -> bool:
    """Return whether this was a visit in this person's kecamatan, though nothing of it waits."""
    query = select(SUBJECT_ROWS.c.village_code).where(is_of(visit)).distinct()
    with office.database.reading() as connection:
        villages = list(connection.execute(query).scalars())
    return bool(villages) and is_for(visitor.districts, villages)


def gone(site: Site, visitor: Visitor, visit: str, what: str) -> Response:
    """Say what happened to a visit or a record that somebody else finished; or that it is none."""
    if visit_of(site.office, visitor, visit) is not None:
        return site.go(f"{HERE}/{visit}?done={what}")
    if not is_done(site.office, visitor, visit):
        return site.missing(visitor)
    return site.go(f"{HERE}?done={what}" + ("&view=without" if village_of(visit) else ""))


def record_of(office: Office, visitor: Visitor, visit: str, subject: str) -> Any:
    """Return a waiting record of a visit that is there for this person."""
    if visit_of(office, visitor, visit) is None:
        return None
    found = drawn_review(office, visit)
    return next((row for row in (*found.clean, *found.noted) if row.id == subject), None)


def person_of(office: Office, visit: str, record: Any, language: Language) -> dict[str, Any]:
    with office.database.reading() as connection:
        _, body = content_at(connection, record.id)
    facts = [(text(f"web.{name}", language), said) for name, said in _facts(body, language)]
    nothing = text("web.decide_nothing", language)
    return {
        "id": record.id,
        "name": record.name,
        "number": record.number or "",
        "state": record.state,
        "content": record.content,
        "revision": record.revision,
        "photo": f"{HERE}/{visit}/photo/{record.id}" if body.get("photo") else "",
        "facts": [(label, value or nothing) for label, value in facts],
        "body": body,
    }


def _facts(body: Mapping[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    """Yield what is compared with the photo, the KTP and the sheet: label and words."""

    def said(*names: str) -> str:
        return ", ".join(filter(None, (shown(name, body, language) for name in names)))

    yield "decide_row_name", said("name")
    yield "decide_row_nik", said("nik")
    yield "decide_row_born", said("born", "sex")
    yield "visits_address", _address(body, said("village"))
    yield "decide_row_mother", said("mother")
    yield "visits_works", ", ".join(filter(None, (said("work"), _works(body, language))))
    yield "decide_row_heirs", said("heirs")
    yield "decide_row_phone", said("phone")
    yield "visits_consent", _consent(body, language)
    yield "decide_row_recorded", said("recorded")


def _address(body: Mapping[str, Any], village: str) -> str:
    parts = (("", "address"), ("RT ", "rt"), ("RW ", "rw"))
    line = " ".join(f"{word}{body[name]}" for word, name in parts if body.get(name))
    return ", ".join(filter(None, (line, village)))


def _works(body: Mapping[str, Any], language: Language) -> str:
    now = str(body.get("works_now") or "")
    said = [text(f"web.visits_works_{now}", language)] if now else []
    if body.get("works_since"):
        said.append(text("web.visits_since", language, year=body["works_since"]))
    return ", ".join(said)


def _consent(body: Mapping[str, Any], language: Language) -> str:
    method = str(body.get("consent_method") or "")
    said = [text(f"web.visits_consent_{method}", language)] if method else []
    if body.get("ticket"):
        said.append(text("web.visits_ticket", language, ticket=body["ticket"]))
    return ", ".join(said)


def findings_of(office: Office, body: Mapping[str, Any], language: Language) -> list[str]:
    found = check_registration(registration_from_body(body), office.check_context())
    return [describe(one, language) for one in found if one.severity != "note"]
