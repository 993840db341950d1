"""The command about how long full content stays on this laptop."""

import argparse
from typing import Any

from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import day_in_wib, shown_date
from enumerator_app.texts import text


def keep(options: argparse.Namespace) -> Answer:
    """Set after how many days content may leave, ask for a record again, and say how it stands."""
    with open_laptop(options) as laptop:
        if options.days is not None:
            if options.days < 0:
                raise UsageWrong(detail="--days")
            laptop.keeping.set_days(options.days)
        if options.back is not None:
            laptop.store.want_back(laptop.store.record(options.back).worker.subject)
        standing = laptop.keeping.standing()
    next_on = day_in_wib(standing.next_on) if standing.next_on else None
    fields: dict[str, Any] = {
        "days": standing.keep_days,
        "announced": standing.announced,
        "next_on": next_on.isoformat() if next_on else None,
        "gone": standing.wiped,
        "wanted": standing.wanted,
    }
    lines = [text("keeping.said_days" if standing.keep_days else "keeping.said_off", **fields)]
    if next_on:
        announced, day = standing.announced, shown_date(next_on)
        lines.append(text("keeping.announced", n=announced, day=day))
    if standing.wiped:
        lines.append(text("keeping.gone", n=standing.wiped))
    return Answer(fields, tuple(lines))
