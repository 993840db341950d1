"""A field: label above, line, and a hint below only when it says something new."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from enumerator_app.ui.kit import typing_formats
from enumerator_app.ui.kit.boxes import STRETCH, row
from enumerator_app.ui.kit.fonts import Role
from enumerator_app.ui.kit.keycaps import Keycap
from enumerator_app.ui.kit.labels import Text, Tone
from enumerator_app.ui.kit.line_edits import FieldState, LineEdit
from enumerator_app.ui.kit.theme import current_theme
from enumerator_app.ui.kit.typing_formats import TypingFormat

_LABEL_PX = 20
_HINT_TONES = {FieldState.WARN: Tone.INK}


@dataclass(frozen=True)
class Aside:
    """The other answer beside a label: its words and the sign that gives it ("tidak ada", "-")."""

    words: str
    key: str


def label_row(words: str, aside: Aside | QWidget | None = None) -> tuple[QWidget, Text]:
    """Return the line above a control, and the label in it; `aside` stands at its right end."""
    theme = current_theme()
    label = Text(words, Role.LABEL, Tone.SOFT)
    items: list[QWidget] = []
    if isinstance(aside, QWidget):
        items = [aside]
    elif aside is not None:
        items = [Text(aside.words, Role.CAPTION, Tone.SOFT), Keycap(aside.key)]
    line = row(label, STRETCH, *items, gap=theme.space(6))
    line.setFixedHeight(theme.px(_LABEL_PX))
    return line, label


class Field(QWidget):
    """A labelled line edit. Shows what it is told and reports what was typed."""

    edited = Signal(str)  # the text as it stands, with the groups of its format
    entered = Signal()  # Enter
    departed = Signal()  # the focus went elsewhere
    aside_chosen = Signal()

    def __init__(
        self,
        label: str,
        *,
        typing: TypingFormat = typing_formats.PLAIN,
        role: Role = Role.BODY,
        placeholder: str = "",
        aside: Aside | None = None,
        max_length: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme = current_theme()
        self.line = LineEdit(
            typing=typing,
            role=role,
            placeholder=placeholder,
            aside_key=aside.key if aside else "",
        )
        if max_length:
            self.line.setMaxLength(max_length)
        self.aside = aside
        top, self._label = label_row(label, aside)
        self._hint = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        self._hint.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.space(4))
        for part in (top, self.line, self._hint):
            box.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)
        self.line.setAccessibleName(label)
        self._connect()

    def _connect(self) -> None:
        self.line.textEdited.connect(self._on_edited)
        self.line.enter_pressed.connect(self.entered)
        self.line.focus_lost.connect(self.departed)
        self.line.aside_chosen.connect(self.aside_chosen)

    def text(self) -> str:
        """Return the text as it stands in the box."""
        return self.line.text()

    def plain(self) -> str:
        """Return the text without the blanks of its grouping."""
        return typing_formats.ungrouped(self.line.text())

    def set_text(self, words: str) -> None:
        """Show a value; the cursor stays where it is if nothing changes."""
        self.line.set_shaped(words)

    def set_label(self, words: str) -> None:
        self._label.setText(words)
        self.line.setAccessibleName(words)

    def hint(self) -> str:
        return self._hint.text()

    def state(self) -> FieldState:
        return self.line.state()

    def set_state(self, state: FieldState, hint: str = "") -> None:
        """Show what is known about the content; the hint is read out with the field."""
        self.line.set_state(state)
        self.line.setAccessibleDescription(hint)
        wrong = state is FieldState.ERROR
        self._hint.set_role(Role.LABEL if wrong else Role.CAPTION)
        self._hint.set_tone(Tone.RED if wrong else _HINT_TONES.get(state, Tone.SOFT))
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def set_read_only(self, *, read_only: bool) -> None:
        self.line.setReadOnly(read_only)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.line.setFocus(event.reason())

    def _on_edited(self, _typed: str) -> None:
        if not self.line.is_reshaping():
            self.edited.emit(self.line.text())
