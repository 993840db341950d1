"""What the form and its queue show of the open visit, and what a form takes over from it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from enumerator_app.domain.instants import instant_to_text
from enumerator_app.domain.ticket_queue import TicketQueue
from enumerator_app.domain.tickets import ticket_words
from enumerator_app.domain.visits import VisitGroup
from enumerator_app.services.visit_standing import VisitStanding
from enumerator_app.ui.registration.form import Form

_OF_THE_VISIT: Final = ("visit_id", "group_id", "ticket", "consent_at", "consent_text_version")


@dataclass(frozen=True)
class VisitLine:
    """The open visit beside the form. Numbers of tickets are in words: "014"."""

    ticket: str = ""
    group: str = ""
    upcoming: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    has_groups: bool = False
    """Are there several to switch between?"""
    tickets: int = 0
    served: int = 0
    explained: str = ""
    """When the explanation was read to all, as an instant; empty if nobody noted it."""


def visit_line(standing: VisitStanding, queue: TicketQueue, form: Form, group: str) -> VisitLine:
    """Return the line while `form` is open and `queue` was counted around its ticket."""
    visit, consent = standing.visit, standing.visit.consent
    waiting = queue.waiting or 0
    return VisitLine(
        ticket=form.value("ticket"),
        group=group,
        upcoming=tuple(map(ticket_words, queue.upcoming)) if visit.tickets else (),
        later=tuple(map(ticket_words, queue.later)),
        has_groups=len(visit.groups) > 1,
        tickets=visit.tickets,
        served=max(0, visit.tickets - waiting - bool(form.value("ticket"))),
        explained=instant_to_text(consent.at) if consent else "",
    )


def undressed(form: Form) -> Form:
    """Return an empty form without what belongs to a visit."""
    kept = {name: value for name, value in form.values.items() if name not in _OF_THE_VISIT}
    return replace(form, values=kept)


def dressed(
    form: Form, standing: VisitStanding, group: VisitGroup | None, ticket: int | None
) -> Form:
    """Return an empty form with what the visit gives the next person."""
    values = dict(undressed(form).values)
    values["visit_id"] = str(standing.visit.id)
    values.setdefault("village_code", standing.visit.village_code)
    if ticket is not None:
        values["ticket"] = ticket_words(ticket)
    consent = standing.visit.consent
    if consent is not None and values.get("consent_method", "group") == "group":
        values |= {
            "consent_method": "group",
            "consent_witness": consent.witness,
            "witness_role": consent.witness_role,
            "consent_at": instant_to_text(consent.at),
            "consent_text_version": consent.text_version,
        }
    return with_group(replace(form, values=values), group)


def with_group(form: Form, group: VisitGroup | None) -> Form:
    """Return the form with what the group says, and with nothing of another group."""
    if group is None:
        return form
    income = str(group.monthly_income) if group.monthly_income is not None else ""
    said = {
        "occupation": group.occupation,
        "workplace": group.workplace,
        "monthly_income": income,
        "programmes": "+".join(group.programmes),
    }
    return replace(form, values={**form.values, **said, "group_id": str(group.id)})


def tickets_of(forms: Collection[Form]) -> set[str]:
    """Return the tickets of forms that wait."""
    return {form.value("ticket") for form in forms if form.value("ticket")}
