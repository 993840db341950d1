"""The sending page: one large answer, two bars, what is going on, and the receipt."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Bar,
    BottomBar,
    Button,
    ButtonKind,
    Hairline,
    Mark,
    MarkKind,
    Pane,
    Role,
    ScrollPane,
    Text,
    Tone,
    announce,
    bind_key,
    column,
    current_theme,
    empty_layout,
    fill_box,
    row,
)
from enumerator_app.ui.kit.bars import BAR_PAGE_PX
from enumerator_app.ui.sending.state import (
    Amount,
    SendingState,
    Step,
    changes,
    rate_words,
    receipt_words,
    steps,
    verdict,
)
from enumerator_app.ui.worker_words import long_moment_words


class SendingView(QWidget):
    """Shows a state; reports what was asked for."""

    send_asked = Signal()
    stop_asked = Signal()
    corrections_asked = Signal()
    lock_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._phase = ""
        theme = current_theme()
        self._mark = Mark(MarkKind.SAVED, px=56)
        self._title = Text("", Role.VERDICT)
        self._sentence = Text("", Role.LEAD, wrap=True)
        self._records = _Amount(text("sending.records"))
        self._photos = _Amount(text("sending.photos"))
        self._rates = [_Figure(text(f"sending.{name}")) for name in ("speed", "left", "sent")]
        self._figures = row(*((figure, 1) for figure in self._rates), gap=theme.space(16))
        self._receipt_title = Text(text("sending.receipt_title"), Role.SECTION)
        self._receipt = Text("", Role.BODY, wrap=True)
        self._changes_title = Text(text("sending.changes_title"), Role.SECTION)
        self._changes = _Steps()
        self._now = _Steps()
        self._last = Text("", Role.BODY, Tone.SOFT, wrap=True)
        self._build()
        bind_key("Escape", self, self._on_escape)

    def _build(self) -> None:
        theme = current_theme()
        heading = row(
            self._mark,
            (column(self._title, self._sentence, gap=theme.space(4)), 1),
            gap=theme.space(20),
        )
        main = column(
            heading,
            theme.space(24),
            self._records,
            theme.space(24),
            self._photos,
            theme.space(24),
            self._figures,
            self._receipt_title,
            theme.space(8),
            self._receipt,
            theme.space(24),
            self._changes_title,
            theme.space(8),
            self._changes,
            STRETCH,
            margins=(theme.space(64), theme.space(40), theme.space(64), theme.space(24)),
        )
        side = Pane(
            Text(text("sending.happening"), Role.SECTION),
            theme.space(16),
            self._now,
            self._last,
            STRETCH,
            sides=("left",),
            margins=(theme.space(32), theme.space(40), theme.space(32), theme.space(24)),
        )
        side.setFixedWidth(theme.px(408) if not theme.has_drawer else theme.px(280))
        side.setVisible(not theme.has_drawer)
        across = QWidget()
        box = QHBoxLayout(across)
        fill_box(_tight(box), (ScrollPane(main), 1), side)
        fill_box(_tight(QVBoxLayout(self)), (across, 1), self._bottom())

    def _bottom(self) -> BottomBar:
        self._stop = Button(text("sending.stop"), key="Escape", key_elsewhere=True)
        self._stop.clicked.connect(self.stop_asked)
        self._stop.setObjectName("sending.stop")
        self._fix = Button(text("sending.fix"), key="F5", key_elsewhere=True)
        self._fix.clicked.connect(self.corrections_asked)
        self._lock = Button(
            text("sending.lock"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+L",
            key_elsewhere=True,
            icon="lock-key",
        )
        self._lock.clicked.connect(self.lock_asked)
        self._send = Button(text("sending.send"), kind=ButtonKind.PRIMARY, key="Return")
        self._send.clicked.connect(self.send_asked)
        self._send.setObjectName("sending.send")
        self._hint = Text(text("sending.may_stop"), Role.BODY, Tone.SOFT)
        return BottomBar(self._hint, STRETCH, self._fix, self._stop, self._send, self._lock)

    def render_state(self, state: SendingState) -> None:
        title, sentence = verdict(state)
        self._mark.set_kind(MarkKind(_mark_of(state)))
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._render_amounts(state)
        self._render_end(state)
        self._now.set_steps(steps(state))
        self._last.setText(_last_words(state))
        self._last.setVisible(not steps(state))
        self._render_buttons(state)
        if state.phase != self._phase:
            self._phase = state.phase
            announce(self, f"{title}. {sentence}")

    def _render_amounts(self, state: SendingState) -> None:
        under_way = state.phase in {"sending", "stopped", "failed"} and state.records.total > 0
        held = state.held
        received = held.registrations - held.pending
        records = state.records if under_way else Amount(received, held.registrations)
        self._records.set_amount(records, _records_words(state, records))
        photos = state.photos if under_way else Amount(0, held.photos_pending)
        self._photos.setVisible(photos.total > 0)
        self._photos.set_amount(photos, text("sending.photos_after"))
        self._figures.setVisible(state.phase == "sending")
        for figure, words in zip(self._rates, rate_words(state), strict=True):
            figure.set_words(words)

    def _render_end(self, state: SendingState) -> None:
        is_over = state.result is not None
        for part in (self._receipt_title, self._receipt, self._changes_title, self._changes):
            part.setVisible(is_over)
        if is_over:
            self._receipt.setText(receipt_words(state))
            self._changes.set_steps(changes(state))

    def _render_buttons(self, state: SendingState) -> None:
        sending, over = state.phase == "sending", state.may_close
        self._stop.setVisible(sending)
        self._stop.setEnabled(not state.is_stopping)
        self._hint.setVisible(sending and not current_theme().has_drawer)
        self._send.setVisible(not sending and not over)
        self._send.setEnabled(not state.is_practice)
        self._lock.setVisible(over)
        self._fix.setVisible(not sending and state.held.to_correct > 0)
        self.setFocusProxy(self._stop if sending else self._lock if over else self._send)

    def _on_escape(self) -> None:
        if self._phase == "sending":
            self.stop_asked.emit()


class _Amount(QWidget):
    """A name, "39 dari 60", a bar, and a sentence below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        theme = current_theme()
        self._count = Text("", Role.SECTION)
        self._bar = Bar(name=name, height=BAR_PAGE_PX)
        self._words = Text("", Role.BODY, Tone.SOFT, wrap=True)
        heading = row(Text(name, Role.SECTION), STRETCH, self._count)
        box = _tight(QVBoxLayout(self))
        box.setSpacing(theme.space(8))
        fill_box(box, heading, self._bar, self._words)

    def set_amount(self, amount: Amount, words: str) -> None:
        self._count.setText(text("sending.of", done=amount.done, total=amount.total))
        left = amount.total - amount.done
        self._bar.set_amounts(total=max(1, amount.total), solid=amount.done, hatched=left)
        self._words.setText(words)


class _Figure(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._words = Text("", Role.SECTION)
        fill_box(_tight(QVBoxLayout(self)), Text(name, Role.LABEL, Tone.SOFT), self._words)

    def set_words(self, words: str) -> None:
        self._words.setText(words)


class _Steps(QWidget):
    """Lines with a mark, words and a moment; built anew only when they differ."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Step, ...] = ()
        self._box = _tight(QVBoxLayout(self))

    def set_steps(self, wanted: tuple[Step, ...]) -> None:
        if wanted == self._shown:
            return
        self._shown = wanted
        theme = current_theme()
        empty_layout(self._box)
        for step in wanted:
            role = Role.STRONG if step.mark == "now" else Role.BODY
            tone = Tone.SOFT if step.mark == "empty" else Tone.INK
            words = Text(step.words, role, tone, wrap=True)
            when = Text(step.when, Role.CAPTION, Tone.SOFT)
            mark = Mark(MarkKind(step.mark))
            line = row(mark, (words, 1), when, gap=theme.space(12))
            line.setMinimumHeight(theme.px(43))
            self._box.addWidget(line)
            self._box.addWidget(Hairline())


def _mark_of(state: SendingState) -> str:
    if state.may_close:
        return "received"
    return "saved" if state.phase == "before" else "check"


def _records_words(state: SendingState, records: Amount) -> str:
    if state.phase == "before" and records.total == records.done:
        return text("sending.all_received")
    return text("sending.split", done=records.done, left=records.total - records.done)


def _last_words(state: SendingState) -> str:
    if state.last_at is None:
        return text("sending.never")
    return text("sending.last", when=long_moment_words(state.last_at))


def _tight(box: QVBoxLayout | QHBoxLayout) -> QVBoxLayout | QHBoxLayout:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    return box
