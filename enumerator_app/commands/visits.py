"""Commands about visits: open, list, close, attend."""

import argparse
from datetime import date
from typing import Any

from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import UsageWrong
from enumerator_app.services.naming import named
from enumerator_app.services.visit_standing import VisitStanding
from enumerator_app.services.visit_words import left_over_words, recap
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import text


def open_visit(options: argparse.Namespace) -> Answer:
    """Open a visit, or go on with the one of this place and day."""
    groups = [_group(written) for written in options.group or ()]
    with open_laptop(options) as laptop:
        standing = laptop.visits.open(
            village=options.village,
            place=options.place or "",
            day=_day(options.day),
            groups=groups,
            tickets=options.tickets,
        )
    said = text("visits.said_open", visit=standing.visit.id, n=len(standing.visit.groups))
    return Answer(as_json(standing), (said,))


def show(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        found = laptop.visits.book.all()
        lines = tuple(
            f"{one.visit.id}  {one.visit.day}  {text(f'visits.{_state(one)}')}  "
            f"{recap(one, laptop.places)}"
            for one in found
        )
    return Answer({"visits": [as_json(one) for one in found]}, lines or (text("visits.said_none"),))


def close(options: argparse.Namespace) -> Answer:
    """Close a visit; what is unfinished is said, and forbids nothing."""
    with open_laptop(options) as laptop:
        visit = laptop.visits.book.find(options.visit)
        left = laptop.visits.left_over(visit)
        standing = laptop.visits.close(visit)
        said = recap(standing, laptop.places)
    fields = {
        **as_json(standing),
        "recap": said,
        "left_over": {
            "unprinted": left.unprinted,
            "drafts": left.drafts,
            "unsent": left.unsent,
            "waiting": left.waiting,
        },
    }
    return Answer(fields, (said, *left_over_words(left)))


def attend(options: argparse.Namespace) -> Answer:
    """Note that somebody who is here already came; nobody is recorded twice."""
    with open_laptop(options) as laptop:
        visit = laptop.visits.book.find(options.visit) if options.visit else None
        known = named(laptop.store, options.number)
        standing = laptop.visits.table.attend(
            known.subject, visit=visit, ticket=options.ticket or "", phone=options.phone or ""
        )
    said = text("visits.said_attended", number=known.number)
    return Answer({"number": known.number, **as_json(standing)}, (said,))


def as_json(standing: VisitStanding) -> dict[str, Any]:
    visit = standing.visit
    return {
        "visit": str(visit.id),
        "village_code": visit.village_code,
        "place": visit.place,
        "day": visit.day.isoformat(),
        "state": _state(standing),
        "groups": [
            {
                "id": str(group.id),
                "name": group.name,
                "foreman": group.foreman,
                "people": standing.tally.by_group.get(group.id, 0),
            }
            for group in visit.groups
        ],
        "tickets": visit.tickets,
        "counts": standing.counts.as_dict(),
        "code": standing.code or None,
    }


def _state(standing: VisitStanding) -> str:
    if not standing.is_open:
        return "closed"
    return "paused" if standing.paused_at else "open"


def _group(written: str) -> GroupDraft:
    """Return the group in `NAME[;FOREMAN[;WORK[;WORKPLACE]]]`."""
    parts = [part.strip() for part in written.split(";")]
    if not parts[0] or len(parts) > 4:
        raise UsageWrong(detail=f"--group {written}")
    name, foreman, occupation, workplace = (*parts, "", "", "")[:4]
    return GroupDraft(name, foreman, occupation, workplace)


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageWrong(detail=f"--day {written}") from error
