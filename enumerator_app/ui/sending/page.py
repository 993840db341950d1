"""The sending page as the shell takes it."""

from PySide6.QtCore import QObject, Signal

from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.sending.presenter import SendingPresenter
from enumerator_app.ui.sending.view import SendingView


class SendingPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    changed = Signal()  # records, photos or tasks may be other than before
    corrections_asked = Signal()
    lock_asked = Signal()

    def __init__(self, laptop: LaptopPort, *, parent: QObject) -> None:
        super().__init__(parent)
        self.presenter = SendingPresenter(laptop, parent=self)
        self.presenter.changed.connect(self.changed)

    @property
    def is_sending(self) -> bool:
        return self.presenter.is_sending

    def build(self) -> SendingView:
        """Return a new view that shows the state as it is, and count anew."""
        view, mind = SendingView(), self.presenter
        view.send_asked.connect(mind.send)
        view.stop_asked.connect(mind.stop)
        view.corrections_asked.connect(self.corrections_asked)
        view.lock_asked.connect(self.lock_asked)
        mind.attach(view)
        mind.refresh()
        return view

    def refresh(self) -> None:
        """Count anew what waits here: the page was opened, or another page changed something."""
        self.presenter.refresh()

    def stop(self) -> None:
        """Let the view go; a sync under way ends after its request, and loses nothing."""
        self.presenter.attach(None)
        self.presenter.stop()
