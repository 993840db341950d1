"""How far a sync is and how long it will take, in the words that window and command line share."""

import time
from collections.abc import Callable
from typing import Final

from enumerator_app.texts import megabytes, text, thousands
from sync.client.progress import Progress

RECORD_BYTES: Final = 1_500  # one registration on its way, as measured over sample data
PHOTO_BYTES: Final = 45_000
LEAST_S_FOR_A_RATE: Final = 1.0


def time_left_words(sent_bytes: int, elapsed_s: float, *, records: int, photos: int) -> str:
    """Return how long so many records and photos will take at this pace; "" until it is known."""
    if elapsed_s < LEAST_S_FOR_A_RATE or sent_bytes <= 0:
        return ""
    left_s = (records * RECORD_BYTES + photos * PHOTO_BYTES) / (sent_bytes / elapsed_s)
    if left_s < 60:
        return text("sending.under_a_minute")
    return text("sending.minutes", n=round(left_s / 60))


class SyncPace:
    """One sync as lines: the stage, how many of how many, and for what is sent its MB and time.

    `records` and `photos`: how many wait when it begins.
    """

    def __init__(
        self, records: int, photos: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._left = {"entries": records, "photos": photos}
        self._sent = {"entries": 0, "photos": 0}
        self._clock, self._began = clock, clock()

    def line(self, step: Progress) -> str:
        """Return what one report of the engine means, with what was reported before."""
        stage = text(f"sync.stage.{step.stage}")
        if not step.total:
            return stage
        done, total = thousands(step.done), thousands(step.total)
        amount = text(f"sync.amount.{step.stage}", done=done, total=total)
        if step.stage not in self._sent:
            return text("sync.line", stage=stage, amount=amount)
        self._left[step.stage] = max(0, step.total - step.done)
        self._sent[step.stage] = max(self._sent[step.stage], step.bytes_done)
        return self._with_pace(stage, amount)

    def _with_pace(self, stage: str, amount: str) -> str:
        sent = sum(self._sent.values())
        elapsed_s = self._clock() - self._began
        records, photos = self._left["entries"], self._left["photos"]
        left = time_left_words(sent, elapsed_s, records=records, photos=photos)
        key = "sync.line_left" if left and (records or photos) else "sync.line_sent"
        return text(key, stage=stage, amount=amount, mb=megabytes(sent), left=left)
