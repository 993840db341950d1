"""The home page as the shell takes it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from enumerator_app.ui.home.presenter import HomePresenter
from enumerator_app.ui.home.state import utc_now
from enumerator_app.ui.home.view import HomeView
from enumerator_app.ui.ports import LaptopPort


class HomePage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    page_asked = Signal(str)  # key of a page of the shell, or "benefits"

    def __init__(
        self, laptop: LaptopPort, *, clock: Callable[[], datetime] = utc_now, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.presenter = HomePresenter(laptop, clock=clock, parent=self)

    def build(self) -> HomeView:
        """Return a new view that shows the state as it is, and count anew."""
        view = HomeView()
        view.page_asked.connect(self.page_asked)
        view.again_asked.connect(self.refresh)
        self.presenter.attach(view)
        self.presenter.refresh()
        return view

    def refresh(self) -> None:
        """Count anew: the page was opened, or another page changed something."""
        self.presenter.refresh()

    def stop(self) -> None:
        self.presenter.attach(None)
