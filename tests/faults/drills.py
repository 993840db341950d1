"""The disasters that a district rehearses, each with real laptops, a real office and a count.

    python -m tests.faults.drills --people 300 [--seed 1] [--control] [--save FILE]

`restored_told`, `restored_untold`: the office's database is of an earlier day. `set_back`: a laptop
is put back from an image. `cloned`: an image runs in two laptops. `river`: a laptop's folder is
gone. `replaced`: a laptop is gone to pieces, its folder comes into another, nobody knows its
passphrase, and the office's recovery key opens it, by the public commands with the product's own
key stretching. Each control takes its protection away; it must fail.
"""

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.errors import KnownError
from enumerator_app.services.stick import Stick
from enumerator_app.storage.opening import open_home
from enumerator_app.storage.store import Store
from sync.server.backing_up import back_up, restore
from sync.server.bundles import import_folder
from sync.server.cases import list_cases
from sync.server.deciding import approve
from sync.server.devices import add_device
from sync.server.erasing import open_cleaned
from sync.server.home import Home
from sync.server.office import Office
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.faults.accounts import VILLAGE, hashes_at, held_at
from tests.faults.reporting import campaign_options, concluded
from tests.server.offices import PASSPHRASE as OFFICE_PASSPHRASE
from tests.server.offices import new_office, serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, person, portrait
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced

_NEW_PASSPHRASE = "sawah baru hujan deras pagi"
_A_STEP_S = 25  # by hand: a file onto a drive, the drive to the other desk, a line typed
_MOST_S = 300


@dataclass
class District:
    """An office and its laptops in one folder."""

    folder: Path
    people: int
    dice: Random
    office: Office
    stack: ExitStack
    said: dict[str, str] = field(default_factory=dict)  # entry -> number
    url: str = ""
    i: int = 0
    _serving: ExitStack = field(default_factory=ExitStack)

    def serve(self) -> None:
        self._serving = ExitStack()
        host, port = self._serving.enter_context(serving(self.office))
        self.url = f"http://{host}:{port}"

    def shut(self) -> None:
        self._serving.close()
        self.office.close()

    def laptop(self, name: str) -> Store:
        return enrol_laptop(
            self.folder / name, server_url=self.url, code=add_device(self.office, name).code,
            operator_name=OPERATOR, passphrase=PASSPHRASE, cost=CHEAP,
        ).store  # fmt: skip

    def opened(self, name: str) -> Store:
        return open_home(self.folder / name, operator_name=None, passphrase=PASSPHRASE)

    def register(self, store: Store, count: int) -> None:
        for _ in range(count):
            self.i += 1
            who = person(self.i, village_code=VILLAGE, phone=f"0812{self.i:08d}")
            photo = portrait(self.i, 5_000) if self.i % 5 == 0 else None
            saved = store.register(who, photo=photo)
            self.said[saved.entry_hash] = saved.number

    def synced(self, store: Store) -> bool:
        result = really_synced(store, url=self.url)
        return result.heads_agree and result.digest_ok and not result.pending

    def count(self, **checks: bool) -> dict[str, Any]:
        """What the office has of all that was said; `checks` are the drill's own claims."""
        there = held_at(self.office)
        lost = len(set(self.said) - hashes_at(self.office))
        whole = {
            "people": len(self.said),
            "lost": lost,
            "doubled": there["people"] - len(self.said) + lost,
            "numbers_twice": len(self.said) - len(set(self.said.values())),
        }
        sound = {**checks, "verified": not verify_office(self.office)}
        is_well = not any(list(whole.values())[1:]) and all(sound.values())
        return {**whole, **sound, "as_it_must": is_well}


@contextmanager
def district(people: int, seed: int) -> Iterator[District]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        office = new_office(folder / "office", None)
        place = District(folder, people, Random(seed), office, stack)
        place.serve()
        try:
            yield place
        finally:
            place.shut()


def restored(place: District, *, told: bool) -> dict[str, Any]:
    """The office is of this morning again; what laptops sent and it decided since comes back."""
    stores = [place.stack.enter_context(place.laptop(f"laptop{n}")) for n in range(3)]
    for store in stores:
        place.register(store, place.people // 6)
        place.synced(store)
    place.office.keep_head_outside()
    copy, epoch = place.folder / "copy", place.office.server_epoch
    if told:
        back_up(place.office, copy)
    else:
        place.shut()
        shutil.copytree(place.folder / "office", copy)
        place.office = open_cleaned(Home(place.folder / "office"), None)
        place.serve()
    for store in stores:
        place.register(store, place.people // 6)
        place.synced(store)
    decided = approve(place.office, officer="Ratna")
    for store in stores:
        place.synced(store)
    place.shut()
    _put_back(place, copy, told=told)
    place.serve()
    agree = [place.synced(store) for store in stores for _ in range(3)][2::3]
    now = standing(place.office)
    return place.count(
        new_epoch=place.office.server_epoch != epoch,
        decisions_kept=now["by_state"].get("verified") == decided > 0,
        heads_and_digests_agree=all(agree),
    )


def _put_back(place: District, copy: Path, *, told: bool) -> None:
    home = Home(place.folder / "office")
    if told:
        restore(home, None, copy, OFFICE_PASSPHRASE)
    else:
        shutil.rmtree(home.path)
        shutil.copytree(copy, home.path)
    place.office = open_cleaned(home, None)


def set_back(place: District) -> dict[str, Any]:
    """A laptop is put back from an image of the morning, and registers other people."""
    with place.laptop("laptop") as store:
        place.register(store, place.people // 3)
        place.synced(store)
    shutil.copytree(place.folder / "laptop", place.folder / "image")
    with place.opened("laptop") as store:
        place.register(store, place.people // 3)
        place.synced(store)
    shutil.rmtree(place.folder / "laptop")
    shutil.copytree(place.folder / "image", place.folder / "laptop")
    with place.opened("laptop") as store:
        place.register(store, place.people // 3)
        agree = [place.synced(store) for _ in range(2)][-1]
        shown = store.counts().registrations
        healthy = store.doctor() == []
    return place.count(
        heads_and_digests_agree=agree,
        everybody_shown_again=shown == len(place.said),
        doctor_finds_nothing=healthy,
    )


def cloned(place: District) -> dict[str, Any]:
    """An image is put into a second laptop; both register and send, not knowing of each other."""
    with place.laptop("laptop") as store:
        place.register(store, place.people // 3)
        place.synced(store)
    shutil.copytree(place.folder / "laptop", place.folder / "clone")
    with place.opened("laptop") as first, place.opened("clone") as second:
        for _ in range(2):
            for store in (first, second):
                place.register(store, place.people // 6)
                place.synced(store)
        agree = [place.synced(store) for store in (first, second) for _ in range(2)][1::2]
    kinds = {case["kind"] for case in list_cases(place.office)}
    return place.count(
        heads_and_digests_agree=all(agree), copy_noticed=bool(kinds & {"copied_device", "rollback"})
    )


def river(place: District, *, with_drive: bool = True) -> dict[str, Any]:
    """The folder of a laptop is gone; its drive and the office give everybody back."""
    drive = place.folder / "drive"
    drive.mkdir()
    with place.laptop("laptop") as store:
        place.register(store, place.people // 2)
        place.synced(store)
        stick = Stick(store)
        stick.use(drive if with_drive else None)
        for _ in range(place.people // 2):
            place.register(store, 1)
            if with_drive and place.dice.random() < 0.3:
                stick.catch_up()
        if with_drive:
            stick.catch_up()
    shutil.rmtree(place.folder / "laptop")
    is_read = not with_drive
    if with_drive:
        taken = import_folder(place.office, drive)
        is_read = taken.is_whole
    now = standing(place.office)
    return place.count(
        drive_read=is_read,
        photos_all_there=now["photos_missing"] == 0,
        nothing_waits=now["held"] == 0,
    )


def replaced(people: int, *, right_key: bool = True) -> dict[str, Any]:
    """The folder comes into another laptop, and is opened by the office's recovery key."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        office = founded(folder)
        office.start()
        stack.callback(office.stop)
        other = office if right_key else founded(_made(folder / "other"))
        with enrolled_laptop(office, folder / "old") as store:
            for i in range(people):
                store.register(person(i, village_code=VILLAGE, phone=f"0812{i:08d}"))
        began = time.monotonic()
        shutil.move(folder / "old", folder / "new")
        steps = _open_with_recovery(folder, other)
        machine_s = time.monotonic() - began
        if steps is None:
            return {"people": people, "refused": True, "as_it_must": False}
        status = office.ask("status")
        seconds = machine_s + len(steps) * _A_STEP_S
        return {
            "people": people,
            "at_office": status["registrations"],
            "lost": people - status["registrations"],
            "steps": steps,
            "machine_seconds": round(machine_s, 1),
            "seconds_with_hands": round(seconds),
            "as_it_must": status["registrations"] == people and seconds <= _MOST_S,
        }


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _open_with_recovery(folder: Path, office: Any) -> list[str] | None:
    """Return the steps by hand that it took; None where the key did not open it."""
    request, answer, secret = folder / "ask.json", folder / "answer.json", folder / "new.txt"
    secret.write_text(f"{_NEW_PASSPHRASE}\n", encoding="utf-8")
    steps = ["folder into the new laptop"]

    def laptop(*words: object) -> bool:
        steps.append(f"laptop: {words[0]} {words[1] if words[0] == 'forgotten' else ''}".strip())
        line = [sys.executable, "-m", "enumerator_app", "--home", str(folder / "new"), "--json"]
        done = subprocess.run([*line, *map(str, words)], capture_output=True, check=False)
        return done.returncode == 0

    if not laptop("forgotten", "ask", request):
        return None
    try:
        office.ask("device", "unlock", request, "--output", answer)
    except AssertionError:
        return None
    steps.append("office: device unlock")
    words = ("--operator", "Rina", "--passphrase-file", secret)
    if not laptop("forgotten", "answer", answer, *words):
        return None
    return steps if laptop("sync", "--passphrase-file", secret) else None


def _nothing(*_: Any, **__: Any) -> int:
    return 0


DRILLS: dict[str, Callable[[District], dict[str, Any]]] = {
    "restored_told": lambda place: restored(place, told=True),
    "restored_untold": lambda place: restored(place, told=False),
    "set_back": set_back,
    "cloned": cloned,
    "river": river,
}
# What is taken away, and from where.
CONTROLS: dict[str, tuple[str, dict[str, Any]]] = {
    "restored_told": (
        "notices are not offered again",
        {"sync.client.engine.reoffer_if_owed": _nothing},
    ),
    "restored_untold": (
        "an office set back does not notice",
        {"sync.server.routes.note_if_set_back": _nothing},
    ),
    "set_back": (
        "the contents of returned records are not fetched",
        {"sync.client.pull.fetch_contents": _nothing},
    ),
    "cloned": (
        "two lines after one entry are not noticed",
        {"sync.server.ingest.run._Work._notice_fork": _nothing},
    ),
}


def run_drill(name: str, people: int, seed: int) -> dict[str, Any]:
    with district(people, seed) as place:
        return DRILLS[name](place)


def run_drills(people: int, seed: int) -> dict[str, Any]:
    found = {name: run_drill(name, people, seed) for name in DRILLS}
    found["replaced"] = replaced(people)
    return {
        "control": None,
        **found,
        "lost": sum(drill.get("lost", 0) for drill in found.values()),
        "as_expected": all(drill["as_it_must"] for drill in found.values()),
    }


def run_control(name: str, people: int, seed: int) -> str:
    """Return what a drill shows without its protection; an empty text if nothing."""
    with contextlib.ExitStack() as patches:
        for target, substitute in CONTROLS[name][1].items():
            patches.enter_context(patch(target, substitute))
        try:
            found = run_drill(name, people, seed)
        except KnownError as error:
            return f"stopped by {error.code}"
    wrong = [key for key, value in found.items() if value is False and key != "as_it_must"]
    wrong += [key for key in ("lost", "doubled") if found[key]]
    return ", ".join(wrong)


def run_controls(people: int, seed: int) -> dict[str, Any]:
    found = {
        f"{name}: {what}": run_control(name, people, seed) for name, (what, _) in CONTROLS.items()
    }
    with district(people, seed) as place:
        lost = river(place, with_drive=False)["lost"]
    found["river: no drive"] = f"{lost} lost" if lost else ""
    is_refused = replaced(min(people, 5), right_key=False).get("refused", False)
    found["replaced: another office's key"] = "refused" if is_refused else ""
    return {"control": "each protection taken away", **found, "as_expected": all(found.values())}


def main() -> int:
    options = campaign_options(__doc__, people=300).parse_args()
    work = run_controls if options.control else run_drills
    return concluded(options, lambda: work(options.people, options.seed))


if __name__ == "__main__":
    raise SystemExit(main())
