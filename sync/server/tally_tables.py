"""Tables of counts that stand beside the records: kept right by triggers of the database itself.

A count is the sum of `n` over all `part`s. On SQLite there is one part, counted up in place. On
PostgreSQL each transaction writes a part of its own, so that no two of them wait for each other;
`fold_tallies` joins them. Nothing but the triggers of the migrations writes here besides.
"""

from typing import Final

from sync.server.table_kit import (
    OfficeTable,
    key_column,
    number_column,
    number_key_column,
    table_of,
)


class VillageTallyRow(OfficeTable, table=True):
    """People by village, state, dates of cover (empty: none) and laptop."""

    __tablename__ = "village_tally"
    village_code: str = key_column()
    state: str = key_column()
    cover_from: str = key_column()
    cover_to: str = key_column()
    device: str = key_column()
    part: int = number_key_column()
    n: int = number_column()


class DayTallyRow(OfficeTable, table=True):
    """People by the half day of UTC in which they were registered, kecamatan and state.

    `half` is the date, with `T17` from 17.00 UTC on, which is midnight of WIB, and `T00` before it.
    """

    __tablename__ = "day_tally"
    half: str = key_column()
    district_code: str = key_column()
    state: str = key_column()
    part: int = number_key_column()
    n: int = number_column()


VILLAGE_TALLY_ROWS: Final = table_of(VillageTallyRow)
DAY_TALLY_ROWS: Final = table_of(DayTallyRow)
