"""Counts for the home page, beside the window, whenever it is opened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol, cast

from PySide6.QtCore import QObject

from enumerator_app.ui.attached import is_there
from enumerator_app.ui.home.state import HomeState, home_state, utc_now
from enumerator_app.ui.home.villages import village_lines
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import LaptopPort


class Renders(Protocol):
    def render_state(self, state: HomeState) -> None: ...


class HomePresenter(QObject):
    def __init__(
        self,
        laptop: LaptopPort,
        *,
        clock: Callable[[], datetime] = utc_now,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._clock = laptop, clock
        self._view: Renders | None = None
        self._counting = Latest(self)
        self.state = HomeState()

    def attach(self, view: Renders | None) -> None:
        self._view = view
        self._show(self.state)

    def refresh(self) -> None:
        self._counting.ask(self._count, self._on_counted, self._on_failed)

    def _count(self) -> HomeState:
        laptop = self._laptop
        standing = laptop.visits.book.current()
        counted = home_state(
            laptop.counts(),
            laptop.week(),
            laptop.tasks(),
            laptop.last_sync(),
            self._clock(),
            is_practice=laptop.is_practice,
            standing=standing,
            clock_is_sure=laptop.registering.rule_day().is_certain,
        )
        here = standing.visit.village_code if standing else ""
        return replace(counted, villages=village_lines(laptop.brought, laptop.places, here))

    def _on_counted(self, answer: object) -> None:
        self._show(cast("HomeState", answer))

    def _on_failed(self, error: Exception) -> None:
        self._show(replace(self.state, trouble=describe(error)))

    def _show(self, state: HomeState) -> None:
        self.state = state
        if is_there(self._view):
            self._view.render_state(state)
