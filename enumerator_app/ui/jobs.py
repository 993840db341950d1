"""Slow work beside the window: a plain function in a thread, its end as a signal."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal

Report = Callable[[int, int], object]  # items done, items in total
Cancelled = Callable[[], bool]
Work = Callable[[Report, Cancelled], object]


class Job(QThread):
    """One slow service call. `work` must not touch any widget.

    Cancel with `requestInterruption()`: it stops after the current item (a sync also while it
    waits), and what it returns then still arrives through `succeeded`. Its parent owns it; it lets
    itself go once it has ended.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(Exception)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self.finished.connect(self.deleteLater)

    def run(self) -> None:
        try:
            result = self._work(self.progressed.emit, self.isInterruptionRequested)
        except Exception as error:  # noqa: BLE001 - the thread boundary: nothing may escape unreported
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)


def start_job(
    parent: QObject,
    work: Callable[[], object],
    succeeded: Callable[[object], object],
    failed: Callable[[Exception], object],
) -> Job:
    """Run a call that reports no progress; its answer comes back in the window's own thread."""
    job = Job(lambda _report, _cancelled: work(), parent)
    job.succeeded.connect(succeeded)
    job.failed.connect(failed)
    job.start()
    return job


def finish_jobs(owner: QObject, timeout_ms: int = 10_000) -> bool:
    """Ask every job below `owner` to stop and wait for them; False if one still runs.

    Call it before the owner goes: a thread that outlives its object takes the program with it.
    """
    jobs = owner.findChildren(Job)
    for job in jobs:
        job.requestInterruption()
    return all(job.wait(timeout_ms) for job in jobs)
