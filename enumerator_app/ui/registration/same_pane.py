"""Somebody who may be the person in the form: face, facts, why, and the three answers.

One component for every list that people are looked for in: this laptop, the district's, a visit's.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.domain.nik import NIK_DIGITS
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Button,
    ButtonSize,
    Mark,
    MarkKind,
    Portrait,
    Role,
    Text,
    Tone,
    bind_key,
    column,
    current_theme,
    fill_box,
    row,
)
from enumerator_app.ui.registration.nik_pair import NikPair
from enumerator_app.ui.registration.queue import called
from enumerator_app.ui.registration.state import Answer, SameCard

KEYS: Final[dict[Answer, str]] = {"attend": "H", "other": "L", "cancel": "B"}
"""One key an answer: alone while an answer has the cursor, with Alt from every field."""

_LETTERS: Final = {key: answer for answer, key in KEYS.items()}
_FACE_PX: Final = (44, 56)
_REASONS_IN_LINE: Final = 2


class SameAnswers(QWidget):
    """The three answers: note that they came, somebody else, or leave it."""

    answered = Signal(str)  # an Answer

    def __init__(self, *, short: bool) -> None:
        super().__init__()
        box = QHBoxLayout(self) if short else QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(current_theme().space(8))
        for answer in KEYS:
            box.addWidget(self._made(answer, short=short))

    def _made(self, answer: Answer, *, short: bool) -> Button:
        words = text(f"form.same.{answer}_short" if short else f"form.same.{answer}")
        button = Button(
            words,
            key=f"Alt+{KEYS[answer]}",
            key_elsewhere=True,
            size=ButtonSize.NORMAL if short else ButtonSize.ROW,
            wide=not short,
            on_click=partial(self.answered.emit, answer),
        )
        button.setObjectName(f"form.same.{answer}")
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        answer = _LETTERS.get(event.text().upper())
        if answer is not None and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.answered.emit(answer)
        else:
            super().keyPressEvent(event)


def bind_answers(owner: QWidget, answer: Callable[[Answer], object]) -> None:
    """Let Alt and the letter of each answer be heard from every field."""
    for name, key in KEYS.items():
        bind_key(f"Alt+{key}", owner, partial(answer, name))


def same_parts(cards: tuple[SameCard, ...]) -> tuple[QWidget, ...]:
    """Return who it may be, in full: face, facts, both NIK, and the reasons in words."""
    card = cards[0]
    parts: list[QWidget] = [_who(card)]
    if len(card.this_nik) == len(card.that_nik) == NIK_DIGITS:
        parts.append(NikPair(card.this_nik, card.that_nik))
    reasons = _said(card.reasons)
    if card.freshness:
        reasons = f"{reasons}. {card.freshness}"
    if len(cards) > 1:
        reasons = f"{reasons}. {text('form.same.more', n=len(cards) - 1)}"
    parts.append(Text(reasons, Role.CAPTION, Tone.SOFT, wrap=True))
    return tuple(parts)


def same_line(card: SameCard) -> tuple[QWidget, QWidget]:
    """Return the same in one sentence with its mark, for large text."""
    sentence = Text(_asked(card), Role.STRONG, wrap=True)
    why = Text(_said(card.reasons[:_REASONS_IN_LINE]), Role.CAPTION, Tone.SOFT, wrap=True)
    words = column(sentence)
    fill_box(words.layout(), why)  # type: ignore[arg-type]
    return Mark(MarkKind.CHECK), words


def _asked(card: SameCard) -> str:
    """Ask about somebody who is known by name, or of whom a list knows only the NIK."""
    if card.name == text("district.somebody"):
        return text("form.same.asked_of_nik")
    return text("form.same.asked", name=called(card.name))


def _said(reasons: tuple[str, ...]) -> str:
    words = ", ".join(reasons)
    return words[:1].upper() + words[1:]


def _who(card: SameCard) -> QWidget:
    theme = current_theme()
    face = Portrait(*_FACE_PX)
    face.show_photo(card.face)
    lines = [Text(line, Role.CAPTION, Tone.SOFT, wrap=True) for line in card.lines]
    words = column(Text(card.name, Role.STRONG, wrap=True), *lines, gap=1)
    return row((face, Qt.AlignmentFlag.AlignTop), (words, 1), gap=theme.space(12))
