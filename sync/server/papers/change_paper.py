"""The appendix of a decree that changes an earlier one, from that one's table and today's records.

Somebody is the same by the record number. A changed NIK counts by its last digits, so that the
setting which hides the others makes no change of everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from enumerator_app.cards.papers.office.decree import CHANGE_COLUMNS, COLUMNS, RowsHash
from enumerator_app.cards.papers.office.decree_change import (
    CHANGES,
    Change,
    DecreeChange,
    decree_change,
)
from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.reference import load_programme_tables
from sync.server.errors import NothingToPrint
from sync.server.office import Office
from sync.server.papers.decree_paper import (
    APPROVED,
    NIK_SHOWN,
    cells_of,
    contribution_of,
    print_of_table,
    read_rows,
)
from sync.server.papers.people import by_village, place_of, village_code
from sync.server.papers.wishes import Made, Wish, made, occasion_of, scratch
from sync.server.tables import SUBJECT_ROWS
from sync.server.tabulating import as_written, copy_table, require_writable, write_table

_COMPARED = ("name", "nik", "address", "rt", "rw", "village_code")
_NUMBER = COLUMNS.index("number")


@dataclass
class _Comparing:
    """Today's approved people beside an earlier table; what is left of `old` at the end is gone."""

    old: dict[str, int]
    rows: dict[Change, list[list[str]]] = field(
        default_factory=lambda: {change: [] for change in CHANGES}
    )
    people: int = 0
    monthly: int = 0

    def add(self, cells: list[str], contribution: int) -> None:
        self.people += 1
        self.monthly += contribution
        before = self.old.pop(cells[_NUMBER], None)
        if before is None:
            self.rows["added"].append(cells)
        elif before != _key(cells):
            self.rows["changed"].append(cells)


def change_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the appendix of the change and, beside it, its table.

    Raises:
        UsageWrong, FileUnreadable: no earlier table was named, or it is none.
        NothingToPrint: nothing has changed.
    """
    if wish.since is None:
        raise UsageWrong(detail="--since")
    target = wish.table or output.with_suffix(".csv")
    require_writable(target)
    before, found = print_of_table(wish.since), _compared(office, wish, wish.since)
    if not any(found.rows.values()):
        raise NothingToPrint
    rows, new = _numbered(found), RowsHash()
    for cells in rows:
        new.add(cells)
    occasion = occasion_of(office, wish)
    content = _content(found, wish, before, new, wish.about or occasion.say("change.about"))
    with scratch(office.home) as folder:
        write_table(folder / "rows.csv", CHANGE_COLUMNS, rows)
        written = made(decree_change(content, occasion), output, len(rows))
        copy_table(folder / "rows.csv", target)
    counts: dict[str, Any] = {change: len(some) for change, some in found.rows.items()}
    prints = {"sha256": new.hexdigest(), "since": before.hexdigest()}
    return Made(written.pages, written.rows, output, {**prints, **counts, "table": str(target)})


def _compared(office: Office, wish: Wish, since: Path) -> _Comparing:
    found = _Comparing({cells[_NUMBER]: _key(cells) for cells in read_rows(since)})
    settings, table = occasion_of(office, wish).settings, SUBJECT_ROWS.c
    is_masked = settings.decree_nik == "masked"
    village = [table.village_code == village_code(wish.village)] if wish.village else []
    with office.database.reading() as connection:
        for code, people in by_village(connection, table.state.in_(APPROVED), *village):
            place = place_of(code)
            for person in people:
                cells = cells_of(person, place, 0, is_masked=is_masked)
                found.add(cells, contribution_of(person, wish.day))
    found.rows["removed"] = [cells for cells in read_rows(since) if cells[_NUMBER] in found.old]
    return found


def _key(cells: list[str]) -> int:
    """Return what two rows of the same person are compared by: a number, for they are many."""
    row = dict(zip(COLUMNS, cells, strict=True))
    row["nik"] = row["nik"][-NIK_SHOWN:]
    return hash(tuple(row[name] for name in _COMPARED))


def _numbered(found: _Comparing) -> list[list[str]]:
    """Return all rows of the change's table, numbered through."""
    rows: list[list[str]] = []
    for change in CHANGES:
        for cells in found.rows[change]:
            cells[0] = str(len(rows) + 1)
            rows.append([change, *cells])
    return rows


def _content(
    found: _Comparing, wish: Wish, before: RowsHash, new: RowsHash, about: str
) -> DecreeChange:
    validity = load_programme_tables().contributions_on(wish.day).validity
    return DecreeChange(
        about=about,
        decree_day=wish.signed_on,
        people_before=before.rows,
        people_after=found.people,
        monthly_after=found.monthly,
        table_version=validity.version,
        hash_before=before.hexdigest(),
        rows_hash=new.hexdigest(),
        rows={change: list(_shown(found.rows[change])) for change in CHANGES},
    )


def _shown(rows: list[list[str]]) -> Iterator[list[str]]:
    for cells in rows:
        yield [as_written(cell) for cell in cells]
