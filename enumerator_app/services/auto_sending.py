"""Sending when the office's network appears: off, asked, or by itself.

A laptop with nothing to send still has to hear of decisions, cards, what was sent back, who was
erased, and that it was stopped: so it asks for news where the last sync is half a day old.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from enumerator_app.storage.store import Store
from sync.client.near import is_office_near

Mode = Literal["off", "ask", "on"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
AUTO_SEND: Final = "auto_send"
NEWS_AFTER: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class AtHand:
    """What the laptop sees: the mode, whether the office can be reached, what waits for it.

    `is_news_due`: the last sync was so long ago that the office may have something to say.
    """

    mode: Mode
    is_near: bool = False
    waiting: int = 0
    is_news_due: bool = False

    @property
    def has_reason(self) -> bool:
        return bool(self.waiting) or self.is_news_due


class AutoSend:
    """The choice, and a look around."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def mode(self) -> Mode:
        kept = self._store.setting(AUTO_SEND)
        return kept if kept in MODES else "off"

    def set_mode(self, mode: str) -> None:
        self._store.set_setting(AUTO_SEND, mode if mode in MODES else "off")

    def look(self) -> AtHand:
        """Look whether there is something to send or to hear, and if so for the office."""
        mode = self.mode()
        is_practice = self._store.setting("practice") == "yes"
        if mode == "off" or is_practice or not self._store.is_enrolled:
            return AtHand("off")
        counts = self._store.counts()
        waiting = counts.entries_pending + counts.photos_pending
        seen = AtHand(mode, waiting=waiting, is_news_due=self._is_news_due())
        if not seen.has_reason:
            return seen
        return replace(seen, is_near=is_office_near(self._store.identity().server_url))

    def _is_news_due(self) -> bool:
        """Whether the last sync is long ago; a clock that was put back says so too."""
        last = self._store.last_sync()
        return last is None or abs(self._clock() - last.at) >= NEWS_AFTER
