"""Every protection taken away in turn, and who notices: one report over all controls.

    python -m tests.faults.controls [--seed 1] [--most-minutes M] [--save FILE]

With `--most-minutes` it ends sooner, and a second call with the same FILE goes on from there.

Three kinds. Campaigns run with `--control`, in small. The rules of the protocol, each with the test
that is named for it, are `tests.faults.protocol_controls`, and with random worlds that break
`tests.faults.real_model --control`. What none of them takes away stands here: a scene that is sound
with everything in place, and shows what breaks without.
"""

import contextlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from enumerator_app.domain.journal import to_line
from sync.server.devices import add_device
from sync.server.ingest.run import _Work
from sync.server.refusal import Refused
from sync.server.tables import ENTRY_ROWS
from sync.server.verifying import verify_office
from tests.faults.accounts import hashes_at
from tests.faults.drills import District, district
from tests.faults.reporting import campaign_options, commit, concluded
from tests.server.laptops import Laptop, nik
from tests.server.offices import address

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
_OPTIONS = re.compile(r'"--control"|= campaign_options\(')

# How small a campaign may be so that its control still shows; one that is not named runs whole.
SIZES: dict[str, tuple[str, ...]] = {
    "kill_saves": ("--kills", "40"),
    "kill_syncs": ("--kills", "60"),
    "cut_syncs": ("--syncs", "20"),
    "slow_line": ("--people", "30", "--times", "60"),
    "cursor_race": ("--duration", "6"),
    "drills": ("--people", "30"),
    "kill_register": ("--rows", "60", "--kills", "6"),
    "kill_typing": ("--kills", "10"),
    "power_cuts": ("--cuts", "400"),
    "damaged_files": ("--files", "400"),
    "system_calls": ("--most", "6"),
    "full_disk": ("--sizes", "6"),
    "starts": ("--starts", "100"),
    "clocks": ("--scenarios", "4"),
    "fuzz_server": ("--inputs", "10000"),
    "as_described": ("--cases", "100"),
    "flip_cards": ("--cards", "5"),
    "mangle_codes": ("--codes", "3000"),
}
Off = Callable[[District], contextlib.AbstractContextManager[Any]]


@dataclass(frozen=True)
class Scene:
    """`play` returns what is not as it should be; inside `off` the protection is gone."""

    protection: str
    taken_away: str
    off: Off
    play: Callable[[District], list[str]]


def _without(**substitutes: Any) -> Off:
    """Replace these names (dots written as two underscores) for the length of a scene."""

    @contextmanager
    def off(_: District) -> Iterator[None]:
        with ExitStack() as patches:
            for name, substitute in substitutes.items():
                patches.enter_context(patch(name.replace("__", "."), substitute))
            yield

    return off


# --------------------------------------------------------------------------------- scenes


def _enrolled(place: District, name: str) -> Laptop:
    laptop = Laptop(address(place.url))
    assert laptop.enrol(add_device(place.office, name).code).status == 200
    laptop.start_epoch()
    return laptop


def _verified(place: District) -> list[str]:
    return sorted({f"verify {fault.code}" for fault in verify_office(place.office)})


def _a_half_chain(place: District) -> list[str]:
    """The second half arrives, the first never does."""
    laptop = _enrolled(place, "Laptop")
    for n in range(6):
        laptop.register(nik=nik(n))
    laptop.push(laptop.journal[3:])
    return _verified(place)


def _apply_without_ancestor(self: _Work, lines: Any, _: Any) -> Any:
    self._settle_known(lines)
    self._apply(lines, set())
    return self.results


def _a_gap_within(place: District) -> list[str]:
    """One entry is left out in the middle of a batch."""
    laptop = _enrolled(place, "Laptop")
    for n in range(6):
        laptop.register(nik=nik(n))
    few = [*laptop.journal[:3], *laptop.journal[4:]]
    laptop.send([to_line(entry) for entry in few], few[-1].hash)
    return _verified(place)


def _an_entry_taken_out(place: District) -> list[str]:
    """Somebody with the key takes one entry out of a laptop's file and closes the gap."""
    with place.laptop("laptop") as store:
        place.register(store, 3)
        (worker,) = store.search("", limit=1)
        store.mark_printed([worker.subject])
        place.register(store, 2)
        store._file.engine.write(_take_out_the_print).result()
        found = {problem.code for problem in store.doctor()}
    return [] if "link_broken" in found else ["an entry taken out is not noticed"]


def _take_out_the_print(connection: Any) -> None:
    query = "SELECT n FROM entry WHERE kind = 'card_printed'"
    (n,) = connection.execute(query).fetchone()
    connection.execute("DELETE FROM entry WHERE n = ?", [n])
    connection.execute("UPDATE entry SET n = -n WHERE n > ?", [n])
    connection.execute("UPDATE entry SET n = -n - 1 WHERE n < 0")
    connection.execute("UPDATE head SET n = n - 1")


def _two_copies(place: District) -> list[str]:
    """An image of a laptop goes on in a second one, and both send."""
    first = _enrolled(place, "Laptop")
    first.register(nik=nik(0))
    first.push(first.journal)
    second = first.copy()
    said: set[str] = set()
    for n, laptop in enumerate((first, second), 1):
        entry = laptop.register(nik=nik(n))
        said.add(entry.hash)
        laptop.counter = 10 * n
        laptop.send([to_line(entry)], entry.hash)
    lost = len(said - hashes_at(place.office))
    return [f"{lost} lost"] if lost else []


def _one_line_only(self: _Work) -> Any:
    """What comes must follow the newest entry of its device, as in a list with numbers."""
    first = self.batch.lines[0]
    rows = select(ENTRY_ROWS.c.hash, ENTRY_ROWS.c.has_child).where(
        ENTRY_ROWS.c.device == self.device
    )
    here = {row.hash: row.has_child for row in self.connection.execute(rows)}
    if first.hash not in here and here.get(first.prev or "", 0):
        raise Refused(409, "rollback")
    return _run(self)


_run = _Work.run


def _the_same_nik(place: District) -> list[str]:
    """Two laptops have registered one person, not knowing of each other."""
    said: set[str] = set()
    for name in ("Laptop 1", "Laptop 2"):
        laptop = _enrolled(place, name)
        said.add(laptop.register(nik=nik(1)).hash)
        lines = [to_line(entry) for entry in laptop.journal]
        laptop.send(lines, laptop.head.hash or "")
    lost = len(said - hashes_at(place.office))
    return [f"{lost} refused"] if lost else []


@contextmanager
def _unique_nik(place: District) -> Iterator[None]:
    with place.office.database.writing() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX one_nik ON subject (nik)")
    yield


SCENES = (
    Scene(
        "The office holds what has no ancestor here", "an entry is taken without its `prev`",
        _without(sync__server__ingest__run___Work___hold=_apply_without_ancestor), _a_half_chain,
    ),
    Scene(
        "A batch is one unbroken run", "`prev` is not compared within a batch",
        _without(sync__server__ingest__batch__pairwise=lambda _: ()), _a_gap_within,
    ),
    Scene(
        "The laptop's chain is looked at link by link", "`prev` is not compared on the laptop",
        _without(enumerator_app__storage__journal___entry_faults=lambda *_: iter(())),
        _an_entry_taken_out,
    ),
    Scene(
        "A device's entries are a tree", "only what follows the newest entry is taken",
        _without(sync__server__ingest__run___Work__run=_one_line_only), _two_copies,
    ),
    Scene(
        "The same NIK twice is a case", "UNIQUE on the NIK", _unique_nik, _the_same_nik
    ),
)  # fmt: skip


def played(scene: Scene, seed: int, *, off: bool) -> list[str]:
    with district(5, seed) as place, scene.off(place) if off else contextlib.nullcontext():
        return scene.play(place)


# --------------------------------------------------------------------------------- the list


def _scene_row(scene: Scene, seed: int) -> dict[str, Any]:
    whole, without = played(scene, seed, off=False), played(scene, seed, off=True)
    return {
        "protection": scene.protection,
        "taken_away": scene.taken_away,
        "noticed_by": f"tests.faults.controls, {scene.play.__name__.strip('_').replace('_', ' ')}",
        "shows": ", ".join(without),
        "as_expected": not whole and bool(without),
    }


def campaigns() -> list[str]:
    """Return the campaigns that have a control, whoever wrote them."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py")}
    has_one = {name for name, text in files.items() if _OPTIONS.search(text)}
    others = {"reporting", "controls", "protocol_controls", "real_model"}
    return sorted(name for name in has_one - others if not name.startswith("test_"))


def _campaign_row(name: str, sizes: tuple[str, ...]) -> dict[str, Any]:
    line = [sys.executable, "-m", f"tests.faults.{name}", "--control", *sizes]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=False)
    report = json.loads(done.stdout) if done.stdout else {"control": done.stderr[-200:]}
    said = {key: value for key, value in report.items() if _is_shown(key, value)}
    return {
        "protection": _ABOUT.get(name, name),
        "taken_away": report.get("control"),
        "noticed_by": " ".join(("tests.faults." + name, "--control", *sizes)),
        "shows": "; ".join(f"{key}: {value}" for key, value in said.items()),
        "as_expected": done.returncode == 0,
    }


def _is_shown(key: str, value: Any) -> bool:
    """Whether a report says here what went wrong: a figure that is bad, or a drill's own words."""
    bad = {"lost", "doubled", "arrived_and_not_there", "skipped", "sent_to_need", "accepted"}
    return bool(value) and (key in bad or ": " in key)


_ABOUT = {
    "kill_saves": "A number is said after its commit",
    "kill_syncs": "A receipt leaves after its commit",
    "cut_syncs": "An entry that is here is not taken again",
    "slow_line": "A sync goes on where it was cut",
    "cursor_race": "Numbers of a feed are given under its lock",
    "drills": "What a district rehearses",
    "kill_register": "A number is said after its commit, with whole programs",
    "kill_typing": "What is typed is kept within a tenth of a second",
    "power_cuts": "`synchronous` is FULL, names are flushed",
    "damaged_files": "Every page has its seal, the log is remembered outside",
    "system_calls": "A number is said after its commit, at each call",
    "full_disk": "A number is said after its commit, on a full disk",
    "starts": "One process has a folder",
    "clocks": "A time that cannot be right is marked",
    "fuzz_server": "Bodies are unpacked up to a limit",
    "as_described": "Every refusal is one that the description names",
    "flip_cards": "A seal has one form",
    "mangle_codes": "A code has one form",
}


def run_controls(seed: int, known: list[dict[str, Any]], most_seconds: float) -> dict[str, Any]:
    """Run what is not among the `known` rows of an unfinished report, as far as the time goes."""
    began, rows = time.monotonic(), {row["protection"]: row for row in known}
    scenes = {scene.protection: partial(_scene_row, scene, seed) for scene in SCENES}
    others = {
        _ABOUT.get(name, name): partial(_campaign_row, name, SIZES.get(name, ()))
        for name in campaigns()
    }
    for protection, run in (scenes | others).items():
        if protection not in rows and time.monotonic() - began < most_seconds:
            rows[protection] = run()
    good = sum(row["as_expected"] for row in rows.values())
    whole = len(scenes) + len(others)
    return {
        "control": "each in turn", "controls": whole, "fail_as_they_must": good,
        "rows": list(rows.values()), "as_expected": good == whole,
    }  # fmt: skip


def _unfinished(path: Path | None) -> list[dict[str, Any]]:
    """Return the rows of a report that was begun at this very commit."""
    if path is None or not path.exists():
        return []
    report = json.loads(path.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = report["rows"] if report["commit"] == commit() else []
    return rows


def main() -> int:
    options = campaign_options(__doc__, timed=True).parse_args()
    known, most = _unfinished(options.save), options.most_minutes * 60
    return concluded(options, lambda: run_controls(options.seed, known, most))


if __name__ == "__main__":
    raise SystemExit(main())
