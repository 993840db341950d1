"""Sending by flash drive: writes the file, reads the answer, chooses the drive for each save."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from enumerator_app.domain.instants import WIB
from enumerator_app.services.carrying import BUNDLE_SUFFIX
from enumerator_app.services.stick import StickStanding
from enumerator_app.texts import text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.jobs import Cancelled, Job, Report, start_job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.sending.drives import Drives, SystemDrives
from enumerator_app.ui.sending.stick_state import (
    StickState,
    nothing_words,
    taken_words,
    written_words,
)
from sync.client.answer_file import Watch
from sync.client.backoff import Stopped
from sync.client.carrying import AnswerTaken, Carried
from sync.client.looking import AnswerSeen


class StickPort(Protocol):
    def use(self, folder: Path | None) -> None: ...
    def standing(self) -> StickStanding: ...


class KeeperPort(Protocol):
    changed: Callable[[], object]

    @property
    def trouble(self) -> Exception | None: ...
    def start(self) -> None: ...
    def look(self) -> None: ...
    def stop(self) -> None: ...


class CarryingPort(Protocol):
    def write(self, path: Path, *, everything: bool = False, watch: Watch = ...) -> Carried: ...
    def look(self, path: Path, watch: Watch = ...) -> AnswerSeen: ...
    def take_answer(self, path: Path, watch: Watch = ...) -> AnswerTaken: ...
    @property
    def stick(self) -> StickPort: ...
    @property
    def keeper(self) -> KeeperPort: ...


class StickLaptop(Protocol):
    """The part of a laptop that knows flash drives; none of it on the window's thread."""

    @property
    def carrying(self) -> CarryingPort: ...
    @property
    def is_practice(self) -> bool: ...
    @property
    def device_code(self) -> str: ...


class ShowsStick(Protocol):
    def show_stick(self, state: StickState) -> None: ...


class StickPresenter(QObject):
    """One piece of work at a time; leaving the page does not stop it."""

    changed = Signal()  # an answer was applied
    kept = Signal(bool)  # whether a drive has every save by now
    _told = Signal()

    def __init__(
        self,
        laptop: StickLaptop,
        *,
        drives: Drives | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._clock = laptop, clock
        self._drives = drives or SystemDrives()
        self._view: ShowsStick | None = None
        self._looking = Latest(self)
        self._job: Job | None = None
        self.state = StickState(is_practice=laptop.is_practice)
        self._told.connect(self._look)  # from the keeper's thread into the window's
        laptop.carrying.keeper.changed = self._told.emit

    def attach(self, view: ShowsStick | None) -> None:
        self._view = view
        self._show()

    def close(self) -> None:
        """Hear no more of what is saved: the laptop is being closed."""
        self._laptop.carrying.keeper.changed = _unheard
        self._view = None

    def refresh(self) -> None:
        """Look at the drive anew, and let it catch up."""
        self._laptop.carrying.keeper.look()
        self._look()

    def _look(self) -> None:
        self._looking.ask(self._laptop.carrying.stick.standing, self._on_standing, self._on_failed)

    def write(self, parent: QWidget) -> None:
        """Write everything that the office has not confirmed into one file on a drive."""
        folder = self._folder(parent)
        if folder is None or self.state.work or self.state.is_practice:
            return
        self._show(work="writing", said="", trouble="")
        self._start(lambda watch: self._write_into(folder, watch), self._on_written)

    def _write_into(self, folder: Path, watch: Watch) -> tuple[Path, Carried]:
        moment = self._clock().astimezone(WIB)
        name = text("stick.file_name", device=self._laptop.device_code, moment=f"{moment:%d%m%H%M}")
        path = folder / f"{name}{BUNDLE_SUFFIX}"
        return path, self._laptop.carrying.write(path, watch=watch)

    def read(self, parent: QWidget) -> None:
        """Look at the office's answer on a drive, and show what it holds before it is read in."""
        plugged = self._drives.plugged_in()
        start = plugged[0].folder if plugged else self.state.standing.folder
        path = self._drives.ask_answer(parent, start)
        if path is None or self.state.work or self.state.is_practice:
            return
        self._show(work="looking", answer=path, seen=None, said="", trouble="")
        self._start(lambda watch: self._laptop.carrying.look(path, watch), self._on_seen)

    def take(self) -> None:
        """Read in the answer that was looked at."""
        path = self.state.answer
        if path is None or self.state.seen is None or self.state.work:
            return
        self._show(work="reading")
        self._take(path)

    def _take(self, path: Path) -> None:
        self._start(lambda watch: self._laptop.carrying.take_answer(path, watch), self._on_taken)

    def stop(self) -> None:
        """Stop what is being written or read; a page that is closed stops it as well."""
        if self._job is not None:
            self._job.requestInterruption()
            self._show(is_stopping=True)

    def leave(self) -> None:
        """Leave the answer that was looked at where it is."""
        if self.state.answer is not None and not self.state.work:
            said = text("stick.left_there", file=self.state.answer.name)
            self._show(answer=None, seen=None, said=said)

    def keep(self, parent: QWidget, *, on: bool) -> None:
        """Write each save to a drive as well, or no more."""
        folder = self._folder(parent) if on else None
        if (on and folder is None) or self.state.is_practice:
            self._show()
            return
        self._show(said="", trouble="")
        start_job(self, lambda: self._use(folder), lambda _: self.refresh(), self._on_failed)

    def _use(self, folder: Path | None) -> None:
        self._laptop.carrying.stick.use(folder)
        if folder is None:
            self._laptop.carrying.keeper.stop()
            return
        self._laptop.carrying.keeper.start()
        self._laptop.carrying.keeper.look()

    def _folder(self, parent: QWidget) -> Path | None:
        """Return the one drive that is plugged in, or what is chosen among several or none."""
        plugged = self._drives.plugged_in()
        return plugged[0].folder if len(plugged) == 1 else self._drives.ask_folder(parent)

    def _start(self, work: Callable[[Watch], object], done: Callable[[Any], object]) -> None:
        job = Job(lambda report, cancelled: work(_watching(report, cancelled)), self)
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(done)
        job.failed.connect(self._on_broken_off)
        self._job = job
        job.start()

    def _on_progressed(self, percent: int, _whole: int) -> None:
        if self._job is not None:
            self._show(percent=percent)

    def _on_written(self, written: tuple[Path, Carried]) -> None:
        self._end(said=written_words(*written))

    def _on_seen(self, seen: AnswerSeen) -> None:
        if seen.is_outdated:
            self._end(answer=None, said=nothing_words(seen))
        elif seen.nothing_new and (path := self.state.answer) is not None:
            self._show(percent=0)  # there is nothing to ask: it only says when it was said
            self._take(path)
        else:
            self._end(seen=seen)

    def _on_taken(self, taken: AnswerTaken) -> None:
        self._end(answer=None, seen=None, said=taken_words(taken))
        self.changed.emit()

    def _on_broken_off(self, error: Exception) -> None:
        """Say why; an answer that was half read in may have changed something already."""
        was = self.state.work
        said = text(f"stick.stopped_{was}") if isinstance(error, Stopped) else ""
        self._end(answer=None, seen=None, said=said, trouble="" if said else describe(error))
        if was == "reading":
            self.changed.emit()

    def _end(self, **changes: Any) -> None:
        self._job = None
        self._show(work="", percent=0, is_stopping=False, **changes)

    def _on_standing(self, standing: StickStanding) -> None:
        trouble = self._laptop.carrying.keeper.trouble
        is_back = standing.is_there and not self.state.standing.is_there
        names = {drive.folder: drive.name for drive in self._drives.plugged_in()}
        self._show(
            standing=standing,
            drive=names.get(standing.folder, "") if standing.folder else "",
            keeping_trouble=describe(trouble) if trouble is not None else "",
            trouble="" if is_back else self.state.trouble,
        )
        self.kept.emit(standing.is_up_to_date and trouble is None)

    def _on_failed(self, error: Exception) -> None:
        self._show(trouble=describe(error))

    def _show(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        if is_there(self._view):
            self._view.show_stick(self.state)


def _unheard() -> None:
    return None


def _watching(report: Report, cancelled: Cancelled) -> Watch:
    """Return who looks on for the page: each percent is reported once."""
    told = 0

    def watch(done: int, whole: int) -> None:
        nonlocal told
        if cancelled():
            raise Stopped
        percent = 100 * done // max(1, whole)
        if percent > told:
            told = percent
            report(percent, 100)

    return watch
