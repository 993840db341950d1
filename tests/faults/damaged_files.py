"""Harm the files of a closed, or of a killed, laptop: each time an error in words, or right data.

    python -m tests.faults.damaged_files --files 10000 [--control]

Bits turned, ends cut off, pages swapped or zeroed, the log lost, of another time or harmed, one or
both key files, the second place. Silence with other data than was saved is what may never be. Of
the refused ones every fourth is rescued as a person would: whoever comes over must be right.

The controls: the same bits turned in a copy without the cipher's seals, read by the standard
driver; and a log lost on a laptop without its second place.
"""

import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from enumerator_app.domain.errors import KeyFileDamaged, KnownError
from enumerator_app.storage import opening
from enumerator_app.storage.connections import reading_connection
from enumerator_app.storage.rescuing import rescue_home, set_home_aside
from enumerator_app.storage.store import Store
from tests.faults.lives import opening_key
from tests.faults.power_cuts import in_memory
from tests.faults.reporting import Sums, campaign_options, concluded
from tests.storage.laptops import PASSPHRASE, new_laptop, person, portrait, reopened

PEOPLE = 24
PAGE = 4096
RESCUED = 4  # one in so many of the refused ones
Harm = Callable[[Path, random.Random], object]


@dataclass
class Found(Sums):
    files: int = 0
    refused: int = 0
    right: int = 0
    told_that_it_went_back: int = 0
    silent_wrong_reads: int = 0
    rescued: int = 0
    people_rescued: int = 0
    people_to_rescue: int = 0
    set_aside: int = 0
    wrong_after_rescue: int = 0
    by_harm: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)


def flipped(path: Path, dice: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    if raw:
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    path.write_bytes(raw)


def truncated(path: Path, dice: random.Random) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: dice.randrange(len(raw))])


def swapped(path: Path, dice: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    one, two = (n * PAGE for n in dice.sample(range(len(raw) // PAGE), 2))
    raw[one : one + PAGE], raw[two : two + PAGE] = raw[two : two + PAGE], raw[one : one + PAGE]
    path.write_bytes(raw)


def zeroed(path: Path, dice: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    page = dice.randrange(len(raw) // PAGE) * PAGE
    raw[page : page + PAGE] = bytes(PAGE)
    path.write_bytes(raw)


def _database(harm: Harm) -> Harm:
    return lambda home, dice: harm(home / "registrations.db", dice)


def _log(harm: Harm) -> Harm:
    return lambda home, dice: harm(home / "registrations.db-wal", dice)


def _log_lost(home: Path, _: random.Random) -> None:
    for suffix in ("-wal", "-shm"):
        (home / f"registrations.db{suffix}").unlink(missing_ok=True)


def _log_of_another_time(home: Path, _: random.Random) -> None:
    _log_lost(home, _)
    shutil.copy(home / "earlier-wal", home / "registrations.db-wal")


def _one_key_file(home: Path, dice: random.Random) -> None:
    dice.choice((flipped, truncated))(home / dice.choice(("keys.json", "keys-second.json")), dice)


def _both_key_files(home: Path, dice: random.Random) -> None:
    for name in ("keys.json", "keys-second.json"):
        dice.choice((flipped, truncated))(home / name, dice)


def _second_place(home: Path, dice: random.Random) -> None:
    dice.choice((flipped, truncated))(home / "outside.json", dice)


HARMS: dict[str, tuple[int, Harm]] = {
    "bits turned": (40, _database(flipped)),
    "end cut off": (8, _database(truncated)),
    "pages swapped": (8, _database(swapped)),
    "page zeroed": (8, _database(zeroed)),
    "log: bits turned": (12, _log(flipped)),
    "log: end cut off": (8, _log(truncated)),
    "log lost": (3, _log_lost),
    "log of another time": (3, _log_of_another_time),
    "one key file": (4, _one_key_file),
    "both key files": (2, _both_key_files),
    "second place": (4, _second_place),
}


def make_killed_home(folder: Path) -> Path:
    """Return a home as it lies after a kill: half of its people are in the log alone."""
    home, killed = folder / "home", folder / "killed"
    with new_laptop(home) as store:
        for i in range(PEOPLE // 2):
            store.register(person(i), photo=portrait(i, 3_000) if i % 4 == 0 else None)
    with reopened(home) as store:
        store.register(person(900))
        shutil.copy(home / "registrations.db-wal", folder / "earlier-wal")
        store.doctor()
        for i in range(PEOPLE // 2, PEOPLE):
            store.register(person(i), photo=portrait(i, 3_000) if i % 4 == 0 else None)
        store.set_setting("next", "write")  # the second place knows the last of them
        shutil.copytree(home, killed)
    (killed / "registrations.db-shm").unlink()
    shutil.copy(folder / "earlier-wal", killed / "earlier-wal")
    return killed


def read_everything(store: Store) -> tuple[Any, ...]:
    """Rows, bodies, index, journal and portraits: all that a person could be shown."""
    workers = store.search("", limit=500)
    records = [store.record(worker.subject) for worker in workers]
    portraits = [store.photo(worker.photo) for worker in workers if worker.photo]
    found = [worker.number for word in ("siti", "budi", "asep") for worker in store.search(word)]
    head = store.position().head
    return records, portraits, found, store.counts().registrations, head


def some_files(files: int, seed: int) -> Found:
    """Harm copies of one home, and look at each."""
    found, dice = Found(), random.Random(seed)
    folder = Path(tempfile.mkdtemp(dir=in_memory()))
    try:
        killed = make_killed_home(folder)
        copy = folder / "sound"
        shutil.copytree(killed, copy)
        with reopened(copy) as store:
            right = read_everything(store)
        names, weights = list(HARMS), [weight for weight, _ in HARMS.values()]
        for name in dice.choices(names, weights, k=files):
            shutil.rmtree(copy)
            shutil.copytree(killed, copy)
            HARMS[name][1](copy, dice)
            outcome = _look(copy, right, found)
            found.files += 1
            found.by_harm[f"{name}: {outcome}"] += 1
            setattr(found, outcome, getattr(found, outcome) + 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _look(home: Path, right: tuple[Any, ...], found: Found) -> str:
    try:
        with reopened(home) as store:
            if store.went_back == "went_back":
                return "told_that_it_went_back" if _all_true(store) else "silent_wrong_reads"
            read = read_everything(store)
            # A new epoch after an unknown past moves the head, and nothing else.
            same = read == right or (store.went_back is not None and read[:4] == right[:4])
            return "right" if same else "silent_wrong_reads"
    except KnownError as error:
        found.codes[error.code] += 1
        if found.refused % RESCUED == 0:
            _rescue(home, found)
        return "refused"


def _all_true(store: Store) -> bool:
    """Is each person who is shown one who was saved, with the right values?"""
    known = {person(i).nik: person(i).name for i in (*range(PEOPLE), 900)}
    shown = [store.record(worker.subject).registration for worker in store.search("", limit=500)]
    return all(known.get(one.nik) == one.name for one in shown)


def _rescue(home: Path, found: Found) -> None:
    try:
        store, _ = rescue_home(home, operator_name=None, passphrase=PASSPHRASE)
    except (KnownError, KeyFileDamaged):
        aside = set_home_aside(home)
        found.set_aside += aside is not None and (aside / "registrations.db").exists()
        return
    with store:
        found.rescued += 1
        found.people_to_rescue += PEOPLE + 1
        found.people_rescued += store.counts().registrations
        found.wrong_after_rescue += not _all_true(store)


def run_campaign(files: int, seed: int, processes: int = 2) -> dict[str, Any]:
    found, part = Found(), 250
    sizes = [min(part, files - start) for start in range(0, files, part)]
    with ProcessPoolExecutor(processes) as pool:
        for one in pool.map(some_files, sizes, range(seed * 1_000, seed * 1_000 + len(sizes))):
            found.add(one)
    floor = {
        "a_third_was_noticed": found.refused + found.told_that_it_went_back >= files // 3,
        "some_were_rescued": found.rescued > 0,
    }
    figures = {name: dict(v) if isinstance(v, Counter) else v for name, v in vars(found).items()}
    bad = found.silent_wrong_reads + found.wrong_after_rescue
    return {"control": None, **figures, **floor, "as_expected": not bad and all(floor.values())}


def run_controls(files: int, seed: int, _processes: int = 2) -> dict[str, Any]:
    """Return how often wrong data is read in silence without the seals, without the second place.

    A file without seals shows a turned bit wherever it lies in what is read.
    """
    dice = random.Random(seed)
    folder = Path(tempfile.mkdtemp(dir=in_memory()))
    try:
        killed = make_killed_home(folder)
        unsealed = sum(_unsealed_wrong(killed, folder, dice, files))
        forgotten = _without_second_place(killed, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "control": "no seals on the pages; no second place",
        "files": files + 1,
        "silent_wrong_reads_without_seals": unsealed,
        "log_lost_in_silence_without_second_place": forgotten,
        "as_expected": unsealed > 0 and forgotten,
    }


def _unsealed_wrong(killed: Path, folder: Path, dice: random.Random, files: int) -> Iterator[bool]:
    plain, copy = folder / "plain.db", folder / "harmed.db"
    opened = folder / "opened"  # whoever opens the file last empties its log into it
    shutil.copytree(killed, opened)
    with closing(reading_connection(opened / "registrations.db", opening_key(killed))) as file:
        file.execute("PRAGMA query_only=OFF")
        file.execute("ATTACH DATABASE ? AS plain KEY ''", (str(plain),))
        file.execute("SELECT sqlcipher_export('plain')")
    right = _read_plainly(plain)
    for _ in range(files):
        shutil.copy(plain, copy)
        flipped(copy, dice)
        try:
            yield _read_plainly(copy) != right
        except (sqlite3.Error, UnicodeDecodeError):
            yield False


def _read_plainly(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as file:
        people = file.execute("SELECT * FROM registration ORDER BY id").fetchall()
        return people + file.execute("SELECT * FROM entry ORDER BY n").fetchall()


def _without_second_place(killed: Path, folder: Path) -> bool:
    """Does a laptop that lost its log show fewer people without a word, if nothing remembers?"""
    copy = folder / "forgetful"
    shutil.copytree(killed, copy)
    _log_lost(copy, random.Random(0))
    with patch.object(opening, "_reason_for_new_epoch", lambda *_: None), reopened(copy) as store:
        return store.went_back is None and store.counts().registrations < PEOPLE


def main() -> int:
    options = campaign_options(__doc__, files=10_000, processes=2).parse_args()
    run = run_controls if options.control else run_campaign
    return concluded(options, lambda: run(options.files, options.seed, options.processes))


if __name__ == "__main__":
    sys.exit(main())
