"""Records of no visit: looked at and approved village by village, as those of a visit are.

Such a group is called after its village wherever a visit is called by its id. It has no Berita
Acara, for there was no visit: the signature rests on the sample alone, and the page says so.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, literal

from sync.server.tables import SUBJECT_ROWS

WITHOUT: Final = "without-"


def village_of(name: str) -> str:
    """Return the village of a group without a visit; empty for a visit."""
    return name[len(WITHOUT) :] if name.startswith(WITHOUT) else ""


def is_of(name: str) -> ColumnElement[bool]:
    """Return the condition for the records of a visit, or of a village's group without one."""
    table = SUBJECT_ROWS.c
    if village := village_of(name):
        return and_(table.visit_id.is_(None), table.village_code == village)
    return table.visit_id == name


def group_column() -> Any:
    """Return what the group of a village is called."""
    return literal(WITHOUT) + SUBJECT_ROWS.c.village_code


def name_column() -> Any:
    """Return what a record's visit or group is called."""
    visit = SUBJECT_ROWS.c.visit_id
    return case((visit.is_(None), group_column()), else_=visit)
