"""Visits as the office knows them."""

import argparse
from typing import Any

from enumerator_app.texts import text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.visits import list_visits, recap_matches


def show(options: argparse.Namespace) -> Answer:
    """List all visits, or say which one a copied recap fits; exit 3 if it fits none."""
    with opened(options) as office:
        found = list_visits(office)
    if options.recap is not None:
        fits = recap_matches(found, options.recap)
        if fits is None:
            return Answer({"fits": None}, (text("server.said_recap_unknown"),), 3)
        return Answer({"fits": fits.id}, (text("server.said_recap_fits", visit=fits.id),))
    rows = [visit.as_dict() for visit in found]
    lines = tuple(_line(row) for row in rows)
    return Answer({"visits": rows}, lines or (text("server.said_no_visits"),))


def _line(row: dict[str, Any]) -> str:
    counts = row["counts"] or {}
    present = counts.get("present", "-")
    return (
        f"{row['visit']}  {row['day']}  {row['village_code']}  {row['device']:4}  "
        f"{text('visits.' + row['state']):9}  {present:>4}  {row['registrations']:4}  "
        f"{row['code'] or '-'}"
    )
