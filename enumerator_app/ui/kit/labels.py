"""Texts on a page: a label by role and tone that is never cut."""

import re
from enum import Enum
from html import escape
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from enumerator_app.ui.kit.fonts import Role, role_font
from enumerator_app.ui.kit.theme import current_theme

_MAY_BREAK: Final = "\u200b"  # takes no room; a line may end there
_LONG_WORD: Final = re.compile(r"\S{21,}")
_PART: Final = 6


def _broken(word: re.Match[str]) -> str:
    """Let a word that no column may hold end a line inside: it must not widen the window."""
    whole = word[0]
    return _MAY_BREAK.join(whole[at : at + _PART] for at in range(0, len(whole), _PART))


class Tone(Enum):
    """The colour of a text, by the token's name."""

    INK = "ink"
    SOFT = "ink_soft"
    ACCENT = "accent"
    RED = "red"
    OFF = "off_ink"
    ON_ACCENT = "on_accent"


class Text(QLabel):
    """One text. Plain always: what people typed is never read as markup or as a mnemonic."""

    def __init__(
        self,
        words: str = "",
        role: Role = Role.BODY,
        tone: Tone = Tone.INK,
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(role_font(role, self._theme))
        self.set_tone(tone)
        self.setWordWrap(wrap)
        across = QSizePolicy.Policy.Preferred
        self.setSizePolicy(across, across if wrap else QSizePolicy.Policy.Fixed)
        self.setText(words)

    def set_role(self, role: Role) -> None:
        self.setFont(role_font(role, self._theme))
        self._keep_every_line()

    def set_tone(self, tone: Tone) -> None:
        palette = self.palette()
        colour = QColor(getattr(self._theme.tokens, tone.value))
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.setPalette(palette)

    def minimumSizeHint(self) -> QSize:
        """Return the whole text's size, or one long word's width where it wraps."""
        return super().minimumSizeHint() if self.wordWrap() else self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_every_line()

    def text(self) -> str:
        return super().text().replace(_MAY_BREAK, "")

    def setText(self, words: str) -> None:
        breaks = self.wordWrap() and self.textFormat() == Qt.TextFormat.PlainText
        super().setText(_LONG_WORD.sub(_broken, words) if breaks else words)
        self._keep_every_line()

    def _keep_every_line(self) -> None:
        # A wrapped label in a full column would shrink silently and lose its last words.
        if self.wordWrap() and self.width() > 0:
            self.setMinimumHeight(0)  # QLabel counts it into the height it asks for
            self.setMinimumHeight(self.heightForWidth(self.width()) if self.text() else 0)


class Phrase(Text):
    """A sentence with strong parts: `Phrase(("32", True), (" belum dikirim", False))`."""

    def __init__(
        self,
        *parts: tuple[str, bool],
        role: Role = Role.BODY,
        tone: Tone = Tone.INK,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", role, tone, wrap=wrap, parent=parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.set_parts(*parts)

    def set_parts(self, *parts: tuple[str, bool]) -> None:
        self.setAccessibleName("".join(words for words, _ in parts))
        self.setText(
            "".join(
                f'<span style="font-weight:600">{escape(words)}</span>' if strong else escape(words)
                for words, strong in parts
            )
        )
