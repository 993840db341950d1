"""Keys: their names as people read them, the keycap, and the shortcut behind it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QSizePolicy, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit.painting import keycap_width, paint_keycap, smooth_painter
from enumerator_app.ui.kit.theme import current_theme

KEYCAP_PX: Final = 19
_WORDS: Final = {
    "Return": "kit.key_enter",
    "Space": "kit.key_space",
    "Up": "kit.key_up",
    "Down": "kit.key_down",
    "Left": "kit.key_left",
    "Right": "kit.key_right",
    "Plus": "kit.key_plus",
}


def key_words(sequence: str) -> str:
    """Return how the key is written on screen: "Ctrl+Return" becomes "Ctrl+Enter"."""
    parts = [text(_WORDS[part]) if part in _WORDS else part for part in sequence.split("+") if part]
    return "+".join(parts) or sequence


def bind_key(sequence: str, owner: QWidget, act: Callable[[], object]) -> QShortcut:
    """Let the key do `act` while `owner` can be seen in the active window.

    A key on the number pad counts as the one of the main block. Holding it down acts once.
    """
    shortcut = QShortcut(owner)
    keys = [QKeySequence(sequence)]
    if "Return" in sequence:
        keys.append(QKeySequence(sequence.replace("Return", "Enter")))
    shortcut.setKeys(keys)
    shortcut.setAutoRepeat(False)
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    shortcut.activated.connect(act)
    return shortcut


class Keycap(QWidget):
    """A key drawn beside the word it belongs to."""

    def __init__(self, sequence: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self.sequence = sequence
        self._words = key_words(sequence)
        self.setFixedSize(keycap_width(self._words, self._theme), self._theme.px(KEYCAP_PX))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        with smooth_painter(self) as painter:
            paint_keycap(
                painter,
                QRectF(self.rect()),
                self._words,
                self._theme,
                ink=tokens.ink_soft,
                edge=tokens.keycap_edge,
                fill=tokens.ground,
            )
