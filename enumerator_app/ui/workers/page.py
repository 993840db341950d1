"""The page "Data pekerja" as the shell takes it."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from enumerator_app.ui.latest import close_lanes
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.workers.presenter import WorkersPresenter
from enumerator_app.ui.workers.view import WorkersView


class WorkersPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    correct_asked = Signal(str)  # subject
    print_asked = Signal(str)
    papers_asked = Signal(tuple)  # subjects of those who are ticked
    committed = Signal()

    def __init__(
        self,
        laptop: LaptopPort,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.presenter = WorkersPresenter(laptop, clock=clock, parent=self)
        self.presenter.committed.connect(self.committed)

    def build(self) -> WorkersView:
        """Return a new view that shows the state as it is."""
        view, mind = WorkersView(), self.presenter
        view.typed.connect(mind.look_for)
        view.chip_chosen.connect(mind.choose_chip)
        view.village_chosen.connect(mind.choose_village)
        view.day_chosen.connect(mind.choose_day)
        view.state_chosen.connect(mind.choose_state)
        view.custody_chosen.connect(mind.choose_custody)
        view.cleared.connect(mind.clear)
        view.end_neared.connect(mind.read_on)
        view.thumbnails_wanted.connect(mind.fetch_thumbnails)
        view.person_chosen.connect(lambda key: mind.open(UUID(key)))
        view.why_asked.connect(mind.ask_why)
        view.withdrawn.connect(mind.withdraw)
        view.undo_asked.connect(mind.withdrawing.undo)
        view.correct_asked.connect(lambda: self.correct_asked.emit(self._selected()))
        view.print_asked.connect(lambda: self.print_asked.emit(self._selected()))
        self._connect_picking(view)
        self._connect_photos(view)
        mind.attach(view)
        mind.refresh()
        return view

    def _connect_photos(self, view: WorkersView) -> None:
        matching, pane = self.presenter.matching, view.right.photos
        view.folder_chosen.connect(matching.read)
        pane.toggled.connect(matching.toggle)
        pane.save_asked.connect(matching.save)
        pane.left.connect(matching.leave)

    def _connect_picking(self, view: WorkersView) -> None:
        picking, pane = self.presenter.picking, view.picked
        view.people.toggled.connect(lambda keys: picking.toggle([UUID(key) for key in keys]))
        view.people.all_toggled.connect(picking.pick_all)
        pane.cleared.connect(picking.clear)
        pane.table_asked.connect(picking.ask_for_table)
        pane.table_left.connect(picking.leave_table)
        pane.suffix_chosen.connect(picking.choose_suffix)
        pane.write_asked.connect(picking.write)
        pane.cancelled.connect(picking.cancel)
        pane.print_asked.connect(
            lambda: self.papers_asked.emit(tuple(sorted(self.presenter.state.picked)))
        )

    def open_person(self, subject: str) -> None:
        """Show this person in full; somebody chose it on another page."""
        self.presenter.open_from_elsewhere(UUID(subject))

    def refresh(self) -> None:
        """Read the list anew: the page was opened, or another page changed something."""
        self.presenter.refresh()

    def stop(self) -> None:
        close_lanes(self)
        self.presenter.stop()

    def _selected(self) -> str:
        return str(self.presenter.state.selected or "")
