"""Papers about cover that changes: the monthly update, and the notices when payment stops."""

from datetime import date
from itertools import groupby
from pathlib import Path

from enumerator_app.cards.papers.office.cover_changes import (
    ChangeLine,
    StopNotice,
    StoppedVillage,
    UpdateLetter,
    stop_notice,
    update_letter,
)
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.texts import Language
from sync.server.batches.months import read_month
from sync.server.covering.stopping import Stopped, alone_monthly, ask_until
from sync.server.covering.updating import Change, Update, reason_words
from sync.server.errors import NothingToPrint
from sync.server.office import Office
from sync.server.papers.people import place_of
from sync.server.papers.wishes import Made, Wish, made, occasion_of


def update_paper(office: Office, found: Update, output: Path, language: Language) -> Made:
    """Write the letter of a month's update."""
    content = UpdateLetter(
        month=read_month(found.month),
        people=found.people,
        before=found.before,
        left=found.left,
        entered=found.entered,
        changed=found.changed,
        total=found.total,
        lists=tuple(
            (kind, tuple(_line(one, language) for one in found.of_kind(kind)))
            for kind in ("leaves", "enters", "soon")
        ),
    )
    wish = Wish(day=day_in_wib(office.clock()), language=language)
    return made(update_letter(content, occasion_of(office, wish)), output, len(found.changes))


def _line(one: Change, language: Language) -> ChangeLine:
    day = date.fromisoformat(one.day) if one.day else None
    village = place_of(one.village_code).village
    return ChangeLine(one.name or "-", one.kpj or "-", village, reason_words(one, language), day)


def stop_paper(office: Office, found: Stopped, output: Path, language: Language) -> Made:
    """Write the notices for the villages, a new page for each.

    Raises:
        NothingToPrint: nobody's cover ends.
    """
    if not found.people:
        raise NothingToPrint
    people = sorted(found.people, key=lambda one: (one.village_code, one.name, one.number))
    villages = tuple(
        StoppedVillage(
            place_of(code),
            tuple((one.name, one.kpj, min(one.cover_to, found.last)) for one in some),
        )
        for code, some in groupby(people, key=lambda one: one.village_code)
    )
    content = StopNotice(
        last=found.last,
        ask_by=ask_until(found.last),
        alone=alone_monthly(found.last),
        villages=villages,
    )
    wish = Wish(day=day_in_wib(office.clock()), language=language)
    return made(stop_notice(content, occasion_of(office, wish)), output, len(people))
