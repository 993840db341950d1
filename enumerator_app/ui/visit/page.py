"""The visit page as the shell takes it."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from enumerator_app.services.laptop import Laptop
from enumerator_app.ui.latest import close_lanes
from enumerator_app.ui.visit.presenter import VisitPresenter
from enumerator_app.ui.visit.view import VisitView


class VisitPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    page_asked = Signal(str)  # key of a page of the shell, or "benefits"
    rest_asked = Signal()
    changed = Signal()
    opened = Signal(object)

    def __init__(self, laptop: Laptop, *, parent: QObject) -> None:
        super().__init__(parent)
        self._laptop = laptop
        self.presenter = VisitPresenter(laptop.visits, parent=self)
        self.presenter.changed.connect(self.changed)
        self.presenter.opened.connect(self.opened)
        self.presenter.opened.connect(self.changed)

    def build(self) -> VisitView:
        """Return a new view that shows the state as it is."""
        view, mind = VisitView(self._laptop.places), self.presenter
        asks = view.asks
        asks.panel_asked.connect(mind.choose_panel)
        asks.village_chosen.connect(mind.choose_village)
        asks.edited.connect(mind.edit)
        asks.joined.connect(mind.join)
        asks.begin_asked.connect(mind.begin)
        asks.group_asked.connect(mind.add_group)
        asks.consent_asked.connect(mind.note_consent)
        asks.tickets_set.connect(mind.set_tickets)
        asks.rest_asked.connect(self._on_rest)
        asks.resume_asked.connect(mind.resume)
        asks.close_asked.connect(mind.ending.ask_close)
        asks.closed.connect(mind.ending.close)
        asks.back_asked.connect(mind.go_back)
        asks.last_asked.connect(mind.ending.show_last)
        asks.copied.connect(self._on_copied)
        asks.page_asked.connect(self.page_asked)
        mind.attach(view)
        mind.refresh()
        return view

    def refresh(self) -> None:
        """Read the visit anew: the page was opened, or another page changed something."""
        self.presenter.refresh()

    def stop(self) -> None:
        close_lanes(self)
        self.presenter.attach(None)

    def _on_rest(self) -> None:
        self.presenter.rest(self.rest_asked.emit)

    def _on_copied(self) -> None:
        QGuiApplication.clipboard().setText(self.presenter.state.recap)
