"""Beginning a visit: place, slips, who comes. The last visit's answers are there already."""

from functools import partial

from enumerator_app.domain.places import Places
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    BottomBar,
    Button,
    ButtonKind,
    ButtonSize,
    Grid12,
    Item,
    Pane,
    Role,
    Text,
    TickBox,
    column,
    current_theme,
    empty_layout,
    row,
)
from enumerator_app.ui.registration.village_panel import VillagePanel
from enumerator_app.ui.visit.asks import VisitAsks
from enumerator_app.ui.visit.parts import BY_KEY, GroupFields, VisitPane, heading, plain_field
from enumerator_app.ui.visit.state import VisitState


class OpeningPane(VisitPane):
    """Enter leads from field to field; Ctrl+Enter begins from anywhere."""

    def __init__(self, asks: VisitAsks, places: Places) -> None:
        super().__init__(asks)
        self._village = Text("", Role.SECTION, wrap=True)
        self._panel = VillagePanel(places)
        self.place = plain_field("place", partial(asks.edited.emit, "draft.place"))
        self.tickets = plain_field("tickets", partial(asks.edited.emit, "draft.tickets"))
        self._earlier = Pane(gap=current_theme().space(4))
        self._earlier_names: tuple[str, ...] = ()
        self._ticks: dict[str, TickBox] = {}
        self.group = GroupFields(asks, self._finish)
        self.begin = Button(
            text("visit.begin"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+Return",
            on_click=asks.begin_asked.emit,
        )
        self.begin.setObjectName("visit.begin")
        self._last = Button(
            text("visit.last"), kind=ButtonKind.QUIET, key="Ctrl+R", on_click=asks.last_asked.emit
        )
        self._connect()
        self.lay_out(self._content(), self._bar())

    def _connect(self) -> None:
        asks = self.asks
        self._panel.chosen.connect(asks.village_chosen)
        self._panel.closed.connect(partial(asks.panel_asked.emit, "village"))
        self.place.entered.connect(partial(self.tickets.setFocus, BY_KEY))
        self.tickets.entered.connect(self.group.focus_first)

    def _content(self) -> list[Item]:
        theme = current_theme()
        change = Button(
            text("form.change"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            key="F7",
            on_click=partial(self.asks.panel_asked.emit, "village"),
        )
        change.setAccessibleName(text("form.village.change"))
        grid = Grid12()
        if theme.has_rail:
            grid.add_row((self.place, 8), (self.tickets, 4))
        else:
            grid.add_row((self.place, 12))
            grid.add_row((self.tickets, 12))
        gap = theme.space(12 if theme.compact else 20)
        return [
            heading(text("visit.opening_title"), text("visit.opening_detail")),
            gap,
            row((self._village, 1), change, gap=theme.space(8)),
            self._panel,
            theme.space(8),
            grid,
            gap,
            column(Text(text("visit.groups"), Role.SECTION), self._earlier, gap=theme.space(4)),
            theme.space(8),
            self.group,
        ]

    def _bar(self) -> BottomBar:
        ready = Button(
            text("visit.ready"),
            kind=ButtonKind.QUIET,
            key="Ctrl+B",
            on_click=partial(self.asks.page_asked.emit, "ready"),
        )
        return BottomBar(ready, self._last, STRETCH, self.begin)

    def show_state(self, state: VisitState) -> None:
        super().show_state(state)
        draft = state.draft
        self._village.setText(state.village or text("form.village.missing"))
        was_open = not self._panel.isHidden()
        self._panel.show_panel(is_open=state.panel == "village")
        self.place.set_text(draft.place)
        self.tickets.set_text(draft.tickets)
        self.group.show_group(state.group)
        self._show_earlier(state)
        self._last.setVisible(state.can_show_last)
        self.begin.set_busy(text("visit.beginning") if state.is_busy else "")
        if was_open and state.panel != "village" and draft.village_code:
            self.place.setFocus(BY_KEY)

    def _show_earlier(self, state: VisitState) -> None:
        names = tuple(group.name for group in state.draft.earlier)
        if names != self._earlier_names:
            self._earlier_names = names
            empty_layout(self._earlier.box)
            self._ticks = {name: TickBox(name) for name in names}
            for name, tick in self._ticks.items():
                tick.clicked.connect(partial(self._on_ticked, name))
                self._earlier.add(tick)
        for name, tick in self._ticks.items():
            tick.setChecked(name in state.draft.joined)
        self._earlier.setVisible(bool(names))

    def _on_ticked(self, name: str, _checked: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.asks.joined.emit(name)

    def _finish(self) -> None:
        self.begin.setFocus(BY_KEY)

    def focus_first(self) -> None:
        if self._panel.isHidden():
            self.begin.setFocus(BY_KEY)
        else:
            self._panel.field.setFocus(BY_KEY)
