"""A record changed at the desk with the paper on the table: by the rules of the form itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.checking import check_draft, draft_of
from enumerator_app.domain.findings import Finding
from enumerator_app.domain.heirs import identified
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places, load_rulebook
from enumerator_app.domain.registration import HeirDraft, body_of, registration_from_body
from sync.server.errors import DecisionNotAllowed
from sync.server.ingest.run import lock_identities
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.resolving.errors import DecidedBefore
from sync.server.resolving.officer import Officer
from sync.server.resolving.revising import content_at, revise

ADDRESS: Final = ("address", "rt", "rw", "village_code")
CONTACT: Final = ("phone", "phone_owner", "email")
NAME: Final = ("name", "mother_name")
FIELDS_AT_THE_DESK: Final = (*ADDRESS, *CONTACT, *NAME)
_NOT_ANY_MORE: Final = ("ended", "duplicate", "withdrawn", "erased", "quarantined")


def correct_person(
    office: Office,
    subject: str,
    seen: str,
    values: Mapping[str, str],
    heirs: Sequence[HeirDraft] | None,
    officer: Officer,
) -> tuple[Finding, ...]:
    """Change fields of a record; return the errors for which nothing was changed.

    `seen` is the revision that the page showed.

    Raises:
        DecidedBefore: somebody changed the record meanwhile.
        DecisionNotAllowed: this record is not served any more.
    """
    with office.database.writing() as connection:
        if connection.dialect.name == "postgresql":
            lock_identities(connection, subjects={subject}, niks=())
        row, body = content_at(connection, subject)
        if row.revision != seen:
            raise DecidedBefore
        if row.state in _NOT_ANY_MORE:
            raise DecisionNotAllowed(number=row.number, state=row.state)
        record = registration_from_body(body)
        draft = draft_of(record)
        wanted = {name: values[name] for name in FIELDS_AT_THE_DESK if name in values}
        draft = replace(draft, values={**draft.values, **wanted})
        if heirs is not None:
            draft = replace(draft, heirs=tuple(heirs))
        checked = check_draft(draft, _context(office))
        new = checked.registration
        if new is None:
            return checked.errors
        if heirs is not None:
            known = identified(new.heirs, UUID(subject), record.heirs)
            new = new.model_copy(update={"heirs": known})
        asked = (*wanted, *(("heirs",) if heirs is not None else ()))
        _revise(office, connection, (row, body), body_of(new), asked, officer)
    return ()


def _revise(
    office: Office,
    connection: Any,
    before: tuple[Any, dict[str, Any]],
    said: dict[str, Any],
    asked: Sequence[str],
    officer: Officer,
) -> None:
    row, body = before
    changed = {name: said[name] for name in asked if said.get(name) != body.get(name)}
    if not changed:
        return
    kept = [{"field": name, "value": body.get(name), "from": row.content} for name in changed]
    revise(office, connection, row.id, {**body, **changed}, kept=kept, officer=officer.name)
    audit(office, connection, officer.account, "corrected_at_desk", row.id)


def _context(office: Office) -> CheckContext:
    return CheckContext(
        today=day_in_wib(office.clock()),
        today_is_certain=True,
        rulebook=load_rulebook(),
        places=load_places(),
    )
