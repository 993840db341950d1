"""The first start: keeps what was filled in, and makes the laptop one of the office's."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from enumerator_app.domain.errors import AddressNotAllowed, EnrolmentCodeRefused, OfficeNotProven
from enumerator_app.texts import text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.first_start.devices import camera_names, printer_names
from enumerator_app.ui.first_start.state import Connection, FirstStartState, Step
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.messages import describe

if TYPE_CHECKING:
    from enumerator_app.ui.first_start.view import FirstStartView

Enrol = Callable[[str, str, str, str], object]  # server, code, operator, passphrase
Practise = Callable[[str, str], object]  # operator, passphrase


_OF_THE_CODE: Final = (EnrolmentCodeRefused, OfficeNotProven)


class FirstStartPresenter(QObject):
    """Outlives its view. `enrol` and `practise` run on their own thread and raise `KnownError`;
    what they return is carried by `finished` once the devices were looked at or skipped.
    """

    finished = Signal(object)

    def __init__(
        self,
        enrol: Enrol,
        practise: Practise,
        *,
        find_printers: Callable[[], Sequence[str]] = printer_names,
        find_cameras: Callable[[], Sequence[str]] = camera_names,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._enrol, self._practise = enrol, practise
        self._find_printers, self._find_cameras = find_printers, find_cameras
        self._view: FirstStartView | None = None
        self._opened: object = None
        self.state = FirstStartState()

    def attach(self, view: "FirstStartView") -> None:
        self._view = view
        view.connection_edited.connect(self._on_connection_edited)
        view.connect_wanted.connect(self._on_connect)
        view.practice_wanted.connect(self._on_practice)
        view.passphrase_chosen.connect(self._on_passphrase)
        view.back_wanted.connect(self._on_back)
        view.look_again_wanted.connect(self._look)
        view.finish_wanted.connect(self._on_finish)
        view.render(self.state)

    def _show(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        if is_there(self._view):
            self._view.render(self.state)

    def _on_connection_edited(self, connection: Connection) -> None:
        self._show(connection=connection, is_code_doubted=False, problem="")

    def _on_connect(self) -> None:
        if self.state.connection.is_complete:
            self._show(step=Step.PASSPHRASE, is_practice=False, problem="")

    def _on_practice(self) -> None:
        self._show(step=Step.PASSPHRASE, is_practice=True, problem="")

    def _on_back(self) -> None:
        if not self.state.is_busy:
            self._show(step=Step.OFFICE, problem="")

    def _on_passphrase(self, passphrase: str) -> None:
        if self.state.is_busy:
            return
        asked = self.state.connection
        self._show(is_busy=True, problem="")
        if self.state.is_practice:
            operator = asked.operator.strip() or text("first_start.practice_operator")
            start_job(
                self, lambda: self._practise(operator, passphrase), self._on_made, self._on_failed
            )
        else:
            fields = (asked.server.strip(), asked.code.strip(), asked.operator.strip())
            start_job(
                self, lambda: self._enrol(*fields, passphrase), self._on_made, self._on_failed
            )

    def _on_made(self, opened: object) -> None:
        self._opened = opened
        self._show(step=Step.DEVICES, is_busy=False, problem="")
        self._look()

    def _on_failed(self, error: Exception) -> None:
        of_code = isinstance(error, _OF_THE_CODE)
        of_address = isinstance(error, AddressNotAllowed)
        step = Step.OFFICE if of_code or of_address else Step.PASSPHRASE  # both stand on the first
        self._show(step=step, is_busy=False, is_code_doubted=of_code, problem=describe(error))

    def _look(self) -> None:
        self._show(printers=None, cameras=None)
        start_job(
            self,
            lambda: (tuple(self._find_printers()), tuple(self._find_cameras())),
            self._on_found,
            self._on_not_found,
        )

    def _on_found(self, found: object) -> None:
        printers, cameras = found if isinstance(found, tuple) else ((), ())
        self._show(printers=printers, cameras=cameras)

    def _on_not_found(self, error: Exception) -> None:
        self._show(printers=(), cameras=(), problem=describe(error))

    def _on_finish(self) -> None:
        if self.state.step is not Step.DEVICES:
            return
        self._view = None
        self.finished.emit(self._opened)
