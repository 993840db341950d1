"""The letter that goes with a list to the insurer. Its totals are counted in the file itself."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from enumerator_app.cards.papers.office.cover_letter import Batch, cover_letter
from enumerator_app.cards.papers.office.occasion import Occasion
from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import day_in_wib, instant_from_text
from enumerator_app.domain.reference import load_programme_tables
from enumerator_app.domain.registration import PROGRAMMES
from sync.server.batches import keeping
from sync.server.batches.columns import export_rows, print_of
from sync.server.batches.keeping import Batch as Listed
from sync.server.batches.months import read_month
from sync.server.batches.totals import Totals
from sync.server.cover_tables import SENT_ROWS
from sync.server.errors import BatchDiffers
from sync.server.insurer import kept_file
from sync.server.office import Office
from sync.server.papers.wishes import Made, Wish, made, occasion_of
from sync.server.tables import SUBJECT_ROWS


def cover_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the letter for a list, about the file that goes with it.

    Raises:
        UsageWrong: there is no such list.
        FileUnreadable, SheetUnreadable: the file is not there, or no such table.
        BatchDiffers: the file holds other people than the list.
    """
    listed = _listed(office, wish.batch)
    day = read_month(listed.month) if listed.month else wish.day
    file = wish.file or kept_file(office, wish.batch)
    totals = _totals(file, day)
    expected = _numbers(office, wish.batch)
    if totals.numbers != expected or totals.rows != len(expected):
        raise BatchDiffers(name=file.name, found=totals.rows, export=wish.batch, rows=len(expected))
    validity = load_programme_tables().contributions_on(day).validity
    batch = Batch(
        id=wish.batch,
        made_on=day_in_wib(instant_from_text(listed.at)),
        file=file.name,
        rows=totals.rows,
        monthly=totals.monthly,
        nik_sum=totals.nik_sum,
        sha256=print_of(file),
        programmes=tuple(name for name in PROGRAMMES if name in totals.programmes),
        table_version=validity.version,
        table_from=validity.valid_from,
    )
    more = {"monthly": batch.monthly, "nik_sum": str(batch.nik_sum), "sha256": batch.sha256}
    occasion = _to_branch(occasion_of(office, wish), listed.branch)
    return made(cover_letter(batch, occasion), output, batch.rows, **more)


def _to_branch(occasion: Occasion, branch: str) -> Occasion:
    """Address the letter to the branch that the list is for; without one, the letterhead's."""
    if not branch:
        return occasion
    settings = occasion.settings.model_copy(update={"insurer_branch": branch})
    return replace(occasion, settings=settings)


def _listed(office: Office, batch: str) -> Listed:
    found = keeping.list_batches(office, of=batch) if batch else []
    if not found:
        raise UsageWrong(detail=f"--batch {batch}")
    return found[0]


def list_batches(office: Office) -> list[dict[str, Any]]:
    """Return the lists that were made, the newest first."""
    return [{"id": one.id, "at": one.at, "rows": one.rows} for one in keeping.list_batches(office)]


def _numbers(office: Office, batch: str) -> set[str]:
    """Return who is on a list and was not erased; of one whose rows were not kept, who was marked.

    An erased person's row has no number any more, and the file no row of theirs.
    """
    kept = select(SENT_ROWS.c.number).where(SENT_ROWS.c.batch == batch, SENT_ROWS.c.number != "")
    marked = select(SUBJECT_ROWS.c.number).where(SUBJECT_ROWS.c.export_id == batch)
    with office.database.reading() as connection:
        found = [connection.execute(query).scalars().all() for query in (kept, marked)]
    return {str(number or "") for number in found[0] or found[1]}


def _totals(file: Path, day: date) -> Totals:
    totals = Totals(day)
    for cells in export_rows(file):
        totals.add(cells)
    return totals
