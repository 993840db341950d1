"""The open visit: who came, which groups, what was said to all, and how it goes on."""

from functools import partial

from PySide6.QtWidgets import QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Bar,
    BottomBar,
    Button,
    ButtonKind,
    ButtonSize,
    Grid12,
    Hairline,
    Item,
    Mark,
    MarkKind,
    Pane,
    Phrase,
    Role,
    Text,
    Tone,
    column,
    current_theme,
    empty_layout,
    row,
)
from enumerator_app.ui.visit.asks import VisitAsks
from enumerator_app.ui.visit.parts import (
    BY_KEY,
    GroupFields,
    VisitPane,
    figures,
    heading,
    plain_field,
)
from enumerator_app.ui.visit.state import (
    VisitState,
    consent_words,
    day_words,
    place_title,
    time_words,
)

_SIDE_PX = 424


class RunningPane(VisitPane):
    """Numbers and groups at the left, what concerns everybody at the right."""

    def __init__(self, asks: VisitAsks) -> None:
        super().__init__(asks)
        self._head, self._numbers, self._groups = Pane(), Pane(), Pane()
        self._shown: object = None
        self._panel = ""
        self.group = GroupFields(asks, self._add)
        self._adding = self._made_adding()
        self._side = _Side(asks)
        self.register = Button(
            text("home.register"),
            kind=ButtonKind.PRIMARY,
            key="F2",
            key_elsewhere=True,
            on_click=partial(asks.page_asked.emit, "registration"),
        )
        self.register.setObjectName("visit.register")
        self.resume = Button(
            text("visit.resume"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+Return",
            on_click=asks.resume_asked.emit,
        )
        self.resume.setObjectName("visit.resume")
        theme = current_theme()
        gap = theme.space(16 if theme.compact else 24)
        content: list[Item] = [self._head, gap, self._numbers, gap, self._groups, self._adding]
        self.lay_out(content, self._bar(), self._side)

    def _bar(self) -> BottomBar:
        asks = self.asks
        self._rest = Button(
            text("visit.rest"), kind=ButtonKind.QUIET, key="Ctrl+I", on_click=asks.rest_asked.emit
        )
        close = Button(text("visit.ask_close"), key="Ctrl+W", on_click=asks.close_asked.emit)
        close.setObjectName("visit.ask_close")
        return BottomBar(self._rest, STRETCH, close, self.resume, self.register)

    def _made_adding(self) -> QWidget:
        theme = current_theme()
        add = Button(text("visit.add"), size=ButtonSize.ROW, on_click=self._add)
        add.setObjectName("visit.add")
        side = theme.space(16)
        return Pane(
            self.group,
            theme.space(12),
            row(STRETCH, add),
            ground="pane",
            margins=(side, theme.space(12), side, side),
            radius=8,
        )

    def _add(self) -> None:
        if self.group.fields["name"].text().strip():
            self.asks.group_asked.emit()
        else:
            self.asks.panel_asked.emit("group")

    def show_state(self, state: VisitState) -> None:
        super().show_state(state)
        standing = state.standing
        if standing is None:
            return
        paused = standing.paused_at is not None
        self.resume.setVisible(paused)
        self.register.setVisible(not paused)
        self._rest.setVisible(not paused)
        was_adding = not self._adding.isHidden()
        self._adding.setVisible(state.panel == "group")
        self.group.show_group(state.group)
        self._side.show_side(state)
        if standing != self._shown:
            self._shown = standing
            self._show_standing(state)
        had_panel, self._panel = bool(self._panel), state.panel
        if (state.panel == "group" and not was_adding) or (had_panel and not state.panel):
            self.focus_first()

    def _show_standing(self, state: VisitState) -> None:
        standing = state.standing
        assert standing is not None
        visit, counts, queue = standing.visit, standing.counts, standing.queue
        empty_layout(self._head.box)
        below = f"{day_words(visit)} · {time_words(standing)}"
        if standing.paused_at is not None:
            below = f"{below} · {text('visit.is_paused')}"
        self._head.add(heading(place_title(visit, state.village), below))
        empty_layout(self._numbers.box)
        numbers = [
            ("present", counts.present),
            ("recorded", counts.recorded),
            ("attended", counts.attended),
            ("later", len(queue.later)) if queue.waiting is None else ("waiting", queue.waiting),
        ]
        self._numbers.add(figures(numbers))
        self._show_groups(state)

    def _show_groups(self, state: VisitState) -> None:
        theme, standing = current_theme(), state.standing
        assert standing is not None
        add = Button(
            text("visit.add_group"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            key="Ctrl+G",
            on_click=partial(self.asks.panel_asked.emit, "group"),
        )
        empty_layout(self._groups.box)
        self._groups.add(row(Text(text("visit.groups"), Role.SECTION), STRETCH, add))
        if not standing.visit.groups:
            words = Text(text("visit.no_groups"), Role.BODY, Tone.SOFT, wrap=True)
            self._groups.add(theme.space(8), words)
        total = max(1, standing.counts.present)
        for group in standing.visit.groups:
            people = standing.tally.by_group.get(group.id, 0)
            bar = Bar(name=group.name)
            bar.set_amounts(total=total, solid=0, hatched=people)
            said = Phrase((str(people), True), (f" {text('visit.people')}", False))
            told = " · ".join(part for part in (group.foreman, group.occupation) if part)
            line = row(Text(group.name, Role.STRONG), STRETCH, said, gap=theme.space(8))
            detail = [Text(told, Role.CAPTION, Tone.SOFT, wrap=True)] if told else []
            self._groups.add(theme.space(12), column(line, *detail, bar, gap=theme.space(4)))

    def focus_first(self) -> None:
        if self._panel == "consent":
            self._side.focus_witness()
        elif self._panel == "group":
            self.group.focus_first()
        else:
            self._focus_primary()

    def _focus_primary(self) -> None:
        (self.register if self.resume.isHidden() else self.resume).setFocus(BY_KEY)


class _Side(Pane):
    """The explanation and its witness, and how many slips there are."""

    def __init__(self, asks: VisitAsks) -> None:
        theme = current_theme()
        self._asks = asks
        self._mark = Mark(MarkKind.CHECK)
        self._said = Text("", Role.STRONG, wrap=True)
        self._name = plain_field("witness", partial(asks.edited.emit, "witness.name"))
        self._role = plain_field("witness_role", partial(asks.edited.emit, "witness.role"))
        self._slips = plain_field("slips", lambda _typed: None)
        self._note = Button(text("visit.all_agree"), on_click=asks.consent_asked.emit, wide=True)
        self._note.setObjectName("visit.all_agree")
        self._asked = self._made_asked()
        self._slips_part = self._made_slips()
        self._ask = Button(
            text("visit.note_consent"),
            size=ButtonSize.ROW,
            on_click=partial(asks.panel_asked.emit, "consent"),
        )
        self._connect()
        items = self._items()
        if theme.has_drawer:
            super().__init__(Hairline(), theme.space(24), *items)
            return
        side = theme.space(32)
        above = theme.space(20 if theme.compact else 32)
        margins = (side, above, side, theme.space(24))
        super().__init__(*items, STRETCH, ground="pane", sides=("left",), margins=margins)
        self.setFixedWidth(theme.px(_SIDE_PX))

    def _items(self) -> list[Item]:
        theme = current_theme()
        explain = Button(
            text("home.explain"),
            size=ButtonSize.ROW,
            key="Ctrl+M",
            icon="hand-pointing",
            on_click=partial(self._asks.page_asked.emit, "benefits"),
        )
        gap = theme.space(16 if theme.compact else 24)
        return [
            Text(text("visit.consent"), Role.SECTION),
            theme.space(8),
            row(self._mark, (self._said, 1), gap=theme.space(8)),
            theme.space(12),
            row(explain, STRETCH),
            theme.space(8),
            row(self._ask, STRETCH),
            self._asked,
            gap,
            self._slips_part,
        ]

    def _made_slips(self) -> QWidget:
        theme = current_theme()
        gap = theme.space(16 if theme.compact else 24)
        return column(
            Hairline(),
            gap,
            Text(text("visit.slips_title"), Role.SECTION),
            theme.space(8),
            self._slips,
            theme.space(4),
            Text(text("visit.slips_detail"), Role.CAPTION, Tone.SOFT, wrap=True),
            theme.space(8),
            *(row(self._paper_button(kind), STRETCH) for kind in ("tickets", "consent")),
        )

    def _paper_button(self, kind: str) -> Button:
        button = Button(
            text(f"visit.paper_{kind}"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            icon="printer",
            on_click=partial(self._asks.page_asked.emit, kind),
        )
        button.setObjectName(f"visit.paper_{kind}")
        return button

    def _made_asked(self) -> QWidget:
        grid = Grid12()
        grid.add_row((self._name, 12))
        grid.add_row((self._role, 12))
        return column(grid, current_theme().space(8), self._note)

    def _connect(self) -> None:
        self._name.entered.connect(partial(self._role.setFocus, BY_KEY))
        self._role.entered.connect(partial(self._note.setFocus, BY_KEY))
        self._slips.entered.connect(self._on_slips)

    def _on_slips(self) -> None:
        typed = self._slips.text().strip()
        if typed.isdecimal():
            self._asks.tickets_set.emit(int(typed))

    def show_side(self, state: VisitState) -> None:
        standing = state.standing
        assert standing is not None
        noted = standing.visit.consent is not None
        self._mark.set_kind(MarkKind.RECEIVED if noted else MarkKind.CHECK)
        self._said.setText(consent_words(standing))
        was_asked = not self._asked.isHidden()
        self._asked.setVisible(state.panel == "consent")
        self._ask.setVisible(state.panel != "consent")
        self._slips_part.setVisible(state.panel != "consent")
        self._name.set_text(state.witness.name)
        self._role.set_text(state.witness.role)
        if not self._slips.line.hasFocus():
            tickets = standing.visit.tickets
            self._slips.set_text(str(tickets) if tickets else "")
        if state.panel == "consent" and not was_asked:
            self.focus_witness()

    def focus_witness(self) -> None:
        self._name.setFocus(BY_KEY)
