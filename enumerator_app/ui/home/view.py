"""The home page: what to do next, in one look."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.home.side import HomeSide
from enumerator_app.ui.home.state import Figure, HomeState, Task
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    Button,
    ButtonKind,
    ButtonSize,
    Hairline,
    Icon,
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
    equal_columns,
    fill_box,
    row,
)
from enumerator_app.ui.worker_words import thousands

_HERO_PX = 300
_ACTION_PX = 120
_WIDEST_PX = 1000


class HomeView(QWidget):
    """Shows a state; `page_asked` names the page that was wanted."""

    page_asked = Signal(str)
    again_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: HomeState | None = None
        self._body = Pane()
        self._side = HomeSide(partial(self.page_asked.emit, "sending"))
        self._hero = self._made_hero()
        self._build()
        self.setFocusProxy(self._hero)

    def _made_hero(self) -> Button:
        hero = Button(
            text("home.register"),
            kind=ButtonKind.PRIMARY,
            size=ButtonSize.HERO,
            key="F2",
            key_elsewhere=True,
            icon="user-plus",
            on_click=partial(self.page_asked.emit, "registration"),
        )
        hero.setObjectName("home.register")
        hero.setMinimumWidth(max(hero.minimumWidth(), current_theme().px(_HERO_PX)))
        return hero

    def _build(self) -> None:
        theme = current_theme()
        pad = theme.space(24 if not theme.has_rail else 40)
        inside: list[Item] = [self._head(), theme.space(24), Hairline(), theme.space(24)]
        inside += [self._body, STRETCH]
        if theme.has_drawer:
            inside += [theme.space(24), self._side]
        main = column(*inside, margins=(pad, theme.space(32), pad, theme.space(24)))
        main.setMaximumWidth(theme.px(_WIDEST_PX))
        across = QHBoxLayout()
        across.setSpacing(0)
        fill_box(across, (ScrollPane(main), 1))
        if not theme.has_drawer:
            fill_box(across, self._side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(across)

    def _head(self) -> QWidget:
        """Return the one large action, and beside it what may come before the first person."""
        theme = current_theme()
        explain = Button(
            text("home.explain"),
            key="Ctrl+M",
            icon="hand-pointing",
            size=ButtonSize.ROW,
            on_click=partial(self.page_asked.emit, "benefits"),
        )
        explain.setObjectName("home.explain")
        words = Text(text("home.explain_detail"), Role.BODY, Tone.SOFT, wrap=True)
        if not theme.has_rail:
            return column(row(self._hero, STRETCH), row(explain, STRETCH), gap=theme.space(12))
        beside = column(STRETCH, words, theme.space(6), row(explain, STRETCH), STRETCH)
        return row(self._hero, (beside, 1), gap=theme.space(24))

    def render_state(self, state: HomeState) -> None:
        if state == self._shown:
            return
        self._shown = state
        self._side.render_state(state)
        empty_layout(self._body.box)
        space = current_theme().space
        if state.trouble:
            again = Button(text("home.again"), size=ButtonSize.ROW, on_click=self.again_asked.emit)
            self._body.add(Banner("stop", state.trouble, button=again), space(24))
        if state.is_ready:
            self._body.add(*self._content(state))
        elif not state.trouble:
            self._body.add(LoadingRows(4, name=text("home.loading")))

    def _content(self, state: HomeState) -> list[Item]:
        space = current_theme().space
        content: list[Item] = [
            Text(text("home.numbers"), Role.SECTION),
            space(8),
            _in_columns([_figure(figure) for figure in state.figures]),
            space(28),
            Text(text("home.to_do"), Role.SECTION),
            space(8),
        ]
        for task in state.tasks:
            content += [_task_line(task, partial(self.page_asked.emit, task.page)), Hairline()]
        if not state.tasks:
            content.append(Text(text("home.nothing_to_do"), Role.BODY, Tone.SOFT, wrap=True))
        return content


def _in_columns(parts: list[QWidget]) -> QWidget:
    """Return the parts beside one another; two and two where the text is twice as large."""
    gap = current_theme().space(24)
    if current_theme().has_rail:
        return equal_columns(*parts, gap=gap)
    pairs = [parts[start : start + 2] for start in range(0, len(parts), 2)]
    return column(*(equal_columns(*pair, gap=gap) for pair in pairs), gap=gap)


def _figure(figure: Figure) -> QWidget:
    return column(
        Text(thousands(figure.number), Role.NUMBER),
        Text(figure.name, Role.STRONG, wrap=True),
        Text(figure.detail, Role.CAPTION, Tone.SOFT, wrap=True),
        STRETCH,
    )


def _task_line(task: Task, act: Callable[[], object]) -> QWidget:
    theme = current_theme()
    mark = Icon("printer", px=16) if task.mark == "printer" else Mark(MarkKind(task.mark))
    said: list[Item] = [STRETCH, Text(task.title, Role.STRONG, wrap=True)]
    if task.detail:
        said.append(Text(task.detail, Role.CAPTION, Tone.SOFT, wrap=True))
    words = column(*said, STRETCH)
    button = Button(
        task.action, size=ButtonSize.ROW, key=task.shortcut, key_elsewhere=True, on_click=act
    )
    button.setObjectName(f"home.{task.page}")
    button.setMinimumWidth(max(button.minimumWidth(), theme.px(_ACTION_PX)))
    line = row(mark, (words, 1), button, gap=theme.space(12))
    line.setMinimumHeight(theme.px(63) if theme.has_rail else 0)
    return line
