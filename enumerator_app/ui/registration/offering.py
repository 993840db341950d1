"""One of the last answers, filled in after its first letters."""

from PySide6.QtCore import QObject

from enumerator_app.ui.kit import Field

_MOST_LETTERS = 2
"""Only a beginning is completed: whoever types a third letter means another word."""


class FirstLetters(QObject):
    """Completes the first letters of a field to a word used before; the rest stands selected."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._field = field
        self._words: tuple[str, ...] = ()
        self._typed = ""
        field.edited.connect(self._on_edited)
        field.line.focus_gained.connect(self._on_entered)

    def offer(self, words: tuple[str, ...]) -> None:
        """Offer these from now on, the first of them first."""
        self._words = words

    def _on_entered(self) -> None:
        self._typed = self._field.text()

    def _on_edited(self, typed: str) -> None:
        before, self._typed = self._typed, typed
        line = self._field.line
        is_longer = len(typed) > len(before) and typed.startswith(before)
        at_end = line.cursorPosition() == len(typed)
        if not (is_longer and at_end and 0 < len(typed) <= _MOST_LETTERS):
            return
        word = next((word for word in self._words if _begins(word, typed)), "")
        if word:
            line.insert(word[len(typed) :])
            line.setSelection(len(typed), len(word) - len(typed))
            self._typed = typed  # what the hand did; the rest is only offered


def _begins(word: str, typed: str) -> bool:
    return len(word) > len(typed) and word.casefold().startswith(typed.casefold())
