"""The pages that are turned to the workers, as the shell takes them."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from enumerator_app.ui.benefits.presenter import BenefitsPresenter
from enumerator_app.ui.benefits.view import BenefitsView
from enumerator_app.ui.ports import LaptopPort


class BenefitsPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    closed = Signal()
    finished = Signal()  # every page was shown; `closed` follows

    def __init__(
        self,
        laptop: LaptopPort,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.presenter = BenefitsPresenter(laptop, clock=clock, parent=self)
        self.presenter.finished.connect(self.finished)
        self.presenter.closed.connect(self.closed)

    def build(self) -> BenefitsView:
        """Return a new view that shows the page that is open."""
        view, mind = BenefitsView(), self.presenter
        view.next_asked.connect(mind.go_on)
        view.previous_asked.connect(mind.go_back)
        view.close_asked.connect(mind.close)
        mind.attach(view)
        mind.refresh()
        return view

    def stop(self) -> None:
        self.presenter.attach(None)
