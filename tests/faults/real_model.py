"""A campaign: random worlds of real laptops, drives and one real office, and what may never be.

`python -m tests.faults.real_model --worlds 60 --steps 150 --seed 1 [--control]`.
The events are those of the protocol's model, the code is the product's. After each world everything
that still lies somewhere arrives, then the claims below are checked. A control takes one
protection away; its worlds must break, or the claims prove nothing.
"""

import contextlib
import json
import logging
import math
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog
from sqlalchemy import select

from enumerator_app.domain.errors import KnownError
from sync.server.contents import contents_for
from sync.server.tables import (
    CASE_ROWS,
    ENTRY_ROWS,
    FEED_HEAD_ROWS,
    REVISION_ROWS,
    SUBJECT_ROWS,
)
from sync.server.verifying import verify_office
from tests.faults.real_world import World
from tests.faults.reporting import campaign_options, concluded
from tests.server.offices import new_office


def _nothing(*_: Any, **__: Any) -> int:
    return 0


def _no_notices(_store: Any, _carried: Any) -> Iterator[Any]:
    return iter(())


def _the_later_wins(self: Any, line: Any, subject: Any, content: Any) -> Any:
    """What arrives last stands, whatever its author had seen."""
    return self._next(line, subject, content, self.judge(content, line.schema, line.body))


def _at_receipt(_home: Any, _kept: Any, things: Any) -> list[str]:
    """What the office has received may go, whatever its copies hold."""
    return list(things)


AT_ONCE = {
    "enumerator_app.storage.leaving.CONFIRM_AFTER": timedelta(0),
    "enumerator_app.storage.leaving.ASK_AGAIN": timedelta(0),
}
CONTROLS: dict[str, dict[str, Any]] = {
    "notices are not offered again": {
        "sync.client.engine.reoffer_if_owed": _nothing,
        "sync.client.carrying._owed_notices": _no_notices,
    },
    "who was erased is not erased again": {"sync.server.erasing.erase_again": _nothing},
    "the later entry wins unseen": {
        "sync.server.ingest.applying.Application._merged": _the_later_wins
    },
    "an office set back does not notice": {
        "sync.server.routes.note_if_set_back": _nothing,
        "sync.server.bundles.note_if_set_back": _nothing,
    },
    "a changed office is not entered": {"sync.client.engine.enter_epoch_if_changed": _nothing},
    "content of another branch is not said again": {
        "enumerator_app.storage.saying_again.say_again": _nothing
    },
    "content leaves at its receipt": {"sync.server.copies.in_every_copy": _at_receipt},
}


def broken_claims(world: World) -> list[str]:
    """What is not true of a world at rest."""
    found = [*_nobody_lost(world), *_nobody_twice(world), *_values_kept(world)]
    found += _received_is_held(world)
    found += [*_both_ends_agree(world), *_erased_is_gone(world), *_decisions_kept(world)]
    found += [f"verify {fault.code}" for fault in verify_office(world.office)]
    return found


def _rows(world: World, *columns: Any) -> list[Any]:
    with world.office.database.reading() as connection:
        return list(connection.execute(select(*columns)).all())


def _nobody_lost(world: World) -> Iterator[str]:
    """I1, I2: what was acknowledged is at the office, with its content, unless its computer is
    gone and no drive had it."""
    table = ENTRY_ROWS.c
    here = {row.hash: row.body is not None for row in _rows(world, table.hash, table.body)}
    for told in world.told.values():
        if str(told.subject) in world.erased or here.get(told.entry):
            continue
        on_a_living = any(world.opened(m).holds(told.entry) for m in world.living())
        if on_a_living:
            yield "lost: on a living laptop"
        elif told.entry not in world.gone:
            yield "lost"
        else:
            world.stats["gone_with_their_computer"] += 1


def _received_is_held(world: World) -> Iterator[str]:
    """Of whom a laptop says that the office has them, the office has what is shown there; and at
    rest no laptop that may still send has anybody else."""
    said: dict[str, str] = {}
    table = ENTRY_ROWS.c
    for row in _rows(world, table.subject, table.body):
        said[row.subject] = said.get(row.subject, "") + (row.body or b"").decode()
    for row in _rows(world, REVISION_ROWS.c.subject, REVISION_ROWS.c.bytes):
        said[row.subject] = said.get(row.subject, "") + (row.bytes or "")
    records = {row.id for row in _rows(world, SUBJECT_ROWS.c.id)}
    for machine in world.living():
        store = world.opened(machine)
        for worker in store.search("", limit=500):
            subject = str(worker.subject)
            is_held = subject in records and store.registration(worker.subject).phone in said.get(
                subject, ""
            )
            if worker.custody == "saved":
                if machine.device not in world.revoked and not is_held:
                    yield "not received at rest"
            elif not is_held:
                yield "called received, and the office does not have it"


def _nobody_twice(world: World) -> Iterator[str]:
    """I3, I4: one record a person; a number that two people hold is a case."""
    rows = _rows(world, SUBJECT_ROWS.c.id, SUBJECT_ROWS.c.number, SUBJECT_ROWS.c.state)
    known = {str(told.subject) for told in world.told.values()}
    if {row.id for row in rows} - known:
        yield "a person that nobody registered"
    numbers = Counter(row.number for row in rows if row.number and row.state != "erased")
    cases = _rows(world, CASE_ROWS.c.kind, CASE_ROWS.c.subjects)
    clashes = {name for row in cases if row.kind == "number_clash" for name in json.loads(row[1])}
    for number, count in numbers.items():
        if count > 1 and not any(r.id in clashes for r in rows if r.number == number):
            yield "number twice without a case"


def _values_kept(world: World) -> Iterator[str]:
    """I6: the telephone that stands was not replaced by one whose author had not seen it, unless
    the other is kept, or somebody is asked."""
    cases = _rows(world, CASE_ROWS.c.subjects)
    asked = {name for row in cases for name in json.loads(row.subjects)}
    table = ENTRY_ROWS.c
    entries = _rows(world, table.hash, table.subject, table.header, table.body)
    said: dict[str, str] = {}
    for row in _rows(world, REVISION_ROWS.c.subject, REVISION_ROWS.c.bytes):
        said[row.subject] = said.get(row.subject, "") + (row.bytes or "")
    for row in _rows(world, SUBJECT_ROWS.c.id, SUBJECT_ROWS.c.state):
        if row.id not in asked and row.state not in {"erased", "quarantined"}:
            own = [entry for entry in entries if entry.subject == row.id and entry.body is not None]
            yield from _dropped(row.id, world, own, said.get(row.id, ""))


def _dropped(subject: str, world: World, own: list[Any], said: str) -> Iterator[str]:
    bases = {json.loads(row.header)["base"] for row in own}
    # What a computer that is gone had saved may stand there anew, under another hash.
    seen = {json.loads(row.body).get("phone") for row in own if row.hash in bases}
    here = {row.hash for row in own}
    current = _current_phone(world, subject)
    for told in world.told.values():
        if str(told.subject) != subject or told.entry not in here or told.phone == current:
            continue
        if told.phone not in seen and told.entry not in said and told.phone not in said:
            yield "a value dropped in silence"


def _current_phone(world: World, subject: str) -> str | None:
    for machine in world.machines:
        with world.office.database.reading() as connection:
            found = contents_for(connection, machine.device, [subject])
        if subject in found:
            return str(found[subject].body.get("phone"))
    return None


def _both_ends_agree(world: World) -> Iterator[str]:
    """I5, I8, I11: every notice applied, digests equal, no new epoch at rest."""
    heads = {row.device: row.n for row in _rows(world, FEED_HEAD_ROWS.c.device, FEED_HEAD_ROWS.c.n)}
    for machine in world.living():
        store = world.opened(machine)
        before = store.position().epoch
        result = world.sync(machine, 0.0)
        if machine.device in world.revoked:
            continue
        if result is None or not result.heads_agree or result.pending:
            yield "no agreement at rest"
        elif store.position().feed_n < heads[machine.device]:
            yield "a notice missed"
        elif store.position().epoch != before:
            yield "new epochs for ever"


def _erased_is_gone(world: World) -> Iterator[str]:
    """I7: nothing of an erased person but hashes, at the office and on every living laptop."""
    rows = _rows(world, ENTRY_ROWS.c.subject, ENTRY_ROWS.c.body, ENTRY_ROWS.c.kind)
    told = (row for row in rows if row.subject in world.erased and row.kind != "erased_here")
    if any(row.body is not None for row in told):
        yield "erased data at the office"
    for machine in world.living():
        shown = {str(worker.subject) for worker in world.opened(machine).search("", limit=500)}
        if shown & world.erased:
            yield "erased data on a laptop"


def _decisions_kept(world: World) -> Iterator[str]:
    """I10: the office knows each decision that a laptop has shown, unless the office and every
    laptop that knew of it went back to a day before."""
    decided = {
        json.loads(row.bytes)["fields"].get("subject")
        for row in _rows(world, REVISION_ROWS.c.bytes)
        if row.bytes and json.loads(row.bytes)["fields"].get("decision") == "verified"
    }
    living = {
        str(worker.subject)
        for machine in world.living()
        for worker in world.opened(machine).search("", limit=500)
    }
    kept = {s for m in world.living() for s in world.decisions_kept(world.opened(m))}
    for subject in world.seen.keys() & living - world.erased - decided:
        if subject in kept or subject not in world.unseen:
            yield "a decision forgotten"


def run_world(template: Path, seed: int, steps: int) -> tuple[list[str], Counter[str]]:
    """Return what broke in one world, and what happened in it."""
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a disk in memory
    with tempfile.TemporaryDirectory(dir=place) as folder, patched(AT_ONCE):
        world = World(Path(folder), template, seed)
        try:
            for _ in range(steps):
                world.step()
            world.settle()
            return broken_claims(world), world.stats
        except KnownError as error:
            return [f"stopped by {error.code}"], world.stats
        finally:
            world.close()


def run_campaign(worlds: int, steps: int, seed: int, most_s: float = math.inf) -> dict[str, Any]:
    """Return the report of so many worlds, or of those that fitted into the time."""
    began = time.monotonic()
    broken: Counter[str] = Counter()
    first: dict[str, int] = {}
    stats: Counter[str] = Counter()
    bad = done = 0
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "office"
        new_office(template, None).close()
        for number in range(seed, seed + worlds):
            if time.monotonic() - began > most_s:
                break
            done += 1
            claims, happened = run_world(template, number, steps)
            stats.update(happened)
            bad += bool(claims)
            broken.update(set(claims))
            for claim in claims:
                first.setdefault(claim, number)
    return {
        "worlds": done,
        "worlds_broken": bad,
        **dict(sorted(stats.items())),
        "broken": dict(broken),
        "first_seeds": first,
        "as_expected": not bad,
    }


@contextlib.contextmanager
def patched(places: dict[str, Any]) -> Iterator[None]:
    with contextlib.ExitStack() as patches:
        for target, substitute in places.items():
            patches.enter_context(patch(target, substitute))
        yield


def without(name: str) -> contextlib.AbstractContextManager[None]:
    """Take one protection away."""
    return patched(CONTROLS[name])


def run_controls(worlds: int, steps: int, seed: int) -> dict[str, Any]:
    """Return for each protection after how many worlds one broke without it, and by which claim."""
    found: dict[str, Any] = {"worlds_at_most": worlds}
    fails = 0
    for name in CONTROLS:
        with without(name):
            broken = _first_broken(worlds, steps, seed)
        fails += broken is not None
        found[name] = broken or f"none of {worlds} worlds broke"
    found["fail_as_they_must"] = fails
    found["as_expected"] = found["fail_as_they_must"] == len(CONTROLS)
    return found


def _first_broken(worlds: int, steps: int, seed: int) -> str | None:
    for number in range(worlds):
        broken = run_campaign(1, steps, seed + number)["broken"]
        if broken:
            return f"world {number + 1} broke: {', '.join(broken)}"
    return None


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    options = campaign_options(__doc__ or "", timed=True, worlds=100, steps=150).parse_args()
    if options.control:
        return concluded(options, lambda: run_controls(options.worlds, options.steps, options.seed))
    most_s = options.most_minutes * 60
    return concluded(
        options, lambda: run_campaign(options.worlds, options.steps, options.seed, most_s)
    )


if __name__ == "__main__":
    raise SystemExit(main())
