"""The form in the middle: fields in reading order, one row of edges, Enter leads on."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Field,
    FieldState,
    Grid12,
    SegmentsField,
    column,
    current_theme,
)
from enumerator_app.ui.registration.checks import Checks
from enumerator_app.ui.registration.field_keys import FieldKeys
from enumerator_app.ui.registration.form import Form, is_local_nik, nik_digits, says_no_nik
from enumerator_app.ui.registration.form_fields import (
    PHONE_OWNERS,
    Control,
    make_fields,
    on_edit,
    show_value,
)
from enumerator_app.ui.registration.heir_rows import HeirRows
from enumerator_app.ui.registration.leading import (
    CONSENT,
    HEIRS,
    PHOTO,
    leads_on,
    needs_witness,
    next_place,
)
from enumerator_app.ui.registration.photo_box import PhotoBox
from enumerator_app.ui.registration.state import RegistrationState

_STATES: Final = {"error": FieldState.ERROR, "warning": FieldState.WARN}
NOTHING_TO_TYPE: Final = {
    "nik": "form.said_none",
    "phone": "form.said_none",
    "kk_number": "form.kk_later",
}
NOTHING: Final = "-"


class FormPane(QWidget):
    """All fields of one person. Reports names and texts; decides nothing."""

    edited = Signal(str, str)  # field, text
    left = Signal(str)
    entered_place = Signal(str)  # the cursor came here
    heir_asked = Signal()
    scholarship_turned = Signal(int)
    sought = Signal()  # Enter on a part of a NIK or a name
    confirmed = Signal()  # birth and sex were confirmed aloud
    finished = Signal()  # the way through the form leads to the consent

    def __init__(self, photo: PhotoBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = make_fields()
        self.photo = photo
        self.heirs = HeirRows()
        self._places: dict[QObject, str] = {}
        self._form: Form | None = None
        self._keys = FieldKeys(self)
        self._led_to = ""  # the field that the cursor went to by itself
        self._witness = _witness_grid(self.fields)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(current_theme().row_gap)
        for part in (*_grids(self.fields, self.photo), self._witness):
            box.addWidget(part)
        box.addWidget(self.heirs)

    def _connect(self) -> None:
        for name, control in self.fields.items():
            self._watch(name, control)
            on_edit(control, partial(self._on_edited, name))
            control.entered.connect(partial(self._on_entered, name))
        for name in NOTHING_TO_TYPE:
            field = self.fields[name]
            assert isinstance(field, Field)
            field.aside_chosen.connect(partial(self._on_aside, name))
        self._places[self.photo.frame] = "photo"
        self.photo.frame.installEventFilter(self)
        self.photo.entered.connect(partial(self.lead_on, PHOTO))
        for taken in (self.photo.frame_taken, self.photo.file_chosen, self.photo.reason_chosen):
            taken.connect(self._on_photo)
        self.heirs.edited.connect(self.edited)
        self.heirs.left.connect(self.left)
        self.heirs.entered_place.connect(self.entered_place)
        self.heirs.more_asked.connect(self.heir_asked)
        self.heirs.scholarship_turned.connect(self.scholarship_turned)
        self.heirs.finished.connect(partial(self.lead_on, HEIRS))

    def _watch(self, name: str, control: Control) -> None:
        target = control.line if isinstance(control, Field) else control.segments
        self._places[target] = name
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        place = self._places.get(watched)
        if place is None:
            return False
        if event.type() == QEvent.Type.FocusIn:
            self.entered_place.emit(place)
        elif event.type() == QEvent.Type.FocusOut and not _is_passing(event):
            self.left.emit(place)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._keys.take(place, event)
        return False

    def _on_aside(self, name: str) -> None:
        self.edited.emit(name, NOTHING)
        self.lead_on(name, by_itself=True)

    def _on_edited(self, name: str, typed: str) -> None:
        self._led_to = ""
        self.edited.emit(name, typed)
        form = self._form
        if form is not None and form.subject is None and leads_on(form, name):
            self.lead_on(name, by_itself=True)

    def _on_entered(self, place: str) -> None:
        """Lead on; an Enter out of habit behind a key that led here already is no answer."""
        led_here, self._led_to = self._led_to == place, ""
        is_habit = led_here and place != "works_since" and isinstance(self.fields[place], Field)
        if not is_habit:
            self.lead_on(place)

    def _on_photo(self) -> None:
        if self.window().focusWidget() is self.photo.frame:
            self.finished.emit()

    def lead_on(self, place: str, *, by_itself: bool = False) -> None:
        """Put the cursor where the way through the form leads from `place`."""
        form = self._form
        if form is None:
            return
        there = next_place(form, place, self.fields, self._is_there)
        if there == CONSENT:
            self.finished.emit()
        elif there == HEIRS:
            self.heirs.focus_first()
        else:
            self.focus_place(there)
        self._led_to = there if by_itself else ""

    def _is_there(self, name: str) -> bool:
        is_in_row = name in ("consent_witness", "witness_role")
        return not (self._witness if is_in_row else self.fields[name]).isHidden()

    def focus_place(self, place: str) -> bool:
        """Put the cursor on a field; False if the form has no such place."""
        self._led_to = ""
        if place in self.fields:
            self.fields[place].setFocus(_BY_KEY)
        elif place.startswith("heir"):
            self.heirs.focus_heir(place)
        elif place == "photo":
            self.photo.frame.setFocus(_BY_KEY)
        else:
            return False
        return True

    def first_empty(self) -> str:
        """Return the first field without an answer, to go on with a form that came back."""
        for name, control in self.fields.items():
            if self._is_there(name) and not _answer(control):
                return name
        return "heir.0"

    def show_form(self, state: RegistrationState) -> None:
        self._form, self._keys.question = state.form, state.question
        self._keys.addresses = state.last.addresses
        self._keys.has_list = state.brought.list_ is not None and not state.is_correcting
        form = state.form
        no_nik = says_no_nik(form)
        for name, control in self.fields.items():
            if name in NOTHING_TO_TYPE:
                _show_number(control, form.value(name), text(NOTHING_TO_TYPE[name]))
            else:
                show_value(control, form.value(name))
        self.fields["nik_again"].setHidden(no_nik)
        self.fields["document_seen"].setVisible(no_nik)
        has_kk = state.brought.has_kk or bool(form.value("kk_number"))
        self.fields["kk_number"].setVisible(has_kk)
        self._witness.setVisible(needs_witness(form))
        sex = self.fields["sex"]
        assert isinstance(sex, SegmentsField)
        sex.ask(state.question)
        self._label_again(form)
        self._label_phone(form)
        self._mark(state)
        self.heirs.show_heirs(form.heirs, state.checks)
        self.heirs.show_order(state.heir_order)
        self.photo.show_photo(form.photo, form.value("no_photo_reason"))

    def _label_again(self, form: Form) -> None:
        again = self.fields["nik_again"]
        assert isinstance(again, Field)
        is_known = not nik_digits(form) or is_local_nik(form)
        again.set_label(text("form.label.nik_again" if is_known else "form.label.nik_twice"))

    def _label_phone(self, form: Form) -> None:
        phone = self.fields["phone"]
        owner = form.value("phone_owner")
        assert isinstance(phone, Field)
        has_owner = owner in PHONE_OWNERS and bool(form.value("phone"))
        phone.set_label(text(f"form.phone_of.{owner}" if has_owner else "form.label.phone"))

    def _mark(self, state: RegistrationState) -> None:
        marks = state.checks.marks
        sure = {"nik": state.nik_whole, "nik_again": state.nik_sure}
        for name, control in self.fields.items():
            if isinstance(control, Field):
                mark = _STATES.get(marks.get(name, ""))
                known = FieldState.OK if sure.get(name) else FieldState.PLAIN
                control.line.set_state(mark or known)
            spoken = spoken_checks(state.checks, name)
            target = control.line if isinstance(control, Field) else control.segments
            if spoken or not isinstance(control, SegmentsField):
                target.setAccessibleDescription(spoken)


def spoken_checks(checks: Checks, place: str) -> str:
    """Return what a screen reader adds to the name of a field."""
    return " ".join(line.sentence for line in checks.lines if line.place == place)


def _grids(fields: Mapping[str, Control], photo: PhotoBox) -> tuple[QWidget, ...]:
    if not current_theme().has_rail:
        return (_narrow_grid(fields, photo),)
    return (_top_grid(fields, photo), _wide_grid(fields))


def _top_grid(fields: Mapping[str, Control], photo: PhotoBox) -> Grid12:
    gap = current_theme().row_gap
    beside = column(fields["nik_again"], fields["document_seen"], gap, fields["sex"])
    grid = Grid12()
    grid.add_row((column(fields["nik"], gap, fields["name"]), 5), (beside, 5), (photo, 2))
    return grid


def _wide_grid(fields: Mapping[str, Control]) -> Grid12:
    grid = Grid12()
    grid.add_row((fields["birth_place"], 5), (fields["birth_date"], 3), (fields["mother_name"], 4))
    grid.add_row((fields["kk_number"], 5))
    grid.add_row((fields["address"], 5), (fields["rt_rw"], 3), (fields["phone"], 4))
    grid.add_row((fields["works_now"], 8), (fields["works_since"], 4))
    return grid


def _witness_grid(fields: Mapping[str, Control]) -> Grid12:
    """Return the row that is there only while somebody has to stand by an answer."""
    grid = Grid12()
    if current_theme().has_rail:
        grid.add_row((fields["consent_witness"], 5), (fields["witness_role"], 7))
    else:
        grid.add_row((fields["consent_witness"], 12))
        grid.add_row((fields["witness_role"], 12))
    return grid


def _narrow_grid(fields: Mapping[str, Control], photo: PhotoBox) -> Grid12:
    """Two columns in the order in which Enter leads, for text twice as large."""
    grid = Grid12(gap=20)
    grid.add_row((fields["nik"], 7), (fields["nik_again"], 5))
    grid.add_row((fields["document_seen"], 12))
    grid.add_row((fields["name"], 7), (fields["sex"], 5))
    grid.add_row((fields["birth_place"], 7), (fields["birth_date"], 5))
    grid.add_row((fields["mother_name"], 12))
    grid.add_row((fields["kk_number"], 12))
    grid.add_row((fields["address"], 7), (fields["rt_rw"], 5))
    grid.add_row((fields["phone"], 12))
    grid.add_row((fields["works_now"], 12))
    grid.add_row((fields["works_since"], 7), (photo, 5))
    return grid


def _show_number(control: Control, value: str, none: str) -> None:
    """Show a number, or in words that there is none."""
    assert isinstance(control, Field)
    has_none = value == NOTHING
    show_value(control, "" if has_none else value)
    words = none if has_none else ""
    if control.line.placeholderText() != words:
        control.line.setPlaceholderText(words)


def _answer(control: Control) -> str:
    if isinstance(control, SegmentsField):
        return control.value() or ""
    said = control.line.placeholderText()
    return said if said in map(text, NOTHING_TO_TYPE.values()) else control.text()


def _is_passing(event: QEvent) -> bool:
    """Did the window lose the focus, not the field?"""
    reason = event.reason()  # type: ignore[attr-defined]
    return reason in (
        Qt.FocusReason.ActiveWindowFocusReason,
        Qt.FocusReason.PopupFocusReason,
        Qt.FocusReason.MenuBarFocusReason,
    )


_BY_KEY: Final = Qt.FocusReason.TabFocusReason
