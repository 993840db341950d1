"""One sentence that may be there or not, with its mark."""

from PySide6.QtCore import Qt

from enumerator_app.ui.kit import Mark, MarkKind, Pane, Role, Text, announce, column, current_theme


class MarkedLine(Pane):
    """A mark with its sentence, or nothing at all."""

    def __init__(self, kind: MarkKind, role: Role = Role.STRONG) -> None:
        theme = current_theme()
        self._words = Text("", role, wrap=True)
        mark = column(theme.px(2), Mark(kind))
        super().__init__(
            (mark, Qt.AlignmentFlag.AlignTop), (self._words, 1),
            direction="across", gap=theme.space(8),
        )  # fmt: skip
        self.hide()

    def words(self) -> str:
        return self._words.text()

    def show_words(self, words: str) -> None:
        if words != self._words.text():
            self._words.setText(words)
            announce(self, words)
        self.setVisible(bool(words))
