"""Letters to the people whom this laptop's lists still expect."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from enumerator_app.cards.papers import Written
from enumerator_app.cards.papers.field.invitations import Invitation, write_invitations
from enumerator_app.cards.papers.field.visit import VisitContent
from enumerator_app.domain.errors import NobodyExpected
from enumerator_app.domain.invitations import shown_invitation
from enumerator_app.domain.worklist import OPEN
from enumerator_app.services.letterhead import drawn_letterhead
from enumerator_app.storage.store import Store
from enumerator_app.storage.worklists import ListedLine
from enumerator_app.texts import current_language

_MOST: Final = 5_000


def write_letters(store: Store, village_code: str, visit: VisitContent, output: Path) -> Written:
    """Write a letter for each person of a village who is still open; `rows` are people.

    Raises:
        NobodyExpected: there is none; no file was written.
        PaperNotWritten: the file could not be written.
    """
    lines = [line for line in store.listed_in(village_code, limit=_MOST) if line.state == OPEN]
    if not lines:
        raise NobodyExpected(place=visit.village or "-")
    letterhead, language = drawn_letterhead(store), current_language()
    people = _people(lines, visit.village_words(language))
    return write_invitations(people, visit, letterhead, output, language)


def _people(lines: list[ListedLine], lived_in: str) -> Iterator[Invitation]:
    for line in lines:
        person = line.person
        home = ", ".join(part for part in (person.address, lived_in) if part)
        shown = shown_invitation(person.code)
        yield Invitation(name=person.name, village=home, code=person.code, shown=shown)
