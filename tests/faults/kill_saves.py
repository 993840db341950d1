"""Kill a laptop in its saves, ten thousand times, and count what is left of what was said.

    python -m tests.faults.kill_saves --kills 10000 [--seed 1] [--control] [--save FILE]

One process has everything loaded and forks a child for each kill. A child opens the encrypted file
with the product's own code (whatever the one before left behind), says what it finds after the
place that was checked last, then saves as fast as it can and says each entry once its commit has
returned. It is ended by SIGKILL after some entries and a random moment. In the end everything is
sent to a real office. With `--control` an entry is said before its commit: that must lose some.

The key stretching is the cheapest, or the ten thousand openings would be all that is measured.
"""

import gc
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.storage import journal
from enumerator_app.storage.engine import Engine
from enumerator_app.storage.store import Store
from sync.server.devices import add_device
from sync.server.home import Home
from sync.server.office import Office, open_office
from sync.server.tables import ENTRY_ROWS, PHOTO_ROWS, SUBJECT_ROWS
from sync.server.verifying import verify_office
from tests.faults.early_acknowledgement import acknowledge_then_commit
from tests.faults.reporting import campaign_options, concluded
from tests.server.offices import new_office, serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, person, portrait, reopened
from tests.sync_client.real_office import really_synced

VILLAGE = "3216132001"
_MOST_SAVES = 22  # before the random moment; the average is what makes 100,000 of 10,000 kills
_LONGEST_DELAY_S = 0.004
_IN_THE_OPENING = 0.08  # part of the kills that come before a child has even opened the file
_LONGEST_OPENING_S = 0.03
_KILLS_A_DOCTOR = 2_000


@dataclass
class Campaign:
    folder: Path
    kills: int
    seed: int
    control: bool
    dice: Random = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)  # entry -> what was said of it
    last: list[str] = field(default_factory=list)  # said by the child before, not checked yet
    place: int = 0  # the chain was checked up to here

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)

    @property
    def home(self) -> Path:
        return self.folder / "laptop"


def run_campaign(kills: int, seed: int, *, control: bool = False) -> dict[str, Any]:
    """Return the report of one campaign."""
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), kills, seed, control)
        _found(campaign)
        gc.freeze()  # children share what is loaded, and do not copy it by counting references
        _kill_again_and_again(campaign)
        gc.unfreeze()
        _examine(campaign)
        at_office = _send(campaign) if not control else {}
    counts, lost = campaign.counts, campaign.broken["lost"]
    has_work = counts["said"] >= counts["kills"] == kills
    as_expected = lost > 0 if control else not campaign.broken
    return {
        "control": "said before the commit" if control else None,
        "kills": counts["kills"],
        "killed_while_opening": counts["while_opening"],
        "killed_with_a_save_in_hand": counts["in_hand"],
        "said_to_be_saved": counts["said"],
        "registrations": counts["register"],
        "corrections": counts["correct"],
        "photos": counts["photos"],
        "lost": lost,
        "doubled": campaign.broken["doubled"],
        "doctor_runs": counts["doctor"],
        "other_faults": sum(campaign.broken.values()) - lost - campaign.broken["doubled"],
        "faults": dict(campaign.broken),
        **at_office,
        "kills_a_second": round(counts["kills"] / counts["milliseconds"] * 1000, 1),
        "as_expected": as_expected and has_work,
    }


def _found(campaign: Campaign) -> None:
    office = new_office(campaign.folder / "office", None)
    try:
        with serving(office) as (host, port):
            enrol_laptop(
                campaign.home, server_url=f"http://{host}:{port}",
                code=add_device(office, "Laptop").code, operator_name=OPERATOR,
                passphrase=PASSPHRASE, cost=CHEAP,
            ).store.close()  # fmt: skip
    finally:
        office.close()


# ------------------------------------------------------------------------------- the child


def _speak(pipe: int, **what: Any) -> None:
    os.write(pipe, json.dumps(what).encode() + b"\n")  # one write: a line is whole or not there


def _save_for_ever(campaign: Campaign, pipe: int, first: int) -> None:
    if campaign.control:
        Engine._commit = acknowledge_then_commit  # type: ignore[method-assign]
    store = reopened(campaign.home)
    _speak(pipe, found=_after(store, campaign.place), went_back=store.went_back)
    here: list[Any] = []
    for i in range(first, sys.maxsize):
        kind = "correct" if here and i % 8 == 0 else "register"
        who = person(i, village_code=VILLAGE, phone=f"0812{i:08d}")
        photo = portrait(i, 20_000) if i % 20 == 0 else None
        if kind == "correct":
            saved = store.correct(here[-1], who, photo=photo)
        else:
            saved = store.register(who, photo=photo)
            here.append(saved.subject)
        shown = {"kind": kind, "number": saved.number, "subject": str(saved.subject)}
        _speak(pipe, entry=saved.entry_hash, photo=photo and photo.sha256, **shown)


def _after(store: Store, place: int) -> dict[str, Any]:
    """What the file holds after a place, each entry proven against its hash, body and parent."""

    def work(connection: Any) -> dict[str, Any]:
        rows = connection.execute("SELECT n, hash, kind FROM entry WHERE n > ? ORDER BY n", [place])
        faults = journal.chain_faults(connection, place + 1)
        return {"rows": rows.fetchall(), "chain_faults": sorted({f.code for f in faults})}

    return store._file.engine.read(work)


def _forked(work: Callable[[int], None]) -> tuple[int, int]:
    """Do `work` in a child; return its process and the end of a pipe to read what it says."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(writing)
        except BaseException as error:  # noqa: BLE001  the parent counts it
            _speak(writing, error=f"{type(error).__name__}: {error}")
        os._exit(0)
    os.close(writing)
    return child, reading


# ------------------------------------------------------------------------------ the parent


def _kill_again_and_again(campaign: Campaign) -> None:
    began = time.monotonic()
    for kill in range(1, campaign.kills + 1):
        _one_kill(campaign, kill)
        if kill % _KILLS_A_DOCTOR == 0:
            stopped = time.monotonic()
            _ask_the_doctor(campaign)
            began += time.monotonic() - stopped
    campaign.counts["milliseconds"] = round((time.monotonic() - began) * 1000)


def _one_kill(campaign: Campaign, kill: int) -> None:
    child, pipe = _forked(lambda say: _save_for_ever(campaign, say, 1000 * kill))
    with os.fdopen(pipe, "rb") as lines:
        seen: list[dict[str, Any]] = []
        if campaign.dice.random() < _IN_THE_OPENING:
            time.sleep(campaign.dice.uniform(0, _LONGEST_OPENING_S))
        else:
            wanted = 1 + campaign.dice.randint(0, _MOST_SAVES)
            seen += _whole(lines, wanted)
            time.sleep(campaign.dice.uniform(0, _LONGEST_DELAY_S))  # the random moment itself
        os.kill(child, signal.SIGKILL)
        seen += _whole(lines, sys.maxsize)
    _, status = os.waitpid(child, 0)
    campaign.counts["kills"] += os.WIFSIGNALED(status)
    _note(campaign, seen)


def _whole(lines: Any, most: int) -> Iterator[dict[str, Any]]:
    for _ in range(most):
        line = lines.readline()
        if not line.endswith(b"\n"):
            return
        yield json.loads(line)


def _note(campaign: Campaign, seen: list[dict[str, Any]]) -> None:
    if not seen:
        campaign.counts["while_opening"] += 1
        return
    for line in seen:
        if "error" in line:
            campaign.broken[f"stopped by {line['error'][:60]}"] += 1
        elif "found" in line:
            _compare(campaign, line)
        else:
            campaign.said[line["entry"]] = line
            campaign.last.append(line["entry"])
            campaign.counts["said"] += 1
            campaign.counts[line["kind"]] += 1
            campaign.counts["photos"] += line["photo"] is not None


def _compare(campaign: Campaign, line: dict[str, Any]) -> None:
    """What was said since the last look, in its order; then at most the one that was in hand."""
    rows = line["found"]["rows"]
    hashes = [hash_ for _, hash_, _ in rows]
    campaign.broken.update(line["found"]["chain_faults"])
    lost = [entry for entry in campaign.last if entry not in hashes]
    campaign.broken.update(["lost"] * len(lost))
    campaign.broken.update(["doubled"] * (len(hashes) - len(set(hashes))))
    if line["went_back"]:
        campaign.broken[f"new epoch: {line['went_back']}"] += 1
    if not lost and hashes[: len(campaign.last)] != campaign.last:
        campaign.broken["another order"] += 1
    more = len(hashes) - len(campaign.last) + len(lost)
    if campaign.place:  # before it, the file was set up
        campaign.counts["in_hand"] += more == 1
        campaign.broken.update(["more than was in hand"] * (more > 1))
    campaign.last = []
    campaign.place = rows[-1][0] if rows else campaign.place


def _ask_the_doctor(campaign: Campaign) -> None:
    def work(say: int) -> None:
        with reopened(campaign.home) as store:
            problems = [problem.code for problem in store.doctor()]
            _speak(say, found=_after(store, campaign.place), went_back=store.went_back)
        _speak(say, problems=problems)

    child, pipe = _forked(work)
    with os.fdopen(pipe, "rb") as lines:
        seen = list(_whole(lines, sys.maxsize))
    os.waitpid(child, 0)
    _note(campaign, seen[:1])
    if len(seen) != 2:
        campaign.broken["no doctor"] += 1
        return
    campaign.counts["doctor"] += 1
    campaign.broken.update(seen[1]["problems"])


# ----------------------------------------------------------------------------- at the end


def _examine(campaign: Campaign) -> None:
    """Every entry of the file against everything that was ever said."""
    _ask_the_doctor(campaign)
    with reopened(campaign.home) as store:
        rows = store._file.engine.read(
            lambda c: c.execute("SELECT hash, kind, subject FROM entry").fetchall()
        )
        numbers = store._file.engine.read(
            lambda c: c.execute("SELECT number, subject FROM registration").fetchall()
        )
        photos = store._file.engine.read(
            lambda c: {row[0] for row in c.execute("SELECT sha256 FROM photo")}
        )
    here = Counter(row[0] for row in rows)
    missing = sum(1 for entry in campaign.said if not here[entry])
    campaign.broken["lost"] = max(campaign.broken["lost"], missing)
    twice = Counter(subject for _, kind, subject in rows if kind == "register")
    campaign.broken["doubled"] += sum(1 for n in [*here.values(), *twice.values()] if n > 1)
    campaign.broken["doubled"] += len(numbers) - len({number for number, _ in numbers})
    shown = {subject: number for number, subject in numbers}
    said = [line for entry, line in campaign.said.items() if here[entry]]
    campaign.broken["other number"] += sum(
        1 for line in said if shown.get(line["subject"]) != line["number"]
    )
    campaign.broken["photo gone"] += sum(
        1 for line in said if line["photo"] and line["photo"] not in photos
    )
    campaign.broken = +campaign.broken


def _send(campaign: Campaign) -> dict[str, Any]:
    """Send everything, and compare what the office holds with what was said."""
    office = open_office(Home(campaign.folder / "office"), None)
    try:
        with serving(office) as (host, port), reopened(campaign.home) as store:
            result = really_synced(store, url=f"http://{host}:{port}", read_s=300.0)
            wanted = store._file.engine.read(_held)
        at_office = _at_office(office)
        faults = verify_office(office)
    finally:
        office.close()
    gone = set(campaign.said) - at_office.pop("hashes")
    campaign.broken["lost"] += len(gone)
    differing = [name for name, number in wanted.items() if at_office[name] != number]
    campaign.broken.update(differing)
    agrees = result.heads_agree and result.digest_ok and not result.pending + result.photos_pending
    campaign.broken.update([] if agrees else ["no agreement"])
    campaign.broken.update(f"verify {fault.code}" for fault in faults)
    campaign.broken = +campaign.broken
    return {**at_office, "heads_and_digests_agree": agrees, "office_verified": not faults}


def _held(connection: Any) -> dict[str, int]:
    tables = {"entries": "entry", "people": "registration", "photos": "photo"}
    return {
        f"{name}_at_office": connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  our own names
        for name, table in tables.items()
    }


def _at_office(office: Office) -> dict[str, Any]:
    with office.database.reading() as connection:
        whole = select(ENTRY_ROWS.c.hash).where(ENTRY_ROWS.c.body.is_not(None))
        hashes = list(connection.execute(whole).scalars())
        everything = select(func.count())
        queries = {
            "entries": everything.select_from(ENTRY_ROWS),
            "people": everything.select_from(SUBJECT_ROWS),
            "photos": everything.where(PHOTO_ROWS.c.is_complete == 1),
        }
        counts = {
            f"{name}_at_office": connection.execute(query).scalar_one()
            for name, query in queries.items()
        }
    return {"hashes": set(hashes), **counts}


def main() -> int:
    options = campaign_options(__doc__, kills=10_000).parse_args()
    return concluded(
        options, lambda: run_campaign(options.kills, options.seed, control=options.control)
    )


if __name__ == "__main__":
    raise SystemExit(main())
