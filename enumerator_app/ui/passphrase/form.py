"""The form in which a passphrase is chosen and typed once more."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    ButtonSize,
    FieldState,
    Pane,
    Role,
    Text,
    Tone,
    column,
    current_theme,
    row,
)
from enumerator_app.ui.kit.painting import paint_box, smooth_painter
from enumerator_app.ui.kit.secret_line import SecretField
from enumerator_app.ui.passphrase.words import Strength, normal, offered_words, strength

_STRENGTH_KEYS: Final = {
    Strength.NONE: "passphrase.strength_none",
    Strength.TOO_SHORT: "passphrase.strength_short",
    Strength.ENOUGH: "passphrase.strength_enough",
    Strength.STRONG: "passphrase.strength_strong",
}


class StrengthMeter(QWidget):
    """Three boxes, filled one after the other; its word stands beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = current_theme()
        self._strength = Strength.NONE
        self.setFixedHeight(self._theme.px(8))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_strength(self, value: Strength) -> None:
        self._strength = value
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, gap = self._theme.tokens, self._theme.space(8)
        width = (self.width() - 2 * gap) / 3
        with smooth_painter(self) as painter:
            for number in range(3):
                box = QRectF(number * (width + gap), 0, width, self.height())
                filled = number < self._strength.value
                edge = tokens.ink if filled or tokens.is_sun else ""
                paint_box(
                    painter, box, fill=tokens.ink if filled else tokens.trough, edge=edge, radius=3
                )


@dataclass(frozen=True)
class Chosen:
    """What the form holds: a passphrase that may be used, or ""."""

    passphrase: str = ""


class PassphraseForm(Pane):
    """Offers five words, shows the strength of what is typed, asks for it a second time."""

    changed = Signal(object)  # Chosen
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._offer = Text("", Role.SECTION, wrap=True)
        self._offer.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._another = Button(
            text("passphrase.another"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            key="Ctrl+R",
            on_click=self.offer_anew,
        )
        self.first = SecretField(text("passphrase.type"), name="passphrase")
        self.second = SecretField(text("passphrase.again"), name="passphrase_again", can_show=False)
        self._meter = StrengthMeter()
        self._word = Text("", Role.LABEL)
        offer = Pane(
            Text(text("passphrase.offer"), Role.LABEL, Tone.SOFT),
            theme.space(4),
            self._offer,
            theme.space(4),
            row(self._another, STRETCH),
            ground="pane",
            radius=8,
            margins=(theme.space(16), theme.space(12), theme.space(8), theme.space(8)),
        )
        meter = column(self._meter, theme.space(4), row(self._word, STRETCH))
        self.add(
            offer,
            theme.space(16),
            self.first,
            theme.space(8),
            meter,
            theme.space(12),
            self.second,
        )
        self.setFocusProxy(self.first.line)
        self.first.edited.connect(self._on_edited)
        self.second.edited.connect(self._on_edited)
        self.first.entered.connect(self.second.line.setFocus)
        self.second.entered.connect(self.entered)
        self.offer_anew()
        self._on_edited("")

    def offer_anew(self) -> None:
        """Show five other words."""
        self._offer.setText(offered_words())

    def offered(self) -> str:
        return self._offer.text()

    def chosen(self) -> Chosen:
        """Return the passphrase once it is strong enough and typed twice alike."""
        first, second = normal(self.first.text()), normal(self.second.text())
        enough = strength(first) in (Strength.ENOUGH, Strength.STRONG)
        return Chosen(first) if enough and first == second else Chosen()

    def clear(self) -> None:
        for field in (self.first, self.second):
            field.set_text("")
        self._on_edited("")

    def _on_edited(self, _typed: str) -> None:
        found = strength(self.first.text())
        self._meter.show_strength(found)
        self._word.setText(text(_STRENGTH_KEYS[found]))
        self._show_agreement()
        self.changed.emit(self.chosen())

    def _show_agreement(self) -> None:
        first, second = normal(self.first.text()), normal(self.second.text())
        if self.chosen().passphrase:
            self.second.set_state(FieldState.OK)
        elif second and not first.startswith(second):
            self.second.set_state(FieldState.WARN, text("passphrase.differs"))
        else:
            self.second.set_state(FieldState.PLAIN)
