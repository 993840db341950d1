"""Parts that the steps of the visit page share."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text, thousands
from enumerator_app.ui.income_keys import income_hint, income_typing
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    BottomBar,
    Field,
    Grid12,
    Item,
    Role,
    ScrollPane,
    Text,
    Tone,
    column,
    current_theme,
    equal_columns,
    fill_box,
)
from enumerator_app.ui.visit.asks import VisitAsks
from enumerator_app.ui.visit.state import GroupTyping, VisitState

WIDEST_PX: Final = 1000
GROUP_PARTS: Final = ("name", "foreman", "occupation", "monthly_income")
BY_KEY: Final = Qt.FocusReason.TabFocusReason


class VisitPane(QWidget):
    """One step: a title, what belongs to it, and the bar with its one primary button."""

    def __init__(self, asks: VisitAsks) -> None:
        super().__init__()
        self.asks = asks
        self.trouble = Banner("stop", "")
        self.trouble.hide()

    def lay_out(self, content: Sequence[Item], bar: BottomBar, side: QWidget | None = None) -> None:
        """Put the parts of the step in their places; large text moves the side below."""
        theme = current_theme()
        pad = theme.space(24 if not theme.has_rail else 40)
        above = theme.space(16 if theme.compact else 28)
        items: list[Item] = [self.trouble, *content]
        is_beside = side is not None and not theme.has_drawer
        if side is not None and not is_beside:
            items += [theme.space(24), side]
        main = column(*items, STRETCH, margins=(pad, above, pad, theme.space(24)))
        main.setMaximumWidth(theme.px(WIDEST_PX))
        middle: list[Item] = [(ScrollPane(main), 1)]
        if side is not None and is_beside:
            middle.append(side)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        across = _across(middle)
        fill_box(box, (across, 1), bar)

    def show_state(self, state: VisitState) -> None:
        self.trouble.setVisible(bool(state.trouble))
        if state.trouble:
            self.trouble.set_words("stop", state.trouble)

    def focus_first(self) -> None:
        """Put the cursor where the step begins."""
        raise NotImplementedError


def _across(items: Sequence[Item]) -> QWidget:
    widget = QWidget()
    box = QHBoxLayout(widget)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    fill_box(box, *items)
    return widget


class GroupFields(QWidget):
    """The fields of a group that is being typed; Enter leads on, after the last it is done."""

    def __init__(self, asks: VisitAsks, done: Callable[[], object]) -> None:
        super().__init__()
        self.fields = {part: _field(f"group_{part}") for part in GROUP_PARTS}
        for part, field in self.fields.items():
            field.line.setObjectName(f"visit.group_{part}")
            field.edited.connect(partial(asks.edited.emit, f"group.{part}"))
            field.entered.connect(partial(self._lead_on, part, done))
        grid = Grid12()
        name, foreman, work, income = self.fields.values()
        if current_theme().has_rail:
            grid.add_row((name, 6), (foreman, 6))
            grid.add_row((work, 6), (income, 6))
        else:
            for field in self.fields.values():
                grid.add_row((field, 12))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(grid)

    def show_group(self, group: GroupTyping) -> None:
        for part, field in self.fields.items():
            field.set_text(getattr(group, part))

    def focus_first(self) -> None:
        self.fields["name"].setFocus(BY_KEY)

    def _lead_on(self, part: str, done: Callable[[], object]) -> None:
        place = GROUP_PARTS.index(part) + 1
        if part == "name" and not self.fields["name"].text().strip():
            done()
        elif place < len(GROUP_PARTS):
            self.fields[GROUP_PARTS[place]].setFocus(BY_KEY)
        else:
            done()


def _field(name: str) -> Field:
    label = text(f"visit.label.{name}")
    if name == "group_monthly_income":
        return Field(label, typing=income_typing(), placeholder=income_hint())
    return Field(label, placeholder=text(f"visit.example.{name}"))


def plain_field(name: str, edited: Callable[[str], object]) -> Field:
    """Return a field of the page whose typing is reported."""
    field = _field(name)
    field.line.setObjectName(f"visit.{name}")
    field.edited.connect(edited)
    return field


def figures(numbers: Sequence[tuple[str, int]]) -> QWidget:
    """Return numbers with their words, equally wide; two and two where the text is large."""
    theme = current_theme()
    gap = theme.space(24)
    parts = [
        column(
            Text(thousands(number), Role.NUMBER),
            Text(text(f"visit.{name}"), Role.STRONG, wrap=True),
        )
        for name, number in numbers
    ]
    if theme.has_rail:
        return equal_columns(*parts, gap=gap)
    pairs = [parts[start : start + 2] for start in range(0, len(parts), 2)]
    return column(*(equal_columns(*pair, gap=gap) for pair in pairs), gap=gap)


def heading(words: str, below: str = "") -> QWidget:
    """Return the title of the step and the line under it."""
    items: list[Item] = [Text(words, Role.TITLE, wrap=True)]
    if below:
        items += [current_theme().space(4), Text(below, Role.BODY, Tone.SOFT, wrap=True)]
    return column(*items)
