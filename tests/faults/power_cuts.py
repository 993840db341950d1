"""Cut the power of the real storage at every call it makes, and open what the disk may hold then.

    python -m tests.faults.power_cuts --cuts 20000 [--control]

Lives of a laptop (set-up, work with portraits and forms, an update, new keys, a sync, copies, a
flush that fails) run under strace, which writes down each byte they give to the system: below the
cipher. Those calls are played into a disk that keeps only what was flushed; of the rest it loses,
reorders and tears. Each state is opened by the real storage: all that was told must be there.

The controls take one protection away each: commits without a flush, a log whose name nobody but
SQLite flushes, a disk that lies (its damage must be noticed, its loss cannot be prevented).
"""

import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.faults.after_fault import facts_of, laid_out, problems_of
from tests.faults.disk import HARM, Call, Disk
from tests.faults.lives import SCENES, prepare
from tests.faults.recording import record
from tests.faults.reporting import Sums, campaign_options, concluded

SHARES = {
    "working": 0.4, "setting_up": 0.12, "updating": 0.08, "changing_keys": 0.08, "applying": 0.08,
    "backing_up": 0.08, "restoring": 0.06, "flush_fails": 0.10,
}  # fmt: skip
BEFORE = {"setting_up": 0, "backing_up": 5, "restoring": 5}
PEOPLE_BEFORE = 4
CUTS_A_LIFE = 500
LEAST_SHARE = 0.95
NOTICED = ("does not open", "damaged", "doctor", "went back")
# What no cut may do; a lying disk may lose, but not in silence.
CONTROLS = (
    "no flush before the number is shown",
    "a folder's new names are left to SQLite, whose flush of them fails",
    "the disk lies about its flushes",
)
FOLDERS_FLUSH = "fsync:error=EIO:when=2"  # the second flush of the writing thread


@dataclass(frozen=True)
class Plan:
    """One life and how often its power is cut."""

    scene: str
    seed: int
    cuts: int
    without: str = ""
    lies: bool = False
    inject: str = ""
    harms: tuple[str, ...] = HARM


@dataclass
class Found(Sums):
    cuts: int = 0
    after_something_was_told: int = 0
    told: int = 0
    at_stake: int = 0
    failed_flushes: int = 0
    lost: int = 0
    noticed: int = 0
    lost_unnoticed: int = 0
    wrong_unnoticed: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    by_scene: Counter[str] = field(default_factory=Counter)
    by_harm: Counter[str] = field(default_factory=Counter)


def one_life(plan: Plan) -> Found:
    """Live once, then cut the power again and again; every state is opened once only."""
    folder = Path(tempfile.mkdtemp(dir=in_memory()))
    try:
        home = folder / "home"
        prepare(plan.scene, home)
        disk = Disk(flushes_lie=plan.lies)
        disk.put(home)
        chance = random.Random(f"{plan.scene}-{plan.seed}")
        inject = plan.inject
        if plan.scene == "flush_fails" and not inject:
            inject = f"fsync:error=EIO:when={chance.randint(1, 8)}"
        calls = record(
            plan.scene, home, folder / "log",
            seed=plan.seed, without=plan.without, inject=inject,
        )  # fmt: skip
        (folder / "log").unlink()
        return _cut_again_and_again(plan, disk, calls, folder, chance)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cut_again_and_again(
    plan: Plan, disk: Disk, calls: list[Call], folder: Path, chance: random.Random
) -> Found:
    found, seen, said = Found(), set[bytes](), b""
    wanted = Counter(chance.choices(range(len(calls)), k=plan.cuts * 2))
    for place, call in enumerate(calls):
        disk.take(call)
        said += call.data if call.kind == "told" else b""
        found.failed_flushes += call.kind == "failed"
        for _ in range(wanted[place]):
            if found.cuts == plan.cuts:
                break
            harm = chance.choice(plan.harms)
            files = disk.cut(chance, harm)
            mark = _mark(files, said)
            if mark in seen:
                continue
            seen.add(mark)
            found.at_stake += disk.at_stake
            laid_out(files, folder / "home", folder / "after")
            _judge(plan, harm, folder / "after", said, found)
    found.told = sum(fact["is"] == "told" for fact in facts_of(said))
    return found


def _judge(plan: Plan, harm: str, home: Path, said: bytes, found: Found) -> None:
    facts = facts_of(said)
    problems = problems_of(plan.scene, home, facts, BEFORE.get(plan.scene, PEOPLE_BEFORE))
    found.cuts += 1
    found.by_scene[plan.scene] += 1
    found.after_something_was_told += any(fact["is"] == "told" for fact in facts)
    is_lost = any(problem.startswith("lost") for problem in problems)
    is_noticed = any(problem.startswith(NOTICED) for problem in problems)
    found.lost += is_lost
    found.noticed += is_noticed
    found.lost_unnoticed += is_lost and not is_noticed
    found.wrong_unnoticed += "wrong: a record" in problems and not is_noticed
    found.by_harm[harm] += bool(problems)
    found.problems.update(set(problems))


def _mark(files: dict[str, bytes], said: bytes) -> bytes:
    whole = sha256(said)
    for name in sorted(files):
        whole.update(name.encode() + b"\0" + sha256(files[name]).digest())
    return whole.digest()


def in_memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  no secrets, only speed


def plans(cuts: int, seed: int) -> Iterator[Plan]:
    """Share the cuts out over the scenes, each life with a seed of its own."""
    for scene, share in SHARES.items():
        left, life = round(cuts * share), 0
        while left > 0:
            life += 1
            part = min(CUTS_A_LIFE, left)
            yield Plan(scene, seed * 1_000 + life, part)
            left -= part


def run_all(all_plans: list[Plan], processes: int) -> Found:
    total = Found()
    with ProcessPoolExecutor(processes) as pool:
        for found in pool.map(one_life, all_plans):
            total.add(found)
    return total


def run_campaign(cuts: int, seed: int, processes: int = 2) -> dict[str, Any]:
    """Return the report of a campaign with all protections in place."""
    found = run_all(list(plans(cuts, seed)), processes)
    floor = {
        "most_after_something_was_told": found.after_something_was_told >= found.cuts // 2,
        "something_was_at_stake": found.at_stake >= found.cuts,
        "flushes_did_fail": found.failed_flushes > 0,
    }
    return {
        "control": None,
        "scenes": len(SCENES),
        **_figures(found),
        **floor,
        "as_expected": not found.problems and all(floor.values()),
    }


def run_controls(cuts: int, seed: int, _processes: int = 2) -> dict[str, Any]:
    """Return what each protection taken away costs: it must lose what was told.

    Without flushes nearly every cut must lose it, once all that was not flushed is gone. A disk
    that lies cannot be made safe: its loss must show nearly always too, and what it damages must
    be refused or found, never shown as if it were right.
    """
    part, gone = max(50, cuts // 4), ("all_lost",)
    plans_without = (
        Plan("working", seed, part, "flush before the number is shown", harms=gone),
        Plan("flush_fails", seed, part, "the folder's own flush", inject=FOLDERS_FLUSH),
        Plan("working", seed, part, lies=True, harms=gone),
        Plan("working", seed + 1, part, lies=True),
    )
    unflushed, nameless, lied, lied_in_all_ways = (one_life(plan) for plan in plans_without)
    claims = {
        "unflushed_lost_share": _share(unflushed),
        "lying_disk_lost_share": _share(lied),
        "nameless_lost": nameless.lost,
        "lying_disk_damage_noticed": lied_in_all_ways.noticed,
        "lying_disk_wrong_and_unnoticed": lied_in_all_ways.wrong_unnoticed,
    }
    names = (*CONTROLS, f"{CONTROLS[2]}, in all ways")
    found = (unflushed, nameless, lied, lied_in_all_ways)
    return {
        "control": "; ".join(CONTROLS),
        "cuts": sum(one.cuts for one in found),
        **claims,
        "least_share": LEAST_SHARE,
        "each": {name: _figures(one) for name, one in zip(names, found, strict=True)},
        "as_expected": claims["unflushed_lost_share"] >= LEAST_SHARE
        and claims["lying_disk_lost_share"] >= LEAST_SHARE
        and nameless.lost > 0
        and lied_in_all_ways.noticed > 0
        and not lied_in_all_ways.wrong_unnoticed,
    }


def _share(found: Found) -> float:
    """The part of the cuts after something was told that lost something of it."""
    return round(found.lost / max(1, found.after_something_was_told), 3)


def _figures(found: Found) -> dict[str, Any]:
    return {
        "cuts": found.cuts,
        "cuts_after_something_was_told": found.after_something_was_told,
        "writes_and_names_at_stake": found.at_stake,
        "flushes_that_failed": found.failed_flushes,
        "told": found.told,
        "lost": found.lost,
        "noticed_by_the_program": found.noticed,
        "lost_unnoticed": found.lost_unnoticed,
        "problems": dict(found.problems),
        "by_scene": dict(found.by_scene),
    }


def main() -> int:
    options = campaign_options(__doc__, cuts=20_000, processes=2).parse_args()
    run = run_controls if options.control else run_campaign
    return concluded(options, lambda: run(options.cuts, options.seed, options.processes))


if __name__ == "__main__":
    sys.exit(main())
