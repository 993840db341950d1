"""The number of the one who was just saved, ten seconds with the way back."""

from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit.announcing import announce
from enumerator_app.ui.kit.boxes import STRETCH, Pane, column, row
from enumerator_app.ui.kit.fonts import Role, role_font, text_width
from enumerator_app.ui.kit.keycaps import bind_key, key_words
from enumerator_app.ui.kit.labels import Text, Tone
from enumerator_app.ui.kit.painting import (
    MIDDLE_LEFT,
    NO_BRUSH,
    NO_PEN,
    ROW_RADIUS,
    keycap_width,
    paint_box,
    paint_hatch,
    paint_keycap,
    round_pen,
    rounded_path,
    smooth_painter,
)
from enumerator_app.ui.kit.theme import current_theme

UNDO_KEY: Final = "Alt+Z"  # not Ctrl+Z: that belongs to the text in the field
UNDO_SECONDS: Final = 10
_TICK_MS: Final = 1000
_STRIP_PX: Final = 8


class SavedBlock(QWidget):
    """Says: saved here, not sent; and gives it back on Alt+Z until the seconds are over.

    It shows a number only through `show_saved`, which is called after the commit.
    """

    undone = Signal()
    folded = Signal()  # the time is over: it goes into the list of the finished ones

    def __init__(self, *, seconds: int = UNDO_SECONDS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._seconds = self._left = seconds
        self._prefix = Text("", Role.LABEL, Tone.SOFT)
        self._serial = Text("", Role.VERDICT)
        self._suffix = Text("", Role.SECTION, Tone.SOFT)
        self._name = Text("", Role.STRONG, wrap=True)
        self._call = Text(text("kit.saved_call_next"), Role.CAPTION, Tone.SOFT, wrap=True)
        self._here = Text(text("kit.saved_here"), Role.STRONG, wrap=True)
        self._not_sent = Text(text("kit.saved_not_sent"), Role.STRONG, wrap=True)
        self._strip = self._made_strip()
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._on_second)
        bind_key(UNDO_KEY, self, self._undo)
        self.hide()

    def show_saved(self, number: str, name: str) -> None:
        """Show `3216-A07-00129-M4TX` with its serial large, and start the seconds."""
        regency, device, serial, check = number.split("-")
        self._prefix.setText(f"{regency}-{device}-")
        self._serial.setText(serial)
        self._suffix.setText(f"-{check}")
        self._name.setText(name)
        self._left = self._seconds
        self.setAccessibleName(text("kit.saved_spoken", number=number, name=name))
        self.show()
        self._timer.start()
        self._strip.update()
        announce(self, self.accessibleName())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the height that the words need: in a full column others give way to the number."""
        super().resizeEvent(event)
        box = self.layout()
        if box is not None:
            self.setMinimumHeight(box.totalHeightForWidth(event.size().width()))

    def seconds_left(self) -> int:
        return self._left

    def fold(self) -> None:
        """End the time now: the next one is being saved, or the page goes."""
        if self._timer.isActive():
            self._timer.stop()
            self.hide()
            self.folded.emit()

    def _undo(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.hide()
            self.undone.emit()

    def _on_second(self) -> None:
        self._left -= 1
        self._strip.update()
        if self._left <= 0:
            self.fold()

    def _made_strip(self) -> "_UndoStrip":
        return _UndoStrip(self)

    def _lay_out(self) -> None:
        space = self._theme.space
        number = row(
            self._serial,
            (column(self._suffix, self._theme.px(6)), Qt.AlignmentFlag.AlignBottom),
            STRETCH,
            gap=space(6),
        )
        side = space(12)
        above = Pane(self._prefix, number, 2, self._name, self._call, margins=(side, 10, 8, 10))
        below = Pane(
            self._here, self._not_sent, space(8), self._strip,
            margins=(side, _STRIP_PX + 8, side, 10),
        )  # fmt: skip
        self._below = below
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addWidget(above)
        box.addWidget(below)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, box = self._theme.tokens, QRectF(self.rect())
        amber = QRectF(self._below.geometry()).adjusted(-1, 0, 1, 1)
        with smooth_painter(self) as painter:
            painter.setPen(NO_PEN)
            painter.fillPath(rounded_path(box, ROW_RADIUS), QColor(tokens.ground))
            painter.setClipPath(rounded_path(box, ROW_RADIUS))
            painter.fillRect(amber, QColor(tokens.amber))
            strip = QRectF(amber.left(), amber.top(), amber.width(), _STRIP_PX)
            paint_hatch(painter, strip, tokens, step=9, width=2.2)
            painter.setClipping(False)
            edge = tokens.ink if tokens.is_sun else tokens.line
            paint_box(painter, box, edge=edge, edge_px=tokens.edge_px, radius=ROW_RADIUS)


class _UndoStrip(QWidget):
    """The key, its word, the seconds in figures and as a ring that steps once a second."""

    def __init__(self, block: SavedBlock) -> None:
        super().__init__(block)
        self._block, self._theme = block, current_theme()
        self._font = role_font(Role.LABEL, self._theme)
        self.setFixedHeight(self._theme.px(24))

    def mouseReleaseEvent(self, event: object) -> None:
        self._block._undo()  # noqa: SLF001 - one control in two classes

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens = self._theme, self._theme.tokens
        words = key_words(UNDO_KEY)
        cap_width, height = keycap_width(words, theme), theme.px(20)
        top = (self.height() - height) / 2
        with smooth_painter(self) as painter:
            cap = QRectF(0, top, cap_width, height)
            paint_keycap(painter, cap, words, theme, ink=tokens.ink, edge=tokens.ink)
            painter.setFont(self._font)
            left = cap_width + theme.space(8)
            room = QRectF(left, 0, self.width(), self.height() - 1)
            painter.drawText(room, MIDDLE_LEFT, text("kit.saved_undo"))
            self._paint_seconds(painter)

    def _paint_seconds(self, painter: QPainter) -> None:
        theme, tokens = self._theme, self._theme.tokens
        ring = theme.px(16)
        words = text("kit.seconds_left", n=self._block.seconds_left())
        width = text_width(self._font, words)
        left = self.width() - ring - theme.space(8) - width - 2
        painter.drawText(QRectF(left, 0, width + 4, self.height() - 1), MIDDLE_LEFT, words)
        painter.setPen(round_pen(tokens.ink, 2.4 * theme.scale))
        painter.setBrush(NO_BRUSH)
        arc = QRectF(self.width() - ring - 2, (self.height() - ring) / 2, ring, ring)
        share = self._block.seconds_left() / UNDO_SECONDS
        painter.drawArc(arc, 90 * 16, -round(360 * 16 * min(1.0, share)))
