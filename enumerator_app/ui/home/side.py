"""Beside what to do: how far everybody is, the week, and the last send."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from enumerator_app.texts import text, thousands
from enumerator_app.ui.home.state import HomeState, Stretch
from enumerator_app.ui.kit import (
    STRETCH,
    Bar,
    Button,
    ButtonSize,
    Day,
    Hairline,
    Item,
    Pane,
    Phrase,
    Role,
    Swatch,
    Text,
    Tone,
    WeekChart,
    column,
    current_theme,
    empty_layout,
    row,
)

_WIDTH_PX = 424


class HomeSide(Pane):
    """A pane at the right; with larger text the last part of the page."""

    def __init__(self, send: Callable[[], object]) -> None:
        theme = current_theme()
        space = theme.space
        self._chart = WeekChart(name=text("home.week"))
        self._total = Text("", Role.CAPTION, Tone.SOFT)
        self._last = Text("", Role.STRONG, wrap=True)
        self._reminder = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        self._journey, self._week = Pane(), Pane()
        self._week.add(
            row(Text(text("home.week"), Role.SECTION), STRETCH, self._total),
            space(16),
            self._chart,
            space(12),
        )
        if not theme.compact:
            self._week.add(_legend(), space(24))
        last: list[Item] = [Hairline(), space(16), self._last_line(send)]
        if theme.has_drawer:
            super().__init__(Hairline(), space(24), self._journey, self._week, *last)
            return
        side = space(32)
        above, end = (space(24), space(16)) if theme.compact else (side, space(24))
        super().__init__(
            self._journey,
            self._week,
            STRETCH,
            *last,
            ground="pane",
            sides=("left",),
            margins=(side, above, side, end),
        )
        self.setFixedWidth(theme.px(_WIDTH_PX))

    def _last_line(self, send: Callable[[], object]) -> Pane:
        theme = current_theme()
        button = Button(
            text("home.send"), size=ButtonSize.ROW, key="F9", key_elsewhere=True, on_click=send
        )
        button.setObjectName("home.send")
        words = column(STRETCH, self._last, theme.space(2), self._reminder, STRETCH)
        return Pane((words, 1), button, direction="across", gap=theme.space(12))

    def render_state(self, state: HomeState) -> None:
        empty_layout(self._journey.box)
        if state.journey:
            gap = current_theme().space(12 if current_theme().compact else 16)
            self._journey.add(Text(text("home.journey"), Role.SECTION), gap)
            for stretch in state.journey:
                self._journey.add(_stretch(stretch), gap)
            self._journey.add(gap)
        self._chart.set_days(
            [Day(day.name, day.received, day.saved, day.is_today) for day in state.week]
        )
        self._week.setVisible(state.is_ready)
        self._total.setText(text("home.people", n=thousands(state.week_total)))
        self._last.setText(state.last_send)
        self._reminder.setText(state.reminder)
        self._reminder.setVisible(bool(state.reminder))


def _stretch(stretch: Stretch) -> QWidget:
    """Return one part of the way: how many came so far, in words and as a bar."""
    theme = current_theme()
    said = f" {text('home.of', total=thousands(stretch.total))}"
    bar = Bar(name=stretch.name)
    bar.set_amounts(total=stretch.total, solid=stretch.arrived, hatched=stretch.on_the_way)
    count = Phrase((thousands(stretch.arrived), True), (said, False), role=Role.CAPTION)
    heading = row(Text(stretch.name, Role.STRONG), STRETCH, count, gap=theme.space(8))
    return column(heading, bar, gap=theme.space(6))


def _legend() -> Pane:
    theme = current_theme()
    return Pane(
        Swatch(hatched=False),
        Text(text("home.legend_received"), Role.CAPTION, Tone.SOFT),
        theme.space(12),
        Swatch(hatched=True),
        Text(text("home.legend_saved"), Role.CAPTION, Tone.SOFT),
        STRETCH,
        direction="across",
        gap=theme.space(8),
    )
