"""What happened to one record, newest first: a line with a mark for each step."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from enumerator_app.ui.kit import Mark, MarkKind, Role, Text, Tone, column, current_theme
from enumerator_app.ui.kit.painting import smooth_painter
from enumerator_app.ui.workers.state import Step

_WHEN_PX: Final = 88


class StepRow(QWidget):
    """One step; a hairline leads from its mark to the next."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = current_theme()
        self._is_last = False
        self._mark = Mark(MarkKind.NOTE)
        self._when = Text("", Role.CAPTION, Tone.SOFT)
        self._when.setMinimumWidth(self._theme.px(_WHEN_PX))
        self._sentence = Text("", Role.STRONG, wrap=True)
        self._detail = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, self._theme.space(8))
        across.setSpacing(self._theme.space(12))
        top = Qt.AlignmentFlag.AlignTop
        across.addWidget(column(2, self._when), 0, top)
        across.addWidget(column(3, self._mark), 0, top)
        across.addWidget(column(self._sentence, self._detail, gap=1), 1, top)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(self._theme.px(44))

    def show_step(self, step: Step, *, is_last: bool) -> None:
        self._is_last = is_last
        self._mark.set_kind(MarkKind(step.mark))
        self._when.setText(step.when)
        self._sentence.setText(step.sentence)
        self._detail.setText(step.detail)
        self._detail.setVisible(bool(step.detail))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_last:
            return
        middle = self._mark.mapTo(self, self._mark.rect().center())
        top = middle.y() + self._mark.height() / 2 + 4
        with smooth_painter(self) as painter:
            line = QRectF(middle.x(), top, 2, self.height() - top)
            painter.fillRect(line, QColor(self._theme.tokens.line))


class Timeline(QWidget):
    """All steps; rows are made once and used again, for the next person is a letter away."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[StepRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        while len(self._rows) < len(steps):
            row = StepRow()
            self._rows.append(row)
            self._box.addWidget(row)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(steps))
            if number < len(steps):
                row.show_step(steps[number], is_last=number + 1 == len(steps))
