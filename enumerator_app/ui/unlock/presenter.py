"""Unlocking: asks the services beside the window, and shows what they answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, QTimer, Signal

from enumerator_app.domain.errors import DatabaseDamaged, KeyFileDamaged, WrongPassphrase
from enumerator_app.texts import text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.messages import describe
from enumerator_app.ui.unlock.caps_lock import caps_lock_from, caps_lock_of_system
from enumerator_app.ui.unlock.help_panels import HelpFiles, SystemHelpFiles
from enumerator_app.ui.unlock.state import Damage, Mode, OperatorEntry, Surroundings, UnlockState

if TYPE_CHECKING:
    from enumerator_app.ui.unlock.view import UnlockView

DIGITS: Final = 6
_SECOND_MS: Final = 1000


@dataclass(frozen=True)
class QuickUnlock:
    """Six digits for the rest of the day; the key stays in memory only.

    `try_digits` raises `WrongPassphrase`; once `tries_left` answers 0 only the passphrase opens.
    """

    operator: Callable[[], str]  # who locked; "" when nobody may use digits now
    try_digits: Callable[[str], object]
    set_digits: Callable[[str], object]
    tries_left: Callable[[], int]


@dataclass(frozen=True)
class Help:
    """The way through the office: `ask` writes its request, `open_with` takes its answer."""

    ask: Callable[[Path], object]
    open_with: Callable[[Path, str, str], object]  # answer, name, new passphrase


@dataclass(frozen=True)
class Rescue:
    """For a damaged file. `open` returns what `unlocked` carries, and what came over in words."""

    open: Callable[[str, str], tuple[object, str]]  # operator, passphrase
    begin_anew: Callable[[], object]


class UnlockPresenter(QObject):
    """Outlives its view: attach a new one after language, contrast or text size changed.

    `unlock(operator, passphrase)` returns what `unlocked` then carries, or raises `KnownError`; a
    `WrongPassphrase` with the parameter `wait_s` starts that countdown. It runs on its own thread.
    """

    unlocked = Signal(object)
    begun_anew = Signal()

    def __init__(
        self,
        operators: Sequence[OperatorEntry],
        unlock: Callable[[str, str], object],
        *,
        quick: QuickUnlock | None = None,
        help_by_office: Help | None = None,
        rescue: Rescue | None = None,
        files: HelpFiles | None = None,
        surroundings: Surroundings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._unlock, self._quick = unlock, quick
        self._help, self._files = help_by_office, files or SystemHelpFiles()
        self._rescue = rescue
        self._tried = ("", "")  # operator and passphrase, while a rescue may need them
        self._answer: Path | None = None
        self.surroundings = surroundings or Surroundings()
        self._view: UnlockView | None = None
        self._opened: object = None
        self.state = self._first_state(tuple(operators))
        self._second = QTimer(self, interval=_SECOND_MS)
        self._second.timeout.connect(self._on_second)

    def attach(self, view: "UnlockView") -> None:
        """Show the state in this view from now on, and listen to it."""
        self._view = view
        view.operator_chosen.connect(self._on_operator)
        view.submitted.connect(self._on_submitted)
        view.digits_submitted.connect(self._on_digits)
        view.new_digits_submitted.connect(self._on_new_digits)
        view.digits_skipped.connect(self._finish)
        view.mode_wanted.connect(self._on_mode)
        view.letter_typed.connect(self._on_letter)
        view.help_wanted.connect(self._on_help)
        view.answer_wanted.connect(self._on_answer)
        view.passphrase_chosen.connect(self._on_passphrase)
        view.rescue_wanted.connect(self._on_rescue)
        view.go_on_wanted.connect(lambda: self._on_opened(self._opened))
        view.begin_anew_wanted.connect(self._on_begin_anew)
        system = caps_lock_of_system()
        if system is not None:
            self.state = replace(self.state, has_caps_lock=system)
        view.render(self.state)

    def _first_state(self, operators: tuple[OperatorEntry, ...]) -> UnlockState:
        name = self._quick.operator() if self._quick else ""
        names = [entry.name for entry in operators]
        if not names and self._rescue is not None:
            return UnlockState(
                mode=Mode.DAMAGED, damage=Damage.BEYOND_RESCUE, problem=describe(KeyFileDamaged())
            )
        if name in names:
            return UnlockState(operators=operators, selected=names.index(name), mode=Mode.DIGITS)
        return UnlockState(operators=operators)

    def _show(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type] # names of the state
        if is_there(self._view):
            self._view.render(self.state)

    def _on_operator(self, index: int) -> None:
        may_use_digits = self._quick is not None and (
            self._quick.operator() == self.state.operators[index].name
        )
        mode = Mode.DIGITS if may_use_digits else Mode.PASSPHRASE
        self._show(selected=index, mode=mode, problem="")

    def _on_mode(self, mode: Mode) -> None:
        self._show(mode=mode, problem="", said="")

    def _on_help(self) -> None:
        asked = self._help
        path = self._files.ask_request(self._view) if asked and self._view else None
        if asked is None or path is None:
            return
        start_job(self, lambda: asked.ask(path), lambda _: self._on_asked(path), self._on_failed)

    def _on_asked(self, path: Path) -> None:
        self._show(said=text("forgotten.asked", file=path.name), problem="")

    def _on_answer(self) -> None:
        path = self._files.ask_answer(self._view) if self._view else None
        if path is not None:
            self._answer = path
            self._show(mode=Mode.HELPED, problem="", said="")

    def _on_passphrase(self, name: str, passphrase: str) -> None:
        asked, answer = self._help, self._answer
        if asked is None or answer is None or self.state.is_busy:
            return
        self._show(is_busy=True, problem="")
        start_job(
            self,
            lambda: asked.open_with(answer, name, passphrase),
            self._on_opened,
            self._on_failed,
        )

    def _on_letter(self, letter: str, has_shift: bool) -> None:  # noqa: FBT001 - sent bare by a signal
        has_caps_lock = caps_lock_from(letter, has_shift=has_shift)
        if has_caps_lock != self.state.has_caps_lock:
            self._show(has_caps_lock=has_caps_lock)

    def _on_submitted(self, passphrase: str) -> None:
        if self.state.is_busy or self.state.wait_s or not passphrase:
            return
        operator = self.state.operator
        self._tried = (operator, passphrase)
        self._show(is_busy=True, problem="")
        start_job(
            self, lambda: self._unlock(operator, passphrase), self._on_opened, self._on_failed
        )

    def _on_rescue(self) -> None:
        rescue, tried = self._rescue, self._tried
        if rescue is not None and not self.state.is_busy:
            self._show(is_busy=True, problem="")
            start_job(self, lambda: rescue.open(*tried), self._on_rescued, self._on_failed)

    def _on_rescued(self, found: object) -> None:
        self._opened, words = cast("tuple[object, str]", found)
        self._show(is_busy=False, damage=Damage.RESCUED, said=words)

    def _on_begin_anew(self) -> None:
        if self._rescue is not None and not self.state.is_busy:
            self._show(is_busy=True, problem="")
            start_job(self, self._rescue.begin_anew, self._on_begun_anew, self._on_failed)

    def _on_begun_anew(self, _: object) -> None:
        self._view = None
        self.begun_anew.emit()

    def _on_digits(self, digits: str) -> None:
        quick = self._quick
        if quick is None or self.state.is_busy or len(digits) != DIGITS:
            return
        self._show(is_busy=True, problem="")
        start_job(self, lambda: quick.try_digits(digits), self._on_quick, self._on_digits_failed)

    def _on_quick(self, opened: object) -> None:
        self._opened = opened
        self._finish()

    def _on_opened(self, opened: object) -> None:
        self._opened, self._tried = opened, ("", "")
        if self._quick is None:
            self._finish()
        else:
            self._show(is_busy=False, mode=Mode.NEW_DIGITS, problem="")

    def _on_new_digits(self, digits: str) -> None:
        if self._quick is not None and len(digits) == DIGITS:
            self._quick.set_digits(digits)
            self._finish()

    def _finish(self) -> None:
        self._second.stop()
        self._view = None
        self.unlocked.emit(self._opened)

    def _on_digits_failed(self, error: Exception) -> None:
        left = self._quick.tries_left() if self._quick else 0
        if not isinstance(error, WrongPassphrase):
            self._show(is_busy=False, problem=describe(error))
        elif left:
            self._show(is_busy=False, problem=text("unlock.digits_wrong", n=left))
        else:
            self._show(is_busy=False, mode=Mode.PASSPHRASE, problem=text("unlock.digits_over"))

    def _on_failed(self, error: Exception) -> None:
        wait_s = error.parameters.get("wait_s") if isinstance(error, WrongPassphrase) else None
        if isinstance(wait_s, int) and wait_s > 0:
            self._show(is_busy=False, wait_s=wait_s, problem=_wait_words(wait_s))
            self._second.start()
        elif isinstance(error, DatabaseDamaged) and self._rescue is not None:
            self._show(is_busy=False, mode=Mode.DAMAGED, damage=Damage.FOUND, problem="", said="")
        elif getattr(error, "code", "") == "beyond_rescue":
            self._show(is_busy=False, damage=Damage.BEYOND_RESCUE, problem=describe(error))
        else:
            self._show(is_busy=False, problem=describe(error))

    def _on_second(self) -> None:
        wait_s = self.state.wait_s - 1
        if wait_s <= 0:
            self._second.stop()
            self._show(wait_s=0, problem="")
        else:
            self._show(wait_s=wait_s, problem=_wait_words(wait_s))


def _wait_words(seconds: int) -> str:
    return text("unlock.wrong_wait", n=seconds)
