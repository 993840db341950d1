"""The insurer's branches: which village belongs to which, so that everybody is on one list."""

from collections import Counter
from functools import cache
from typing import Final

from sqlalchemy import func, select

from enumerator_app.resource_files import read_toml
from sync.server.office import Office
from sync.server.tables import SUBJECT_ROWS

LOOKED_AT: Final = ("verified", "waiting_nik")


def branch_of(village_code: str) -> str:
    """Return the branch of a village; empty for that of the letterhead."""
    return _by_district().get(village_code[:6], "")


def branches() -> list[str]:
    """Return every branch that a kecamatan is mapped to, after that of the letterhead.

    Without such a mapping there is the letterhead's alone.
    """
    return ["", *sorted(set(_by_district().values()) - {""})]


def looked_at(office: Office) -> Counter[str]:
    """Return how many people a look at each branch goes through: each of them is in one."""
    table = SUBJECT_ROWS.c
    query = select(table.village_code, func.count()).where(table.state.in_(LOOKED_AT))
    found: Counter[str] = Counter()
    with office.database.reading() as connection:
        for code, n in connection.execute(query.group_by(table.village_code)):
            found[branch_of(code)] += n
    return found


@cache
def _by_district() -> dict[str, str]:
    return dict(read_toml("mappings", "insurer.toml").get("branches", {}))
