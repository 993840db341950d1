"""Keys that mean something of their own while the cursor is in one field of the form."""

from typing import Final, Protocol

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from enumerator_app.texts import text
from enumerator_app.ui.registration.brought.seeking import is_search
from enumerator_app.ui.registration.form_fields import PHONE_OWNERS

_COMMANDS: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class Fields(Protocol):
    """What the keys need of the form."""

    @property
    def edited(self) -> SignalInstance: ...
    @property
    def sought(self) -> SignalInstance: ...
    @property
    def confirmed(self) -> SignalInstance: ...

    def focus_place(self, place: str) -> bool: ...
    def lead_on(self, place: str, *, by_itself: bool = False) -> None: ...


class FieldKeys:
    """Takes these keys before the field does. `question`: what Y answers now, "" for nothing;
    `has_list`: the village has a list, in which Enter in the first field may find somebody.
    """

    def __init__(self, form: Fields) -> None:
        self._form = form
        self.question = ""
        self.has_list = False
        self.addresses: tuple[str, ...] = ()

    def take(self, place: str, event: QKeyEvent) -> bool:
        """Return whether the key was one of these, and is done with."""
        act = {
            "nik": self._somebody_of_the_list,
            "phone": self._whose_phone,
            "address": self._last_addresses,
            "sex": self._as_on_the_ktp,
            "works_now": self._year_of_work,
            "works_since": self._first_of_the_family,
        }.get(place)
        return act is not None and not event.modifiers() & _COMMANDS and act(event)

    def _somebody_of_the_list(self, event: QKeyEvent) -> bool:
        line = QApplication.focusWidget()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not is_enter or not self.has_list or not isinstance(line, QLineEdit):
            return False
        if not is_search(line.text()):
            return False
        self._form.sought.emit()
        return True

    def _whose_phone(self, event: QKeyEvent) -> bool:
        letters = text("form.phone_owner_letters").split()
        typed = event.text().upper()
        if typed not in letters:
            return False
        self._form.edited.emit("phone_owner", PHONE_OWNERS[letters.index(typed)])
        return True

    def _last_addresses(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Down:
            return False
        line = QApplication.focusWidget()
        if self.addresses and line is not None:
            menu = QMenu(line)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for number, address in enumerate(self.addresses, start=1):
                action = menu.addAction(f"&{number}  {address.replace('&', '&&')}")
                action.triggered.connect(lambda _=False, chosen=address: self._take(chosen))
            menu.setActiveAction(menu.actions()[0])
            menu.popup(line.mapToGlobal(QPoint(0, line.height() + 4)))
        return True

    def _take(self, address: str) -> None:
        self._form.edited.emit("address", address)
        self._form.lead_on("address", by_itself=True)

    def _as_on_the_ktp(self, event: QKeyEvent) -> bool:
        if not self.question or event.text().upper() != text("form.spoken.key"):
            return False
        self._form.confirmed.emit()
        self._form.lead_on("sex", by_itself=True)
        return True

    def _year_of_work(self, event: QKeyEvent) -> bool:
        if not event.text().isdecimal():
            return False
        self._form.focus_place("works_since")
        return _pass_on(event)

    def _first_of_the_family(self, event: QKeyEvent) -> bool:
        """A letter is no year: it says who the first of the family is."""
        if not event.text().isalpha():
            return False
        self._form.focus_place("heir.0")
        return _pass_on(event)


def _pass_on(event: QKeyEvent) -> bool:
    target = QApplication.focusWidget()
    if target is not None:
        QApplication.sendEvent(target, event.clone())
    return True
