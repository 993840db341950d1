"""The sending page as the shell takes it."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.sending.drives import Drives
from enumerator_app.ui.sending.presenter import SendingPresenter
from enumerator_app.ui.sending.state import Step
from enumerator_app.ui.sending.stick_presenter import StickLaptop, StickPresenter
from enumerator_app.ui.sending.view import SendingView


class SendingLaptop(LaptopPort, StickLaptop, Protocol):
    """A laptop that sends by line and by hand."""


class SendingPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    changed = Signal()  # records, photos or tasks may be other than before
    corrections_asked = Signal()
    lock_asked = Signal()
    page_asked = Signal(str)

    def __init__(
        self,
        laptop: SendingLaptop,
        *,
        drives: Drives | None = None,
        log: Callable[[], tuple[Step, ...]] = tuple,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.presenter = SendingPresenter(laptop, log=log, parent=self)
        self.presenter.changed.connect(self.changed)
        self.stick = StickPresenter(laptop, drives=drives, parent=self)
        self.stick.changed.connect(self._on_answer)

    @property
    def is_sending(self) -> bool:
        return self.presenter.is_sending

    def build(self) -> SendingView:
        """Return a new view that shows the state as it is, and count anew."""
        view, mind = SendingView(), self.presenter
        view.send_asked.connect(lambda: mind.send())  # noqa: PLW0108 - a click is no manner of sending
        view.stop_asked.connect(mind.stop)
        view.corrections_asked.connect(self.corrections_asked)
        view.handover_asked.connect(lambda: self.page_asked.emit("handover"))
        view.code_given.connect(mind.come_back)
        view.lock_asked.connect(self.lock_asked)
        view.stick_write_asked.connect(lambda: self.stick.write(view))
        view.stick_read_asked.connect(lambda: self.stick.read(view))
        view.stick_take_asked.connect(self.stick.take)
        view.stick_later_asked.connect(self.stick.leave)
        view.stick_stop_asked.connect(self.stick.stop)
        view.stick_keep_asked.connect(lambda on: self.stick.keep(view, on=on))
        mind.attach(view)
        self.stick.attach(view)
        self.refresh()
        return view

    def refresh(self) -> None:
        """Count anew what waits here: the page was opened, or another page changed something."""
        self.presenter.refresh()
        self.stick.refresh()

    def _on_answer(self) -> None:
        self.presenter.refresh()
        self.changed.emit()

    def stop(self) -> None:
        """Let the view go; a sync under way ends after its request, and loses nothing."""
        self.presenter.attach(None)
        self.stick.close()
        self.presenter.stop()
