"""Flash drives brought to the office's pages: kept for a day, looked at, taken in and answered.

The files are sealed to the office, as they were on the drive. Reading them again is harmless, so
whatever is cut off in between may be begun anew.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from enumerator_app.domain.instants import instant_from_text
from enumerator_app.texts import text
from sync.server.bundle_tally import BundleTaken
from sync.server.bundles import ANSWER_SUFFIX, SUFFIX, How, import_files, is_for_older_key
from sync.server.home import Home, write_privately
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.trust import refresh_trust

OLDER_KEY: Final = "bundle_older_key"
KEPT_FOR: Final = timedelta(days=1)
_ABOUT: Final = "drive.json"


@dataclass(frozen=True, slots=True)
class Drive:
    """Files that somebody brought, by what they are called; `found` is what they hold.

    `found`: `laptops` with their counts and `notes`, and `unread` files. `is_taken`: it was taken
    in, and has its answers.
    """

    id: str
    account: str
    at: str
    files: dict[str, str]
    is_taken: bool = False
    found: dict[str, Any] = field(default_factory=dict)


def keep(office: Office, account: str, brought: Sequence[tuple[str, Path]]) -> Drive:
    """Keep files of a drive, which are moved, and look at what they hold."""
    forget_old(office)
    name = uuid4().hex
    folder = _place(office.home, name)
    folder.mkdir(mode=0o700, parents=True)
    named = _told_apart(brought)
    files = {f"{n:05d}{SUFFIX}": said for n, said in enumerate(named)}
    drive = Drive(name, account, office.now(), files)
    _write(office, drive)
    for kept, said in files.items():
        named[said].rename(folder / kept)
    return _work(office, drive, dry_run=True)


def take_in(office: Office, drive: Drive) -> Drive:
    """Take a drive in, and write the answer for each of its laptops."""
    refresh_trust(office)  # the answer carries the newest list
    taken = _work(office, drive, dry_run=False)
    with office.database.writing() as connection:
        for one in taken.found["laptops"]:
            audit(office, connection, drive.account, "drive_taken", one["device"])
    return taken


def find(office: Office, name: str, account: str) -> Drive | None:
    """Return the drive that this person brought within a day."""
    return next((one for one in brought_by(office, account) if one.id == name), None)


def brought_by(office: Office, account: str) -> list[Drive]:
    """Return what this person brought within a day, the newest first."""
    found = [
        one
        for one in _kept(office)
        if one.account == account and one.found and not _is_over(office, one)
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def answer_of(office: Office, drive: Drive, code: str) -> Path | None:
    """Return the answer for a laptop, which is called what the command calls it."""
    codes = {one["device"] for one in drive.found["laptops"]} if drive.is_taken else set()
    path = _answer(office, drive)
    named = path.with_stem(f"{path.stem}-{code}")
    return named if code in codes and named.exists() else None


def forget(office: Office, drive: Drive) -> None:
    shutil.rmtree(_place(office.home, drive.id), ignore_errors=True)


def forget_old(office: Office) -> None:
    """Let go of drives that were brought more than a day ago."""
    for one in _kept(office):
        if _is_over(office, one):
            forget(office, one)


def _work(office: Office, drive: Drive, *, dry_run: bool) -> Drive:
    folder = _place(office.home, drive.id)
    files = {said: folder / name for name, said in drive.files.items()}
    older = [name for name, path in files.items() if is_for_older_key(office, path)]
    fresh = {name: path for name, path in files.items() if name not in older}
    taken = import_files(office, fresh, How(_answer(office, drive), dry_run))
    unread = [asdict(one) for one in taken.unread]
    unread += [{"file": name, "code": OLDER_KEY} for name in older]
    laptops = [_told(one, drive) for one in taken.laptops]
    found = {"laptops": laptops, "unread": unread}
    done = Drive(drive.id, drive.account, drive.at, drive.files, not dry_run, found)
    _write(office, done)
    return done


def _told(one: BundleTaken, drive: Drive) -> dict[str, Any]:
    """Return what the files of one laptop held, the files by what they are called."""
    erased = [drive.files[Path(path).name] for path in one.erased_in]
    return one.as_fields() | {"erased_in": erased, "notes": list(one.notes())}


def _told_apart(brought: Sequence[tuple[str, Path]]) -> dict[str, Path]:
    """Return files by what they are called; none is lost for a name it shares."""
    named: dict[str, Path] = {}
    for said, path in sorted(brought):
        name, n = said, 2
        while name in named:
            name, n = f"{said} ({n})", n + 1
        named[name] = path
    return named


def _write(office: Office, drive: Drive) -> None:
    about = _place(office.home, drive.id) / _ABOUT
    write_privately(about, json.dumps(asdict(drive)).encode())


def _kept(office: Office) -> Iterator[Drive]:
    for path in _all(office.home).glob(f"*/{_ABOUT}"):
        with suppress(FileNotFoundError):  # somebody else has just let go of it
            yield Drive(**json.loads(path.read_bytes()))


def _is_over(office: Office, drive: Drive) -> bool:
    return office.clock() - instant_from_text(drive.at) > KEPT_FOR


def _answer(office: Office, drive: Drive) -> Path:
    return _place(office.home, drive.id) / f"{text('bundles.answer_name', 'id')}{ANSWER_SUFFIX}"


def _all(home: Home) -> Path:
    return home.path / "drives"


def _place(home: Home, name: str) -> Path:
    return _all(home) / name
