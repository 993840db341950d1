"""Sending by flash drive where there is no line: the file for the office, and its answer."""

from dataclasses import replace
from pathlib import Path

from enumerator_app.services.stick import BUNDLE_SUFFIX, Stick, StickKeeper
from enumerator_app.services.sync_log import SyncLog
from enumerator_app.storage.store import Store
from sync.client.answer_file import Watch, unwatched
from sync.client.carrying import (
    AnswerTaken,
    Carried,
    Cut,
    take_answer,
    write_bundle,
)
from sync.client.looking import AnswerSeen, look_at_answer

__all__ = ["ANSWER_SUFFIX", "BUNDLE_SUFFIX", "Carrying"]

ANSWER_SUFFIX = ".tpa"


class Carrying:
    """The flash drive of one open laptop."""

    def __init__(self, store: Store, log: SyncLog) -> None:
        self._store, self._log = store, log
        self.stick = Stick(store)
        self.keeper = StickKeeper(self.stick, store)

    def write(self, path: Path, *, everything: bool = False, watch: Watch = unwatched) -> Carried:
        """Write what the office has not confirmed; nothing is marked as sent by it.

        Raises:
            FileUnwritable: nothing was written; everything stays here as it was.
            Stopped: the same, as `watch` said.
        """
        with self._log.noted("drive_out") as notes:
            carried = write_bundle(self._store, path, Cut(everything=everything), watch)
            notes.append(self._log.note("drive_out", "written", carried.entries, carried.photos))
        return carried

    def look(self, path: Path, watch: Watch = unwatched) -> AnswerSeen:
        """Return what an answer would change here, and change nothing. Raises as `take_answer`."""
        return look_at_answer(self._store, path, watch)

    def close(self) -> None:
        """Bring the drive up to date once more, and let it go."""
        self.keeper.stop()

    def take_answer(self, path: Path, watch: Watch = unwatched) -> AnswerTaken:
        """Apply what the office wrote back.

        Raises:
            BundleUnreadable, BundleForeign, OfficeNotProven: nothing was changed.
            Stopped: what was applied stays; again does the rest.
        """
        with self._log.noted("drive_in") as notes:
            taken = take_answer(self._store, path, watch)
            outcome = "locked" if taken.locked else "answered"
            note = self._log.note("drive_in", outcome, taken.settled, taken.photos)
            notes.append(replace(note, pulled=taken.pulled, pending=taken.pending))
        return taken
