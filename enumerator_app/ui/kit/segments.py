"""One answer out of few, each with its letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from enumerator_app.ui.kit.fields import label_row
from enumerator_app.ui.kit.fonts import Role, role_font, text_width
from enumerator_app.ui.kit.keycaps import Keycap
from enumerator_app.ui.kit.marks import MARK_PX, MarkKind, paint_mark
from enumerator_app.ui.kit.painting import (
    MIDDLE_LEFT,
    keycap_width,
    paint_box,
    paint_keycap,
    smooth_painter,
)
from enumerator_app.ui.kit.theme import current_theme

_PAD_PX: Final = 8
_TIGHT_PAD_PX: Final = 6
_GAP_PX: Final = 8
_CHECK_GAP_PX: Final = 6


@dataclass(frozen=True)
class Option:
    """One answer: its value, its word, and the letter that chooses it ("" for none)."""

    value: str
    words: str
    letter: str = ""


class Segments(QComboBox):
    """Answers beside one another; the chosen one by tint, heavy edge, check and semibold.

    Its letters act only while it has the focus, so they never get into a text. To assistive
    technology it is what it is: a choice of one from a list. `tight` puts the check in the place of
    the letter, for narrow columns.
    """

    chosen = Signal(str)  # the value; only what a person did
    enter_pressed = Signal()

    def __init__(
        self,
        options: Sequence[Option],
        *,
        name: str = "",
        tight: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._is_tight = tight
        self._options = tuple(options)
        self._strong, self._plain = role_font(Role.STRONG), role_font(Role.BODY)
        self.ring_joined = True
        self.addItems([option.words for option in self._options])
        self.setCurrentIndex(-1)
        self.setAccessibleName(name)
        letters = ", ".join(f"{o.words} {o.letter}" for o in self._options if o.letter)
        self.setAccessibleDescription(letters)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self._theme.control_height)
        self.setMinimumWidth(sum(self._natural_widths()))

    @property
    def options(self) -> tuple[Option, ...]:
        return self._options

    def value(self) -> str | None:
        """Return the chosen value; None while nothing is chosen."""
        index = self.currentIndex()
        return self._options[index].value if index >= 0 else None

    def set_value(self, value: str | None) -> None:
        """Show a choice that was made elsewhere; reports nothing."""
        values = [option.value for option in self._options]
        self.setCurrentIndex(values.index(value) if value in values else -1)
        self.update()

    def showPopup(self) -> None:
        """Every answer is in sight already: there is no list to open."""

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._index_of_letter(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self._index_of_letter(event)
        last = len(self._options) - 1
        if index is not None:
            self._choose(index)
        elif event.key() == Qt.Key.Key_Right:
            self._choose(min(self.currentIndex() + 1, last))
        elif event.key() == Qt.Key.Key_Left:
            self._choose(max(self.currentIndex() - 1, 0))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.enter_pressed.emit()
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling the page must not change an answer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        for index, cell in enumerate(self._cells()):
            if cell.contains(event.position()):
                self._choose(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _choose(self, index: int) -> None:
        self.setCurrentIndex(index)
        self.update()
        self.chosen.emit(self._options[index].value)

    def _index_of_letter(self, event: QKeyEvent) -> int | None:
        typed = event.text().upper()
        if not typed.strip() or event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return None
        for index, option in enumerate(self._options):
            if option.letter.upper() == typed:
                return index
        return None

    def _check_room(self) -> int:
        """Return what the check adds to the chosen answer; a tight one gives up its letter."""
        return 0 if self._is_tight else self._theme.px(MARK_PX + _CHECK_GAP_PX)

    def _natural_widths(self) -> list[int]:
        px, widths = self._theme.px, []
        for option in self._options:
            pad = _TIGHT_PAD_PX if self._is_tight else _PAD_PX
            width = text_width(self._strong, option.words) + 2 * px(pad)
            if option.letter:
                width += keycap_width(option.letter, self._theme) + px(_GAP_PX)
            widths.append(width)
        # Any of them may become the chosen one, which also carries a check.
        spare = self._check_room()
        return [*widths[:-1], widths[-1] + spare] if widths else []

    def _cells(self) -> list[QRectF]:
        """Return the places of the answers: each as wide as it needs, the rest shared out."""
        naturals = self._natural_widths()
        if naturals:
            naturals[-1] -= self._check_room()
        if self.currentIndex() >= 0:
            naturals[self.currentIndex()] += self._check_room()
        extra = (self.width() - sum(naturals)) / max(1, len(naturals))
        cells, left = [], 0.0
        for natural in naturals:
            cells.append(QRectF(left, 0, natural + extra, self.height()))
            left += natural + extra
        return cells

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, cells = self._theme.tokens, self._cells()
        off = not self.isEnabled()
        with smooth_painter(self) as painter:
            paint_box(
                painter,
                QRectF(self.rect()),
                fill=tokens.off_ground if off else tokens.ground,
                edge=tokens.line if off and not tokens.is_sun else tokens.edge,
                edge_px=tokens.edge_px,
                dashed=off and tokens.is_sun,
            )
            divider = QColor(tokens.edge if tokens.is_sun else tokens.line)
            for cell in cells[1:]:
                painter.fillRect(QRectF(int(cell.left()), 1, 1, self.height() - 2), divider)
            chosen = self.currentIndex()
            if chosen >= 0 and not off:
                box = cells[chosen]
                paint_box(painter, box, fill=tokens.tint, edge=tokens.accent, edge_px=2)
            for index, cell in enumerate(cells):
                self._paint_answer(painter, index, cell)

    def _paint_answer(self, painter: QPainter, index: int, cell: QRectF) -> None:
        tokens, px, option = self._theme.tokens, self._theme.px, self._options[index]
        words_width = text_width(self._strong, option.words)
        is_chosen = index == self.currentIndex()
        letter = "" if self._is_tight and is_chosen else option.letter
        cap_width = keycap_width(letter, self._theme) if letter else 0
        content = words_width + (cap_width + px(_GAP_PX) if letter else 0)
        content += px(MARK_PX + _CHECK_GAP_PX) if is_chosen else 0
        left = cell.left() + (cell.width() - content) / 2
        if is_chosen:
            side = px(MARK_PX)
            square = QRectF(left, (self.height() - side) / 2, side, side)
            painter.setOpacity(1 if self.isEnabled() else 0.5)
            paint_mark(painter, MarkKind.OK, square, tokens)
            painter.setOpacity(1)
            left += px(MARK_PX + _CHECK_GAP_PX)
        painter.setFont(self._strong if is_chosen else self._plain)
        painter.setPen(tokens.ink if self.isEnabled() else tokens.off_ink)
        room = QRectF(left, 0, words_width + 4, self.height() - 1)
        painter.drawText(room, MIDDLE_LEFT, option.words)
        if letter:
            left += words_width + px(_GAP_PX)
            height = px(20)
            cap = QRectF(left, round((self.height() - height) / 2), cap_width, height)
            paint_keycap(
                painter, cap, letter, self._theme,
                ink=tokens.ink_soft if self.isEnabled() else tokens.off_ink,
                edge=tokens.keycap_edge if self.isEnabled() else tokens.keycap_edge_off,
                fill=tokens.ground if self.isEnabled() else "",
            )  # fmt: skip


class SegmentsField(QWidget):
    """Segments under a label, as high as a field."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(
        self,
        label: str,
        options: Sequence[Option],
        *,
        tight: bool = False,
        yes_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = label
        self._yes = Keycap(yes_key)
        self._yes.hide()
        top, self._label = label_row(label, self._yes)
        self.segments = Segments(options, name=label, tight=tight)
        self.segments.chosen.connect(self.chosen)
        self.segments.enter_pressed.connect(self.entered)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(current_theme().space(4))
        box.addWidget(top)
        box.addWidget(self.segments)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.segments)

    def ask(self, question: str) -> None:
        """Show a question above the answers, with the key that says yes; "" shows the label."""
        words = question or self._words
        if words != self._label.text():
            self._label.setText(words)
            self.segments.setAccessibleName(words)
            self._yes.setVisible(bool(question))

    def value(self) -> str | None:
        return self.segments.value()

    def set_value(self, value: str | None) -> None:
        self.segments.set_value(value)
