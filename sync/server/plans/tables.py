"""Tables of what the office plans. Nothing here is known to a laptop."""

from typing import Final

from sync.server.table_kit import OfficeTable, key_column, table_of, text_column


class PlannedVisitRow(OfficeTable, table=True):
    """A village on a day; `device` is the code of the laptop that goes there, if it is known."""

    __tablename__ = "planned_visit"
    village_code: str = key_column()
    day: str = key_column()
    device: str = text_column()
    place: str = text_column()
    planned_by: str = text_column()
    at: str = text_column()


class GoalRow(OfficeTable, table=True):
    """What was agreed for the whole office, by name: `last_day` of registering."""

    __tablename__ = "goal"
    name: str = key_column()
    value: str = text_column()
    said_by: str = text_column()
    at: str = text_column()


PLANNED_VISIT_ROWS: Final = table_of(PlannedVisitRow)
GOAL_ROWS: Final = table_of(GoalRow)
