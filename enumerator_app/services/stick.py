"""A flash drive that gets each save as well: a laptop that is lost or drowned loses nobody.

Each packet is a bundle of what was saved since the one before it, sealed to the office. An index
beside them names their entries, so that the drive itself knows how far it is: another drive, or one
that was away, is brought up to date by itself. A drive that is not there never holds up a save.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from enumerator_app.domain.errors import FileUnwritable, KnownError
from enumerator_app.storage.store import Store
from sync.client.carrying import Cut, write_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

BUNDLE_SUFFIX: Final = ".tpb"
FOLDER: Final = "stick_folder"
_OWN_FOLDER: Final = "tani-pendata"
_INDEX: Final = "index.jsonl"


@dataclass(frozen=True, slots=True)
class StickStanding:
    """How the drive stands. `behind`: entries that are on this laptop and not on the drive."""

    folder: Path | None = None
    is_there: bool = False
    behind: int = 0

    @property
    def is_up_to_date(self) -> bool:
        return self.is_there and self.behind == 0


@dataclass(slots=True)
class _Index:
    """What is on the drive: the last entry, and the entries of each packet."""

    last: str | None = None
    erased: int = 0
    packets: dict[str, list[str]] = field(default_factory=dict)


class Stick:
    """The drive of one open laptop; every call may touch it, so never on the window's thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()

    @property
    def folder(self) -> Path | None:
        kept = self._store.setting(FOLDER)
        return Path(kept) if kept else None

    def use(self, folder: Path | None) -> None:
        """Write each save to this drive from now on; None: no more."""
        self._store.set_setting(FOLDER, str(folder) if folder else "")

    def standing(self) -> StickStanding:
        folder = self.folder
        if folder is None:
            return StickStanding()
        if not folder.is_dir():
            return StickStanding(folder)
        return StickStanding(folder, True, self._store.pending_after(self._known(folder))[0])

    def catch_up(self) -> int:
        """Write what was saved since the last packet; return how many entries it were.

        Raises:
            FileUnwritable: the drive is full, read only or was pulled out. What is on it stays.
        """
        with self._lock:
            folder = self.folder
            if folder is None or not folder.is_dir():
                return 0
            try:
                own = self._own(folder)
                own.mkdir(parents=True, exist_ok=True)
                index = self._pruned(own, _read_index(own))
                return self._write(own, index)
            except OSError as error:
                raise FileUnwritable(name=_OWN_FOLDER) from error

    def _known(self, folder: Path) -> str | None:
        last = _read_index(self._own(folder)).last
        return last if last is not None and self._store.holds(last) else None

    def _own(self, folder: Path) -> Path:
        return folder / _OWN_FOLDER / self._store.identity().device_code

    def _write(self, own: Path, index: _Index) -> int:
        last = index.last if index.last and self._store.holds(index.last) else None
        if not self._store.pending_after(last)[0]:
            return 0
        name = f"{len(index.packets) + 1:06d}-{os.urandom(3).hex()}{BUNDLE_SUFFIX}"
        cut = Cut(since=last, everything=last is None, own_photos=True)
        carried = write_bundle(self._store, own / name, cut)
        _add_to_index(own, {"packet": name, "entries": carried.hashes})
        return carried.entries

    def _pruned(self, own: Path, index: _Index) -> _Index:
        """Write packets of people who were erased anew, without them."""
        erased = self._store.entries_erased()
        if len(erased) == index.erased:
            return index
        for name, entries in index.packets.items():
            if erased.intersection(entries):
                write_bundle(self._store, own / name, Cut(chosen=tuple(entries), own_photos=True))
        _add_to_index(own, {"erased": len(erased)})
        return index


class StickKeeper:
    """Brings the drive up to date after each save, in a thread of its own."""

    def __init__(self, stick: Stick, store: Store) -> None:
        self._stick, self._store = stick, store
        self._saved, self._is_over = Event(), False
        self._thread: Thread | None = None
        self.trouble: KnownError | None = None
        self.changed: Callable[[], object] = lambda: None

    def start(self) -> None:
        """Begin to watch; what was saved while nobody did is written first."""
        if self._thread is None:
            self._is_over = False
            self._thread = Thread(target=self._run, name="stick", daemon=True)
            self._thread.start()
            self._store.tell_after_write(self._saved.set)
            self._saved.set()

    def stop(self) -> None:
        """Write what is left and end."""
        if self._thread is not None:
            self._store.tell_after_write(None)
            self._is_over = True
            self._saved.set()
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while True:
            self._saved.wait()
            self._saved.clear()
            is_last = self._is_over
            self._catch_up()
            if is_last:
                return

    def _catch_up(self) -> None:
        before = self.trouble
        try:
            written = self._stick.catch_up()
        except KnownError as error:
            self.trouble, written = error, 0
        else:
            self.trouble = None
        if written or (before is None) != (self.trouble is None):
            self.changed()


def _read_index(own: Path) -> _Index:
    """Return what the drive holds; a line that was cut off counts as not there.

    Its packet is written once more then, which is never wrong.
    """
    index = _Index()
    with suppress(OSError):
        for line in (own / _INDEX).read_bytes().splitlines():
            with suppress(ValueError, KeyError, TypeError, IndexError):
                _take_line(index, json.loads(line))
    return index


def _take_line(index: _Index, said: dict[str, Any]) -> None:
    if "erased" in said:
        index.erased = int(said["erased"])
        return
    entries = [str(entry) for entry in said["entries"]]
    index.packets[str(said["packet"])] = entries
    index.last = entries[-1]


def _add_to_index(own: Path, said: dict[str, Any]) -> None:
    """Add a line, on the drive when this returns; it begins anew after one that was cut off."""
    with (own / _INDEX).open("ab") as index:
        index.write(b"\n" + json.dumps(said, separators=(",", ":")).encode() + b"\n")
        index.flush()
        os.fsync(index.fileno())
