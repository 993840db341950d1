"""Kill a laptop in its saves, ten thousand times, and count what is left of what was said.

    python -m tests.faults.kill_saves --kills 10000 [--seed 1] [--control] [--save FILE]

One process has everything loaded and forks a child for each kill. A child opens the encrypted file
with the product's own code (whatever the one before left behind), says what it finds after the
place that was looked at last, then saves as fast as it can and says each entry once its commit has
returned. It is ended by SIGKILL after some entries and a random moment. In the end everything is
sent to a real office. With `--control` an entry is said before its commit: that must lose some.

The key stretching is the cheapest, or the ten thousand openings would be all that is measured.
"""

import gc
import math
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.storage.engine import Engine
from sync.server.devices import add_device
from sync.server.home import Home
from sync.server.office import open_office
from sync.server.verifying import verify_office
from tests.faults.accounts import Account, found_after, hashes_at, held_at, held_by, save_one
from tests.faults.early_acknowledgement import acknowledge_then_commit
from tests.faults.forking import Child, speak
from tests.faults.reporting import campaign_options, concluded
from tests.server.offices import new_office, serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, reopened
from tests.sync_client.real_office import really_synced

_MOST_SAVES = 22  # before the random moment; the average is what makes 100,000 of 10,000 kills
_LONGEST_DELAY_S = 0.004
_IN_THE_OPENING = 0.08  # part of the kills that come before a child has even opened the file
_LONGEST_OPENING_S = 0.03
_KILLS_A_DOCTOR = 2_000


@dataclass
class Campaign:
    folder: Path
    kills: int
    most_seconds: float
    seed: int
    control: bool
    dice: Random = field(init=False)
    account: Account = field(init=False)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.account = Account(self.folder / "laptop")


def run_campaign(
    kills: int, seed: int, *, most_seconds: float = math.inf, control: bool = False
) -> dict[str, Any]:
    """Return the report of one campaign."""
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), kills, most_seconds, seed, control)
        _set_up(campaign)
        gc.freeze()  # children share what is loaded, and do not copy it by counting references
        _kill_again_and_again(campaign)
        gc.unfreeze()
        _ask_the_doctor(campaign)
        campaign.account.examine()
        at_office = _send(campaign) if not control else {}
    return _report(campaign, at_office)


def _report(campaign: Campaign, at_office: dict[str, Any]) -> dict[str, Any]:
    counts, broken = campaign.account.counts, +campaign.account.broken
    has_work = counts["said"] >= counts["kills"]
    as_expected = broken["lost"] > 0 if campaign.control else not broken
    return {
        "control": "said before the commit" if campaign.control else None,
        "kills_wanted": campaign.kills,
        "kills": counts["kills"],
        "killed_while_opening": counts["while_opening"],
        "killed_between_commit_and_word": counts["in_hand"],
        "said_to_be_saved": counts["said"],
        "registrations": counts["register"],
        "corrections": counts["correct"],
        "photos": counts["photos"],
        "lost": broken["lost"],
        "doubled": broken["doubled"],
        "faults": dict(broken),
        "doctor_runs": counts["doctor"],
        **at_office,
        "kills_a_second": round(counts["kills"] / campaign.seconds, 1),
        "as_expected": as_expected and has_work,
    }


def _set_up(campaign: Campaign) -> None:
    office = new_office(campaign.folder / "office", None)
    try:
        with serving(office) as (host, port):
            enrol_laptop(
                campaign.account.home, server_url=f"http://{host}:{port}",
                code=add_device(office, "Laptop").code, operator_name=OPERATOR,
                passphrase=PASSPHRASE, cost=CHEAP,
            ).store.close()  # fmt: skip
    finally:
        office.close()


def _save_for_ever(campaign: Campaign, pipe: int, first: int) -> None:
    if campaign.control:
        Engine._commit = acknowledge_then_commit  # type: ignore[method-assign]
    store = reopened(campaign.account.home)
    speak(pipe, **found_after(store, campaign.account.place))
    here: list[Any] = []
    for i in range(first, sys.maxsize):
        speak(pipe, **save_one(store, i, here, photo_every=20))


def _kill_again_and_again(campaign: Campaign) -> None:
    for kill in range(1, campaign.kills + 1):
        began = time.monotonic()
        _one_kill(campaign, kill)
        campaign.seconds += time.monotonic() - began
        if kill % _KILLS_A_DOCTOR == 0:
            _ask_the_doctor(campaign)
        if campaign.seconds > campaign.most_seconds:
            break


def _one_kill(campaign: Campaign, kill: int) -> None:
    child = Child(lambda pipe: _save_for_ever(campaign, pipe, 1000 * kill))
    seen: list[dict[str, Any]] = []
    if campaign.dice.random() < _IN_THE_OPENING:
        time.sleep(campaign.dice.uniform(0, _LONGEST_OPENING_S))
    else:
        seen += child.said(1 + campaign.dice.randint(0, _MOST_SAVES))
        time.sleep(campaign.dice.uniform(0, _LONGEST_DELAY_S))  # the random moment itself
    account = campaign.account
    account.counts["kills"] += child.kill()
    seen += child.said()
    child.close()
    account.counts["while_opening"] += not seen
    for line in seen:
        account.note(line)


def _ask_the_doctor(campaign: Campaign) -> None:
    account = campaign.account

    def work(pipe: int) -> None:
        with reopened(account.home) as store:
            speak(pipe, **found_after(store, account.place))
            speak(pipe, problems=[problem.code for problem in store.doctor()])

    child = Child(work)
    seen = list(child.said())
    child.ended()
    child.close()
    for line in seen:
        account.note(line)
    account.broken.update(seen[-1].get("problems", ["no doctor"]) if seen else ["no doctor"])
    account.counts["doctor"] += 1


def _send(campaign: Campaign) -> dict[str, Any]:
    """Send everything, and compare what the office holds with what was said."""
    account = campaign.account
    office = open_office(Home(campaign.folder / "office"), None)
    try:
        with serving(office) as (host, port), reopened(account.home) as store:
            result = really_synced(store, url=f"http://{host}:{port}", read_s=300.0)
            here = held_by(store)
        there, faults = held_at(office), verify_office(office)
        account.broken["lost"] += len(set(account.said) - hashes_at(office))
    finally:
        office.close()
    here["answers"] = here["entries"]
    account.broken.update(f"{name} at the office" for name in here if here[name] != there[name])
    agrees = result.heads_agree and result.digest_ok and not result.pending + result.photos_pending
    account.broken.update([] if agrees else ["no agreement"])
    account.broken.update(f"verify {fault.code}" for fault in faults)
    counted = {f"{name}_at_office": number for name, number in there.items()}
    return {**counted, "heads_and_digests_agree": agrees, "office_verified": not faults}


def main() -> int:
    options = campaign_options(__doc__, timed=True, kills=10_000).parse_args()
    return concluded(
        options,
        lambda: run_campaign(
            options.kills,
            options.seed,
            most_seconds=options.most_minutes * 60,
            control=options.control,
        ),
    )


if __name__ == "__main__":
    raise SystemExit(main())
