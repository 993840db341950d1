"""What happened to one record, newest first: a line with a mark for each step."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from enumerator_app.ui.kit import Mark, MarkKind, Role, Text, Tone, column, current_theme
from enumerator_app.ui.kit.painting import smooth_painter
from enumerator_app.ui.workers.state import Step

_WHEN_PX: Final = 88


class StepRow(QWidget):
    """One step; a hairline leads from its mark to the next."""

    def __init__(self, step: Step, *, is_last: bool) -> None:
        super().__init__()
        self._theme = current_theme()
        self._is_last = is_last
        self._mark = Mark(MarkKind(step.mark))
        when = Text(step.when, Role.CAPTION, Tone.SOFT)
        when.setFixedWidth(max(self._theme.px(_WHEN_PX), when.sizeHint().width()))
        words = [Text(step.sentence, Role.STRONG, wrap=True)]
        if step.detail:
            words.append(Text(step.detail, Role.CAPTION, Tone.SOFT, wrap=True))
        gap = self._theme.space(12)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, self._theme.space(8))
        across.setSpacing(gap)
        top = Qt.AlignmentFlag.AlignTop
        across.addWidget(column(2, when), 0, top)
        across.addWidget(column(3, self._mark), 0, top)
        across.addWidget(column(*words, gap=1), 1, top)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(self._theme.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_last:
            return
        middle = self._mark.mapTo(self, self._mark.rect().center())
        top = middle.y() + self._mark.height() / 2 + 4
        with smooth_painter(self) as painter:
            line = QRectF(middle.x(), top, 2, self.height() - top)
            painter.fillRect(line, QColor(self._theme.tokens.line))
