"""Icons: glyphs of the Phosphor font (MIT, inside the package qtawesome), drawn when painted.

Painted as text and never kept as pixmaps: those were visibly soft on scaled displays. Only the font
and its charmap are read; importing qtawesome itself would load every icon font it has.
"""

import json
from functools import cache
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from enumerator_app.ui.kit.fonts import FontsMissing, package_folder
from enumerator_app.ui.kit.painting import MIDDLE, NO_BRUSH, round_pen, smooth_painter
from enumerator_app.ui.kit.theme import current_theme

Cut = Literal["bold", "fill", "light"]

USB: Final = "usb"  # Phosphor 1.3 has none: drawn here
ICON_PX: Final = 20


@cache
def _glyphs() -> tuple[str, dict[str, str]]:
    """Return the font's family and its characters by name; registers the font with Qt."""
    folder = package_folder("qtawesome") / "fonts"
    number = QFontDatabase.addApplicationFont(str(folder / "phosphor-1.3.0.ttf"))
    families = QFontDatabase.applicationFontFamilies(number)
    if not families:
        raise FontsMissing("phosphor")
    charmap = json.loads((folder / "phosphor-charmap-1.3.0.json").read_text(encoding="utf-8"))
    return families[0], {name: chr(int(code, 16)) for name, code in charmap.items()}


def has_icon(name: str) -> bool:
    return name == USB or f"{name}-bold" in _glyphs()[1]


def paint_icon(
    painter: QPainter, name: str, rect: QRectF, colour: str, *, cut: Cut = "bold"
) -> None:
    """Draw the icon in the square `rect`.

    Raises:
        KeyError: the font has no such glyph. A bug.
    """
    if name == USB:
        _paint_usb(painter, rect, colour)
        return
    family, characters = _glyphs()
    font = QFont(family)
    font.setPixelSize(round(rect.height()))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, MIDDLE, characters[f"{name}-{cut}"])


def _paint_usb(painter: QPainter, rect: QRectF, colour: str) -> None:
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 20, rect.height() / 20)
    painter.setPen(round_pen(colour, 1.9))
    painter.setBrush(NO_BRUSH)
    painter.drawRoundedRect(QRectF(2, 6, 10.5, 8), 2, 2)
    painter.drawRect(QRectF(12.5, 7.6, 5, 4.8))
    painter.drawPoint(QPointF(6, 10))
    painter.restore()


class Icon(QWidget):
    """An icon beside a word; decoration for assistive technology, so it has no name."""

    def __init__(
        self,
        name: str,
        *,
        px: int = ICON_PX,
        colour: str = "",
        cut: Cut = "bold",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme = current_theme()
        self._name, self._colour, self._cut = name, colour or theme.tokens.ink, cut
        self._side = theme.px(px)
        self.setFixedSize(self._side, self._side)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_icon(self, name: str) -> None:
        self._name = name
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            square = QRectF(0, 0, self._side, self._side)
            paint_icon(painter, self._name, square, self._colour, cut=self._cut)
