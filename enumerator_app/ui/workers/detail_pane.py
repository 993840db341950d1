"""One person in full: face, state, facts, what happened, and what can be done."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

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
    Portrait,
    Role,
    ScrollPane,
    Text,
    Tone,
    column,
    current_theme,
    equal_columns,
    row,
)
from enumerator_app.ui.workers.state import FACTS, Fact, PersonDetail, WorkersState
from enumerator_app.ui.workers.timeline import Timeline

WITHDRAW_REASONS: Final = ("wrong_person", "recorded_twice", "asked_for")


class DetailPane(Pane):
    """Shows one person; reports what is to be done with the record.

    Made once and filled anew for each person: it follows the search letter by letter.
    """

    correct_asked = Signal()
    print_asked = Signal()
    why_asked = Signal()
    withdrawn = Signal(str)

    def __init__(self) -> None:
        theme = current_theme()
        super().__init__(ground="ground")
        self._shown: PersonDetail | None = None
        self.side = theme.space(24 if theme.has_drawer else 40)
        self._face = Portrait(80, 102)
        self._name = Text("", Role.TITLE, wrap=True)
        self._mark = Mark(MarkKind.NOTE, px=20)
        self._state = Text("", Role.SECTION, wrap=True)
        self._remark = Text("", Role.BODY, Tone.SOFT, wrap=True)
        self._lacking = Text("", Role.BODY, wrap=True)
        self._lacking_row = row(
            (Mark(MarkKind.CHECK, px=20), Qt.AlignmentFlag.AlignTop),
            (self._lacking, 1),
            gap=theme.space(8),
        )
        self._facts = FactGrid()
        self._timeline = Timeline()
        self._actions, self._reasons = self._made_actions(), self._made_reasons()
        self._whole = ScrollPane(self._made_body())
        foot = column(
            self._actions,
            self._reasons,
            margins=(self.side, theme.space(12), self.side, theme.space(24)),
        )
        self._foot = foot
        self.add((self._whole, 1), foot)
        self._whole.hide()
        foot.hide()

    def _made_body(self) -> QWidget:
        space = current_theme().space
        state = row(self._mark, (self._state, 1), gap=space(8))
        who = column(self._name, space(6), state, space(4), self._remark, STRETCH)
        return column(
            row((self._face, Qt.AlignmentFlag.AlignTop), (who, 1), gap=space(20)),
            space(12),
            self._lacking_row,
            space(12),
            self._facts,
            space(14),
            Hairline(),
            space(20),
            Text(text("people.timeline"), Role.SECTION),
            space(12),
            self._timeline,
            STRETCH,
            margins=(self.side, space(32), self.side, space(8)),
        )

    def _made_actions(self) -> QWidget:
        self._correct = Button(
            text("people.correct"), key="Ctrl+E", on_click=self.correct_asked.emit
        )
        self._correct.setObjectName("people.correct")
        self._withdraw = Button(
            text("people.withdraw"),
            kind=ButtonKind.QUIET,
            key="Ctrl+D",
            on_click=self.why_asked.emit,
        )
        self._print = Button(
            text("people.print_again"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+P",
            icon="printer",
            on_click=self.print_asked.emit,
        )
        gap = current_theme().space(8)
        if current_theme().has_drawer:
            ways = row(self._correct, self._withdraw, STRETCH, gap=gap)
            return column(ways, self._print, gap=gap)
        return row(self._correct, self._withdraw, STRETCH, self._print, gap=gap)

    def _made_reasons(self) -> QWidget:
        theme = current_theme()
        buttons: list[QWidget] = [
            Button(
                text(f"people.reason.{reason}"),
                kind=ButtonKind.DANGER,
                size=ButtonSize.ROW,
                on_click=partial(self.withdrawn.emit, reason),
            )
            for reason in WITHDRAW_REASONS
        ]
        back = Button(
            text("people.keep"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            key="Esc",
            on_click=self.why_asked.emit,
        )
        stacked = column if theme.has_drawer else row
        return column(
            Text(text("people.why"), Role.STRONG, wrap=True),
            theme.space(8),
            stacked(*buttons, back, STRETCH, gap=theme.space(8)),
        )

    def show_detail(self, state: WorkersState) -> None:
        self._actions.setVisible(not state.asks_why)
        self._reasons.setVisible(state.asks_why)
        if state.detail is self._shown:
            return
        self._shown = state.detail
        self._whole.setVisible(state.detail is not None)
        self._foot.setVisible(state.detail is not None)
        if state.detail is not None:
            self._show_person(state.detail)

    def _show_person(self, detail: PersonDetail) -> None:
        self._face.show_photo(detail.photo)
        self._name.setText(detail.name)
        self._mark.set_kind(MarkKind(detail.state.mark))
        self._state.setText(detail.state.words)
        self._remark.setText(detail.remark)
        self._lacking.setText(detail.lacking)
        self._lacking_row.setVisible(bool(detail.lacking))
        self._facts.show_facts(detail.facts)
        self._timeline.show_steps(detail.steps)
        self._correct.setEnabled(detail.may_correct)
        self._withdraw.setVisible(detail.may_withdraw)
        self._print.set_words(text("people.print_again" if detail.was_printed else "people.print"))
        self._print.setEnabled(detail.may_print)


class FactGrid(QWidget):
    """Labels and values in three columns, fewer for large text; unused places are hidden."""

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        columns = 1 if not theme.has_rail else 2 if theme.has_drawer else 3
        self._places: list[tuple[QWidget, Text, Text]] = []
        told: list[list[QWidget]] = [[] for _ in range(columns)]
        for number in range(len(FACTS)):
            label = Text("", Role.LABEL, Tone.SOFT, wrap=True)
            value = Text("", Role.BODY, wrap=True)
            place = column(label, 2, value, margins=(0, 0, 0, theme.space(14)))
            self._places.append((place, label, value))
            told[number % columns].append(place)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        stacks = (column(*parts, STRETCH) for parts in told)
        box.addWidget(equal_columns(*stacks, gap=theme.space(24)))

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        for number, (place, label, value) in enumerate(self._places):
            place.setVisible(number < len(facts))
            if number < len(facts):
                label.setText(facts[number].label)
                value.setText(facts[number].value)
