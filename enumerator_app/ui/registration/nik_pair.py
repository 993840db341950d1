"""Two NIK compared digit by digit."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from enumerator_app.domain.nik import NIK_DIGITS
from enumerator_app.texts import text
from enumerator_app.ui.kit import Role, current_theme, role_font, text_width
from enumerator_app.ui.kit.painting import MIDDLE_LEFT, paint_box, smooth_painter


class NikPair(QWidget):
    """Two NIK under one another; the digits that differ stand out."""

    def __init__(self, this: str, that: str) -> None:
        super().__init__()
        self._theme = current_theme()
        self._rows = ((text("form.same.this"), this), (text("form.same.that"), that))
        self._font = role_font(Role.SECTION, self._theme)
        self._differs = [a != b for a, b in zip(this, that, strict=True)]
        self.setFixedHeight(self._theme.px(52))
        self.setMinimumWidth(self._label_width() + self._digits_width())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(f"{word} {nik}" for word, nik in self._rows))

    def _label_width(self) -> int:
        font = role_font(Role.CAPTION, self._theme)
        return max(text_width(font, word) for word, _ in self._rows) + self._theme.px(10)

    def _digits_width(self) -> int:
        return text_width(self._font, "0") * NIK_DIGITS + self._theme.px(16)

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            for number, (word, nik) in enumerate(self._rows):
                top = number * self.height() / 2
                painter.setFont(role_font(Role.CAPTION, self._theme))
                painter.setPen(QColor(self._theme.tokens.ink_soft))
                painter.drawText(QRectF(0, top, 80, self.height() / 2 - 1), MIDDLE_LEFT, word)
                self._paint_digits(painter, nik, top)

    def _paint_digits(self, painter: QPainter, nik: str, top: float) -> None:
        wide, high = text_width(self._font, "0"), self.height() / 2
        left = float(self._label_width())
        painter.setFont(self._font)
        for place, digit in enumerate(nik):
            left += self._theme.px(8) if place in (6, 12) else 0
            if self._differs[place]:
                box = QRectF(left - 0.5, top + 1, wide + 2, high - 2)
                paint_box(painter, box, fill=self._theme.tokens.amber, radius=3)
            painter.setPen(QColor(self._theme.tokens.ink))
            painter.drawText(QRectF(left, top, wide + 2, high - 1), MIDDLE_LEFT, digit)
            left += wide
