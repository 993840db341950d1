"""Kill, or refuse, at each system call by which the real storage changes the disk.

    python -m tests.faults.system_calls [--most 12] [--most-minutes 10] [--control]

A process that has everything loaded forks a child for each fault; strace is attached to it before
it begins. At the n-th call of each kind it is killed, or the call fails once, or from then on, with
EIO or ENOSPC. Afterwards the folder is opened as a person would: all that was told is there, nobody
twice, the check clean, the next save works. A refusal is a sentence; after one the file was opened
anew and verified before the next save was told.

The control tells the number before the commit: kills must lose something.
"""

import json
import math
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from enumerator_app.domain.errors import KnownError
from enumerator_app.storage.migrations import Database
from tests.faults.after_fault import Fact, problems_of
from tests.faults.forking import Child, speak
from tests.faults.lives import Life, live, prepare
from tests.faults.power_cuts import BEFORE, PEOPLE_BEFORE, in_memory
from tests.faults.reporting import campaign_options, concluded

SCENES = (
    "saving", "applying", "changing_keys", "updating", "backing_up", "restoring", "setting_up",
)  # fmt: skip
CALLS = ("pwrite64", "write", "fsync", "ftruncate", "unlink", "rename", "openat", "mkdir")
WAYS = {
    "KILL": "signal=SIGKILL:when={n}",
    "EIO": "error=EIO:when={n}",
    "ENOSPC": "error=ENOSPC:when={n}",
    "EIO from then on": "error=EIO:when={n}+",
    "ENOSPC from then on": "error=ENOSPC:when={n}+",
}
_CHANGES_THE_FILE = ("save", "correct", "draft", "page", "printed")
_LINE = re.compile(r"^(\d+) +(\w+)\(")


@dataclass
class Told:
    """What a child said, and how it ended."""

    facts: list[Fact]
    killed: bool
    crashed: str = ""


def run_child(scene: str, home: Path, trace: list[str], without: str = "") -> Told:
    """Fork a child, attach strace with these options, and let it live its scene."""
    ours, its = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        _be_the_child(scene, home, its, without)
    its.close()
    line = ["strace", "-f", "-p", str(child), *trace]
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        while "attached" not in strace.stderr.readline():
            pass
        ours.send(b"go")
        said = _rest(ours)
        _, status = os.waitpid(child, 0)
        strace.wait(30)
    facts = [json.loads(line) for line in said.split(b"\n")[:-1]]
    crashed = [fact["error"] for fact in facts if fact["is"] == "crashed"]
    return Told(facts, os.WIFSIGNALED(status), crashed[0] if crashed else "")


def _be_the_child(scene: str, home: Path, its: socket.socket, without: str) -> None:
    def tell(fact: dict[str, Any]) -> None:
        its.send(json.dumps(fact).encode() + b"\n")  # not write(): that one is made to fail

    its.recv(2)
    try:
        live(scene, Life(home, tell, 1), without)
    except KnownError as error:
        tell({"is": "refused", "what": "opening", "code": error.code})
    except BaseException as error:  # noqa: BLE001  the parent counts it
        tell({"is": "crashed", "error": f"{type(error).__name__}: {error}"[:200]})
    os._exit(0)


def _rest(ours: socket.socket) -> bytes:
    said = b""
    with suppress(ConnectionError):
        while more := ours.recv(65536):
            said += more
    ours.close()
    return said


def in_a_child(work: Callable[[], Any]) -> Any:
    """Do what opens a file in another process: who forks may not hold its threads and locks."""
    child = Child(lambda pipe: speak(pipe, result=work()))
    (line,) = child.said()
    child.ended()
    child.close()
    assert "result" in line, line
    return line["result"]


def calls_of(scene: str, folder: Path) -> dict[str, int]:
    """Return how often the busiest thread of a scene makes each call."""
    home, log = folder / "counted", folder / "counted.log"
    in_a_child(lambda: prepare(scene, home))
    told = run_child(scene, home, ["-o", str(log), "-e", f"trace={','.join(CALLS)}"])
    assert not told.crashed, told.crashed
    shutil.rmtree(home)
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if found := _LINE.match(line):
            counted[found[2]][found[1]] += 1
    return {call: max(threads.values()) for call, threads in counted.items()}


def places(count: int, most: int) -> list[int]:
    """All places of a call, or `most` spread over them, the first and the last among them."""
    if count <= most:
        return list(range(1, count + 1))
    if most == 1:
        return [(count + 1) // 2]
    return sorted({1 + round(i * (count - 1) / (most - 1)) for i in range(most)})


def faults_of(scene: str, folder: Path, most: int) -> Iterator[tuple[str, str, str]]:
    """Yield call, way and what strace is to do."""
    for call, count in calls_of(scene, folder).items():
        for way, injected in WAYS.items():
            if way == "KILL" and call == "openat":
                continue  # nothing has changed at an opening
            for n in places(count, most):
                yield call, way, f"inject={call}:{injected.format(n=n)}"


@dataclass
class Campaign:
    counts: Counter[str]
    problems: Counter[str]
    by_scene: Counter[str]
    by_way: Counter[str]


def one_scene(
    campaign: Campaign, scene: str, folder: Path, most: int, without: str, most_seconds: float
) -> None:
    in_a_child(lambda: prepare(scene, folder / "prepared"))
    faults, began = list(faults_of(scene, folder, most)), time.monotonic()
    campaign.counts["planned"] += len(faults)
    random.Random(scene).shuffle(faults)  # who ends sooner has seen some of each
    for call, way, injected in faults:
        if time.monotonic() - began > most_seconds:
            break
        home = folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(folder / "prepared", home)
        trace = ["-o", "/dev/null", "-e", f"trace={call}", "-e", injected]
        told = run_child(scene, home, trace, without)
        _judge(campaign, scene, home, told)
        campaign.by_scene[scene] += 1
        campaign.by_way[f"{call} {way}"] += 1
    shutil.rmtree(folder / "prepared")


def _judge(campaign: Campaign, scene: str, home: Path, told: Told) -> None:
    kinds = Counter(fact["is"] for fact in told.facts)
    counts = campaign.counts
    counts["faults"] += 1
    counts["killed"] += told.killed
    counts["told"] += kinds["told"]
    counts["refused_in_words"] += kinds["refused"]
    counts["verified_anew"] += kinds["verified"]
    if told.crashed:
        campaign.problems[f"{scene}: {told.crashed}"] += 1
    if not _verified_before_going_on(told.facts):
        campaign.problems[f"{scene}: went on unverified"] += 1
    before = BEFORE.get(scene, PEOPLE_BEFORE)
    for problem in set(in_a_child(lambda: problems_of(scene, home, told.facts, before))):
        campaign.problems[f"{scene}: {problem}"] += 1
        counts["lost"] += problem.startswith("lost")


def _verified_before_going_on(facts: list[Fact]) -> bool:
    is_verified, is_doubtful = True, False
    for fact in facts:
        if fact["is"] == "verified":
            is_verified, is_doubtful = True, False
        elif fact.get("what") in _CHANGES_THE_FILE:
            if fact["is"] == "asked":
                is_verified = False
            elif fact["is"] == "refused":
                is_doubtful = not is_verified
            elif is_doubtful:
                return False
    return True


def whole_scene(scene: str, most: int, without: str, most_seconds: float) -> Campaign:
    campaign = Campaign(Counter(), Counter(), Counter(), Counter())
    Database(memory=True)  # what it loads once is loaded before the first fork
    folder = Path(tempfile.mkdtemp(dir=in_memory()))
    try:
        one_scene(campaign, scene, folder, most, without, most_seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return campaign


def run_campaign(
    scenes: tuple[str, ...], most: int, without: str = "", most_seconds: float = math.inf
) -> dict[str, Any]:
    """Return the report; each of the scenes gets its part of the time."""
    campaign = Campaign(Counter(), Counter(), Counter(), Counter())
    with ProcessPoolExecutor(min(2, len(scenes))) as pool:
        many = len(scenes)
        part = [most_seconds / math.ceil(many / 2)] * many
        for found in pool.map(whole_scene, scenes, [most] * many, [without] * many, part):
            for name, counter in vars(found).items():
                getattr(campaign, name).update(counter)
    counts = campaign.counts
    floor = {
        "told_at_least_one_a_fault": counts["told"] >= counts["faults"] // 2,
        "errors_were_shown": counts["refused_in_words"] > 0,
        "kills_hit": counts["killed"] > 0,
    }
    return {
        **dict(counts),
        "lost": counts["lost"],
        "problems": dict(campaign.problems),
        "by_scene": dict(campaign.by_scene),
        "by_call": dict(campaign.by_way),
        **floor,
        "as_expected": not campaign.problems and all(floor.values()),
    }


def run_control(most: int) -> dict[str, Any]:
    without = "commit before the number is shown"
    found = run_campaign(("saving",), most, without)
    said = "the number is told before the commit"
    return {"control": said, **found, "as_expected": found["lost"] > 0}


def main() -> int:
    options = campaign_options(__doc__, timed=True, most=12).parse_args()
    if options.control:
        return concluded(options, lambda: run_control(options.most))
    seconds = options.most_minutes * 60
    run = partial(run_campaign, SCENES, options.most, most_seconds=seconds)
    return concluded(options, lambda: {"control": None, **run()})


if __name__ == "__main__":
    sys.exit(main())
