"""Letters to the people whom a village's list still expects: each carries the code of its line."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from enumerator_app.cards.papers import Written
from enumerator_app.cards.papers.field.invitations import Invitation, write_invitations
from enumerator_app.cards.papers.field.visit import VisitContent
from enumerator_app.cards.papers.office.occasion import paper_head
from enumerator_app.domain.errors import NobodyExpected
from enumerator_app.domain.invitations import shown_invitation
from enumerator_app.domain.places import Village
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import current_language
from sync.server.letterhead import read_letterhead
from sync.server.office import Office
from sync.server.papers.people import village_code
from sync.server.worklist.standing import open_lines


def write_letters(
    office: Office, village: str, output: Path, *, day: date, place: str = "", time: str = ""
) -> Written:
    """Write a letter for each person of a village who is still open; `rows` are people.

    Raises:
        VillageUnknown: no such village.
        NobodyExpected: its list has nobody who is still open; no file was written.
        PaperNotWritten: the file could not be written.
    """
    found = load_places().village(village_code(village))
    assert found is not None, "village_code looked it up"
    settings, logo = read_letterhead(office)
    visit = VisitContent(
        village=found.name,
        village_kind=found.kind,
        district=found.district_name,
        day=day,
        place=place,
        time=time,
    )
    with office.database.reading() as connection:
        people = list(_people(connection, found))
    if not people:
        raise NobodyExpected(place=found.name)
    head = paper_head(settings, logo)
    return write_invitations(people, visit, head, output, current_language())


def _people(connection: Connection, village: Village) -> Iterator[Invitation]:
    where = VisitContent(village=village.name, village_kind=village.kind)
    lived_in = where.village_words(current_language())
    for row in open_lines(connection, village.code):
        home = ", ".join(part for part in (row.address, lived_in) if part)
        yield Invitation(
            name=row.name, village=home, code=row.code, shown=shown_invitation(row.code)
        )
