"""The page "Perbaikan" as the shell takes it."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from enumerator_app.ui.corrections.presenter import CorrectionsPresenter
from enumerator_app.ui.corrections.view import CorrectionsView
from enumerator_app.ui.latest import close_lanes
from enumerator_app.ui.ports import LaptopPort


class CorrectionsPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    form_asked = Signal(str)  # subject: what is asked for needs the whole form
    committed = Signal()

    def __init__(
        self,
        laptop: LaptopPort,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.presenter = CorrectionsPresenter(laptop, clock=clock, parent=self)
        self.presenter.committed.connect(self.committed)

    def build(self) -> CorrectionsView:
        """Return a new view that shows the state as it is."""
        view, mind = CorrectionsView(), self.presenter
        view.chosen.connect(lambda key: mind.choose(UUID(key)))
        view.edited.connect(mind.edit)
        view.typed_again.connect(mind.type_again)
        view.save_asked.connect(mind.save)
        view.confirmed.connect(mind.confirm)
        view.skipped.connect(mind.skip)
        view.form_asked.connect(self._on_form_asked)
        mind.attach(view)
        mind.refresh()
        return view

    def refresh(self) -> None:
        """Read the tasks anew: the page was opened, or another page changed something."""
        self.presenter.refresh()

    def stop(self) -> None:
        close_lanes(self)
        self.presenter.stop()

    def _on_form_asked(self) -> None:
        subject = self.presenter.state.chosen
        if subject is not None:
            self.form_asked.emit(str(subject))
