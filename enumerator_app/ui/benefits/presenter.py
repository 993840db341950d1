"""Turns the pages; asks the laptop only for the office's telephone number."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_programme_tables
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.benefits.state import BenefitsState, benefits_state
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.ports import LaptopPort


class Renders(Protocol):
    def render_state(self, state: BenefitsState) -> None: ...


class BenefitsPresenter(QObject):
    """Keeps the open page while the view is built anew; closing goes back to the first."""

    closed = Signal()
    finished = Signal()  # the last page was seen; `closed` follows

    def __init__(
        self,
        laptop: LaptopPort,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._clock = laptop, clock
        self._view: Renders | None = None
        self._asking = Latest(self)
        self._phone = ""
        self._at = 0

    @property
    def state(self) -> BenefitsState:
        today = day_in_wib(self._clock())
        return benefits_state(load_programme_tables(), today, self._phone, at=self._at)

    def attach(self, view: Renders | None) -> None:
        self._view = view
        self._show()

    def refresh(self) -> None:
        """Ask for the office's number; without one the pages name the village office."""
        self._asking.ask(lambda: self._laptop.setting("posko_phone"), self._on_phone, _ignored)

    def go_on(self) -> None:
        """Show the next page; after the last one, close."""
        if self.state.is_last:
            self.finished.emit()
            self.close()
        else:
            self._turn_to(self._at + 1)

    def go_back(self) -> None:
        self._turn_to(max(0, self._at - 1))

    def close(self) -> None:
        self._at = 0
        self.closed.emit()

    def _turn_to(self, at: int) -> None:
        self._at = at
        self._show()

    def _on_phone(self, answer: object) -> None:
        self._phone = str(answer)
        self._show()

    def _show(self) -> None:
        if is_there(self._view):
            self._view.render_state(self.state)


def _ignored(_: object) -> None:
    return None
