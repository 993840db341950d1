"""People who may be recorded twice under different NIKs, over the whole regency, as cases."""

from typing import Final

from enumerator_app.domain.alike import Traits, alike, traits_of
from enumerator_app.domain.registration import OTHER_THAN
from sync.server.bulk import write_all
from sync.server.ingest.cases import CASES, Case, Cases
from sync.server.ingest.remarks import DISTRICT, SAID_OTHER
from sync.server.office import Office
from sync.server.reading_contents import stream, with_contents
from sync.server.tables import CASE_ROWS, SUBJECT_ROWS

ALIKE: Final = "alike"
_NO_PERSON: Final = ("duplicate", "withdrawn", "ended", "quarantined", "erased")


def find_alike(office: Office) -> int:
    """Open a case for each pair that may be one person; return how many are new.

    A pair that was decided before stays decided: the same members give the same case.
    """
    people, said = _read(office)
    cases = Cases()
    for one, other, judged in alike(people.items()):
        reasons = judged.reasons
        if said.get(one, set()) & {other, DISTRICT} or said.get(other, set()) & {one, DISTRICT}:
            reasons = (*reasons, SAID_OTHER)
        cases.open(Case(ALIKE, None, (one, other), reasons, judged.score))
    with office.database.writing() as connection:
        known = set(connection.scalars(CASE_ROWS.select().with_only_columns(CASE_ROWS.c.id)))
        write_all(connection, [(CASES, cases.rows(office.now()))])
    return len(cases.opened.keys() - known)


def _read(office: Office) -> tuple[dict[str, Traits], dict[str, set[str]]]:
    """Return everybody by what they are compared by, and whom they were said not to be."""
    people, said = {}, {}
    query = with_contents().where(SUBJECT_ROWS.c.state.not_in(_NO_PERSON))
    with office.database.reading() as connection:
        for row, body in stream(connection, query):
            if body.get("name"):
                people[row.id] = traits_of(body)
                said[row.id] = set(map(str, body.get(OTHER_THAN) or ()))
    return people, said
