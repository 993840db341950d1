"""The answer to the explanation: as the group, or in a way of this person's own."""

from PySide6.QtCore import QObject, Signal

from enumerator_app.texts import text
from enumerator_app.ui.registration.form import AGREED, Form
from enumerator_app.ui.registration.leading import needs_witness
from enumerator_app.ui.registration.view_parts import Consent


class Agreeing(QObject):
    """Says what the keys of the consent mean for the form that is shown."""

    edited = Signal(str, str)
    witness_wanted = Signal()

    def __init__(self, consent: Consent) -> None:
        super().__init__(consent)
        self._consent = consent
        self._form = Form("")
        consent.chosen.connect(self._on_yes)
        consent.method_chosen.connect(self._on_own_method)

    def show(self, form: Form) -> str:
        """Show the answer, and return the question it answers."""
        self._form = form
        self._consent.set_value(form.value("consent") or None)
        method = form.value("consent_own") or form.value("consent_method") or "none"
        return text(f"form.said.{method}")

    def _on_yes(self, _value: str) -> None:
        """Y: as the group; a second time takes it back."""
        if self._form.value("consent_own"):
            self.edited.emit("consent_own", "")
        elif self._form.value("consent") == AGREED:
            self.edited.emit("consent", "")
            return
        self.edited.emit("consent", AGREED)

    def _on_own_method(self, method: str) -> None:
        """Note a way of one's own; a witness is asked for where one is needed."""
        self.edited.emit("consent_own", method)
        self.edited.emit("consent", AGREED)
        if needs_witness(self._form) and not self._form.value("consent_witness"):
            self.witness_wanted.emit()
