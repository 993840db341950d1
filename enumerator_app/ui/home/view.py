"""The home page: what to do next, in one look."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text, thousands
from enumerator_app.ui.home.side import HomeSide
from enumerator_app.ui.home.state import Figure, HomeState, Task
from enumerator_app.ui.home.villages import village_parts
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    Bar,
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

_HERO_PX = 300
_ACTION_PX = 120
_WIDEST_PX = 1000
_GROUPS_SHOWN = 4


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
        self._next = Text("", Role.LEAD, wrap=True)
        self._detail = Text(text("home.explain_detail"), Role.BODY, Tone.SOFT, wrap=True)
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
        visit = Button(
            text("home.visit"),
            key="Ctrl+G",
            icon="users-three",
            size=ButtonSize.ROW,
            on_click=partial(self.page_asked.emit, "visit"),
        )
        visit.setObjectName("home.visit")
        ready = Button(
            text("visit.ready"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            key="Ctrl+B",
            on_click=partial(self.page_asked.emit, "ready"),
        )
        ready.setObjectName("home.ready")
        if not theme.has_rail:
            below = [row(button, STRETCH) for button in (self._hero, visit, explain, ready)]
            return column(*below, self._next, self._detail, gap=theme.space(12))
        buttons = row(visit, explain, STRETCH, gap=theme.space(8))
        said = row((self._detail, 1), ready, gap=theme.space(8))
        beside = column(STRETCH, self._next, said, theme.space(4), buttons, STRETCH)
        return row(self._hero, (beside, 1), gap=theme.space(24))

    def render_state(self, state: HomeState) -> None:
        if state == self._shown:
            return
        self._shown = state
        self._side.render_state(state)
        self._show_visit(state)
        empty_layout(self._body.box)
        space = current_theme().space
        if state.trouble:
            again = Button(text("home.again"), size=ButtonSize.ROW, on_click=self.again_asked.emit)
            self._body.add(Banner("stop", state.trouble, button=again), space(24))
        if state.is_ready:
            self._body.add(*self._content(state))
        elif not state.trouble:
            self._body.add(LoadingRows(4, name=text("home.loading")))

    def _show_visit(self, state: HomeState) -> None:
        visit = state.visit
        self._next.setVisible(visit is not None)
        self._next.setText(visit.next_words if visit else "")
        self._detail.setText(visit.detail if visit else text("home.explain_detail"))
        self._detail.setVisible(bool(self._detail.text()))

    def _content(self, state: HomeState) -> list[Item]:
        space = current_theme().space
        numbers = "home.numbers_visit" if state.visit else "home.numbers"
        content: list[Item] = [
            Text(text(numbers), Role.SECTION),
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
        content += village_parts(state.villages)
        if state.visit and state.visit.groups and not current_theme().compact:
            content += [space(28), Text(text("visit.groups"), Role.SECTION), space(8)]
            content.append(
                _in_columns(
                    [
                        _group(*group, state.visit.people)
                        for group in state.visit.groups[:_GROUPS_SHOWN]
                    ]
                )
            )
        return content


def _in_columns(parts: list[QWidget]) -> QWidget:
    """Return the parts beside one another; two and two where the text is twice as large."""
    gap = current_theme().space(24)
    if current_theme().has_rail:
        return equal_columns(*parts, gap=gap)
    pairs = [parts[start : start + 2] for start in range(0, len(parts), 2)]
    return column(*(equal_columns(*pair, gap=gap) for pair in pairs), gap=gap)


def _group(name: str, people: int, total: int) -> QWidget:
    """Return how many of a group were recorded, in words and as a part of all."""
    theme = current_theme()
    bar = Bar(name=name)
    bar.set_amounts(total=max(1, total), solid=0, hatched=people)
    said = Text(str(people), Role.STRONG)
    words = Text(name, Role.STRONG, wrap=True)
    return column(row((words, 1), said, gap=theme.space(8)), STRETCH, bar, gap=theme.space(6))


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
