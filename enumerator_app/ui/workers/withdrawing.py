"""Withdrawing somebody, with ten seconds to undo it: what was withdrawn stays so for good."""

from typing import Any, Final, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from enumerator_app.texts import text
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import LaptopPort

UNDO_MS: Final = 10_000


class Shows(Protocol):
    def update(self, **changes: Any) -> None: ...


class Withdrawing(QObject):
    """Holds one withdrawal until its time is over; another one, or the end, writes it at once."""

    written = Signal()

    def __init__(self, laptop: LaptopPort, page: Shows, *, parent: QObject) -> None:
        super().__init__(parent)
        self._laptop, self._page = laptop, page
        self._held: tuple[UUID, str] | None = None
        self._timer = QTimer(self, singleShot=True, interval=UNDO_MS)
        self._timer.timeout.connect(self.finish)

    def begin(self, subject: UUID, name: str, reason: str) -> None:
        """Withdraw this person soon."""
        self.finish()
        self._held = (subject, reason)
        self._page.update(leaving=name, said="")
        self._timer.start()

    def undo(self) -> None:
        """Leave the person as it is; nothing was written."""
        if self._held is not None:
            self._held = None
            self._timer.stop()
            self._page.update(leaving="", said=text("people.kept_after_all"))

    def finish(self) -> None:
        """Write what is held: the record stays, with its reason."""
        held, self._held = self._held, None
        self._timer.stop()
        if held is not None:
            subject, reason = held
            start_job(
                self,
                lambda: self._laptop.withdraw(subject, reason),
                lambda _saved: self._on_written(),
                self._on_failed,
            )

    def _on_written(self) -> None:
        self._page.update(leaving="", said=text("people.withdrawn"))
        self.written.emit()

    def _on_failed(self, error: Exception) -> None:
        self._page.update(leaving="", phase="failed", problem=describe(error))
