"""The printing page as the shell takes it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery, read_battery
from enumerator_app.ui.latest import close_lanes
from enumerator_app.ui.printing.dialogs import Dialogs, SystemDialogs
from enumerator_app.ui.printing.paper_run import PrintingLaptop
from enumerator_app.ui.printing.presenter import PrintingPresenter
from enumerator_app.ui.printing.tray import Tray
from enumerator_app.ui.printing.view import PrintingView


class PrintingPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    changed = Signal()  # papers were marked as printed
    workers_asked = Signal()
    others_asked = Signal()  # sheets that are no cards

    def __init__(
        self,
        laptop: PrintingLaptop,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        battery: Callable[[], Battery | None] = read_battery,
        dialogs: Dialogs | None = None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._clock, self._dialogs = clock, dialogs or SystemDialogs()
        self.presenter = PrintingPresenter(laptop, battery=battery, parent=self)
        self.presenter.changed.connect(self.changed)
        self.tray = Tray(
            laptop,
            self._dialogs,
            battery=battery,
            is_busy=lambda: bool(self.presenter.state.work.kind),
            parent=self,
        )
        self.tray.handed_over.connect(self.presenter.refresh)
        self.presenter.changed.connect(self.tray.look)

    def build(self) -> PrintingView:
        """Return a new view that shows the state as it is, and read the list anew."""
        view, mind = PrintingView(), self.presenter
        view.toggled.connect(lambda key: mind.toggle(UUID(key)))
        view.all_toggled.connect(mind.toggle_all)
        view.again_asked.connect(mind.look_again)
        view.typed.connect(mind.look_for)
        view.reason_chosen.connect(mind.choose_reason)
        view.sheet_chosen.connect(mind.choose_sheet)
        view.first_chosen.connect(mind.choose_first)
        view.options.pages_typed.connect(mind.choose_pages)
        view.turned.connect(mind.turn)
        view.room_changed.connect(mind.set_room)
        view.faces_wanted.connect(mind.fetch_faces)
        view.workers_asked.connect(self.workers_asked)
        view.others_asked.connect(self.others_asked)
        view.print_asked.connect(lambda: self._print(view))
        view.save_asked.connect(lambda: self._save(view))
        self._connect_work(view)
        mind.attach(view)
        mind.refresh()
        return view

    def open_person(self, subject: str) -> None:
        """Put one person on the page; who has a paper already is asked for the reason."""
        self.presenter.open_people((UUID(subject),))

    def open_people(self, subjects: Sequence[UUID]) -> None:
        """Put several on the page; if any has a paper already, all are asked for the reason."""
        self.presenter.open_people(subjects)

    def refresh(self) -> None:
        """Read the list anew: the page was opened, or another page changed something."""
        self.presenter.refresh()

    def stop(self) -> None:
        """Let the view go; what runs stops after its sheet."""
        self.presenter.attach(None)
        close_lanes(self)
        self.presenter.work.cancel()
        self.tray.stop()

    def _connect_work(self, view: PrintingView) -> None:
        work = self.presenter.work
        view.cancel_asked.connect(work.cancel)
        view.all_out.connect(work.all_came_out)
        view.stopped_said.connect(work.printer_stopped)
        view.stopped_unsaid.connect(work.not_stopped)
        view.last_said.connect(lambda key: work.last_good(UUID(key) if key else None))

    def _print(self, view: QWidget) -> None:
        mind = self.presenter
        if not mind.may_print():
            return
        if self.tray.is_printing or not self._dialogs.has_printer():
            key = "printing.tray_busy" if self.tray.is_printing else "printing.no_printer"
            mind.update(trouble=text(key))
            return
        printer = self._dialogs.ask_printer(view, mind.state.sheet)
        if printer is not None:
            mind.work.print_on(printer)

    def _save(self, view: QWidget) -> None:
        mind = self.presenter
        path = self._dialogs.ask_file(view, day_in_wib(self._clock())) if mind.may_print() else None
        if path is not None:
            mind.work.save_to(path)
