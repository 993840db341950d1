"""The one window: what is in front of the lock and what is behind it."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from enumerator_app.texts import current_language, set_language, text
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import FocusRing, Theme, current_theme, install_theme, theme_for
from enumerator_app.ui.kit.focus_memory import FocusMemory
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.shell.frame import BAND_PX, Frame, Places
from enumerator_app.ui.shell.pages import Command, FindPeople, Page, nobody
from enumerator_app.ui.shell.state import Part, ShellState
from enumerator_app.ui.shell.window_keys import WindowKeys, window_commands

LEAST_SIZE: Final = QSize(1024, 600)
_PARTS_OPEN: Final = {
    Part.NOT_SENT: "sending",
    Part.RECEIVED: "workers",
    Part.TO_CORRECT: "corrections",
    Part.STICK: "sending",
}


class MainWindow(QWidget):
    """Shows either a front (unlock, first start) or the frame with its pages.

    `render` says what the frame shows; what a person does comes out as a signal. Nothing personal
    stands in the window's title. A click on a part of the honest line opens the page behind it
    (`sending`, `workers`, `corrections`) and tells which part it was.
    """

    lock_wanted = Signal()
    help_wanted = Signal(str)  # key of the open page
    page_opened = Signal(str)
    part_clicked = Signal(object)  # Part
    visit_clicked = Signal()
    person_chosen = Signal(str)
    preferences_changed = Signal(object)  # Preferences
    closing = Signal()

    def __init__(self, preferences: Preferences, *, motion: bool = True) -> None:
        super().__init__()
        self._preferences, self._motion = preferences, motion
        self._front: Callable[[], QWidget] | None = None
        self._places = Places()
        self._frame: Frame | None = None
        self._state = ShellState()
        self._open_key = ""
        self.setMinimumSize(LEAST_SIZE)
        self.resize(1366, 768)
        self._layers = QStackedLayout(self)
        self._apply_theme()
        self.ring = FocusRing(self)
        self._settling = QTimer(self, interval=0, singleShot=True)
        self._settling.timeout.connect(self._on_settled)
        self._keys = WindowKeys(self, self)

    @property
    def preferences(self) -> Preferences:
        return self._preferences

    @property
    def open_key(self) -> str:
        """Return the key of the open page; "" before the lock."""
        return self._open_key

    @property
    def frame(self) -> Frame | None:
        return self._frame

    def show_front(self, build: Callable[[], QWidget]) -> None:
        """Show a page before the lock; the pages behind it are let go."""
        self._front, self._places, self._open_key = build, Places(), ""
        self._build()

    def show_pages(
        self,
        pages: Sequence[Page],
        *,
        commands: Sequence[Command] = (),
        find_people: FindPeople = nobody,
        open_key: str = "",
    ) -> None:
        """Show the frame with these pages; the first is open unless another is named."""
        self._front, self._places = None, Places(pages, commands, find_people)
        self._open_key = open_key or pages[0].key
        self._build()
        self.page_opened.emit(self._open_key)

    def render(self, state: ShellState) -> None:  # type: ignore[override] # QWidget.render paints
        self._state = state
        self._settling.start()  # the band of practice takes room
        if self._frame is not None:
            self._frame.render(state)

    def open_page(self, key: str) -> None:
        """Open a page of the frame; before the lock, or for an unknown key, nothing happens."""
        if self._frame is None or key not in {page.key for page in self._places.pages}:
            return
        self._open_key = key
        self._frame.open_page(key)
        self.page_opened.emit(key)

    def open_by_key(self, shortcut: str) -> None:
        """Open the page that this function key belongs to."""
        for page in self._places.pages:
            if page.shortcut == shortcut:
                self.open_page(page.key)

    def set_preferences(self, preferences: Preferences) -> None:
        """Change language, contrast or text size; what is in sight is built anew in its place.

        That happens when the event loop is next idle: who asked may be part of what goes.
        """
        if preferences == self._preferences:
            return
        self._preferences = preferences
        self._settling.start()
        self.preferences_changed.emit(preferences)

    def current_view(self) -> QWidget | None:
        """Return the view in sight: the open page, or the front."""
        return self._frame.open_view() if self._frame else self._layers.currentWidget()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settling.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        finish_jobs(self)
        super().closeEvent(event)

    def _on_settled(self) -> None:
        has_theme = self._wanted_theme() == current_theme()
        if not has_theme or self._preferences.language != current_language():
            self._rebuild()

    def _wanted_theme(self) -> Theme:
        band = BAND_PX if self._state.is_practice and self._places.pages else 0
        return theme_for(
            self.width(),
            self.height() - band,
            contrast=self._preferences.contrast,
            text_percent=self._preferences.text_percent,
            motion=self._motion,
        )

    def _apply_theme(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        set_language(self._preferences.language)
        install_theme(application, self._wanted_theme())
        self.setWindowTitle(text("shell.product"))

    def _rebuild(self) -> None:
        focus = FocusMemory.of(self.current_view())
        self._take_down()
        # Really gone before the style changes: restyling an open form takes 334 ms.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._apply_theme()
        self._build()
        focus.restore(self.current_view())

    def _take_down(self) -> None:
        """Let every page go; what they had running is asked to stop and waited for."""
        self._frame = None
        while (item := self._layers.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                finish_jobs(widget)
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    def _build(self) -> None:
        self._take_down()
        if self._front is not None:
            front = self._front()
            self._layers.addWidget(front)
            front.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._places.pages:
            self._build_frame()

    def _build_frame(self) -> None:
        places = self._places
        commands = (*places.commands, *window_commands(self))
        frame = Frame(Places(places.pages, commands, places.find_people))
        frame.page_wanted.connect(self.open_page)
        frame.person_chosen.connect(self.person_chosen)
        frame.strip.part_clicked.connect(self._on_part)
        frame.strip.lock_wanted.connect(self.lock_wanted)
        frame.strip.visit_clicked.connect(self.visit_clicked)
        frame.render(self._state)
        self._layers.addWidget(frame)
        self._frame = frame
        frame.open_page(self._open_key)

    def _on_part(self, part: Part) -> None:
        self.part_clicked.emit(part)
        self.open_page(_PARTS_OPEN[part])
