"""Rail, strip, pages and palette for one theme; thrown away and built anew for another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import Pane, Role, Text, current_theme, fill_box, key_words
from enumerator_app.ui.shell.pages import Command, FindPeople, Page, nobody
from enumerator_app.ui.shell.palette import Palette
from enumerator_app.ui.shell.rail import Rail
from enumerator_app.ui.shell.state import ShellState
from enumerator_app.ui.shell.strip import TopStrip

BAND_PX: Final = 28


@dataclass(frozen=True)
class Places:
    """Everything that can be opened or done while the laptop is unlocked."""

    pages: Sequence[Page] = ()
    commands: Sequence[Command] = ()
    find_people: FindPeople = nobody


class PracticeBand(Pane):
    """Says on every page that nothing here is real."""

    def __init__(self) -> None:
        theme = current_theme()
        words = Text(text("shell.practice"), Role.LABEL)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        super().__init__(words, ground="amber", sides=("bottom",))
        self.setFixedHeight(theme.px(BAND_PX))


class Frame(QWidget):
    """Shows one page; builds it when it is first opened."""

    page_wanted = Signal(str)
    person_chosen = Signal(str)

    def __init__(self, places: Places, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._pages = {page.key: page for page in places.pages}
        self._views: dict[str, QWidget] = {}
        self.strip = TopStrip()
        self.rail = Rail(places.pages)
        self.rail.setVisible(current_theme().has_rail)
        self._stack = QStackedWidget()
        self._band = PracticeBand()
        self._band.hide()
        self._menu: QMenu | None = None
        inner = QWidget()
        fill_box(_tight(QVBoxLayout(inner)), self.strip, (self._stack, 1))
        across = Pane(self.rail, (inner, 1), direction="across")
        fill_box(_tight(QVBoxLayout(self)), self._band, (across, 1))
        self.palette_list = Palette(self._commands(), places.find_people, self)
        self._connect()

    def _connect(self) -> None:
        self.rail.page_chosen.connect(self.page_wanted)
        self.strip.search_wanted.connect(self.palette_list.open)
        self.strip.menu_wanted.connect(self.open_menu)
        self.palette_list.command_chosen.connect(self._on_command)
        self.palette_list.person_chosen.connect(self.person_chosen)
        self.palette_list.closed.connect(self._focus_page)

    def open_page(self, key: str) -> None:
        """Show a page, built now if it is its first time, and give it the focus."""
        view = self._views.get(key)
        if view is None:
            view = self._pages[key].build()
            self._views[key] = view
            self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        self.rail.show_open(key)
        self._focus_page()

    def open_view(self) -> QWidget | None:
        return self._stack.currentWidget()

    def open_menu(self) -> None:
        """Show all places and commands as a menu under the strip's left end."""
        menu = QMenu(self)
        for command in self._commands():
            words = text(command.title_key).replace("&", "&&")
            keys = f"\t{key_words(command.shortcut)}" if command.shortcut else ""
            menu.addAction(f"{words}{keys}", command.act)
        menu.aboutToHide.connect(menu.deleteLater)
        self._menu = menu
        below = self.strip.mapToGlobal(QPoint(current_theme().space(16), self.strip.height()))
        menu.popup(below)

    def render(self, state: ShellState) -> None:  # type: ignore[override] # QWidget.render paints
        self.strip.render(state)
        self.rail.show_badges({key: count for key, count in state.badges.items() if count > 0})
        self._band.setVisible(state.is_practice)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.palette_list.isVisible():
            self.palette_list.place()

    def _commands(self) -> list[Command]:
        pages = [
            Command(
                key=f"page:{page.key}",
                icon=page.icon,
                title_key=page.title_key,
                act=self._opener(page.key),
                shortcut=page.shortcut,
            )
            for page in self._places.pages
        ]
        return [*pages, *self._places.commands]

    def _opener(self, key: str) -> Callable[[], None]:
        return lambda: self.page_wanted.emit(key)

    def _on_command(self, key: str) -> None:
        for command in self._commands():
            if command.key == key:
                command.act()

    def _focus_page(self) -> None:
        view = self._stack.currentWidget()
        if view is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)


def _tight(box: QVBoxLayout) -> QVBoxLayout:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    return box
