"""Syncs over a line that is cut at random bytes, in requests and in answers.

    python -m tests.faults.cut_syncs --syncs 10000 [--seed 1] [--control] [--save FILE]

Real laptops, a real office, a real socket, and between them a proxy that cuts. Every ten syncs one
goes through whole: then both ends must hold the same, entry by entry, and their digests agree. The
control is an office that takes an entry again each time it comes; the checks must notice it.
"""

import math
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.errors import ServerUnreachable
from enumerator_app.storage.store import Store
from sync.server.deciding import Verdict, decide
from sync.server.devices import add_device
from sync.server.home import Home
from sync.server.office import Office, open_office
from sync.server.tables import SUBJECT_ROWS
from sync.server.verifying import verify_office
from tests.faults.accounts import hashes_at, held_at, held_by, save_one
from tests.faults.cutting_proxy import CuttingProxy, cutting
from tests.faults.reporting import campaign_options, concluded
from tests.server.offices import new_office, serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE
from tests.sync_client.real_office import really_synced

_SYNCS_A_WORLD = 200
_SYNCS_A_LOOK = 10
_MOST_BYTES = (900, 2_500, 6_000, 15_000)  # a small sync has some 5 kB each way


@dataclass
class World:
    office: Office
    store: Store
    proxy: CuttingProxy
    dice: Random
    counts: Counter[str]
    broken: Counter[str]
    said: set[str] = field(default_factory=set)
    here: list[Any] = field(default_factory=list)
    i: int = 0


def run_campaign(
    syncs: int, seed: int, *, most_seconds: float = math.inf, control: bool = False
) -> dict[str, Any]:
    """Return the report; a laptop and its office are used for so many syncs, then new ones."""
    began, dice = time.monotonic(), Random(seed)
    counts, broken = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template"
        new_office(template, None).close()
        while counts["syncs"] < syncs and time.monotonic() - began < most_seconds:
            with _forgetful() if control else nullcontext():
                _one_world(template, min(_SYNCS_A_WORLD, syncs), dice, counts, broken)
    is_half_cut = counts["syncs_cut"] >= counts["syncs"] // 2
    as_expected = broken["doubled"] > 0 if control else not +broken
    return {
        "control": "an office that takes entries again" if control else None,
        "syncs_wanted": syncs,
        **{name: counts[name] for name in ("syncs", "syncs_cut", "cuts", "cuts_in_answers")},
        **{name: counts[name] for name in ("given_up", "saved", "photos", "decisions", "looks")},
        "lost": broken["lost"],
        "doubled": broken["doubled"],
        "faults": dict(+broken),
        "as_expected": as_expected and is_half_cut and counts["saved"] >= counts["cuts"],
    }


@contextmanager
def _forgetful() -> Iterator[None]:
    with patch("sync.server.ingest.run._Work._settle_known", lambda *_: None):
        yield


def _one_world(
    template: Path, syncs: int, dice: Random, counts: Counter[str], broken: Counter[str]
) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shutil.copytree(template, folder / "office")
        office = open_office(Home(folder / "office"), None)
        stack.callback(office.close)
        host, port = stack.enter_context(serving(office))
        proxy = stack.enter_context(cutting(port, seed=dice.randrange(2**32)))
        laptop = enrol_laptop(
            folder / "laptop", server_url=f"http://{host}:{port}",
            code=add_device(office, "Laptop").code, operator_name=OPERATOR,
            passphrase=PASSPHRASE, cost=CHEAP,
        )  # fmt: skip
        stack.enter_context(laptop.store)
        world = World(office, laptop.store, proxy, dice, counts, broken)
        for n in range(1, syncs + 1):
            _save_and_sync(world)
            if n % _SYNCS_A_LOOK == 0:
                _look(world)
        broken.update(f"verify {fault.code}" for fault in verify_office(office))
        broken.update(f"doctor {problem.code}" for problem in laptop.store.doctor())


def _save_and_sync(world: World) -> None:
    dice, proxy, counts = world.dice, world.proxy, world.counts
    for _ in range(dice.randint(1, 6)):
        world.i += 1
        said = save_one(world.store, world.i, world.here, photo_every=11)
        world.said.add(said["entry"])
        counts["saved"] += 1
        counts["photos"] += said["photo"] is not None
    proxy.chance = 0.7 if dice.random() < 0.8 else 0.0
    proxy.most_bytes = dice.choice(_MOST_BYTES)
    cuts, in_answers = proxy.cuts, proxy.cuts_down
    try:
        really_synced(world.store, url=proxy.url, read_s=20.0)
    except ServerUnreachable:
        counts["given_up"] += 1
    counts["syncs"] += 1
    counts["cuts"] += proxy.cuts - cuts
    counts["cuts_in_answers"] += proxy.cuts_down - in_answers
    counts["syncs_cut"] += proxy.cuts > cuts


def _look(world: World) -> None:
    """One sync without a cut; then both ends hold the same, each entry once."""
    world.proxy.chance = 0.0
    result = really_synced(world.store, url=world.proxy.url, read_s=60.0)
    agrees = result.heads_agree and result.digest_ok and not result.pending + result.photos_pending
    world.broken["no agreement"] += not agrees
    here, there = held_by(world.store), held_at(world.office)
    here["answers"] = here["entries"]
    world.broken["lost"] += len(world.said - hashes_at(world.office))
    for name, number in here.items():
        world.broken["doubled"] += there[name] > number
        world.broken[f"{name} missing"] += there[name] < number
    world.counts["looks"] += 1
    _decide(world)


def _decide(world: World) -> None:
    """The next syncs have something to bring down."""
    with world.office.database.reading() as connection:
        table = SUBJECT_ROWS.c
        query = SUBJECT_ROWS.select().where(table.state == "registered").order_by(table.id)
        rows = connection.execute(query.limit(5)).all()
    if rows:
        verdicts = [Verdict(row.id, "verified") for row in rows]
        decide(world.office, verdicts, officer="Petugas", actor="officer")
        world.counts["decisions"] += len(verdicts)


def main() -> int:
    options = campaign_options(__doc__, timed=True, syncs=10_000).parse_args()
    return concluded(
        options,
        lambda: run_campaign(
            options.syncs,
            options.seed,
            most_seconds=options.most_minutes * 60,
            control=options.control,
        ),
    )


if __name__ == "__main__":
    raise SystemExit(main())
