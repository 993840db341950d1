"""Asks the laptop and the machine once whenever the page is opened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject

from enumerator_app.services.laptop import Laptop
from enumerator_app.services.readiness import Readiness, readiness, say_paper
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ready.state import Around, ReadyState, ready_rows


class Renders(Protocol):
    def render_state(self, state: ReadyState) -> None: ...


class ReadyPresenter(QObject):
    def __init__(
        self,
        laptop: Laptop,
        look_around: Callable[[], Around],
        clock: Callable[[], datetime],
        *,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._look_around, self._clock = laptop, look_around, clock
        self._view: Renders | None = None
        self._asking = Latest(self)
        self.state = ReadyState()

    def attach(self, view: Renders | None) -> None:
        self._view = view
        self._show(self.state)

    def refresh(self) -> None:
        self._asking.ask(self._read, self._on_read, self._on_failed)

    def say_paper(self) -> None:
        """Somebody looked: paper and ink are there, or after all not."""
        is_there = any(row.key == "paper" and row.mark == "ok" for row in self.state.rows)

        def work() -> Readiness:
            say_paper(self._laptop, self._clock(), is_there=not is_there)
            return self._read()

        self._asking.ask(work, self._on_read, self._on_failed)

    def _read(self) -> Readiness:
        return readiness(self._laptop, self._clock())

    def _on_read(self, found: Readiness) -> None:
        around, now = self._look_around(), self._clock()
        rows = ready_rows(found, around, now, is_practice=self._laptop.is_practice)
        self._show(ReadyState(rows))

    def _on_failed(self, error: Exception) -> None:
        self._show(replace(self.state, trouble=describe(error)))

    def _show(self, state: ReadyState) -> None:
        self.state = state
        if is_there(self._view):
            self._view.render_state(state)
