"""Works through what the office sent back, one field at a time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from enumerator_app.domain.findings import Finding
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.registration import RegistrationDraft
from enumerator_app.texts import text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.corrections.state import (
    CorrectionsState,
    Task,
    TaskRow,
    confirmed_draft,
    corrected_draft,
    lines_for,
    task_of,
    task_row,
)
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import LaptopPort, Registered
from enumerator_app.ui.registration.checks import CheckLine, check_lines

CHECK_MS: Final = 60


Lines = tuple[CheckLine, ...]


class ShowsCorrections(Protocol):
    def render_state(self, state: CorrectionsState) -> None: ...
    def show_thumbnails(self, found: dict[str, bytes]) -> None: ...


@dataclass(frozen=True)
class _Read:
    rows: tuple[TaskRow, ...]
    faces: dict[str, bytes]


class CorrectionsPresenter(QObject):
    """Holds the tasks and the one that is open."""

    committed = Signal()

    def __init__(
        self,
        laptop: LaptopPort,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._clock = laptop, clock
        self._view: ShowsCorrections | None = None
        self._listing, self._opening = Latest(self), Latest(self)
        self._checking = Latest(self)
        self._faces: dict[str, bytes] = {}
        self._timer = QTimer(self, singleShot=True, interval=CHECK_MS)
        self._timer.timeout.connect(self.check)
        self.state = CorrectionsState()

    def attach(self, view: ShowsCorrections | None) -> None:
        self._view = view
        if view is not None:
            view.show_thumbnails(self._faces)
        self._show()

    def stop(self) -> None:
        """Ask nothing more: the laptop is being closed."""
        self._timer.stop()
        self._view = None

    def refresh(self) -> None:
        """Read what the office wants corrected."""
        today = self._today()
        self._listing.ask(lambda: self._read(today), self._on_read, self._on_failed)

    def choose(self, subject: UUID | None) -> None:
        """Open one task; None if there is none left."""
        if subject is None:
            self._opening.forget()
            self._update(chosen=None, task=None, typed="", again="", lines=())
        elif subject != self.state.chosen or self.state.task is None:
            self._update(chosen=subject)
            today = self._today()
            self._opening.ask(lambda: self._task(subject, today), self._on_task, self._on_failed)

    def edit(self, typed: str) -> None:
        self._update(typed=typed, said="")
        self._timer.start()

    def type_again(self, typed: str) -> None:
        self._update(again=typed)
        self._timer.start()

    def check(self) -> None:
        """Let the rules speak about the new value."""
        self._timer.stop()
        state = self.state
        if state.task is None or not state.is_changed:
            self._checking.forget()
            self._update(lines=())
            return
        self._checking.ask(
            lambda: self._laptop.check(corrected_draft(state)).findings,
            lambda findings: self._on_checked(state.task, findings),
            self._on_not_saved,
        )

    def save(self) -> None:
        """Save the new value and go on with the next person."""
        task = self.state.task
        if task is not None and self.state.is_changed and not self.state.is_busy:
            self._update(attempted=True)
            self._correct(task, corrected_draft(self.state), checked=self.state)

    def confirm(self) -> None:
        """The value is so on the KTP: send it back as it stands (Alt+B)."""
        if self.state.task is not None and not self.state.is_busy:
            self._correct(self.state.task, confirmed_draft(self.state.task))

    def skip(self) -> None:
        """The person is not here: go on, the task stays (Alt+T)."""
        rows = self.state.rows
        if rows and not self.state.is_busy:
            self.choose(rows[self.state.position % len(rows)].subject)

    def _correct(
        self, task: Task, draft: RegistrationDraft, *, checked: CorrectionsState | None = None
    ) -> None:
        self._update(is_busy=True, problem="")
        start_job(
            self,
            lambda: self._write(task, draft, checked),
            lambda answer: self._on_written(task, answer),
            self._on_not_saved,
        )

    def _write(
        self, task: Task, draft: RegistrationDraft, checked: CorrectionsState | None
    ) -> Registered | Lines:
        """Return what was saved, or the sentences that say why not. Runs beside the window."""
        if checked is not None:
            lines = lines_for(checked, self._laptop.check(draft).findings)
            if any(line.severity == "error" for line in lines):
                return lines
        saved = self._laptop.correct(task.subject, draft)
        return saved if saved.number is not None else check_lines(saved.findings)

    def _on_written(self, task: Task, answer: object) -> None:
        if isinstance(answer, tuple):
            self._update(is_busy=False, lines=answer, focus=self.state.focus + 1)
            return
        after = self._after(task.subject)
        said = text("fixing.saved", name=task.name)
        self._update(is_busy=False, said=said, task=None, chosen=after, typed="", again="")
        self.refresh()
        self.committed.emit()

    def _on_checked(self, task: Task | None, findings: tuple[Finding, ...]) -> None:
        if task is self.state.task and not self.state.is_busy:
            self._update(lines=lines_for(self.state, findings))

    def _after(self, subject: UUID) -> UUID | None:
        others = [row.subject for row in self.state.rows if row.subject != subject]
        place = self.state.position - 1
        return others[place % len(others)] if others else None

    def _on_not_saved(self, error: Exception) -> None:
        self._update(is_busy=False, problem=describe(error))

    def _read(self, today: date) -> _Read:
        tasks = self._laptop.tasks()
        photos = {worker.photo for worker in tasks if worker.photo}
        faces = {photo: self._laptop.thumbnail(photo) or b"" for photo in photos}
        return _Read(tuple(task_row(worker, today) for worker in tasks), faces)

    def _on_read(self, read: _Read) -> None:
        self._faces = read.faces
        if is_there(self._view):
            self._view.show_thumbnails(read.faces)
        self._update(phase="ready", rows=read.rows, problem="")
        subjects = [row.subject for row in read.rows]
        wanted = self.state.chosen if self.state.chosen in subjects else None
        self.choose(wanted or (subjects[0] if subjects else None))

    def _task(self, subject: UUID, today: date) -> Task:
        detail = self._laptop.detail(subject)
        sha256 = detail.worker.photo
        photo = self._laptop.photo(sha256) if sha256 else None
        draft = self._laptop.draft_of(subject)
        return task_of(detail, draft, photo, self._laptop.places, today)

    def _on_task(self, task: Task) -> None:
        self._update(
            task=task, typed="", again="", lines=(), attempted=False, focus=self.state.focus + 1
        )

    def _on_failed(self, error: Exception) -> None:
        self._update(phase="failed", problem=describe(error))

    def _today(self) -> date:
        return day_in_wib(self._clock())

    def _update(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self._show()

    def _show(self) -> None:
        if is_there(self._view):
            self._view.render_state(self.state)
