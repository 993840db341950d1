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
    SegmentsField,
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
    more_asked = Signal()
    finished = Signal()  # Enter in the last field

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._places: dict[QObject, str] = {}
        self._relations: tuple[str, ...] = ("",)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(current_theme().row_gap)
        self.show_heirs((HeirDraft(),), Checks())

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
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit(place)
        elif place.endswith(".born") and isinstance(event, QKeyEvent) and _is_plus(event):
            self.more_asked.emit()
            return True
        return False

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
        name.entered.connect(lambda: born.setFocus(_BY_KEY))
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
            self.edited.emit(f"heir.{number}.relation", value)
            return
        row, kept = self._rows[number], self._relations[number]
        segments = row[0].segments
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.aboutToHide.connect(lambda: _show_relation(row[0], row[1], kept))
        for relation in OTHER_RELATIONS:
            words = text(f"form.relation.{relation}").replace("&", "&&")
            action = menu.addAction(words)
            action.triggered.connect(
                lambda _=False, chosen=relation: self.edited.emit(f"heir.{number}.relation", chosen)
            )
        menu.setActiveAction(menu.actions()[0])
        menu.popup(segments.mapToGlobal(QPoint(0, segments.height() + 4)))

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


def _is_plus(event: QKeyEvent) -> bool:
    return event.type() == QEvent.Type.KeyPress and event.text() == "+"
