"""Closing a visit: what is unfinished, then the line to copy by hand and its code."""

from functools import partial

from PySide6.QtWidgets import QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    BottomBar,
    Button,
    ButtonKind,
    Hairline,
    Item,
    Mark,
    MarkKind,
    Pane,
    Role,
    Text,
    Tone,
    column,
    current_theme,
    empty_layout,
    row,
)
from enumerator_app.ui.visit.asks import VisitAsks
from enumerator_app.ui.visit.parts import BY_KEY, VisitPane, figures, heading
from enumerator_app.ui.visit.state import VisitState, day_words, place_title, time_words


class ClosingPane(VisitPane):
    """Is anything unfinished? It is said, and nothing is forbidden."""

    def __init__(self, asks: VisitAsks) -> None:
        super().__init__(asks)
        self._head, self._left = Pane(), Pane(gap=current_theme().space(12))
        self._shown: VisitState | None = None
        back = Button(
            text("visit.not_yet"), kind=ButtonKind.QUIET, key="Esc", on_click=asks.back_asked.emit
        )
        self.close_it = Button(
            text("visit.close"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+Return",
            on_click=asks.closed.emit,
        )
        self.close_it.setObjectName("visit.close")
        self.lay_out(
            [self._head, current_theme().space(20), self._left],
            BottomBar(back, STRETCH, self.close_it),
        )

    def show_state(self, state: VisitState) -> None:
        super().show_state(state)
        self.close_it.set_busy(text("visit.closing") if state.is_busy else "")
        if state.standing is None or self._shown is not None:
            return
        self._shown = state
        title = text("visit.close_title", place=place_title(state.standing.visit, state.village))
        self._head.add(heading(title, text("visit.close_detail")))
        if not state.left:
            self._left.add(_line(MarkKind.RECEIVED, text("visit.left_nothing")))
        for sentence in state.left:
            self._left.add(_line(MarkKind.CHECK, sentence))

    def focus_first(self) -> None:
        self.close_it.setFocus(BY_KEY)


class ClosedPane(VisitPane):
    """The recap, large: counts and a code, and nobody's name."""

    def __init__(self, asks: VisitAsks) -> None:
        super().__init__(asks)
        self._content = Pane()
        self._shown: str = ""
        again = Button(text("visit.another"), kind=ButtonKind.QUIET, on_click=asks.back_asked.emit)
        again.setObjectName("visit.another")
        minutes = Button(
            text("visit.minutes"),
            key="Ctrl+P",
            on_click=partial(asks.page_asked.emit, "minutes"),
        )
        minutes.setObjectName("visit.minutes")
        copy = Button(text("visit.copy"), key="Ctrl+Shift+C", on_click=asks.copied.emit)
        self.send = Button(
            text("home.send"),
            kind=ButtonKind.PRIMARY,
            key="F9",
            key_elsewhere=True,
            on_click=partial(asks.page_asked.emit, "sending"),
        )
        self.send.setObjectName("visit.send")
        self.lay_out([self._content], BottomBar(again, STRETCH, minutes, copy, self.send))

    def show_state(self, state: VisitState) -> None:
        super().show_state(state)
        key = f"{state.recap}{state.notice}"
        if state.standing is None or key == self._shown:
            return
        self._shown = key
        theme = current_theme()
        empty_layout(self._content.box)
        if state.notice:
            self._content.add(Banner("look", state.notice), theme.space(16))
        self._content.add(*self._summary(state))

    def _summary(self, state: VisitState) -> list[Item]:
        theme, standing = current_theme(), state.standing
        assert standing is not None
        counts = standing.counts
        numbers = [
            ("present", counts.present),
            ("recorded", counts.recorded),
            ("attended", counts.attended),
            ("waiting_nik", counts.waiting_nik),
        ]
        gap = theme.space(16 if theme.compact else 24)
        below = f"{day_words(standing.visit)} · {time_words(standing)}"
        title = text("visit.closed_title", place=place_title(standing.visit, state.village))
        return [
            heading(title, below),
            gap,
            Text(text("visit.recap_title"), Role.LABEL, Tone.SOFT),
            theme.space(8),
            Text(state.recap, Role.TITLE, wrap=True),
            gap,
            column(
                Text(text("visit.code"), Role.LABEL, Tone.SOFT),
                Text(standing.code, Role.VERDICT),
                Text(text("visit.code_detail"), Role.CAPTION, Tone.SOFT, wrap=True),
                gap=theme.space(2),
            ),
            gap,
            Hairline(),
            gap,
            figures(numbers),
        ]

    def focus_first(self) -> None:
        self.send.setFocus(BY_KEY)


def _line(kind: MarkKind, sentence: str) -> QWidget:
    return row(Mark(kind), (Text(sentence, Role.BODY, wrap=True), 1), gap=current_theme().space(12))
