"""The keys that work everywhere in the window."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from enumerator_app.ui.shell.window import MainWindow

CONTRAST_KEYS: Final = ("Ctrl+Shift+M",)
LARGER_KEYS: Final = ("Ctrl++", "Ctrl+=")  # the plus of the main block is Shift and =
SMALLER_KEYS: Final = ("Ctrl+-",)
PAGE_KEYS: Final = ("F1", "F2", "F3", "F4", "F5", "F9")


class WindowKeys(QObject):
    """Binds them once for the window's whole life; pages come and go behind them."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        for keys, act in (
            (("Ctrl+K",), self._search),
            (("Ctrl+L",), self._lock),
            (("F10",), self._menu),
            (("Shift+F1",), self._help),
            (CONTRAST_KEYS, self._contrast),
            (LARGER_KEYS, lambda: self._text_size(1)),
            (SMALLER_KEYS, lambda: self._text_size(-1)),
        ):
            self._bind(keys, act)
        for key in PAGE_KEYS:
            self._bind((key,), self._opener(key))

    def _bind(self, keys: tuple[str, ...], act: Callable[[], object]) -> None:
        shortcut = QShortcut(self._window)
        shortcut.setKeys([QKeySequence(key) for key in keys])
        shortcut.setAutoRepeat(False)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)

    def _opener(self, key: str) -> Callable[[], None]:
        return lambda: self._window.open_by_key(key)

    def _search(self) -> None:
        if (frame := self._window.frame) is not None:
            frame.palette_list.open()

    def _menu(self) -> None:
        if (frame := self._window.frame) is not None:
            frame.open_menu()

    def _lock(self) -> None:
        if self._window.frame is not None:
            self._window.lock_wanted.emit()

    def _help(self) -> None:
        self._window.help_wanted.emit(self._window.open_key)

    def _contrast(self) -> None:
        self._window.set_preferences(self._window.preferences.other_contrast())

    def _text_size(self, steps: int) -> None:
        self._window.set_preferences(self._window.preferences.with_text_step(steps))
