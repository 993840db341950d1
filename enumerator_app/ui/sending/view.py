"""The sending page: one large answer, two bars, what is going on, and the receipt."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    BottomBar,
    Button,
    ButtonKind,
    Hairline,
    Item,
    Mark,
    MarkKind,
    Pane,
    Role,
    ScrollPane,
    Text,
    Tone,
    announce,
    column,
    current_theme,
    equal_columns,
    fill_box,
    row,
)
from enumerator_app.ui.sending.back_part import BackPart
from enumerator_app.ui.sending.notices import halted_words, not_back_words
from enumerator_app.ui.sending.parts import AmountBar, Figure, LogPart, NoticePart, Steps
from enumerator_app.ui.sending.recap_part import RecapPart
from enumerator_app.ui.sending.state import (
    SendingState,
    amounts,
    changes,
    mark_of,
    photos_words,
    rate_words,
    receipt_words,
    records_name,
    records_words,
    steps,
    verdict,
)
from enumerator_app.ui.sending.stick_part import StickPart
from enumerator_app.ui.worker_words import long_moment_words

_SIDE_PX = 408
_MARK_PX = 56
_WIDEST_PX = 1000


class SendingView(QWidget):
    """Shows a state; reports what was asked for."""

    send_asked = Signal()
    stop_asked = Signal()
    corrections_asked = Signal()
    lock_asked = Signal()
    handover_asked = Signal()
    code_given = Signal(str)
    stick_write_asked = Signal()
    stick_read_asked = Signal()
    stick_take_asked = Signal()
    stick_later_asked = Signal()
    stick_stop_asked = Signal()
    stick_keep_asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._phase = ""
        self._mark = Mark(MarkKind.SAVED, px=_MARK_PX)
        self._title = Text("", Role.VERDICT, wrap=True)
        self._sentence = Text("", Role.LEAD, wrap=True)
        names = text("sending.records"), text("sending.photos")
        self._records, self._photos = (AmountBar(name, is_large=True) for name in names)
        self._all_records, self._all_photos = (AmountBar(name, is_large=False) for name in names)
        self._rates = [Figure(text(f"sending.{name}")) for name in ("speed", "left", "sent")]
        self._halted, self._not_back = NoticePart(), NoticePart()
        self._receipt = Text("", Role.BODY, wrap=True)
        self._changes, self._now = Steps(is_strong=True), Steps()
        self._log = LogPart()
        self._side_title = Text("", Role.SECTION)
        self._last = Text("", Role.BODY, Tone.SOFT, wrap=True)
        self._back = BackPart()
        self._back.code_given.connect(self.code_given)
        self._recap = RecapPart()
        self.show_recap = self._recap.show_recap
        self._recap.handover_asked.connect(self.handover_asked)
        self._stick = StickPart()
        self.show_stick = self._stick.show_stick
        self._stick.write_asked.connect(self.stick_write_asked)
        self._stick.read_asked.connect(self.stick_read_asked)
        self._stick.take_asked.connect(self.stick_take_asked)
        self._stick.later_asked.connect(self.stick_later_asked)
        self._stick.stop_asked.connect(self.stick_stop_asked)
        self._stick.keep_asked.connect(self.stick_keep_asked)
        self._build()

    # --- what it is made of

    def _build(self) -> None:
        theme = current_theme()
        side: list[Item] = [self._side_title, theme.space(12), self._now, self._last]
        gap = theme.space(16 if theme.compact else 32)
        side += [gap, self._recap, *_below(self._stick)]
        pad = theme.space(64 if theme.has_rail and not theme.compact else 40)
        above = theme.space(24 if theme.compact else 40)
        main: list[Item] = [*self._main_parts(), STRETCH]
        if theme.has_drawer:
            below = [theme.space(24) if item is STRETCH else item for item in side]
            main = [*main[:-1], theme.space(24), Hairline(), theme.space(24), *below, STRETCH]
        content = column(*main, margins=(pad, above, pad, theme.space(24)))
        content.setMaximumWidth(theme.px(_WIDEST_PX))
        across = QWidget()
        box = QHBoxLayout(across)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        fill_box(box, (ScrollPane(content), 1))
        if not theme.has_drawer:
            box.addWidget(_side_pane(side, above))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        fill_box(whole, (across, 1), self._bottom())

    def _main_parts(self) -> list[Item]:
        theme = current_theme()
        gap = theme.space(24)
        words = column(self._title, self._sentence, gap=theme.space(2))
        heading = row((self._mark, Qt.AlignmentFlag.AlignTop), (words, 1), gap=theme.space(20))
        figures = equal_columns(*self._rates, gap=theme.space(16))
        self._large = column(self._records, gap, self._photos, gap, figures)
        self._figures = figures
        self._small = row((self._all_records, 1), (self._all_photos, 1), gap=theme.space(32))
        below = theme.space(16 if theme.compact else 32)
        self._end = column(
            Text(text("sending.receipt_title"), Role.SECTION),
            theme.space(8),
            self._receipt,
            gap,
            Text(text("sending.changes_title"), Role.SECTION),
            theme.space(4),
            self._changes,
            below,
        )
        return [
            heading,
            below,
            self._back,
            self._halted,
            self._not_back,
            self._large,
            self._small,
            below,
            self._end,
            self._log,
        ]

    def _bottom(self) -> BottomBar:
        self._hint = Text(text("sending.may_stop"), Role.CAPTION, Tone.SOFT)
        self._fix = Button(text("sending.fix"), key="F5", key_elsewhere=True)
        self._stop = Button(text("sending.stop"), key="Esc")
        self._send = Button(
            text("sending.send"), kind=ButtonKind.PRIMARY, key="Return", icon="paper-plane-tilt"
        )
        self._lock = Button(
            text("sending.lock"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+L",
            key_elsewhere=True,
            icon="lock-key",
        )
        for button, asked, name in (
            (self._fix, self.corrections_asked, "fix"),
            (self._stop, self.stop_asked, "stop"),
            (self._send, self.send_asked, "send"),
            (self._lock, self.lock_asked, "lock"),
        ):
            button.clicked.connect(asked)
            button.setObjectName(f"sending.{name}")
        self._turn = _Turn(self._stop, self._send, self._lock)
        return BottomBar(self._hint, STRETCH, self._fix, self._stop, self._send, self._lock)

    # --- what it shows

    def render_state(self, state: SendingState) -> None:
        """Show the state, whole."""
        title, sentence = verdict(state)
        self._mark.set_kind(MarkKind(mark_of(state)))
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._back.show_back(state)
        self._halted.show_words(*halted_words(state))
        self._not_back.show_words(*not_back_words(state))
        self._show_amounts(state)
        self._end.setVisible(state.result is not None)
        self._receipt.setText(receipt_words(state))
        self._changes.set_steps(changes(state))
        self._show_side(state)
        self._show_buttons(state)
        if state.phase != self._phase:
            self._phase = state.phase
            announce(self, f"{title}. {sentence}")

    def _show_amounts(self, state: SendingState) -> None:
        records, photos = amounts(state)
        is_over = state.phase == "done"
        self._large.setVisible(not is_over)
        self._small.setVisible(is_over)
        for bar in (self._records, self._all_records):
            bar.set_name(records_name(state))
            bar.set_amount(records, records_words(state))
        for bar in (self._photos, self._all_photos):
            bar.set_amount(photos, photos_words(state))
            bar.setVisible(photos.total > 0)
        self._figures.setVisible(state.phase == "sending")
        for figure, words in zip(self._rates, rate_words(state), strict=True):
            figure.set_words(words)

    def _show_side(self, state: SendingState) -> None:
        told = steps(state)
        self._now.set_steps(told)
        title = "sending.happening" if state.phase == "sending" else "sending.happened"
        self._side_title.setText(text(title if told else "sending.last_title"))
        self._last.setText(_last_words(state))
        self._last.setVisible(not told)
        for part in (self._side_title, self._now):  # at the end the receipt says it all
            part.setVisible(not state.may_close)
        self._log.show_log(state)
        self._recap.setVisible(state.phase != "sending" and state.held.registrations > 0)

    def _show_buttons(self, state: SendingState) -> None:
        """Show what can be done now; the new button is there before the old one goes."""
        sending, over = state.phase == "sending", state.may_close
        has_room = not current_theme().has_drawer
        primary = self._stop if sending else self._lock if over else self._send
        self._turn.set_enabled(self._stop, enabled=not state.is_stopping)
        self._send.setEnabled(not state.is_practice)
        self.setFocusProxy(primary)
        self._turn.give_to(primary)
        self._fix.setVisible(not sending and state.held.to_correct > 0)
        self._hint.setVisible(sending and has_room)


class _Turn:
    """One of several buttons is there at a time; the focus goes on with them."""

    def __init__(self, *buttons: Button) -> None:
        self._buttons = buttons
        self._is_owed = False  # a disabled button lost the focus to some neighbour

    def set_enabled(self, button: Button, *, enabled: bool) -> None:
        self._is_owed |= not enabled and button.hasFocus()
        button.setEnabled(enabled)

    def give_to(self, primary: Button) -> None:
        """Show this one before the others go."""
        primary.setVisible(True)
        focused = QApplication.focusWidget()
        is_owed = self._is_owed and primary.isEnabled()
        if (is_owed and primary.isVisible()) or (
            focused in self._buttons and focused is not primary
        ):
            primary.setFocus(Qt.FocusReason.OtherFocusReason)
        self._is_owed &= not is_owed
        for button in self._buttons:
            button.setVisible(button is primary)


def _side_pane(items: list[Item], above: int) -> Pane:
    theme = current_theme()
    side = theme.space(32)
    at = items.index(STRETCH)
    upper = Pane(*items[:at], STRETCH, ground="pane", margins=(side, above, side, theme.space(8)))
    lower = Pane(*items[at + 1 :], ground="pane", margins=(side, 0, side, theme.space(24)))
    pane = Pane((ScrollPane(upper), 1), lower, ground="pane", sides=("left",))
    pane.setFixedWidth(_SIDE_PX - (48 if theme.compact else 0))
    return pane


def _below(stick: StickPart) -> list[Item]:
    return [STRETCH, Hairline(), current_theme().space(12), stick]


def _last_words(state: SendingState) -> str:
    if state.last_at is None:
        return text("sending.never")
    return text("sending.last", when=long_moment_words(state.last_at))
