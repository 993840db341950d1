"""One person in full: face, state, facts, what happened, and what can be done."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    ButtonSize,
    Hairline,
    Mark,
    MarkKind,
    Pane,
    Role,
    ScrollPane,
    Text,
    Tone,
    column,
    current_theme,
    empty_layout,
    equal_columns,
    paint_portrait,
    row,
)
from enumerator_app.ui.kit.painting import smooth_painter
from enumerator_app.ui.workers.state import Fact, PersonDetail, WorkersState
from enumerator_app.ui.workers.timeline import StepRow

WITHDRAW_REASONS = ("wrong_person", "recorded_twice", "asked_for")


class Portrait(QWidget):
    """A face at one size, cropped to fill it."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._tokens = current_theme().tokens
        self._picture = QPixmap()
        self.setFixedSize(current_theme().px(width), current_theme().px(height))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_photo(self, jpeg: bytes | None) -> None:
        picture = QPixmap()
        if jpeg:
            picture.loadFromData(jpeg)
        if not picture.isNull():
            ratio = self.devicePixelRatioF()
            target = self.size() * ratio
            picture = picture.scaled(
                target,
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
            left = (picture.width() - target.width()) // 2
            top = (picture.height() - target.height()) // 2
            picture = picture.copy(left, top, target.width(), target.height())
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            paint_portrait(painter, QRectF(self.rect()), self._picture, self._tokens)


class DetailPane(Pane):
    """Shows one person; reports what is to be done with the record."""

    correct_asked = Signal()
    print_asked = Signal()
    why_asked = Signal()
    withdrawn = Signal(str)

    def __init__(self) -> None:
        theme = current_theme()
        super().__init__(ground="ground")
        self._shown: object = None
        side = theme.space(24 if theme.has_drawer else 40)
        self._body = Pane(margins=(side, theme.space(32), side, theme.space(8)))
        self._actions = QVBoxLayout()
        holder = QWidget()
        holder.setLayout(self._actions)
        self._actions.setContentsMargins(side, theme.space(12), side, theme.space(24))
        self.add((ScrollPane(self._body), 1), holder)

    def show_detail(self, state: WorkersState) -> None:
        wanted = (state.detail, state.asks_why)
        if wanted == self._shown:
            return
        self._shown = wanted
        empty_layout(self._body.box)
        empty_layout(self._actions)
        if state.detail is not None:
            self._show_person(state.detail)
            self._show_actions(state.detail, asks_why=state.asks_why)

    def _show_person(self, detail: PersonDetail) -> None:
        space = current_theme().space
        face = Portrait(80, 102)
        face.show_photo(detail.photo)
        state = row(
            Mark(MarkKind(detail.state.mark), px=20),
            (Text(detail.state.words, Role.SECTION, wrap=True), 1),
            gap=space(8),
        )
        who = column(
            Text(detail.name, Role.TITLE, wrap=True),
            space(6),
            state,
            space(4),
            Text(detail.remark, Role.BODY, Tone.SOFT, wrap=True),
            STRETCH,
        )
        self._body.add(row((face, Qt.AlignmentFlag.AlignTop), (who, 1), gap=space(20)), space(24))
        self._body.add(_facts(detail.facts), space(28), Hairline(), space(20))
        self._body.add(Text(text("people.timeline"), Role.SECTION), space(12))
        for number, step in enumerate(detail.steps, start=1):
            self._body.add(StepRow(step, is_last=number == len(detail.steps)))
        self._body.add(STRETCH)

    def _show_actions(self, detail: PersonDetail, *, asks_why: bool) -> None:
        if asks_why:
            self._actions.addWidget(_reasons(self.withdrawn.emit, self.why_asked.emit))
            return
        correct = Button(text("people.correct"), key="Ctrl+E", on_click=self.correct_asked.emit)
        correct.setEnabled(detail.may_correct)
        correct.setObjectName("people.correct")
        withdraw = Button(
            text("people.withdraw"),
            kind=ButtonKind.QUIET,
            key="Ctrl+D",
            on_click=self.why_asked.emit,
        )
        withdraw.setVisible(detail.may_withdraw)
        words = "people.print_again" if detail.was_printed else "people.print"
        printing = Button(
            text(words),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+P",
            icon="printer",
            on_click=self.print_asked.emit,
        )
        printing.setEnabled(detail.may_print)
        gap = current_theme().space(8)
        if current_theme().has_drawer:
            self._actions.addWidget(column(row(correct, withdraw, STRETCH), printing, gap=gap))
        else:
            self._actions.addWidget(row(correct, withdraw, STRETCH, printing, gap=gap))


def _facts(facts: tuple[Fact, ...]) -> QWidget:
    """Return the facts in three columns, two for large text."""
    columns = 1 if not current_theme().has_rail else 2 if current_theme().has_drawer else 3
    space = current_theme().space
    told: list[list[QWidget | int]] = [[] for _ in range(columns)]
    for number, fact in enumerate(facts):
        label = Text(fact.label, Role.LABEL, Tone.SOFT, wrap=True)
        value = Text(fact.value, Role.BODY, wrap=True)
        told[number % columns] += [column(label, 2, value), space(14)]
    return equal_columns(*(column(*parts, STRETCH) for parts in told), gap=space(24))


def _reasons(withdraw: Callable[[str], object], leave: Callable[[], object]) -> QWidget:
    theme = current_theme()
    buttons: list[QWidget] = [
        Button(
            text(f"people.reason.{reason}"),
            kind=ButtonKind.DANGER,
            size=ButtonSize.ROW,
            on_click=partial(withdraw, reason),
        )
        for reason in WITHDRAW_REASONS
    ]
    back = Button(
        text("people.keep"), kind=ButtonKind.QUIET, size=ButtonSize.ROW, key="Esc", on_click=leave
    )
    stacked = column if theme.has_drawer else row
    return column(
        Text(text("people.why"), Role.STRONG, wrap=True),
        theme.space(8),
        stacked(*buttons, back, STRETCH, gap=theme.space(8)),
    )
