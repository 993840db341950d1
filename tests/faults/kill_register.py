"""Kill `enumerator register` at random moments, run it again each time, and count what is left.

    python -m tests.faults.kill_register --rows 2000 --kills 200 [--control]

Real processes, an encrypted home with the product's key stretching, a real server on a socket. With
`--control` the number is acknowledged before the commit; that run must lose something, else the
kills prove nothing. Prints one JSON object; exit code 0 if the run came out as it should.
"""

import csv
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from enumerator_app.demo.programs import OfficeProcess, Program, program
from enumerator_app.services.sample_data import write_sample_data
from tests.faults.reporting import campaign_options, concluded

_NUMBER = re.compile(r"\b(\d{4}-[A-Z]\d{2,3}-\d{5,}-[0-9A-Z]{4})\b")
_WAIT_FOR_ROWS = 30
_LONGEST_DELAY_S = 0.02


@dataclass
class Campaign:
    folder: Path
    rows: int
    kills: int
    seed: int
    control: bool
    acknowledged: list[str] = field(default_factory=list)
    killed: int = 0
    runs: int = 0

    @property
    def passphrase(self) -> Path:
        return self.folder / "passphrase.txt"

    @property
    def laptop(self) -> Program:
        home = ("--home", self.folder / "laptop", "--passphrase-file", self.passphrase)
        return program("enumerator", *home)

    @property
    def office(self) -> Program:
        home = ("--home", self.folder / "office", "--passphrase-file", self.passphrase)
        return program("district-server", *home)


def main() -> int:
    options = campaign_options(__doc__ or "", rows=2000, kills=200).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(
            Path(folder), options.rows, options.kills, options.seed, options.control
        )
        return concluded(options, lambda: run_campaign(campaign))


def run_campaign(campaign: Campaign) -> dict[str, Any]:
    """Return the report of one campaign; `as_expected` says whether it proves what it should."""
    campaign.passphrase.write_text("lima kata yang panjang sekali\n", encoding="utf-8")
    campaign.office.ask("init", "--regency", "32.16", "--admin", "Admin")
    people = write_sample_data(
        campaign.folder / "sample", workers=campaign.rows, seed=campaign.seed
    )
    with OfficeProcess(campaign.office, campaign.folder / "server.log") as serving:
        code = campaign.office.ask("device", "add", "Laptop")["code"]
        enrol = ("enrol", "--server", serving.url, "--code", code, "--operator", "Petugas")
        campaign.laptop.ask(*enrol)
        _kill_and_run_again(campaign, people)
        last = campaign.laptop.ask("register", people, accept=(0, 3))
        status, doctor = campaign.laptop.ask("status"), campaign.laptop.ask("doctor")
        sync = campaign.laptop.ask("sync")
        verify = campaign.office.ask("verify")
        table = campaign.folder / "office.csv"
        campaign.office.ask("registrations", "export", table)
    at_office = _numbers(table)
    lost = sorted(set(campaign.acknowledged) - set(at_office))
    accepted_rows = campaign.rows - last["rejected"]
    sound = {
        "none_lost": not lost,
        "none_twice": len(at_office) == len(set(at_office)) == accepted_rows,
        "acknowledged_once": len(campaign.acknowledged) == len(set(campaign.acknowledged)),
        "laptop_whole": status["registrations"] == accepted_rows and doctor["ok"],
        "office_equal": bool(sync["heads_agree"]) and verify["ok"],
        "kills_hit_saves": len(campaign.acknowledged) >= campaign.killed,
    }
    holds = all(sound.values())
    return {
        "control": "acknowledged before the commit" if campaign.control else None,
        "rows": campaign.rows,
        "runs": campaign.runs,
        "kills": campaign.killed,
        "acknowledged_in_killed_runs": len(campaign.acknowledged),
        "lost": len(lost),
        "at_office": len(at_office),
        **sound,
        "as_expected": not sound["none_lost"] if campaign.control else holds,
    }


def _kill_and_run_again(campaign: Campaign, people: Path) -> None:
    chance = random.Random(campaign.seed)
    rows_a_kill = max(1, campaign.rows // (campaign.kills + 1))
    while campaign.killed < campaign.kills:
        campaign.runs += 1
        rows = chance.randint(0, min(_WAIT_FOR_ROWS, 2 * rows_a_kill))
        if not _one_killed_run(campaign, people, rows, chance.uniform(0, _LONGEST_DELAY_S)):
            break
        campaign.killed += 1


def _one_killed_run(campaign: Campaign, people: Path, rows: int, delay_s: float) -> bool:
    """Kill one run after `rows` acknowledgements and a moment; False if it ended before."""
    line = [*campaign.laptop.command, *campaign.laptop.options, "register", str(people)]
    if campaign.control:
        line[1:3] = ["-m", "tests.faults.early_acknowledgement"]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    ended = rows > 0 and _read(process.stderr, campaign, rows)
    if not ended:
        time.sleep(delay_s)  # the random moment itself, not a wait for something
        process.kill()
        _read(process.stderr, campaign, sys.maxsize)
    process.wait()
    process.stderr.close()
    return not ended


def _read(stream: IO[bytes], campaign: Campaign, rows: int) -> bool:
    """Collect acknowledgements until `rows` more were seen; True if the stream ended first."""
    for line in stream:
        if match := _NUMBER.search(line.decode()):
            campaign.acknowledged.append(match[1])
            rows -= 1
            if rows == 0:
                return False
    return True


def _numbers(table: Path) -> list[str]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return [row["number"] for row in csv.DictReader(file)]


if __name__ == "__main__":
    sys.exit(main())
