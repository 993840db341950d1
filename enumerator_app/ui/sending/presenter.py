"""Sends, and says how far it is: the engine's reports become states, at most twenty a second."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Protocol, cast

from PySide6.QtCore import QObject, Signal

from enumerator_app import __version__
from enumerator_app.domain.errors import LaptopUnknown, ProtocolTooOld
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.storage.sync_log import How
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.jobs import Job, start_job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import LaptopPort, LastSync
from enumerator_app.ui.sending.held import Held
from enumerator_app.ui.sending.state import (
    Phase,
    SendingState,
    Step,
    advanced,
    counted_anew,
    recap_words,
    started,
)
from sync.client.progress import Progress, SyncResult

REPORT_S: Final = 0.05
_Counted = tuple[Held, LastSync | None, str, tuple[Step, ...]]


class Renders(Protocol):
    def render_state(self, state: SendingState) -> None: ...
    def show_recap(self, words: str) -> None: ...


class SendingPresenter(QObject):
    """One sync at a time; leaving the page does not stop it."""

    changed = Signal()  # records, photos or tasks may be other than before
    _reported = Signal(object)

    def __init__(
        self,
        laptop: LaptopPort,
        *,
        log: Callable[[], tuple[Step, ...]] = tuple,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._log, self._clock = laptop, log, clock
        self._view: Renders | None = None
        self._job: Job | None = None
        self._counting = Latest(self)
        self._started_s = 0.0
        self.state = SendingState(is_practice=laptop.is_practice)
        self._reported.connect(self._on_reported)

    @property
    def is_sending(self) -> bool:
        return self._job is not None

    def attach(self, view: Renders | None) -> None:
        self._view = view
        self._show(self.state)

    def refresh(self) -> None:
        """Count anew what waits here; a running sync counts for itself."""
        if self._job is None:
            self._counting.ask(self._count, self._on_counted, self._on_not_counted)

    def send(self, how: How = "key") -> None:
        """Start a sync, unless one is running or there is no office to send to."""
        if self._job is not None or self.state.is_practice:
            return
        self._counting.forget()
        self._started_s = time.monotonic()
        self._show(started(self.state))
        job = Job(lambda _report, cancelled: self._sync(cancelled, how), self)
        job.succeeded.connect(self._on_sent)
        job.failed.connect(self._on_failed)
        self._job = job
        job.start()

    def come_back(self, code: str) -> None:
        """Have an office that was put back know this laptop by a fresh code, and send then."""
        if self._job is None and self.state.is_unknown and code.strip():
            self._job = start_job(
                self, lambda: self._laptop.syncing.come_back(code), self._on_back, self._on_not_back
            )

    def recap(self) -> str:
        """Return the day in one line, for a message that people write by hand."""
        return recap_words(self.state, day_in_wib(self._clock()))

    def stop(self) -> None:
        """Stop, also while an answer is awaited; what the office received stays received."""
        if self._job is not None:
            self._job.requestInterruption()
            self._show(replace(self.state, is_stopping=True))

    def _sync(self, cancelled: Callable[[], bool], how: How) -> tuple[SyncResult, _Counted]:
        last: tuple[float, str] = (0.0, "")

        def report(step: Progress) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last[0] >= REPORT_S or step.done == step.total or step.stage != last[1]:
                last = now, step.stage
                self._reported.emit(step)

        named = () if how == "key" else (how,)
        result = self._laptop.sync(report, cancelled, *named)
        return result, self._count()

    def _count(self) -> _Counted:
        counts = self._laptop.counts()
        held = Held(
            registrations=counts.registrations,
            pending=counts.pending,
            photos_pending=counts.photos_pending,
            to_correct=counts.to_correct,
            enrolled=counts.by_state.get("enrolled", 0),
            today=counts.today,
            waiting_nik=counts.waiting_nik,
            entries_pending=counts.entries_pending,
            without_effect=counts.without_effect,
            is_stopped=counts.is_stopped,
            halted_after=self._laptop.printing.halted_after(),
            not_back=self._laptop.syncing.people_not_back(),
        )
        return held, self._laptop.last_sync(), self._laptop.device_code, self._log()

    def _on_reported(self, step: object) -> None:
        assert isinstance(step, Progress)
        if self._job is not None:
            elapsed_s = time.monotonic() - self._started_s
            self._show(advanced(self.state, step, elapsed_s, self._clock()))

    def _on_sent(self, answer: object) -> None:
        result, counted = cast("tuple[SyncResult, _Counted]", answer)
        self._job = None
        phase: Phase = "done" if result.heads_agree and not result.pending else "stopped"
        trouble = ""
        if result.too_old:
            phase = "failed"
            trouble = describe(ProtocolTooOld(version=result.too_old, own=__version__))
        ended = (*self.state.ended, (self.state.stage, self._clock()))
        state = replace(self._with(counted), phase=phase, result=result, trouble=trouble)
        state = replace(state, after=state.held, closed_at=state.last_at)
        self._show(replace(state, ended=ended))
        self.changed.emit()

    def _on_counted(self, answer: object) -> None:
        self._show(self._with(cast("_Counted", answer)))

    def _on_not_counted(self, error: Exception) -> None:
        self._show(replace(self.state, phase="failed", trouble=describe(error)))

    def _on_failed(self, error: Exception) -> None:
        """Say what happened; what arrived before stays arrived, so everything is counted anew."""
        self._job = None
        is_unknown = isinstance(error, LaptopUnknown)
        failed = replace(self.state, phase="failed", trouble=describe(error))
        self._show(replace(failed, is_unknown=is_unknown))
        self.refresh()
        self.changed.emit()

    def _on_back(self, _: object) -> None:
        self._job = None
        self._show(replace(self.state, is_unknown=False))
        self.send()

    def _on_not_back(self, error: Exception) -> None:
        self._job = None
        self._show(replace(self.state, trouble=describe(error)))

    def _with(self, counted: _Counted) -> SendingState:
        held, last, device, log = counted
        at = last.at if last else None
        state = counted_anew(self.state, held)
        return replace(state, last_at=at, device=device, log=log)

    def _show(self, state: SendingState) -> None:
        self.state = state
        if is_there(self._view):
            self._view.show_recap(self.recap())
            self._view.render_state(state)
