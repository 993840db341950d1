"""Places in the budget, and the district's short hashes: what laptops know before they leave."""

import argparse
from typing import Any

from enumerator_app.texts import text, thousands
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.commands.worklists import SOME_REJECTED, area_code
from sync.server.list_files import write_rejected
from sync.server.niks import publish_niks
from sync.server.quota.keeping import import_quota
from sync.server.quota.standing import SUMS, standing


def load(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        done = import_quota(office, options.file, mapping=options.mapping)
    rejected_file = write_rejected(options.file, done.rejected)
    fields = {
        "villages": done.villages, "seats": done.seats, "confirmed": done.confirmed,
        "waiting": done.waiting, "budget": done.cost, "rejected": len(done.rejected),
        "rejected_file": str(rejected_file) if rejected_file else None,
    }  # fmt: skip
    lines = [
        text("lists.said_quota", n=done.seats, villages=done.villages, cost=_rupiah(done.cost))
    ]
    if rejected_file is not None:
        lines.append(text("lists.said_rejected", n=len(done.rejected), file=rejected_file.name))
    return Answer(fields, tuple(lines), SOME_REJECTED if done.rejected else 0)


def status(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        villages = standing(office, area_code(options.area))
    total: dict[str, Any] = {name: sum(one[name] for one in villages) for name in SUMS}
    lines = [_line(one) for one in villages]
    return Answer({"villages": villages, "total": total}, tuple(lines))


def publish(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        done = publish_niks(office)
    fields = {
        "version": done.version, "key_id": done.key_id, "count": done.count,
        "made_on": done.made_on.isoformat(), "published": done.changed,
        "false_hits_in_a_million": done.false_hits_in_a_million,
    }  # fmt: skip
    said = text("lists.said_niks", n=done.count) if done.changed else text("lists.said_no_niks")
    return Answer(fields, (said,))


def _line(one: dict[str, Any]) -> str:
    numbers = f"{one['confirmed']:6} / {one['seats']:6}  +{one['waiting']:5}"
    return f"{one['village_code']}  {one['village']:24} {numbers}  {_rupiah(one['cost'])}"


def _rupiah(amount: int) -> str:
    return f"Rp{thousands(amount)}"
