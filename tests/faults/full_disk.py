"""A disk that fills up under everything a laptop does: nothing is said to be done that is not.

    python -m tests.faults.full_disk --sizes 64 [--control]

Disks of 1 to 8 MiB in memory (they need root to mount; without it a limit on the size of every
file, and the report says so). On each: a first day, people with portraits until nothing goes any
more, cards as PDF, notices of the office, an old version's file opened. Then the disk gets room,
and what was told is looked for. The control tells the number before the commit.
"""

import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pypdfium2
from sqlite_utils import Database

from enumerator_app.domain.errors import KnownError
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.printing import PrintOrder
from enumerator_app.storage.store import Store
from tests.faults.forking import Child, speak
from tests.faults.lives import WITHOUT, prepare, without_protection
from tests.faults.reporting import campaign_options, concluded
from tests.storage.laptops import new_laptop, person, portrait, reopened
from tests.storage.office_feed import OfficeFeed

MIB = 1024 * 1024
MOST_PEOPLE = 400
ENOUGH_REFUSALS = 3
Tell = Callable[..., object]


def sizes(count: int) -> list[int]:
    """KiB of each disk, from 1 to 8 MiB."""
    return [1024 + 7 * 1024 * i // max(1, count - 1) for i in range(count)]


@contextmanager
def small_disk(folder: Path, size_kib: int) -> Iterator[bool]:
    """Mount a disk of that size; yields whether it is one."""
    folder.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", str(folder)]
    is_mounted = subprocess.run(line, check=False, capture_output=True).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", str(folder)], check=False)


def fill(disk: Path, old: Path, tell: Tell, without: str) -> None:
    """Do everything on that disk until it is full; tell what was said of it."""
    is_copied = False
    with suppress(OSError, shutil.Error):
        shutil.copytree(old, disk / "old")
        is_copied = True
    with without_protection(without):
        try:
            store = new_laptop(disk / "home")
        except KnownError as error:
            tell(what="refused", code=error.code)
            return
        with store:
            _work(store, disk, tell)
        if is_copied:
            _update(disk / "old", tell)


def _work(store: Store, disk: Path, tell: Tell) -> None:
    laptop, feed, refused, last = Laptop(store), OfficeFeed(), 0, None
    for i in range(MOST_PEOPLE):
        try:
            saved = store.register(person(i), photo=portrait(i, 20_000) if i % 2 else None)
            tell(what="saved", entry=saved.entry_hash)
            last = last if i % 2 else saved  # the invented portraits are no pictures to print
            feed.accepted(saved)
            if i % 4 == 0:
                store.apply_page(feed.page(after=store.position().feed_n))
                tell(what="page", n=len(feed.items))
        except KnownError as error:
            tell(what="refused", code=error.code)
            refused += 1
        if last is not None and (i % 24 == 0 or refused == 1):
            _print(laptop, last, disk / f"cards-{i}.pdf", tell)
        if refused == ENOUGH_REFUSALS:
            return


def _print(laptop: Laptop, saved: Any, target: Path, tell: Tell) -> None:
    try:
        laptop.printing.print_cards(
            [saved.subject], target, PrintOrder(sheet="a4-5-fold", keep_waiting=True)
        )
    except KnownError as error:
        tell(what="refused", code=error.code)
    else:
        tell(what="pdf", path=str(target))


def _update(home: Path, tell: Tell) -> None:
    try:
        reopened(home).close()
    except KnownError as error:
        tell(what="update_refused", code=error.code)
    else:
        tell(what="updated")


def look(disk: Path, facts: list[dict[str, Any]]) -> list[str]:
    """What was told and is not so, once there is room again."""
    found = []
    said = [fact for fact in facts if fact.get("what") == "saved"]
    if said:
        with reopened(disk / "home") as store:
            found += ["false saved" for fact in said if not store.holds(fact["entry"])]
            found += [f"doctor: {problem.code}" for problem in store.doctor()]
            pages = [fact["n"] for fact in facts if fact.get("what") == "page"]
            found += ["false received"] if pages and store.position().feed_n < pages[-1] else []
            if store.counts().registrations > len(said):
                found.append("saved and not said")
    for fact in facts:
        if fact.get("what") == "pdf" and not _is_whole(Path(fact["path"])):
            found.append("false PDF")
    if any(fact.get("what") in ("updated", "update_refused") for fact in facts):
        found += _old_is_whole(disk / "old")
    return found


def _is_whole(path: Path) -> bool:
    try:
        return len(pypdfium2.PdfDocument(path)) > 0
    except (pypdfium2.PdfiumError, FileNotFoundError):
        return False


def _old_is_whole(home: Path) -> list[str]:
    """An update that found no room is made up for at the next start."""
    try:
        with reopened(home) as store:
            return [] if store.doctor() == [] else ["update: doctor"]
    except KnownError as error:
        return [f"update: {error.code}"]


def one_size(folder: Path, old: Path, size_kib: int, without: str) -> tuple[Counter[str], bool]:
    disk, counts = folder / f"disk-{size_kib}", Counter[str]()
    with small_disk(disk, size_kib) as is_mounted:

        def work(pipe: int) -> None:
            if not is_mounted:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (size_kib * 1024,) * 2)
            fill(disk, old, lambda **what: speak(pipe, **what), without)

        facts = _said(work)
        if is_mounted:
            line = ["mount", "-o", f"remount,size={size_kib * 8}k", str(disk)]
            subprocess.run(line, check=True)
        (seen,) = _said(lambda pipe: speak(pipe, found=look(disk, facts)))
        counts.update(f"told_{f['what']}" for f in facts if f.get("what", "refused") != "refused")
        counts.update(f"refused_{fact['code']}" for fact in facts if fact.get("what") == "refused")
        problems = [*(fact["error"] for fact in facts if "error" in fact)]
        problems += seen.get("found", [seen.get("error", "")])
        counts.update(f"problem {problem}" for problem in problems)
    if not is_mounted:
        shutil.rmtree(disk, ignore_errors=True)
    return counts, is_mounted


def _said(work: Callable[[int], object]) -> list[dict[str, Any]]:
    child = Child(work)
    said = list(child.said())
    child.ended()
    child.close()
    return said


def run_campaign(count: int, without: str = "") -> dict[str, Any]:
    total, mounted = Counter[str](), 0
    Database(memory=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _said(lambda _: prepare("updating", folder / "old"))
        for size in sizes(count):
            counts, is_mounted = one_size(folder, folder / "old", size, without)
            total += counts
            mounted += is_mounted
    problems = {key.removeprefix("problem "): n for key, n in total.items() if "problem" in key}
    refused = sum(n for key, n in total.items() if key.startswith("refused"))
    floor = {
        "each_disk_was_full": refused >= count,
        "people_were_saved": total["told_saved"] > count,
    }
    return {
        "sizes": count,
        "small_disks": mounted,
        "file_size_limits": count - mounted,  # where no disk may be mounted
        **{key: n for key, n in sorted(total.items()) if "problem" not in key},
        "false_saved": problems.get("false saved", 0),
        "problems": problems,
        **floor,
        "as_expected": not problems and all(floor.values()),
    }


def run_control(count: int) -> dict[str, Any]:
    without = "commit before the number is shown"
    assert without in WITHOUT
    found = run_campaign(count, without)
    found["as_expected"] = found["false_saved"] > 0
    return {"control": "the number is told before the commit", **found}


def main() -> int:
    options = campaign_options(__doc__, sizes=64).parse_args()
    if options.control:
        return concluded(options, lambda: run_control(options.sizes))
    return concluded(options, lambda: {"control": None, **run_campaign(options.sizes)})


if __name__ == "__main__":
    sys.exit(main())
