"""The rules speak about the open form, a moment after a key."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from enumerator_app.domain.findings import Finding
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.checks import Checks, checks_of
from enumerator_app.ui.registration.form import draft_of
from enumerator_app.ui.registration.page_port import FormPage

WAIT_MS: Final = 60
"""How long after a key the rules speak; a fast typist is not interrupted at each letter."""


class FormRules(QObject):
    """Asks the rules on a worker thread: they know the day from the disk."""

    def __init__(self, laptop: LaptopPort, page: FormPage, *, parent: QObject) -> None:
        super().__init__(parent)
        self._laptop, self._page = laptop, page
        self._lane = Latest(self)
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self.speak)

    @property
    def is_idle(self) -> bool:
        return self._lane.is_idle

    def speak_soon(self) -> None:
        """Let the rules speak once the typing has paused."""
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def speak(self) -> None:
        """Let the rules speak about what stands in the form now."""
        self._timer.stop()
        form = self._page.state.form
        if form.is_empty:
            self._lane.forget()
            self._page.update(checks=Checks())
            return
        self._lane.ask(
            lambda: self._laptop.check(draft_of(form)).findings,
            lambda findings: self._on_spoken(form.form_id, findings),
            self._page.saving.say_failed,
        )

    def _on_spoken(self, form_id: str, findings: tuple[Finding, ...]) -> None:
        state = self._page.state
        if state.form.form_id == form_id and not state.is_busy:
            checks = checks_of(state.form, findings)
            if checks != state.checks:
                self._page.update(checks=checks)
