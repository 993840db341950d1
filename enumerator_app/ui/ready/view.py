"""The page that is looked at before leaving: a line for each thing."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    BottomBar,
    Button,
    ButtonKind,
    ButtonSize,
    Hairline,
    Item,
    LoadingRows,
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
    fill_box,
    row,
)
from enumerator_app.ui.ready.state import ReadyRow, ReadyState

_WIDEST_PX = 1000
_NAME_PX = 200
_WORD_PX = 200


class ReadyView(QWidget):
    page_asked = Signal(str)
    paper_said = Signal()
    again_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._shown: ReadyState | None = None
        self._said = Text("", Role.BODY, Tone.SOFT, wrap=True)
        self._rows = Pane()
        self.go = Button(
            text("ready.go"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+Return",
            on_click=partial(self.page_asked.emit, "visit"),
        )
        self.go.setObjectName("ready.go")
        again = Button(
            text("ready.again"), kind=ButtonKind.QUIET, key="Ctrl+R", on_click=self.again_asked.emit
        )
        pad = theme.space(24 if not theme.has_rail else 40)
        title = Text(text("ready.title"), Role.TITLE, wrap=True)
        inside: list[Item] = [title, theme.space(4), self._said, theme.space(16), self._rows]
        main = column(*inside, STRETCH, margins=(pad, theme.space(28), pad, theme.space(24)))
        main.setMaximumWidth(theme.px(_WIDEST_PX))
        across = QHBoxLayout()
        fill_box(across, (ScrollPane(main), 1))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(across, 1)
        whole.addWidget(BottomBar(again, STRETCH, self.go))
        self.setFocusProxy(self.go)

    def render_state(self, state: ReadyState) -> None:
        if state == self._shown:
            return
        self._shown = state
        n = state.open_points
        self._said.setText(text("ready.open_points", n=n) if n else text("ready.all_well"))
        self._said.setVisible(bool(state.rows))
        empty_layout(self._rows.box)
        if state.trouble:
            self._rows.add(Banner("stop", state.trouble), current_theme().space(12))
        if not state.rows and not state.trouble:
            self._rows.add(LoadingRows(6, name=text("ready.loading")))
        for one in state.rows:
            self._rows.add(self._line(one), Hairline())

    def _line(self, one: ReadyRow) -> QWidget:
        theme = current_theme()
        word = Text(one.word, Role.STRONG, wrap=True)
        name = Text(one.title, Role.BODY, wrap=True)
        advice = Text(one.advice, Role.CAPTION, Tone.SOFT, wrap=True)
        items: list[Item] = [Mark(MarkKind(one.mark))]
        if theme.has_rail:
            name.setFixedWidth(theme.px(_NAME_PX))
            word.setFixedWidth(theme.px(_WORD_PX))
            items += [name, word, (advice, 1)]
        else:
            parts = [part for part in (name, word, advice) if part.text()]
            items.append((column(*parts, gap=theme.space(2)), 1))
        if one.asked:
            said = "ready.paper_take_back" if one.mark == "ok" else "ready.paper_say"
            button = Button(text(said), size=ButtonSize.ROW, on_click=self.paper_said.emit)
            button.setObjectName("ready.paper")
            items.append(button)
        above = 0 if theme.has_rail else theme.space(8)
        line = row(*items, gap=theme.space(12), margins=(0, above, 0, above))
        line.setMinimumHeight(theme.px(63) if theme.has_rail else 0)
        return line
