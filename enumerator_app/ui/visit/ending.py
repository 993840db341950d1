"""The end of a visit: asked for, closed, or closed because the battery is."""

from collections.abc import Callable
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, SignalInstance

from enumerator_app.services.visit_standing import VisitStanding
from enumerator_app.services.visit_words import left_over_words, recap
from enumerator_app.services.visits import Visits
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.visit.state import VisitState


class Ended(Protocol):
    """The page's presenter as its end sees it."""

    state: VisitState
    reading: Latest

    @property
    def changed(self) -> SignalInstance: ...
    def update(self, **changes: Any) -> None: ...
    def act(
        self, work: Callable[[], VisitStanding], done: Callable[[VisitStanding], object]
    ) -> None: ...
    def say_failed(self, error: Exception) -> None: ...


class Ending(QObject):
    """What closes a visit, and shows what was closed."""

    def __init__(self, visits: Visits, page: Ended) -> None:
        assert isinstance(page, QObject)
        super().__init__(page)
        self._visits, self._page = visits, page

    def ask_close(self) -> None:
        """Say what is unfinished, before anything is closed."""
        standing = self._page.state.standing
        if standing is None or self._page.state.is_busy:
            return
        self._page.reading.ask(
            lambda: self._visits.left_over(standing.visit.id),
            lambda left: self._page.update(kind="closing", panel="", left=left_over_words(left)),
            self._page.say_failed,
        )

    def close(self) -> None:
        standing = self._page.state.standing
        if standing is not None:
            self._page.act(lambda: self._visits.close(standing.visit.id), self._on_closed)

    def close_for_battery(self, words: str, closed: Callable[[], object]) -> None:
        """Close what is open, without a question: the laptop is about to stop.

        `closed` is called if there was something to close.
        """

        def work() -> VisitStanding | None:
            current = self._visits.book.current()
            return self._visits.close(current.visit.id) if current else None

        def done(standing: object) -> None:
            if standing is not None:
                closed()
                self._on_closed(cast("VisitStanding", standing))
                self._page.update(notice=words)

        start_job(self, work, done, self._page.say_failed)

    def show_last(self) -> None:
        """Show the recap of the visit that was closed last."""

        def found(standings: list[VisitStanding]) -> None:
            closed = [one for one in standings if not one.is_open]
            if closed:
                self._show_closed(closed[0])

        self._page.reading.ask(self._visits.book.all, found, self._page.say_failed)

    def _on_closed(self, standing: VisitStanding) -> None:
        self._show_closed(standing)
        self._page.changed.emit()

    def _show_closed(self, standing: VisitStanding) -> None:
        self._page.reading.forget()  # what was read before it was closed is old now
        said = recap(standing, self._visits.places)
        self._page.update(kind="closed", panel="", standing=standing, recap=said)
