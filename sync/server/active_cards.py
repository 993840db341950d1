"""Active cards: the office's seal over cover that the insurer gave, and one given again.

Only here is cover sealed. A card that is lost, or shows a name that was corrected, is sealed anew
under the next issue; the one before is told to be replaced as soon as the list is.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from enumerator_app.cards.claims import CardClaims, short_name
from enumerator_app.cards.seal import seal
from enumerator_app.domain.dates import reaches_age_on
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_rulebook
from sync.server.deciding import Verdict, decide, find_by_number
from sync.server.errors import DecisionNotAllowed, IssuingKeyEnded
from sync.server.office import Office
from sync.server.reading_contents import stream, with_contents
from sync.server.reissues import cards_sealed
from sync.server.resolving.errors import DecidedBefore
from sync.server.rotating import days_left, life_of
from sync.server.tables import SUBJECT_ROWS


@dataclass(frozen=True, slots=True)
class Person:
    """A record as cards need it; `cards`: how many were sealed for it before."""

    id: str
    cards: int
    number: str
    nik: str
    state: str
    village_code: str
    body: dict[str, Any]

    @property
    def born(self) -> date | None:
        born = self.body.get("birth_date")
        return date.fromisoformat(born) if born else None


def end_of_cover(start: date, end: date, born: date | None) -> date:
    """Return the earlier of the paid end and the day before the age limit is reached."""
    if born is None:
        return end
    limit = load_rulebook().age_limits(start).before_age
    return min(end, reaches_age_on(born, limit) - timedelta(days=1))


def active_card(office: Office, person: Person, start: date, end: date) -> str | None:
    """Return the office's seal for the card, so that no laptop can claim cover by itself."""
    issued_on = min(day_in_wib(office.clock()), end)
    if issued_on < life_of(office.issuer.certificate).first:
        return None  # that cover had ended before there was this key to state it
    try:
        claims = CardClaims(
            number=person.number,
            issue=person.cards + 1,
            kind="active",
            district=person.village_code[:6],
            short_name=short_name(str(person.body.get("name") or "")),
            birth_year=person.born.year if person.born else None,
            photo_prefix=str(person.body.get("photo") or "")[:8],
            cover_from=start,
            cover_to=end,
            issued_on=issued_on,
            expires_on=end,
        )
    except (ValueError, IndexError):
        return None  # a number clash took its number away: a card without one would be nobody's
    return seal(claims, office.issuer.key, office.issuer.kid)


def reissue_card(
    office: Office, typed: str, *, reason: str, officer: str, seen: str | None = None
) -> int:
    """Seal a covered person's card anew, with what the record says today; return its issue.

    `seen` is the revision that a page showed: a form that is sent twice makes one card.

    Raises:
        NumberUnknown: nobody has this number.
        DecisionNotAllowed: the person has no card, or its cover is over.
        DecidedBefore: somebody changed the record since it was shown.
        IssuingKeyEnded: the key may seal no cards any more.
    """
    today = day_in_wib(office.clock())
    if days_left(office.issuer, today) < 0:
        raise IssuingKeyEnded
    record = find_by_number(office, typed)
    person = person_of(office, record.id)
    card = None
    if record.cover_from and record.cover_to and person.cards:
        start = date.fromisoformat(record.cover_from)
        end = end_of_cover(start, date.fromisoformat(record.cover_to), person.born)
        card = active_card(office, person, start, end) if end >= max(start, today) else None
    if card is None:
        raise DecisionNotAllowed(number=record.number, state=record.state)
    columns = {"cover_from": start.isoformat(), "cover_to": end.isoformat()}
    details = {"kpj": record.kpj, "card": card, **columns}
    verdict = Verdict(
        record.id, "enrolled", reason=reason, details=details, columns=columns, stays=True,
        seen=seen,
    )  # fmt: skip
    if not decide(office, [verdict], officer=officer, actor="officer"):
        raise DecidedBefore
    return person.cards + 1


def person_of(office: Office, subject: str) -> Person:
    """Return a record as cards need it."""
    with office.database.reading() as connection:
        query = with_contents().where(SUBJECT_ROWS.c.id == subject)
        ((row, body),) = list(stream(connection, query))
        cards = cards_sealed(connection, [subject]).get(subject, 0)
    return Person(row.id, cards, row.number or "", row.nik, row.state, row.village_code, body)
