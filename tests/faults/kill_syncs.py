"""Kill both ends in their syncs, ten thousand times: laptops, the server, and PostgreSQL itself.

    python -m tests.faults.kill_syncs --kills 10000 [--postgres 0] [--lanes 2] [--seed 1]

Three laptops with real encrypted files and one real office. A laptop saves a few people and syncs,
again and again, until it is ended by SIGKILL at a random moment of a sync; or the server is, and
started anew on the same port. With `--postgres N` the office's database is PostgreSQL, and N times
all its processes are killed as well. With `--lanes` so many offices, each with laptops of its own,
share the kills, at the same time. What a laptop was told has arrived (receipts, photos, and what
the office names as known) must be there as soon as the server is back. In the end all is made even.
With `--control` a receipt leaves before its commit: something that has "arrived" must be missing.
"""

import gc
import hashlib
import math
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from sqlalchemy import select

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import instant_to_text
from enumerator_app.storage.store import Store
from sync.protocol.messages import RECEIVED, Receipt
from sync.server.database import Database
from sync.server.devices import add_device
from sync.server.home import Home
from sync.server.ingest.run import Ingest, _Work
from sync.server.office import open_office
from sync.server.tables import ENTRY_ROWS
from sync.server.verifying import verify_office
from tests.faults.accounts import Account, found_after, hashes_at, held_at, held_by, save_one
from tests.faults.forking import Child, speak
from tests.faults.reporting import campaign_options, concluded
from tests.faults.served import Served
from tests.server.offices import new_office, serving
from tests.server.postgres import PostgresServer, running_postgres
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, reopened
from tests.sync_client.real_office import really_synced

_LAPTOPS = 3
_A_SLOW_DISK_S = 0.1
_HASHES_AT_ONCE = 500


@dataclass
class Campaign:
    folder: Path
    kills: int
    postgres_kills: int
    most_seconds: float
    seed: int
    control: bool
    served: Served
    postgres: PostgresServer | None = None
    counts: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    accounts: list[Account] = field(default_factory=list)
    arrived: set[str] = field(default_factory=set)  # told so since the office was asked
    photos: set[str] = field(default_factory=set)  # likewise
    dice: Random = field(init=False)
    sync_takes_s: float = 0.05
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)


def run_campaign(
    kills: int,
    seed: int,
    *,
    postgres_kills: int = 0,
    most_seconds: float = math.inf,
    control: bool = False,
    lanes: int = 1,
) -> dict[str, Any]:
    """Return the report of one campaign, whose kills are shared by `lanes` offices."""

    def lane(n: int) -> Callable[[int], None]:
        share, postgres_share = (-(-whole // lanes) for whole in (kills, postgres_kills))
        return lambda pipe: speak(
            pipe, **_in_one_office(share, postgres_share, seed + n, most_seconds, control=control)
        )

    children = [Child(lane(n)) for n in range(lanes)]
    lines = [line for child in children for line in child.said()]
    for child in children:
        child.ended()
        child.close()
    return _report(lines, kills, has_postgres=postgres_kills > 0, control=control)


def _in_one_office(
    kills: int, postgres_kills: int, seed: int, most_seconds: float, *, control: bool
) -> dict[str, Any]:
    """Return what was counted around one office."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(running_postgres(durable=True)) if postgres_kills else None
        url = postgres.new_database() if postgres else None
        served = Served(folder / "office", url)
        if control:
            served.prepare = receipt_before_commit
        campaign = Campaign(
            folder, kills, postgres_kills, most_seconds, seed, control, served, postgres
        )
        _set_up(campaign)
        gc.freeze()
        _kill_again_and_again(campaign)
        gc.unfreeze()
        at_office = _make_even(campaign)
    counted = {"counts": campaign.counts, "broken": campaign.broken, "at_office": at_office}
    return counted | {"seconds": campaign.seconds}


def _report(
    lanes: list[dict[str, Any]], wanted: int, *, has_postgres: bool, control: bool
) -> dict[str, Any]:
    counts, broken, there = Counter[str](), Counter[str](), Counter[str]()
    for lane in lanes:
        if "error" in lane:
            broken[f"a lane stopped: {lane['error'][:80]}"] += 1
            continue
        counts.update(lane["counts"])
        broken.update(lane["broken"])
        there.update(lane["at_office"])
    broken = +broken
    kills = _kills(counts)
    has_work = counts["said"] >= kills and counts["cut"] >= counts["turns"] // 4
    missed = broken["arrived and not there"] + broken["photo arrived and not there"]
    as_expected = missed > 0 if control else not broken
    return {
        "control": "receipt before the commit" if control else None,
        "database": "PostgreSQL" if has_postgres else "SQLite",
        "lanes": len(lanes),
        "kills_wanted": wanted,
        "kills": kills,
        "laptop_killed": counts["laptop"],
        "server_killed": counts["server"],
        "postgresql_killed": counts["postgres"],
        "turns": counts["turns"],
        "turns_that_cut_a_sync": counts["cut"],
        "said_to_be_saved": counts["said"],
        "told_to_have_arrived": counts["arrived"],
        "photos_told_to_have_arrived": counts["photos_arrived"],
        "syncs_finished": counts["synced"],
        "syncs_that_found_no_office": counts["failed"],
        "arrived_and_not_there": missed,
        "lost": broken["lost"],
        "doubled": broken["doubled"],
        "faults": dict(broken),
        **there,
        "heads_and_digests_agree": not broken["no agreement"],
        "office_verified": not any(fault.startswith("verify ") for fault in broken),
        "kills_a_second": round(kills / max(lane.get("seconds", 1) for lane in lanes), 1),
        "as_expected": as_expected and has_work,
    }


def _kills(counts: Counter[str]) -> int:
    return counts["laptop"] + counts["server"] + counts["postgres"]


def receipt_before_commit() -> None:
    """The control's fault: what is answered is committed a moment later."""

    def receive(self: Ingest, batch: Any, lock_device: Any, server_epoch: str) -> Receipt:
        now, receipt = instant_to_text(self.clock()), Future[Receipt]()

        def work() -> None:
            with self.database.writing() as connection:
                done = _Work(self, connection, batch, lock_device(connection), server_epoch, now)
                results = done.run()
                receipt.set_result(self._receipt(batch, results, done.head, server_epoch, now))
                time.sleep(_A_SLOW_DISK_S)

        Thread(target=work).start()
        return receipt.result(20)

    Ingest.receive = receive  # type: ignore[method-assign]


def _set_up(campaign: Campaign) -> None:
    """Found the office and enrol the laptops here: so all that children need is loaded once."""
    office = new_office(campaign.served.home, campaign.served.database)
    try:
        with serving(office) as (host, port):
            for n in range(_LAPTOPS):
                home = campaign.folder / f"laptop{n}"
                enrol_laptop(
                    home, server_url=f"http://{host}:{port}",
                    code=add_device(office, home.name).code, operator_name=OPERATOR,
                    passphrase=PASSPHRASE, cost=CHEAP,
                ).store.close()  # fmt: skip
                campaign.accounts.append(Account(home, campaign.counts, campaign.broken))
    finally:
        office.close()
    campaign.served.start()


# ------------------------------------------------------------------------------- the laptop


def _sync_for_ever(campaign: Campaign, account: Account, pipe: int, first: int) -> None:
    store, dice = reopened(account.home), Random(first)
    speak(pipe, **found_after(store, account.place))
    _say_what_arrives(store, pipe)
    here: list[Any] = []
    i = first
    while True:
        for _ in range(dice.randint(1, 4)):
            i += 1
            speak(pipe, **save_one(store, i, here, photo_every=9))
        speak(pipe, begins=True)
        began = time.monotonic()
        try:
            result = really_synced(store, url=campaign.served.url, read_s=10.0)
            agrees = result.heads_agree and result.pending == 0
            speak(pipe, synced=agrees, took=time.monotonic() - began)
        except KnownError as error:
            speak(pipe, failed=error.code)
            time.sleep(0.05)  # the office is away, and comes back sooner if left alone


def _say_what_arrives(store: Store, pipe: int) -> None:
    """Have the store say each thing that it marked as being with the office."""
    settle, knows, photo = store.settle, store.office_knows, store.photo_settled

    def settled(entries: Any, receipt: Receipt) -> None:
        settle(entries, receipt)
        others = {other.hash: other.outcome for other in receipt.others}
        speak(pipe, arrived=[e for e in entries if others.get(e, "accepted") in RECEIVED])

    def known(entry: str, server_epoch: str) -> None:
        knows(entry, server_epoch)
        speak(pipe, arrived=[entry])

    def photo_settled(sha256: str, *, erased: bool) -> None:
        photo(sha256, erased=erased)
        speak(pipe, photo_arrived=sha256)

    store.settle, store.office_knows = settled, known  # type: ignore[method-assign]
    store.photo_settled = photo_settled  # type: ignore[method-assign]


# ------------------------------------------------------------------------------ the parent


def _kill_again_and_again(campaign: Campaign) -> None:
    began, turn, counts = time.monotonic(), 0, campaign.counts
    while _kills(counts) < campaign.kills or counts["postgres"] < campaign.postgres_kills:
        turn += 1
        _one_turn(campaign, turn)
        if time.monotonic() - began > campaign.most_seconds:
            break
    campaign.seconds = time.monotonic() - began


def _one_turn(campaign: Campaign, turn: int) -> None:
    """Let a laptop save and sync; kill the other end, it, or both, each at a random moment."""
    dice = campaign.dice
    account = dice.choice(campaign.accounts)
    child = Child(lambda pipe: _sync_for_ever(campaign, account, pipe, 1000 * turn))
    begun = dice.randint(1, 2)
    seen = _until(child, "begins", begun)
    _wait_a_moment(campaign)
    victim = _victim(campaign)
    if victim == "laptop":
        campaign.counts["laptop"] += child.kill()
    elif victim == "server":
        campaign.counts["server"] += campaign.served.kill()
    elif campaign.postgres is not None:
        campaign.counts["postgres"] += campaign.postgres.kill()
    if victim != "laptop":
        if dice.random() < 0.5:  # both ends at nearly the same moment
            time.sleep(dice.uniform(0, 0.005))
            campaign.counts["laptop"] += child.kill()
            _bring_back(campaign, victim)
        else:
            _bring_back(campaign, victim)
            seen += _until(child, "begins", 2)
            _wait_a_moment(campaign)
            campaign.counts["laptop"] += child.kill()
    seen += child.said()
    child.close()
    campaign.counts["turns"] += 1
    campaign.counts["cut"] += _was_cut(seen, begun)
    _note(campaign, account, seen)
    if victim != "laptop":
        _hold_against_office(campaign)


def _wait_a_moment(campaign: Campaign) -> None:
    """Wait for a random part of the time that a sync takes here, or a little longer."""
    time.sleep(campaign.dice.uniform(0, 1.1 * campaign.sync_takes_s))


def _was_cut(seen: list[dict[str, Any]], begun: int) -> bool:
    """Whether the sync that was under way at the random moment did not come to its end."""
    words = [name for line in seen for name in ("begins", "synced", "failed") if name in line]
    places = [at for at, word in enumerate(words) if word == "begins"]
    return len(places) >= begun and words[places[begun - 1] + 1 :][:1] != ["synced"]


def _victim(campaign: Campaign) -> str:
    """The laptop or the server; PostgreSQL as often as was asked, spread over the campaign."""
    left = campaign.postgres_kills - campaign.counts["postgres"]
    if campaign.postgres is not None and left > 0:
        kills_left = max(1, campaign.kills - _kills(campaign.counts))
        if campaign.dice.random() < 2 * left / kills_left:  # a turn has between one and two
            return "postgres"
    return campaign.dice.choice(["laptop", "server"])


def _bring_back(campaign: Campaign, victim: str) -> None:
    if victim == "server":
        campaign.served.start()
    elif campaign.postgres is not None:
        campaign.postgres.start()


def _until(child: Child, word: str, times: int) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    for line in child.said():
        seen.append(line)
        times -= word in line
        if times == 0:
            break
    return seen


def _note(campaign: Campaign, account: Account, seen: list[dict[str, Any]]) -> None:
    for line in seen:
        account.note(line)
        campaign.counts["synced"] += "synced" in line
        campaign.counts["failed"] += "failed" in line
        campaign.arrived.update(line.get("arrived", []))
        campaign.counts["arrived"] += len(line.get("arrived", []))
        if "photo_arrived" in line:
            campaign.photos.add(line["photo_arrived"])
            campaign.counts["photos_arrived"] += 1
        campaign.sync_takes_s += 0.05 * (
            line.get("took", campaign.sync_takes_s) - campaign.sync_takes_s
        )
        if line.get("synced") is False:
            campaign.broken["a finished sync that does not agree"] += 1


def _hold_against_office(campaign: Campaign) -> None:
    """What a laptop was told has arrived is there, now that the server is back."""
    database = Database(campaign.served.database or Home(campaign.served.home).database_file)
    try:
        there = _there(database, sorted(campaign.arrived))
    finally:
        database.close()
    campaign.broken["arrived and not there"] += len(campaign.arrived - there)
    for name in campaign.photos:
        path = Home(campaign.served.home).photos / name[:2] / name
        is_whole = path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == name
        campaign.broken["photo arrived and not there"] += not is_whole
    campaign.arrived, campaign.photos = set(), set()


def _there(database: Database, hashes: list[str]) -> set[str]:
    column, found = ENTRY_ROWS.c.hash, set[str]()
    with database.reading() as connection:
        for start in range(0, len(hashes), _HASHES_AT_ONCE):
            part = hashes[start : start + _HASHES_AT_ONCE]
            found |= set(connection.execute(select(column).where(column.in_(part))).scalars())
    return found


# ----------------------------------------------------------------------------- at the end


def _make_even(campaign: Campaign) -> dict[str, Any]:
    """Sync every laptop without a fault, and compare both ends, entry by entry."""
    here: Counter[str] = Counter()
    agree = True
    for account in campaign.accounts:
        with reopened(account.home) as store:
            account.note(found_after(store, account.place))
            really_synced(store, url=campaign.served.url, read_s=300.0)
            result = really_synced(store, url=campaign.served.url, read_s=300.0)
            agree &= result.heads_agree and result.digest_ok
            agree &= not result.pending + result.photos_pending
            here += held_by(store)
            campaign.broken.update(f"doctor {problem.code}" for problem in store.doctor())
        account.examine()
    campaign.served.kill()
    office = open_office(Home(campaign.served.home), campaign.served.database)
    try:
        there, faults, hashes = held_at(office), verify_office(office), hashes_at(office)
    finally:
        office.close()
    said = {entry for account in campaign.accounts for entry in account.said}
    campaign.broken["lost"] += len(said - hashes)
    here["answers"] = here["entries"]
    campaign.broken.update(f"{name} at the office" for name in here if here[name] != there[name])
    campaign.broken.update([] if agree else ["no agreement"])
    campaign.broken.update(f"verify {fault.code}" for fault in faults)
    campaign.broken.update(campaign.served.trouble())
    return {f"{name}_at_office": number for name, number in there.items()}


def main() -> int:
    options = campaign_options(__doc__, timed=True, kills=10_000, lanes=1, postgres=0).parse_args()
    return concluded(
        options,
        lambda: run_campaign(
            options.kills,
            options.seed,
            postgres_kills=options.postgres,
            most_seconds=options.most_minutes * 60,
            control=options.control,
            lanes=options.lanes,
        ),
    )


if __name__ == "__main__":
    raise SystemExit(main())
