"""A flash drive that gets each save as well: a laptop that is lost or drowned loses nobody.

Each packet is a bundle of what was saved since the one before it, sealed to the office. An index
beside them names their entries, so that the drive itself knows how far it is: another drive, or one
that was away, is brought up to date by itself. A drive that is not there never holds up a save.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from enumerator_app.domain.errors import FileUnwritable, KnownError
from enumerator_app.services.stick_index import Index, add_to_index, read_index
from enumerator_app.storage.store import Store
from sync.client.carrying import Cut, write_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

BUNDLE_SUFFIX: Final = ".tpb"
FOLDER: Final = "stick_folder"
LOOK_EVERY_S: Final = 3.0
"""How soon a drive that was plugged in again is noticed."""
_OWN_FOLDER: Final = "tani-pendata"


@dataclass(frozen=True, slots=True)
class StickStanding:
    """How the drive stands. `behind`: entries that are on this laptop and not on the drive.

    `left`: packets with content of people who were erased, which only the office can let go.
    """

    folder: Path | None = None
    is_there: bool = False
    behind: int = 0
    left: tuple[str, ...] = ()

    @property
    def is_up_to_date(self) -> bool:
        return self.is_there and self.behind == 0


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

    @property
    def is_there(self) -> bool:
        folder = self.folder
        return folder is not None and folder.is_dir()

    def standing(self) -> StickStanding:
        folder = self.folder
        if folder is None:
            return StickStanding()
        if not folder.is_dir():
            return StickStanding(folder)
        own = self._own(folder)
        index = read_index(own)
        behind = self._store.pending_after(self._last(index))[0]
        left = tuple(name for name in sorted(index.left) if (own / name).exists())
        return StickStanding(folder, True, behind, left)

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
                index, erased = read_index(own), self._store.entries_erased()
                self._prune(own, index, erased)
                return self._write(own, index, erased)
            except OSError as error:
                raise FileUnwritable(name=_OWN_FOLDER) from error

    def _last(self, index: Index) -> str | None:
        return index.last if index.last and self._store.holds(index.last) else None

    def _own(self, folder: Path) -> Path:
        return folder / _OWN_FOLDER / self._store.identity().device_code

    def _write(self, own: Path, index: Index, erased: set[str]) -> int:
        last = self._last(index)
        if not self._store.pending_after(last)[0]:
            return 0
        name = f"{len(index.packets) + 1:06d}-{os.urandom(3).hex()}{BUNDLE_SUFFIX}"
        cut = Cut(since=last, everything=last is None, own_photos=True)
        carried = write_bundle(self._store, own / name, cut)
        line = {"packet": name, "entries": carried.hashes}
        if without := sorted(erased.intersection(carried.hashes)):
            line["without"] = without
        add_to_index(own, index, line)
        return carried.entries

    def _prune(self, own: Path, index: Index, erased: set[str]) -> None:
        """Take people who were erased out of the packets that hold them."""
        for name, entries in index.packets.items():
            gone = erased.intersection(entries)
            if not gone <= index.without[name]:
                self._prune_packet(own, index, name, gone)

    def _prune_packet(self, own: Path, index: Index, name: str, gone: set[str]) -> None:
        """Write a packet without `gone`; one with content that is not here stays, and is named.

        The drive may be the only place that has it: this laptop may have been set back since.
        """
        entries = index.packets[name]
        if not (own / name).exists():  # the office took it in, and off the drive
            add_to_index(own, index, {"pruned": name, "without": sorted(gone)})
        elif not self._store.lacking([entry for entry in entries if entry not in gone]):
            write_bundle(self._store, own / name, Cut(chosen=tuple(entries), own_photos=True))
            add_to_index(own, index, {"pruned": name, "without": sorted(gone)})
        elif index.left.get(name, frozenset()) != gone:
            add_to_index(own, index, {"left": name, "erased": sorted(gone)})


class StickKeeper:
    """Brings the drive up to date after each save, and when it is plugged in again.

    It works in a thread of its own.
    """

    def __init__(self, stick: Stick, store: Store, *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._stick, self._store, self._look_every_s = stick, store, look_every_s
        self._saved, self._is_over, self._was_there = Event(), False, False
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

    def look(self) -> None:
        """Write what is missing on the drive now, if this keeper was started."""
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
            is_asked = self._saved.wait(self._look_every_s)
            self._saved.clear()
            is_last, is_there = self._is_over, self._stick.is_there
            came_or_went, self._was_there = is_there != self._was_there, is_there
            if is_asked or came_or_went:
                self._catch_up(tell=came_or_went)
            if is_last:
                return

    def _catch_up(self, *, tell: bool) -> None:
        before = self.trouble
        try:
            written = self._stick.catch_up()
        except KnownError as error:
            self.trouble, written = error, 0
        else:
            self.trouble = None
        if tell or written or (before is None) != (self.trouble is None):
            self.changed()
