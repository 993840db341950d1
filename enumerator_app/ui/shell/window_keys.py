"""What can be done everywhere in the window: by its key, from the menu, from Ctrl+K."""

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.shell.frame import Frame
from enumerator_app.ui.shell.pages import Command

CONTRAST_KEYS: Final = ("Ctrl+Shift+M",)
LARGER_KEYS: Final = ("Ctrl++", "Ctrl+=")  # the plus of the main block is Shift and =
SMALLER_KEYS: Final = ("Ctrl+-",)
PAGE_KEYS: Final = ("F1", "F2", "F3", "F4", "F5", "F9", "F12")


class Commanded(Protocol):
    """What these keys need of the window."""

    @property
    def lock_wanted(self) -> SignalInstance: ...
    @property
    def help_wanted(self) -> SignalInstance: ...
    @property
    def frame(self) -> Frame | None: ...
    @property
    def open_key(self) -> str: ...
    @property
    def preferences(self) -> Preferences: ...

    def set_preferences(self, preferences: Preferences) -> None: ...
    def open_by_key(self, shortcut: str) -> None: ...


class WindowKeys(QObject):
    """Binds the keys once for the window's whole life; pages come and go behind them."""

    def __init__(self, window: Commanded, widget: QWidget) -> None:
        super().__init__(widget)
        self._window, self._widget = window, widget
        for keys, act in (
            (("Ctrl+K",), self._search),
            (("Ctrl+L",), self._lock),
            (("F10",), self._menu),
            (("Shift+F1",), self._help),
            (CONTRAST_KEYS, lambda: _other_contrast(window)),
            (LARGER_KEYS, lambda: _text_step(window, 1)),
            (SMALLER_KEYS, lambda: _text_step(window, -1)),
        ):
            self._bind(keys, act)
        for key in PAGE_KEYS:
            self._bind((key,), self._opener(key))

    def _bind(self, keys: tuple[str, ...], act: Callable[[], object]) -> None:
        shortcut = QShortcut(self._widget)
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


def window_commands(window: Commanded) -> tuple[Command, ...]:
    """Return the window's own commands, for the menu and the palette."""
    return (
        Command(
            key="lock",
            icon="lock-key",
            title_key="shell.lock",
            act=window.lock_wanted.emit,
            shortcut="Ctrl+L",
        ),
        Command(
            key="contrast",
            icon="sun",
            title_key="shell.contrast",
            act=lambda: _other_contrast(window),
            shortcut="Ctrl+Shift+M",
        ),
        Command(
            key="larger",
            icon="text-aa",
            title_key="shell.larger",
            act=lambda: _text_step(window, 1),
            shortcut="Ctrl+Plus",
        ),
        Command(
            key="smaller",
            icon="text-aa",
            title_key="shell.smaller",
            act=lambda: _text_step(window, -1),
            shortcut="Ctrl+-",
        ),
    )


def _other_contrast(window: Commanded) -> None:
    window.set_preferences(window.preferences.other_contrast())


def _text_step(window: Commanded, steps: int) -> None:
    window.set_preferences(window.preferences.with_text_step(steps))
