"""The values of the group: one line, or unfolded in place (F6)."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.domain.registration import PROGRAMMES
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    ButtonSize,
    Grid12,
    Icon,
    Pane,
    Role,
    Text,
    TickBox,
    Tone,
    column,
    current_theme,
    fill_box,
    label_row,
    row,
)
from enumerator_app.ui.registration.form_fields import make_group_fields, on_edit, show_value
from enumerator_app.ui.registration.state import RegistrationState


class GroupPanel(QWidget):
    """Folded: what the group says. Unfolded: the fields of it."""

    edited = Signal(str, str)
    asked = Signal()  # fold or unfold
    switched = Signal()  # to the next group

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._words = Text("", Role.BODY, wrap=True)
        self._change = _quiet("form.change", "F6", self.asked.emit)
        self._switch = _quiet("form.group.switch", "F6", self.switched.emit)
        self._unfold = _quiet("form.change", "Shift+F6", self.asked.emit)
        self._line = _folded(self._words, self._switch, self._unfold, self._change)
        self.fields = make_group_fields()
        self._ticks = {name: TickBox(text(f"form.programme.{name}")) for name in PROGRAMMES}
        self._panel = self._made_panel()
        self._panel.hide()
        for name, control in self.fields.items():
            on_edit(control, partial(self.edited.emit, name))
            control.entered.connect(partial(self._lead_on, name))
        for tick in self._ticks.values():
            tick.clicked.connect(self._on_ticked)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        fill_box(box, self._line, self._panel)
        self.setMinimumHeight(theme.control_height)

    def _made_panel(self) -> QWidget:
        theme, fields = current_theme(), self.fields
        grid = Grid12()
        ticks = column(
            label_row(text("form.label.programmes"))[0],
            row(*self._ticks.values(), STRETCH, gap=theme.space(16)),
            gap=theme.space(4),
        )
        if theme.has_rail:
            grid.add_row((fields["occupation"], 5), (fields["workplace"], 7))
            grid.add_row((fields["monthly_income"], 5), (ticks, 7))
            grid.add_row((fields["consent_method"], 12))
        else:
            for control in (fields["occupation"], fields["workplace"], fields["monthly_income"]):
                grid.add_row((control, 12))
            grid.add_row((ticks, 12))
            grid.add_row((fields["consent_method"], 12))
        done = Button(
            text("form.group.done"), key="F6", size=ButtonSize.ROW, on_click=self.asked.emit
        )
        said = Text(text("form.group.stays"), Role.CAPTION, Tone.SOFT, wrap=True)
        side = theme.space(16)
        return Pane(
            grid,
            theme.space(12),
            row((said, 1), done, gap=theme.space(16)),
            ground="pane",
            margins=(side, theme.space(12), side, side),
            radius=8,
        )

    def show_group(self, state: RegistrationState) -> None:
        form = state.form
        unfolded = state.panel == "group"
        self._words.setText(state.group or text("form.group.empty"))
        several = state.visit is not None and state.visit.has_groups
        for button in (self._switch, self._unfold):
            button.setVisible(several)
        self._change.setVisible(not several)
        for name, control in self.fields.items():
            show_value(control, form.value(name))
        chosen = form.value("programmes").split("+")
        for name, tick in self._ticks.items():
            tick.setChecked(name in chosen)
        was_folded = self._panel.isHidden()
        self._line.setVisible(not unfolded)
        self._panel.setVisible(unfolded)
        if unfolded and was_folded:
            self.fields["occupation"].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_ticked(self) -> None:
        ticked = [name for name in PROGRAMMES if self._ticks[name].isChecked()]
        self.edited.emit("programmes", "+".join(ticked))

    def _lead_on(self, place: str) -> None:
        order = list(self.fields)
        for name in order[order.index(place) + 1 :]:
            if not self.fields[name].isHidden():
                self.fields[name].setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.asked.emit()


def _quiet(words: str, key: str, act: Callable[[], object]) -> Button:
    kind, size = ButtonKind.QUIET, ButtonSize.ROW
    return Button(text(words), kind=kind, size=size, key=key, on_click=act)


def _folded(words: Text, *buttons: Button) -> Pane:
    theme = current_theme()
    side = theme.space(12) if not theme.tokens.is_sun else 0
    line = Pane(
        Icon("users-three", colour=theme.tokens.ink_soft),
        (words, 1),
        *buttons,
        ground="" if theme.tokens.is_sun else "pane",
        sides=("bottom",) if theme.tokens.is_sun else (),
        direction="across",
        gap=theme.space(8),
        margins=(side, 0, 0, 0),
        radius=6,
    )
    line.setMinimumHeight(theme.control_height)
    return line
