"""Sending when the office's network appears: off, asked, or by itself."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from enumerator_app.storage.store import Store
from sync.client.near import is_office_near

Mode = Literal["off", "ask", "on"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
AUTO_SEND: Final = "auto_send"


@dataclass(frozen=True, slots=True)
class AtHand:
    """What the laptop sees: the mode, whether the office can be reached, what waits for it."""

    mode: Mode
    is_near: bool = False
    waiting: int = 0


class AutoSend:
    """The choice, and a look around."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def mode(self) -> Mode:
        kept = self._store.setting(AUTO_SEND)
        return kept if kept in MODES else "off"

    def set_mode(self, mode: str) -> None:
        self._store.set_setting(AUTO_SEND, mode if mode in MODES else "off")

    def look(self) -> AtHand:
        """Look whether there is something to send, and if so whether the office is near."""
        mode = self.mode()
        is_practice = self._store.setting("practice") == "yes"
        if mode == "off" or is_practice or not self._store.is_enrolled:
            return AtHand("off")
        counts = self._store.counts()
        waiting = counts.entries_pending + counts.photos_pending
        is_near = bool(waiting) and is_office_near(self._store.identity().server_url)
        return AtHand(mode, is_near, waiting)
