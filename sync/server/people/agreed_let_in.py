"""Letting in what a stopped laptop saved takes a second person where it is about many people."""

from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from enumerator_app.domain.instants import shown_date
from enumerator_app.texts import text
from sync.server.figures.laptops import is_laptop
from sync.server.letting_in import let_in_within
from sync.server.office import Office
from sync.server.people import pairs
from sync.server.people.visitor import Visitor
from sync.server.trust import refresh_trust

KIND: Final = "let_in"


def ask_to_let_in(office: Office, visitor: Visitor, device: str, before: date, people: int) -> str:
    """Put it before a second person, who agrees to at most so many people; return its id."""
    payload = {"device": device, "before": before.isoformat(), "people": people}
    return pairs.ask(office, visitor.account, KIND, payload)


def _let_in(office: Office, connection: Connection, asked_by: str, payload: dict[str, Any]) -> None:
    before = date.fromisoformat(payload["before"])
    let_in_within(
        office, connection, payload["device"], before, by=asked_by, most=payload["people"]
    )


def _tell(office: Office, visitor: Visitor, payload: dict[str, Any]) -> pairs.Told | None:
    if not is_laptop(office, payload["device"], visitor.districts):
        return None
    language, before = visitor.language, date.fromisoformat(payload["before"])
    details = [
        (text("web.device_column_code", language), payload["device"]),
        (text("web.let_in_before", language), shown_date(before)),
        (text("web.let_in_people", language), str(payload["people"])),
    ]
    return pairs.Told(details, f"/devices/{payload['device']}")


def _after(office: Office, _: dict[str, Any]) -> None:
    refresh_trust(office)  # slips of that laptop are genuine again


pairs.register(KIND, _let_in, _tell, _after)
