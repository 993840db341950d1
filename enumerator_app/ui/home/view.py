"""The home page: what to do next, in one look."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.home.state import Figure, HomeState, Task
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    Button,
    ButtonKind,
    ButtonSize,
    Day,
    Hairline,
    Icon,
    Mark,
    MarkKind,
    Pane,
    Role,
    ScrollPane,
    Swatch,
    Text,
    Tone,
    WeekChart,
    column,
    current_theme,
    empty_layout,
    fill_box,
    row,
)


class HomeView(QWidget):
    """Shows a state; `page_asked` names the page that was wanted."""

    page_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._hero = Button(
            text("home.register"),
            kind=ButtonKind.PRIMARY,
            size=ButtonSize.HERO,
            key="F2",
            key_elsewhere=True,
            icon="user-plus",
            on_click=partial(self.page_asked.emit, "registration"),
        )
        self._hero.setObjectName("home.register")
        self._figures = QHBoxLayout()
        self._tasks = QVBoxLayout()
        self._trouble = Banner("stop", "", "")
        self._chart = WeekChart(name=text("home.week"))
        self._week_total = Text("", Role.CAPTION, Tone.SOFT)
        self._last = Text("", Role.STRONG, wrap=True)
        self._reminder = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        for box in (self._figures, self._tasks):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(theme.space(16) if box is self._figures else 0)
        body = QWidget()
        across = QHBoxLayout(body)
        fill_box(across, (self._main(), 1), self._side())
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        fill_box(box, ScrollPane(body) if theme.has_drawer else body)
        self.setFocusProxy(self._hero)

    def _main(self) -> QWidget:
        theme = current_theme()
        hero = row(self._hero, STRETCH)
        pad = theme.space(40)
        figures, tasks = QWidget(), QWidget()
        figures.setLayout(self._figures)
        tasks.setLayout(self._tasks)
        self._trouble.hide()
        return column(
            self._trouble,
            hero,
            theme.space(24),
            Hairline(),
            theme.space(24),
            Text(text("home.numbers"), Role.SECTION),
            theme.space(12),
            figures,
            theme.space(24),
            Text(text("home.to_do"), Role.SECTION),
            theme.space(8),
            tasks,
            STRETCH,
            margins=(pad, theme.space(32), pad, theme.space(24)),
        )

    def _side(self) -> QWidget:
        theme = current_theme()
        legend = row(
            Swatch(hatched=False),
            Text(text("home.legend_received"), Role.CAPTION, Tone.SOFT),
            theme.space(16),
            Swatch(hatched=True),
            Text(text("home.legend_saved"), Role.CAPTION, Tone.SOFT),
            STRETCH,
            gap=theme.space(8),
        )
        send = Button(
            text("home.send"),
            size=ButtonSize.ROW,
            key="F9",
            key_elsewhere=True,
            on_click=partial(self.page_asked.emit, "sending"),
        )
        words = column(self._last, self._reminder, gap=theme.space(2))
        last = row((words, 1), send, gap=theme.space(12))
        side = Pane(
            row(Text(text("home.week"), Role.SECTION), STRETCH, self._week_total),
            theme.space(16),
            self._chart,
            theme.space(12),
            legend,
            STRETCH,
            Hairline(),
            theme.space(12),
            last,
            sides=("left",),
            margins=(theme.space(32), theme.space(40), theme.space(32), theme.space(24)),
        )
        side.setFixedWidth(theme.px(424))
        side.setVisible(not theme.has_drawer)
        return side

    def render_state(self, state: HomeState) -> None:
        self._trouble.setVisible(bool(state.trouble))
        if state.trouble:
            self._trouble.set_words("stop", state.trouble, "")
        self._render_figures(state.figures)
        self._render_tasks(state)
        self._chart.set_days(
            [Day(day.name, day.received, day.saved, day.is_today) for day in state.week]
        )
        self._week_total.setText(text("home.people", n=state.week_total))
        self._last.setText(state.last_send)
        self._reminder.setText(state.reminder)

    def _render_figures(self, figures: tuple[Figure, ...]) -> None:
        empty_layout(self._figures)
        for figure in figures:
            parts = column(
                Text(str(figure.number), Role.NUMBER),
                Text(figure.name, Role.STRONG, wrap=True),
                Text(figure.detail, Role.CAPTION, Tone.SOFT, wrap=True),
                STRETCH,
            )
            self._figures.addWidget(parts, 1)

    def _render_tasks(self, state: HomeState) -> None:
        empty_layout(self._tasks)
        for task in state.tasks:
            self._tasks.addWidget(self._task_line(task))
            self._tasks.addWidget(Hairline())
        if state.is_ready and not state.tasks:
            self._tasks.addWidget(Text(text("home.nothing_to_do"), Role.BODY, Tone.SOFT, wrap=True))

    def _task_line(self, task: Task) -> QWidget:
        theme = current_theme()
        mark = Icon("printer", px=16) if task.mark == "printer" else Mark(MarkKind(task.mark))
        words = column(
            Text(task.title, Role.STRONG, wrap=True),
            Text(task.detail, Role.CAPTION, Tone.SOFT, wrap=True),
        )
        act = Button(
            task.action,
            size=ButtonSize.ROW,
            key=task.shortcut,
            key_elsewhere=True,
            on_click=partial(self.page_asked.emit, task.page),
        )
        line = row(mark, (words, 1), act, gap=theme.space(12))
        line.setMinimumHeight(theme.px(63))
        return line
