"""A field for a passphrase: dots, or its letters while they are wanted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit.boxes import STRETCH, row
from enumerator_app.ui.kit.buttons import Button, ButtonKind, ButtonSize
from enumerator_app.ui.kit.fonts import Role
from enumerator_app.ui.kit.labels import Text, Tone
from enumerator_app.ui.kit.line_edits import FieldState, LineEdit
from enumerator_app.ui.kit.theme import current_theme

SHOW_KEY = "Ctrl+T"


class SecretLine(LineEdit):
    """Shows dots; nothing typed here is kept for undo, copied or suggested."""

    typed = Signal(str, bool)  # the letter, whether Shift was down: tells of Caps Lock

    def __init__(self, *, role: Role = Role.BODY) -> None:
        super().__init__(role=role)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def set_shown(self, *, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letters = event.text()
        if letters.isalpha():
            has_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.typed.emit(letters, has_shift)
        super().keyPressEvent(event)


class SecretField(QWidget):
    """Label, line, and the button that shows the letters."""

    edited = Signal(str)
    entered = Signal()

    def __init__(
        self, label: str, *, name: str, can_show: bool = True, role: Role = Role.BODY
    ) -> None:
        super().__init__()
        theme = current_theme()
        self.line = SecretLine(role=role)
        self.line.setObjectName(name)
        self.line.setAccessibleName(label)
        self._label = Text(label, Role.LABEL, Tone.SOFT)
        self._hint = Text("", Role.CAPTION, wrap=True)
        self._hint.hide()
        self.show_button = Button(
            text("kit.show"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            key=SHOW_KEY,
            icon="eye",
            on_click=self.toggle,
        )
        self.show_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_button.setVisible(can_show)
        self.show_button.setEnabled(can_show)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.space(4))
        box.addWidget(row(self._label, STRETCH, self.show_button) if can_show else self._label)
        box.addWidget(self.line)
        box.addWidget(self._hint)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self.edited)
        self.line.enter_pressed.connect(self.entered)

    def text(self) -> str:
        return self.line.text()

    def set_text(self, words: str) -> None:
        if words != self.line.text():
            self.line.setText(words)

    def set_label(self, words: str) -> None:
        self._label.setText(words)
        self.line.setAccessibleName(words)

    def is_shown(self) -> bool:
        return self.line.echoMode() is QLineEdit.EchoMode.Normal

    def toggle(self) -> None:
        """Show the letters, or the dots again."""
        shown = not self.is_shown()
        self.line.set_shown(shown=shown)
        self.show_button.set_words(text("kit.hide" if shown else "kit.show"))

    def set_state(self, state: FieldState, hint: str = "") -> None:
        self.line.set_state(state)
        self.line.setAccessibleDescription(hint)
        self._hint.set_tone(Tone.RED if state is FieldState.ERROR else Tone.INK)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
