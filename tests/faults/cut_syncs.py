"""A campaign: syncs over a line that is cut at random bytes; nothing may be lost or doubled.

`python -m tests.faults.cut_syncs --syncs 600 --seed 1 [--control]`. The control is an office that
forgets which entries it has: the checks must notice it, or they prove nothing.
"""

import argparse
import contextlib
import hashlib
import json
import random
import sys
import time
from typing import Any

from enumerator_app.domain.errors import ServerUnreachable
from tests.sync_client.memory_office import MemoryOffice
from tests.sync_client.office_fixtures import bad_line, synced


class ForgetfulOffice(MemoryOffice):
    """Takes an entry again each time it comes."""

    def _is_new(self, entry: str) -> bool:  # noqa: ARG002 - that is what it gets wrong
        return True


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--syncs", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    report = run_campaign(options.syncs, options.seed, control=options.control)
    json.dump(report, sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0 if report["as_expected"] else 1


def run_campaign(syncs: int, seed: int, *, control: bool = False) -> dict[str, Any]:
    """Return the report; laptops are used for ten syncs each, then made whole and checked."""
    began, dice = time.monotonic(), random.Random(seed)
    total = {"syncs": 0, "failed": 0, "cuts": 0, "saved": 0, "photos": 0}
    broken: list[str] = []
    while total["syncs"] < syncs:
        _one_laptop(dice, total, broken, control=control)
    holds = not broken
    return {
        "seed": seed,
        "control": "office forgets what it has" if control else None,
        **total,
        "broken": broken[:10],
        "seconds": round(time.monotonic() - began, 1),
        "as_expected": holds != control and total["cuts"] >= total["syncs"] // 3,
    }


def _one_laptop(
    dice: random.Random, total: dict[str, int], broken: list[str], *, control: bool
) -> None:
    office = ForgetfulOffice() if control else MemoryOffice()
    most = dice.choice([700, 1_500, 4_000, 12_000])
    with bad_line(office, chance=0.6, most_bytes=most, seed=dice.randrange(2**32)) as line:
        saved: list[str] = []
        for _ in range(10):
            for _ in range(dice.randint(0, 25)):
                photo = dice.randbytes(dice.randint(100, 9_000)) if dice.random() < 0.2 else None
                saved.append(line.store.register(f"Pekerja {len(saved)}", photo=photo))
            total["syncs"] += 1
            try:
                synced(line.store)
            except ServerUnreachable:
                total["failed"] += 1
        total["cuts"] += line.proxy.cuts
        line.proxy.chance = 0.0
        with contextlib.suppress(ServerUnreachable):
            result = synced(line.store)
        broken += _broken(line, saved, agrees=result.heads_agree and result.pending == 0)
        total["saved"] += len(saved)
        total["photos"] += len(line.store.photos)


def _broken(line: Any, saved: list[str], *, agrees: bool) -> list[str]:
    state = line.office.state
    whole = {name for name, raw in state.photos.items() if hashlib.sha256(raw).hexdigest() == name}
    checks = {
        "lost": set(saved) <= set(state.entries),
        "doubled": len(state.effects) == len(set(state.effects)),
        "heads": agrees,
        "marks": set(line.store.stage.values()) == {"received"},
        "photos": whole == set(line.store.photos),
    }
    return [name for name, holds in checks.items() if not holds]


if __name__ == "__main__":
    raise SystemExit(main())
