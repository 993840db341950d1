"""One window's life: first start or unlock, the open laptop, lock, and its end."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from enumerator_app import __version__
from enumerator_app.ui.jobs import finish_jobs, start_job
from enumerator_app.ui.session.doors import Doors
from enumerator_app.ui.shell import MainWindow
from enumerator_app.ui.unlock.presenter import UnlockPresenter
from enumerator_app.ui.unlock.state import OperatorEntry, Surroundings
from enumerator_app.ui.unlock.view import UnlockView

if TYPE_CHECKING:
    from enumerator_app.ui.first_start.presenter import FirstStartPresenter

AUTO_LOCK_MS: Final = 5 * 60 * 1000
_ACTIVITY: Final = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
)


class WindowSession(QObject):
    """Decides which page stands in front, and holds the open laptop while it is open."""

    opened = Signal(object)  # the pages of an open laptop
    locked = Signal()

    def __init__(self, doors: Doors, *, motion: bool = True) -> None:
        super().__init__()
        self._doors = doors
        self._laptop: Any = None
        self.pages: Any = None
        self.window = MainWindow(doors.load_preferences(), motion=motion)
        self.window.preferences_changed.connect(doors.save_preferences)
        self.window.lock_wanted.connect(self.lock)
        self.window.closing.connect(self.close)
        self._idle = QTimer(self, interval=AUTO_LOCK_MS, singleShot=True)
        self._idle.timeout.connect(self.lock)
        self._show_front()

    def warm_up(self) -> None:
        """Load rules and storage beside the window, while somebody types."""
        start_job(self, self._doors.warm_up, _ignored, _ignored)

    def lock(self) -> None:
        """Put the lock in front; what stands in the form is kept."""
        if self._laptop is None:
            return
        laptop = self._put_pages_away()
        self._doors.lock(laptop)
        self._show_front()
        self.locked.emit()

    def _lock_if_removed(self) -> None:
        """Lock at once for whom the office's notice came; what stands in the form is kept."""
        if self._laptop is not None and self._laptop.store.is_operator_removed:
            self.lock()

    def close(self) -> None:
        """Close the file; also when it is behind the digits of the day."""
        laptop = self._put_pages_away()
        if laptop is not None:
            laptop.close()
        self._doors.close()

    def idle_s(self) -> float:
        """Return for how many seconds nobody has touched keyboard or mouse."""
        return (AUTO_LOCK_MS - self._idle.remainingTime()) / 1000

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY:
            self._idle.start()
        return super().eventFilter(watched, event)

    def _show_front(self) -> None:
        if self._doors.has_home():
            self._show_unlock()
        else:
            self._show_first_start()

    def _show_unlock(self) -> None:
        names = self._doors.operators()
        presenter = UnlockPresenter(
            [OperatorEntry(name) for name in names],
            self._doors.unlock,
            quick=self._doors.quick,
            help_by_office=self._doors.help,
            rescue=self._doors.rescue,
            surroundings=Surroundings(version=__version__),
            parent=self,
        )
        presenter.unlocked.connect(self._on_opened)
        presenter.begun_anew.connect(self._show_first_start)
        self.window.show_front(partial(_unlock_view, presenter))

    def _show_first_start(self) -> None:
        from enumerator_app.ui.first_start.presenter import (  # noqa: PLC0415 - once in a life
            FirstStartPresenter,
        )

        presenter = FirstStartPresenter(
            enrol=self._doors.enrol, practise=self._doors.practise, parent=self
        )
        presenter.finished.connect(self._on_opened)
        self.window.show_front(partial(_first_start_view, presenter))

    def _on_opened(self, laptop: object) -> None:
        from enumerator_app.ui.session.pages import LaptopPages  # noqa: PLC0415 - heavy

        self._laptop = laptop
        self.pages = LaptopPages(
            self._laptop, self.window, self.lock, idle_s=self.idle_s, parent=self
        )
        self.pages.sending.changed.connect(
            self._lock_if_removed, Qt.ConnectionType.QueuedConnection
        )
        self.pages.show()
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self._idle.start()
        self.opened.emit(self.pages)

    def _put_pages_away(self) -> Any:
        laptop, self._laptop = self._laptop, None
        if laptop is None:
            return None
        self._idle.stop()
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        self.pages.stop()
        finish_jobs(self)
        self.pages.deleteLater()
        self.pages = None
        return laptop


def _unlock_view(presenter: UnlockPresenter) -> QWidget:
    view = UnlockView(presenter.surroundings)
    presenter.attach(view)
    return view


def _first_start_view(presenter: "FirstStartPresenter") -> QWidget:
    from enumerator_app.ui.first_start.view import FirstStartView  # noqa: PLC0415 - as above

    view = FirstStartView()
    presenter.attach(view)
    return view


def _ignored(_: object) -> None:
    return None
