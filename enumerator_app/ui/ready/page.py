"""The page before leaving as the shell takes it."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from enumerator_app.services.laptop import Laptop
from enumerator_app.ui.latest import close_lanes
from enumerator_app.ui.ready.presenter import ReadyPresenter
from enumerator_app.ui.ready.state import Around
from enumerator_app.ui.ready.view import ReadyView


class ReadyPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    page_asked = Signal(str)

    def __init__(
        self,
        laptop: Laptop,
        look_around: Callable[[], Around],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.presenter = ReadyPresenter(laptop, look_around, clock, parent=self)

    def build(self) -> ReadyView:
        view, mind = ReadyView(), self.presenter
        view.page_asked.connect(self.page_asked)
        view.paper_said.connect(mind.say_paper)
        view.again_asked.connect(mind.refresh)
        mind.attach(view)
        mind.refresh()
        return view

    def refresh(self) -> None:
        """Look again: the page was opened."""
        self.presenter.refresh()

    def stop(self) -> None:
        close_lanes(self)
        self.presenter.attach(None)
