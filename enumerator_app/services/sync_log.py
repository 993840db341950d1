"""The log of syncs: what each did, noted when it ends, and said in words."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final

from enumerator_app.domain.errors import KnownError
from enumerator_app.storage.store import Store
from enumerator_app.storage.sync_log import How, SyncNote
from enumerator_app.storage.sync_side import moment_by
from enumerator_app.texts import catalogue, text, thousands
from sync.client.progress import SyncResult

_BY_DRIVE: Final = ("drive_out", "drive_in")


class SyncLog:
    """Notes each sync of one open laptop, however it ends."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def read(self, limit: int = 100) -> list[SyncNote]:
        """Return the last syncs, the newest first."""
        return self._store.syncs(limit)

    @contextmanager
    def noted(self, how: How) -> Iterator[list[SyncNote]]:
        """Note what the block puts into the list, or the error that it ends with."""
        began, heard_before = time.monotonic(), self._store.office_time()
        found: list[SyncNote] = []
        try:
            yield found
        except KnownError as error:
            failed = SyncNote(self._clock(), how, error.code, detail=error.parameters)
            self._note(failed, began, heard_before)
            raise
        for note in found:
            self._note(note, began, heard_before)

    def note_of(self, how: How, result: SyncResult, *, was_stopped: bool) -> SyncNote:
        agreed = result.heads_agree and not result.pending
        outcome = "agreed" if agreed else "stopped" if was_stopped else "part"
        if result.locked:
            outcome = "locked"
        if result.too_old:
            outcome = "too_old"
        return SyncNote(
            self._clock(), how, outcome, result.pushed, result.photos, result.pulled,
            result.pending,
        )  # fmt: skip

    def note(self, how: How, outcome: str, pushed: int, photos: int) -> SyncNote:
        return SyncNote(self._clock(), how, outcome, pushed, photos)

    def _note(self, note: SyncNote, began: float, heard_before: str | None) -> None:
        at = self._moment(note, heard_before)
        self._store.note_sync(replace(note, at=at, seconds=round(time.monotonic() - began)))

    def _moment(self, note: SyncNote, heard_before: str | None) -> datetime:
        """Return when it ended: by the office where this clock is a day off or more.

        An office that was not heard just now, or whose answer came by drive, says only what has
        passed already.
        """
        office = self._store.office_time()
        if office is None:
            return note.at
        at = moment_by(note.at, office)
        is_heard = office != heard_before and note.how not in _BY_DRIVE
        return at if is_heard else max(at, note.at)


def outcome_words(note: SyncNote) -> str:
    """Return how a sync ended, as a sentence a coordinator can read."""
    key = f"sync_log.{note.outcome}"
    if key not in catalogue():
        said = text(f"errors.{note.outcome}", None, **note.detail)
        return f"{said.partition('. ')[0].rstrip('.')}."
    return text(
        key, pushed=thousands(note.pushed), photos=thousands(note.photos),
        pulled=thousands(note.pulled), pending=thousands(note.pending),
    )  # fmt: skip


def how_words(note: SyncNote) -> str:
    """Return what began a sync: a key, the laptop alone, a command, a flash drive."""
    return text(f"sync_log.by_{note.how}")
