"""Sends, and says how far it is: the engine's reports become states, at most twenty a second."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol, cast

from PySide6.QtCore import QObject, Signal

from enumerator_app.texts import text
from enumerator_app.ui.jobs import Job, start_job
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import LaptopPort, LastSync
from enumerator_app.ui.sending.state import Amount, Held, Phase, SendingState, advanced
from sync.client.progress import Progress, SyncResult

REPORT_S: Final = 0.05
_Counted = tuple[Held, LastSync | None, str]


class Renders(Protocol):
    def render_state(self, state: SendingState) -> None: ...


class SendingPresenter(QObject):
    """One sync at a time; leaving the page does not stop it."""

    changed = Signal()  # records, photos or tasks may be other than before
    _reported = Signal(object)

    def __init__(self, laptop: LaptopPort, *, parent: QObject) -> None:
        super().__init__(parent)
        self._laptop = laptop
        self._view: Renders | None = None
        self._job: Job | None = None
        self._started = 0.0
        self.state = SendingState(device="", is_practice=laptop.is_practice)
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
            start_job(self, self._count, self._on_counted, self._on_failed)

    def send(self) -> None:
        """Start a sync, unless one is running or there is no office to send to."""
        if self._job is not None or self.state.is_practice:
            return
        self._started = time.monotonic()
        held = self.state.held
        self._show(
            replace(
                self.state,
                phase="sending",
                before=held,
                records=Amount(0, held.pending),
                photos=Amount(0, held.photos_pending),
                bytes_sent=0,
                elapsed_s=0.0,
                stage="hello",
                result=None,
                trouble="",
                is_stopping=False,
            )
        )
        job = Job(lambda _report, cancelled: self._sync(cancelled), self)
        job.succeeded.connect(self._on_sent)
        job.failed.connect(self._on_failed)
        self._job = job
        job.start()

    def stop(self) -> None:
        """Stop after the request under way; what the office received stays received."""
        if self._job is not None:
            self._job.requestInterruption()
            self._show(replace(self.state, is_stopping=True))

    def _sync(self, cancelled: Callable[[], bool]) -> tuple[SyncResult, _Counted]:
        last = [0.0]

        def report(step: Progress) -> None:
            now = time.monotonic()
            if now - last[0] >= REPORT_S or step.done == step.total:
                last[0] = now
                self._reported.emit(step)

        result = self._laptop.sync(report, cancelled)
        return result, self._count()

    def _count(self) -> _Counted:
        counts = self._laptop.counts()
        held = Held(
            registrations=counts.registrations,
            pending=counts.pending,
            photos_pending=counts.photos_pending,
            to_correct=counts.to_correct,
            enrolled=counts.by_state.get("enrolled", 0),
        )
        return held, self._laptop.last_sync(), self._laptop.device_code

    def _on_reported(self, step: object) -> None:
        assert isinstance(step, Progress)
        if self._job is not None:
            self._show(advanced(self.state, step, time.monotonic() - self._started))

    def _on_sent(self, answer: object) -> None:
        result, counted = cast("tuple[SyncResult, _Counted]", answer)
        self._job = None
        phase: Phase = "done" if result.heads_agree and not result.pending else "stopped"
        trouble = ""
        if result.too_old:
            phase = "failed"
            trouble = text("sending.too_old", version=result.too_old)
        self._show(replace(self._with(counted), phase=phase, result=result, trouble=trouble))
        self.changed.emit()

    def _on_counted(self, answer: object) -> None:
        self._show(self._with(cast("_Counted", answer)))

    def _on_failed(self, error: Exception) -> None:
        """Say what happened; what arrived before stays arrived, so everything is counted anew."""
        was_sending, self._job = self._job is not None, None
        self._show(replace(self.state, phase="failed", trouble=describe(error)))
        if was_sending:
            self.refresh()
            self.changed.emit()

    def _with(self, counted: _Counted) -> SendingState:
        held, last, device = counted
        at = last.at if last else None
        return replace(self.state, held=held, last_at=at, device=device)

    def _show(self, state: SendingState) -> None:
        self.state = state
        if self._view is not None:
            self._view.render_state(state)
