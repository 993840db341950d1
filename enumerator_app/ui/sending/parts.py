"""The parts of the sending page: a bar with its words, a figure, lines of steps."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text, thousands
from enumerator_app.ui.kit import (
    BAR_PAGE_PX,
    BAR_PX,
    STRETCH,
    Banner,
    Bar,
    Hairline,
    Item,
    Mark,
    MarkKind,
    Phrase,
    Role,
    Text,
    Tone,
    announce,
    current_theme,
    empty_layout,
    fill_box,
    row,
)
from enumerator_app.ui.sending.state import Amount, SendingState, Step


class AmountBar(QWidget):
    """A name, "39 dari 60", a bar, and a sentence below; without it where the page has its say."""

    def __init__(self, name: str, *, is_large: bool) -> None:
        super().__init__()
        theme = current_theme()
        role = Role.SECTION if is_large else Role.STRONG
        self._count = Phrase(role=Role.LEAD if is_large else Role.BODY)
        self._bar = Bar(name=name, height=BAR_PAGE_PX if is_large else BAR_PX)
        self._words = Text("", Role.BODY, Tone.SOFT, wrap=True)
        self._words.setVisible(is_large)
        self._name = Text(name, role)
        heading = row(self._name, STRETCH, self._count)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.space(8))
        fill_box(box, heading, self._bar, self._words)

    def set_name(self, name: str) -> None:
        self._name.setText(name)
        self._bar.setAccessibleName(name)

    def set_amount(self, amount: Amount, words: str) -> None:
        of = text("sending.of", total=thousands(amount.total))
        self._count.set_parts((thousands(amount.done), True), (f" {of}", False))
        self._bar.set_amounts(total=max(1, amount.total), solid=amount.done, hatched=amount.left)
        self._words.setText(words)


class Figure(QWidget):
    """A small name over a value."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._words = Text("", Role.SECTION)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(current_theme().space(2))
        fill_box(box, Text(name, Role.LABEL, Tone.SOFT), self._words)

    def set_words(self, words: str) -> None:
        self._words.setText(words)


class Steps(QWidget):
    """Lines with a mark, words and a moment; built anew only when they differ."""

    def __init__(self, *, is_strong: bool = False, line_px: int = 43) -> None:
        super().__init__()
        self._line_px = line_px
        self._shown: tuple[Step, ...] = ()
        self._amount_role = Role.STRONG if is_strong else Role.CAPTION
        self._amount_tone = Tone.INK if is_strong else Tone.SOFT
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def set_steps(self, wanted: tuple[Step, ...]) -> None:
        if wanted == self._shown:
            return
        self._shown = wanted
        empty_layout(self._box)
        for step in wanted:
            self._box.addWidget(self._line(step))
            self._box.addWidget(Hairline())

    def _line(self, step: Step) -> QWidget:
        theme = current_theme()
        role = Role.STRONG if step.mark == "now" else Role.BODY
        tone = Tone.SOFT if step.mark == "empty" else Tone.INK
        words = Text(step.words, role, tone, wrap=True)
        items: list[Item] = [Mark(MarkKind(step.mark)), (words, 1)]
        if step.when:  # without one the words have its room
            items.append(Text(step.when, self._amount_role, self._amount_tone))
        pad = theme.space(4)
        line = row(*items, gap=theme.space(12), margins=(0, pad, 0, pad))
        line.setMinimumHeight(theme.px(self._line_px))
        return line


class NoticePart(QWidget):
    """A banner with the room below it; there only while it has something to say."""

    def __init__(self) -> None:
        super().__init__()
        self._banner = Banner("look", "")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, current_theme().space(24))
        box.addWidget(self._banner)
        self.hide()

    def show_words(self, said: str, detail: str) -> None:
        self._banner.set_words("look", said, detail)
        if said and self.isHidden():
            announce(self, f"{said} {detail}")
        self.setVisible(bool(said))


class LogPart(QWidget):
    """Earlier syncs, the newest first; hidden while one runs."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = Steps()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        fill_box(box, Text(text("sync_log.title"), Role.SECTION), self._steps)

    def show_log(self, state: SendingState) -> None:
        self._steps.set_steps(state.log)
        self.setVisible(bool(state.log) and state.phase != "sending")
