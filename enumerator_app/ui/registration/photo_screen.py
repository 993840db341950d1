"""Layar foto: the whole screen with face and guide and nothing personal, to be turned round."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import Role, current_theme, role_font, sized_font
from enumerator_app.ui.kit.painting import MIDDLE, NO_BRUSH, smooth_painter
from enumerator_app.ui.registration.light import Light

_WORDS_PX = 120
_SAID_PX = 32  # read by who stands two steps away
_TAKES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CLOSES = (Qt.Key.Key_Escape, Qt.Key.Key_F11)


class PhotoScreen(QWidget):
    """Space takes the picture, Esc or F11 leads back to the form. It knows nobody's name."""

    taken = Signal(QImage)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self._theme = current_theme()
        self._frame = QImage()
        self._light: Light = ""
        self.setWindowTitle(text("form.screen.title"))
        self.setAccessibleName(text("form.screen.title"))
        self.setObjectName("form.screen")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_frame(self, frame: QImage, light: Light) -> None:
        """Show the newest frame, and what its light is like."""
        self._frame, self._light = frame, light
        self.setAccessibleDescription(self._words())
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _TAKES and not self._frame.isNull():
            self.taken.emit(self._frame)
            self.close()
        elif event.key() in _CLOSES:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: object) -> None:
        self.closed.emit()
        super().closeEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        whole = QRectF(self.rect())
        low = QRectF(whole.left(), whole.bottom() - _WORDS_PX, whole.width(), _WORDS_PX)
        seen = whole.adjusted(0, 0, 0, -_WORDS_PX)
        with smooth_painter(self) as painter:
            painter.fillRect(whole, QColor(tokens.ink))
            self._paint_face(painter, seen)
            needs_light = self._light not in ("", "good")
            painter.fillRect(low, QColor(tokens.amber if needs_light else tokens.ground))
            painter.setPen(QColor(tokens.ink))
            painter.setFont(sized_font(_SAID_PX, 700, self._theme))
            painter.drawText(low, int(MIDDLE | Qt.TextFlag.TextWordWrap), self._words())
            painter.setFont(role_font(Role.CAPTION, self._theme))
            keys = low.adjusted(0, 0, -self._theme.space(16), -self._theme.space(8))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
            painter.drawText(keys, int(right), text("form.screen.keys"))

    def _paint_face(self, painter: QPainter, seen: QRectF) -> None:
        high = seen.height() * 0.92
        place = QRectF(0, 0, high * 0.75, high)
        place.moveCenter(seen.center())
        if not self._frame.isNull():
            painter.drawImage(place, self._frame, _middle(self._frame))
        guide = QRectF(0, 0, place.width() * 0.57, place.height() * 0.57)
        guide.moveCenter(place.center())
        painter.setPen(QPen(QColor(self._theme.tokens.ground), 4, Qt.PenStyle.DashLine))
        painter.setBrush(NO_BRUSH)
        painter.drawEllipse(guide)

    def _words(self) -> str:
        if self._frame.isNull():
            return text("form.screen.waiting")
        return text(f"form.light.{self._light or 'good'}")


def _middle(frame: QImage) -> QRectF:
    """Return the upright middle of a frame, three wide to four high."""
    wide = min(frame.width(), frame.height() * 0.75)
    part = QRectF(0, 0, wide, wide / 0.75)
    part.moveCenter(QRectF(frame.rect()).center())
    return part
