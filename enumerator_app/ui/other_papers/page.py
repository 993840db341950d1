"""The page of other sheets as the shell takes it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.paper_orders import KINDS, PaperKind
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery, read_battery
from enumerator_app.ui.latest import close_lanes
from enumerator_app.ui.other_papers.presenter import OtherPapersPresenter
from enumerator_app.ui.other_papers.state import file_name
from enumerator_app.ui.other_papers.view import OtherPapersView
from enumerator_app.ui.printing.dialogs import chosen_file, chosen_printer

OWN_KEY: Final = "other_papers"


class Dialogs(Protocol):
    """What the page asks of the system; a test answers it without a person."""

    def has_printer(self) -> bool: ...
    def ask_printer(self, parent: QWidget, kind: PaperKind) -> QPrinter | None: ...
    def ask_file(self, parent: QWidget, kind: PaperKind, today: date) -> Path | None: ...


class SystemDialogs:
    """The dialogs that people know from every other program."""

    def has_printer(self) -> bool:
        return bool(QPrinterInfo.availablePrinterNames())

    def ask_printer(self, parent: QWidget, kind: PaperKind) -> QPrinter | None:
        document = text(f"other_papers.kind.{kind}")
        return chosen_printer(parent, document, both_sides=kind == "family")

    def ask_file(self, parent: QWidget, kind: PaperKind, today: date) -> Path | None:
        return chosen_file(parent, file_name(kind, today))


class OtherPapersPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open.

    `folder` is a private folder inside the home: sheets lie there only while they are drawn.
    """

    page_asked = Signal(str)

    def __init__(
        self,
        laptop: Laptop,
        *,
        folder: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        battery: Callable[[], Battery | None] = read_battery,
        dialogs: Dialogs | None = None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._clock, self._dialogs = clock, dialogs or SystemDialogs()
        self._origin = "printing"
        self.presenter = OtherPapersPresenter(
            laptop, folder=folder, clock=clock, battery=battery, parent=self
        )

    def build(self) -> OtherPapersView:
        """Return a new view that shows the state as it is, and read anew what it is about."""
        view, mind = OtherPapersView(), self.presenter
        view.chosen.connect(mind.choose)
        view.typed.connect(mind.type_part)
        view.turned.connect(mind.turn)
        view.room_changed.connect(mind.set_room)
        view.cancel_asked.connect(mind.cancel)
        view.back_asked.connect(lambda: self.page_asked.emit(self._origin))
        view.print_asked.connect(lambda: self._print(view))
        view.save_asked.connect(lambda: self._save(view))
        mind.attach(view)
        mind.refresh()
        return view

    def taken(self, key: str, origin: str) -> str:
        """Return the page to open for a key; a kind of sheet is chosen, and `origin` remembered."""
        if key in KINDS:
            self.presenter.choose(key)
            key = OWN_KEY
        if key == OWN_KEY and origin not in ("", OWN_KEY):
            self._origin = origin
        return key

    def refresh(self) -> None:
        """Read anew: the page was opened, or another page changed something."""
        self.presenter.refresh()

    def stop(self) -> None:
        """Let the view go; what runs stops after its page."""
        self.presenter.cancel()
        close_lanes(self)
        self.presenter.attach(None)

    def _print(self, view: QWidget) -> None:
        mind = self.presenter
        if not mind.may_print():
            return
        if not self._dialogs.has_printer():
            mind.update(trouble=text("printing.no_printer"))
            return
        printer = self._dialogs.ask_printer(view, mind.state.kind)
        if printer is not None:
            mind.print_on(printer)

    def _save(self, view: QWidget) -> None:
        mind = self.presenter
        if not mind.may_print():
            return
        today = day_in_wib(self._clock())
        path = self._dialogs.ask_file(view, mind.state.kind, today)
        if path is not None:
            mind.save_to(path)
