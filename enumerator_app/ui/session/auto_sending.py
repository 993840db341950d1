"""When the office's network appears: a quiet line, or a sync by itself. Typing is never disturbed.

Nothing opens, nothing takes the cursor. By itself it starts only in a pause of the keyboard, with a
cable or enough battery, and once each time that the network appears or something new waits. Where
nothing waits and only news is due, it asks once while the network is there.
"""

import time
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from enumerator_app.domain.instants import WIB
from enumerator_app.services.auto_sending import AtHand
from enumerator_app.texts import text, thousands
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.sending.presenter import SendingPresenter

LOOK_MS: Final = 30_000
PAUSE_S: Final = 20.0
AGAIN_S: Final = 600.0
LEAST_PERCENT: Final = 20


class Looks(Protocol):
    def look(self) -> AtHand: ...


class AutoSending(QObject):
    """Looks now and then, and says in one line what it sees and what it did."""

    said = Signal(str)

    def __init__(
        self,
        around: Looks,
        sending: SendingPresenter,
        *,
        battery: Callable[[], Battery | None],
        idle_s: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._around, self._sending = around, sending
        self._battery, self._idle_s, self._clock = battery, idle_s, clock
        self._looking = Latest(self)
        self._line = ""
        self._sent_at: float | None = None
        self._is_own = False
        self._has_asked_news = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        sending.changed.connect(self._on_ended)

    def start(self) -> None:
        self._timer.start()
        self.look()

    def stop(self) -> None:
        self._timer.stop()

    def look(self) -> None:
        """Look around beside the window; a sync under way says enough by itself."""
        if not self._sending.is_sending:
            self._looking.ask(self._around.look, self._on_seen, lambda _error: None)

    def _on_seen(self, seen: object) -> None:
        assert isinstance(seen, AtHand)
        if self._sending.is_sending:
            return
        if seen.mode == "off" or (seen.has_reason and not seen.is_near):
            self._has_asked_news = False
            self._say("")
        elif not seen.has_reason:
            return  # what was said of the last sync stays
        elif seen.mode == "ask":
            self._say(text("auto_sending.ask" if seen.waiting else "auto_sending.ask_news"))
        elif seen.waiting or not self._has_asked_news:
            self._begin(for_news=not seen.waiting)

    def _begin(self, *, for_news: bool) -> None:
        """Send by itself, unless something speaks against it; then say what."""
        battery = self._battery()
        is_low = battery is not None and not battery.is_plugged
        if is_low and battery is not None and battery.percent < LEAST_PERCENT:
            self._say(text("auto_sending.battery", n=battery.percent))
        elif self._sent_at is not None and self._clock() - self._sent_at < AGAIN_S:
            return
        elif self._idle_s() < PAUSE_S:
            self._say("" if for_news else text("auto_sending.pause"))
        else:
            self._sent_at, self._is_own, self._has_asked_news = self._clock(), True, for_news
            self._say(text("auto_sending.fetching" if for_news else "auto_sending.sending"))
            self._sending.send(how="alone")

    def _on_ended(self) -> None:
        if not self._is_own:
            self._say("")
            return
        self._is_own = False
        state = self._sending.state
        result = state.result
        if state.is_stopped:
            self._say("")  # the window says more of that, and what to do
        elif state.may_close and result is not None:
            at = f"{state.last_at.astimezone(WIB):%H.%M}" if state.last_at else ""
            key = "auto_sending.done" if result.pushed else "auto_sending.heard"
            self._say(text(key, n=thousands(result.pushed), time=at))
        else:
            self._say(text("auto_sending.not_done"))

    def _say(self, line: str) -> None:
        if line != self._line:
            self._line = line
            self.said.emit(line)
