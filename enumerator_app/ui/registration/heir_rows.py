"""The family: one row a person, one more with "+"."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from enumerator_app.domain.registration import HeirDraft
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Field,
    FieldState,
    Grid12,
    Role,
    SegmentsField,
    Text,
    Tone,
    current_theme,
    empty_layout,
)
from enumerator_app.ui.registration.checks import Checks
from enumerator_app.ui.registration.form_fields import (
    OTHER_RELATION,
    OTHER_RELATIONS,
    make_heir_fields,
    show_value,
)

Row = tuple[SegmentsField, Field, Field]

_BY_KEY: Final = Qt.FocusReason.TabFocusReason
_STATES: Final = {"error": FieldState.ERROR, "warning": FieldState.WARN}


class HeirRows(QWidget):
    """Relation, name and birth of each heir. The rows are made anew when their number changes."""

    edited = Signal(str, str)
    left = Signal(str)
    entered_place = Signal(str)  # the cursor came here
    more_asked = Signal()
    scholarship_turned = Signal(int)  # heir number
    finished = Signal()  # Enter in the last field

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._led_to: QWidget | None = None  # where the cursor went by itself
        self._rows: list[Row] = []
        self._places: dict[QObject, str] = {}
        self._relations: tuple[str, ...] = ("",)
        self._box = QVBoxLayout()
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(current_theme().row_gap)
        self._order = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        self._order.hide()
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(current_theme().space(4))
        outside.addLayout(self._box)
        outside.addWidget(self._order)
        self.show_heirs((HeirDraft(),), Checks())

    def show_order(self, words: str) -> None:
        """Say whom the law puts first among those typed; nothing while nobody is."""
        self._order.setText(words)
        self._order.setVisible(bool(words))

    def show_heirs(self, heirs: tuple[HeirDraft, ...], checks: Checks) -> None:
        if len(heirs) != len(self._rows):
            self._make_rows(len(heirs))
        marks = checks.marks
        self._relations = tuple(heir.relation for heir in heirs)
        for number, (heir, row) in enumerate(zip(heirs, self._rows, strict=True)):
            relation, name, born = row
            _show_relation(relation, name, heir.relation)
            show_value(name, heir.name)
            show_value(born, heir.born)
            state = _STATES.get(marks.get(f"heir.{number}", ""), FieldState.PLAIN)
            name.line.set_state(state)

    def focus_first(self) -> None:
        self._rows[0][0].setFocus(_BY_KEY)

    def focus_heir(self, place: str) -> None:
        """Put the cursor on heir `heir.N`, or on the first."""
        number = place.partition(".")[2]
        row = self._rows[min(int(number) if number else 0, len(self._rows) - 1)]
        row[0 if not row[0].value() else 1].setFocus(_BY_KEY)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        place = self._places.get(watched)
        if place is None:
            return False
        if event.type() == QEvent.Type.FocusIn:
            self.entered_place.emit(place)
        elif event.type() == QEvent.Type.FocusOut:
            self.left.emit(place)
        elif place.endswith(".born") and isinstance(event, QKeyEvent):
            return self._on_birth_key(place, event)
        return False

    def _on_birth_key(self, place: str, event: QKeyEvent) -> bool:
        """A sign in the age that is no part of one: one person more, or the scholarship."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.text() == "+":
            self.more_asked.emit()
        elif event.text() and event.text().upper() == text("form.heir.scholarship_letter"):
            self.scholarship_turned.emit(int(place.split(".")[1]))
        else:
            return False
        return True

    def _make_rows(self, count: int) -> None:
        empty_layout(self._box)
        self._places.clear()
        self._rows = [self._made_row(number) for number in range(count)]

    def _made_row(self, number: int) -> Row:
        relation, name, born = row = make_heir_fields(number)
        relation.chosen.connect(lambda value: self._on_relation(number, value))
        name.edited.connect(lambda typed: self.edited.emit(f"heir.{number}.name", typed))
        born.edited.connect(lambda typed: self.edited.emit(f"heir.{number}.born", typed))
        relation.entered.connect(lambda: self._on_relation_entered(number))
        name.entered.connect(lambda: self._on_name_entered(number))
        born.entered.connect(lambda: self._on_born_entered(number))
        for part, target in (
            ("relation", relation.segments), ("name", name.line), ("born", born.line),
        ):  # fmt: skip
            self._places[target] = f"heir.{number}.{part}"
            target.installEventFilter(self)
        grid = Grid12()
        if current_theme().has_rail:
            grid.add_row((relation, 5), (name, 5), (born, 2))
        else:
            grid.add_row((relation, 12))
            grid.add_row((name, 8), (born, 4))
        self._box.addWidget(grid)
        return row

    def _on_relation(self, number: int, value: str) -> None:
        if value != OTHER_RELATION:
            self._take_relation(number, value)
            return
        row, kept = self._rows[number], self._relations[number]
        segments = row[0].segments
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.aboutToHide.connect(lambda: _show_relation(row[0], row[1], kept))
        for relation in OTHER_RELATIONS:
            action = menu.addAction(text(f"form.relation_key.{relation}"))
            action.triggered.connect(
                lambda _=False, chosen=relation: self._take_relation(number, chosen)
            )
        menu.setActiveAction(menu.actions()[0])
        menu.popup(segments.mapToGlobal(QPoint(0, segments.height() + 4)))

    def _take_relation(self, number: int, value: str) -> None:
        """One key says who this is: the cursor goes on to the name."""
        self.edited.emit(f"heir.{number}.relation", value)
        name = self._rows[number][1]
        if not name.text():
            name.setFocus(_BY_KEY)
            self._led_to = name

    def _on_name_entered(self, number: int) -> None:
        _, name, born = self._rows[number]
        if self._led_to is name and not name.text():
            self._led_to = None  # an Enter out of habit, behind the key that led here
            return
        born.setFocus(_BY_KEY)

    def _on_relation_entered(self, number: int) -> None:
        """Without a relation there is no heir here: Enter leads past the row."""
        relation, name, _ = self._rows[number]
        if relation.value() or name.text():
            name.setFocus(_BY_KEY)
        else:
            self.finished.emit()

    def _on_born_entered(self, number: int) -> None:
        if number + 1 < len(self._rows):
            self._rows[number + 1][0].setFocus(_BY_KEY)
        else:
            self.finished.emit()


def _show_relation(relation: SegmentsField, name: Field, value: str) -> None:
    is_other = value in OTHER_RELATIONS
    show_value(relation, OTHER_RELATION if is_other else value)
    label = text(f"form.heir_named.{value}") if is_other else text("form.label.heir_name")
    name.set_label(label)
