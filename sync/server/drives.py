"""Flash drives brought to the office's pages: kept for a day, looked at, taken in and answered.

The files are sealed to the office, as they were on the drive. Reading them again is harmless, so
whatever is cut off in between may be begun anew.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from pydantic import TypeAdapter

from enumerator_app.domain.instants import instant_from_text
from enumerator_app.texts import text
from sync.server.bundle_tally import BundleTaken, Unread, own_disk
from sync.server.bundles import ANSWER_SUFFIX, SUFFIX, How, import_files, is_for_older_key, size_of
from sync.server.errors import OfficeDiskRefuses
from sync.server.home import Home, write_privately
from sync.server.office import Office
from sync.server.people.audit import audit

OLDER_KEY: Final = "bundle_older_key"
KEPT_FOR: Final = timedelta(days=1)
_ABOUT: Final = "drive.json"


@dataclass(frozen=True, slots=True)
class LaptopFound:
    """What the files of one laptop held, as `BundleTaken` counts it; files by what they are called.

    `notes`: what has to be said of it besides, each with its count.
    """

    device: str
    label: str
    new: int
    known: int
    waiting: int
    damaged: int
    photos: int
    erased_in: list[str]
    notes: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """What all files of a drive held."""

    laptops: list[LaptopFound]
    unread: list[Unread]


@dataclass(frozen=True, slots=True)
class Drive:
    """Files that somebody brought, by what they are called; `found` once they were read.

    `is_begun`: taking it in began. `is_taken`: it was taken in, and has its answers.
    """

    id: str
    account: str
    at: str
    files: dict[str, str]
    is_begun: bool = False
    is_taken: bool = False
    found: Found | None = None


_FORM: Final = TypeAdapter(Drive)


def keep(office: Office, account: str, brought: Sequence[tuple[str, Path]]) -> Drive:
    """Keep files of a drive, which are moved, and look at what they hold.

    Raises:
        OfficeDiskRefuses: nothing of them is kept here.
    """
    forget_old(office)
    named = _told_apart(brought)
    files = {f"{n:05d}{SUFFIX}": said for n, said in enumerate(named)}
    drive = Drive(uuid4().hex, account, office.now(), files)
    try:
        with own_disk(len(files)):
            _move_in(office, drive, named)
        return _work(office, drive, dry_run=True)
    except OfficeDiskRefuses:
        forget(office, drive)
        raise


def _move_in(office: Office, drive: Drive, named: Mapping[str, Path]) -> None:
    folder = _place(office.home, drive.id)
    folder.mkdir(mode=0o700, parents=True)
    _write(office, drive)
    for kept, said in drive.files.items():
        named[said].rename(folder / kept)


def take_in(office: Office, drive: Drive) -> Drive:
    """Take a drive in, and write the answer for each of its laptops.

    What was new when it was first taken in, or was looked at if that was cut, stays told as new.

    Raises:
        OfficeDiskRefuses: it says what is in; doing it again adds the rest.
    """
    with own_disk(len(drive.files)):
        _write(office, replace(drive, is_begun=True))
    taken = _work(office, drive, dry_run=False)
    with own_disk(0, laptops_of(taken)), office.database.writing() as connection:
        for one in laptops_of(taken):
            audit(office, connection, drive.account, "drive_taken", one.device)
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


def laptops_of(drive: Drive) -> list[LaptopFound]:
    return drive.found.laptops if drive.found else []


def size_of_all(office: Office, drive: Drive) -> int:
    """Return how many bytes its files have."""
    folder = _place(office.home, drive.id)
    return sum(size_of(folder / name) for name in drive.files)


def answer_of(office: Office, drive: Drive, code: str) -> Path | None:
    """Return the answer for a laptop, which is called what the command calls it."""
    codes = {one.device for one in laptops_of(drive)} if drive.is_taken else set()
    path = _answer(office, drive)
    named = path.with_stem(f"{path.stem}-{code}")
    return named if code in codes and named.exists() else None


def forget(office: Office, drive: Drive) -> None:
    shutil.rmtree(_place(office.home, drive.id), ignore_errors=True)


def forget_old(office: Office) -> None:
    """Let go of drives that were brought more than a day ago, also of what cannot be read."""
    for folder in _all(office.home).glob("*"):
        drive = _read(folder)
        at = instant_from_text(drive.at) if drive else _changed_at(folder)
        if at and office.clock() - at > KEPT_FOR:
            shutil.rmtree(folder, ignore_errors=True)


def _work(office: Office, drive: Drive, *, dry_run: bool) -> Drive:
    folder = _place(office.home, drive.id)
    files = {said: folder / name for name, said in drive.files.items()}
    older = [name for name, path in files.items() if is_for_older_key(office, path)]
    fresh = {name: path for name, path in files.items() if name not in older}
    taken = import_files(office, fresh, How(_answer(office, drive), dry_run))
    unread = taken.unread + [Unread(name, OLDER_KEY) for name in older]
    found = Found([_told(one, drive) for one in taken.laptops], unread)
    if drive.is_begun and drive.found:
        found = replace(found, laptops=_as_first_told(drive.found.laptops, found.laptops))
    done = replace(drive, is_begun=not dry_run, is_taken=not dry_run, found=found)
    with own_disk(len(files) if dry_run else 0, [] if dry_run else taken.laptops):
        _write(office, done)
    return done


def _told(one: BundleTaken, drive: Drive) -> LaptopFound:
    erased = [drive.files[Path(path).name] for path in one.erased_in]
    return LaptopFound(
        one.sender.code, one.sender.label, one.new, one.known, one.waiting, one.damaged,
        one.photos, erased, list(one.notes()),
    )  # fmt: skip


def _as_first_told(first: list[LaptopFound], again: list[LaptopFound]) -> list[LaptopFound]:
    """Return what is told again, with what was new at first: it is known by now."""
    told = {one.device: one for one in first}
    return [_as_new_at_first(told.get(one.device, one), one) for one in again]


def _as_new_at_first(first: LaptopFound, again: LaptopFound) -> LaptopFound:
    here = again.new + again.known
    new = min(max(first.new, again.new), here)
    return replace(again, new=new, known=here - new, photos=max(first.photos, again.photos))


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
    read = map(_read, _all(office.home).glob("*"))
    return (drive for drive in read if drive)


def _read(folder: Path) -> Drive | None:
    """Return the drive in a folder; none where it is just let go of, or is of another form."""
    try:
        drive = _FORM.validate_json((folder / _ABOUT).read_bytes())
        instant_from_text(drive.at)
    except (OSError, ValueError):
        return None
    return drive


def _changed_at(folder: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    except OSError:
        return None


def _is_over(office: Office, drive: Drive) -> bool:
    return office.clock() - instant_from_text(drive.at) > KEPT_FOR


def _answer(office: Office, drive: Drive) -> Path:
    return _place(office.home, drive.id) / f"{text('bundles.answer_name', 'id')}{ANSWER_SUFFIX}"


def _all(home: Home) -> Path:
    return home.path / "drives"


def _place(home: Home, name: str) -> Path:
    return _all(home) / name
