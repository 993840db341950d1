"""An answer as it is drawn: the word in a band that says green, hatched amber or red."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from enumerator_app.ui.checking.state import Answer, Tone
from enumerator_app.ui.kit import (
    Item,
    Pane,
    Role,
    Text,
    current_theme,
    role_font,
    text_width,
)
from enumerator_app.ui.kit import Tone as Ink
from enumerator_app.ui.kit.painting import (
    MIDDLE_LEFT,
    NO_BRUSH,
    NO_PEN,
    paint_hatch,
    round_pen,
    smooth_painter,
)

_BAND_PX: Final = 88
_SMALL_BAND_PX: Final = 52
_MARK_SHARE: Final = 0.6
_HATCH_PX: Final = 10


class VerdictBand(QWidget):
    """The one word with its shape. The hatch of everything uncertain lies over the amber one."""

    def __init__(self, word: str, tone: Tone, *, is_small: bool = False) -> None:
        super().__init__()
        self._theme = current_theme()
        self._word, self._tone = word, tone
        self._role = Role.TITLE if is_small else Role.VERDICT
        self._height = self._theme.px(_SMALL_BAND_PX if is_small else _BAND_PX)
        self.setFixedHeight(self._height)
        self.setMinimumWidth(self.sizeHint().width())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word)

    @property
    def word(self) -> str:
        return self._word

    def sizeHint(self) -> QSize:
        words = text_width(role_font(self._role, self._theme), self._word)
        return QSize(words + self._text_left() + self._theme.space(16), self._height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, room = self._theme.tokens, QRectF(self.rect())
        fills = {"good": tokens.accent, "look": tokens.amber, "bad": tokens.red}
        ink = tokens.ink if self._tone == "look" else tokens.on_accent
        side = self._height * _MARK_SHARE
        square = QRectF(self._theme.space(24), (self._height - side) / 2, side, side)
        with smooth_painter(self) as painter:
            painter.fillRect(room, QColor(fills[self._tone]))
            if self._tone == "look":
                strip = QRectF(0, room.bottom() - _HATCH_PX, room.width(), _HATCH_PX + 1)
                paint_hatch(painter, strip, tokens, step=10, width=2.4)
            _paint_shape(painter, self._tone, square, ink, fills[self._tone])
            painter.setPen(QColor(ink))
            painter.setFont(role_font(self._role, self._theme))
            painter.drawText(room.adjusted(self._text_left(), 0, 0, 0), MIDDLE_LEFT, self._word)

    def _text_left(self) -> int:
        return round(self._theme.space(44) + self._height * _MARK_SHARE)


def _paint_shape(painter: QPainter, tone: Tone, square: QRectF, ink: str, ground: str) -> None:
    painter.save()
    painter.translate(square.topLeft())
    painter.scale(square.width() / 48, square.height() / 48)
    painter.setPen(NO_PEN)
    painter.setBrush(QColor(ink))
    if tone == "good":
        painter.drawEllipse(QRectF(3, 3, 42, 42))
    else:
        painter.drawPolygon(_TRIANGLE if tone == "look" else _OCTAGON)
    painter.setPen(round_pen(ground, 5))
    painter.setBrush(NO_BRUSH)
    for line in _SIGNS[tone]:
        painter.drawPolyline(line)
    painter.restore()


def _line(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


_TRIANGLE: Final = _line((24, 4), (46, 44), (2, 44))
_OCTAGON: Final = _line(
    (16, 3), (32, 3), (45, 16), (45, 32), (32, 45), (16, 45), (3, 32), (3, 16)
)  # fmt: skip
_SIGNS: Final = {
    "good": (_line((13, 25), (21, 33), (36, 16)),),
    "look": (_line((24, 19), (24, 30)), _line((24, 37), (24, 37.5))),
    "bad": (_line((17, 17), (31, 31)), _line((31, 17), (17, 31))),
}


class AnswerCard(Pane):
    """Band, sentence, and what the seal proved; several on a sheet are drawn smaller."""

    def __init__(self, answer: Answer, *, is_small: bool = False) -> None:
        theme = current_theme()
        self.band = VerdictBand(answer.word, answer.tone, is_small=is_small)
        self.sentence = Text(answer.sentence, Role.BODY if is_small else Role.LEAD, wrap=True)
        side = theme.space(24)
        body: list[Item] = [self.sentence]
        if answer.facts:
            body += [theme.space(12), _facts(answer)]
        if answer.remark:
            body += [theme.space(12), Text(answer.remark, Role.CAPTION, Ink.SOFT, wrap=True)]
        role = Role.LABEL if answer.is_list_old else Role.CAPTION
        body += [theme.space(8), Text(answer.by_list, role, wrap=True)]
        items: list[Item] = [self.band]
        if answer.strip:
            words = Text(answer.strip, Role.STRONG, wrap=True)
            items.append(
                Pane(words, ground="amber", margins=(side, theme.space(8), side, theme.space(8)))
            )
        items.append(Pane(*body, margins=(side, theme.space(16), side, theme.space(16))))
        super().__init__(*items, ground="ground", sides=("left", "right", "bottom"))
        self.setAccessibleName(answer.spoken)


def _facts(answer: Answer) -> QWidget:
    """Return names and values in two columns; one below the other where the text is large."""
    theme = current_theme()
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.space(24))
    grid.setVerticalSpacing(theme.space(4))
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(answer.facts):
        label, words = Text(name, Role.BODY, Ink.SOFT), Text(value, Role.STRONG, wrap=True)
        if theme.has_drawer:
            grid.addWidget(label, 2 * row, 0, 1, 2)
            grid.addWidget(words, 2 * row + 1, 0, 1, 2)
        else:
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 1)
    return widget
