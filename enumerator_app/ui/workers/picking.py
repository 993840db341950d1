"""People picked from the list, and the table that is written of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import UUID

from PySide6.QtCore import QObject

from enumerator_app.texts import text, thousands
from enumerator_app.ui.jobs import Job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import Exported, LaptopPort
from enumerator_app.ui.workers.state import Export, WorkersState


class ListPage(Protocol):
    """The presenter of the list as picking sees it."""

    @property
    def state(self) -> WorkersState: ...
    def update(self, **changes: Any) -> None: ...


class Picking(QObject):
    """Ticks rows, and writes those who are ticked to a file. One table at a time."""

    def __init__(self, laptop: LaptopPort, page: ListPage, *, parent: QObject) -> None:
        super().__init__(parent)
        self._laptop, self._page = laptop, page
        self._gathering = Latest(self)
        self._job: Job | None = None

    def toggle(self, subjects: Sequence[UUID]) -> None:
        """Tick these, or take the tick away where all of them have one."""
        picked, named = self._page.state.picked, frozenset(subjects)
        self._pick(picked - named if named <= picked else picked | named)

    def pick_all(self) -> None:
        """Tick everybody that the search finds, those not yet read too; again, nobody."""
        query = self._page.state.query
        self._gathering.ask(
            lambda: self._laptop.table_export.subjects(query.typed, **query.narrowing),
            self._on_gathered,
            self._on_failed,
        )

    def clear(self) -> None:
        self._pick(frozenset())

    def ask_for_table(self) -> None:
        """Ask for the form of the table, and for the passphrase."""
        if self._page.state.picked and self._job is None:
            self._update(Export("asking", suffix=self._page.state.export.suffix))

    def leave_table(self) -> None:
        """Go back to what can be done with those who are ticked."""
        if self._job is None:
            self._update(Export())

    def choose_suffix(self, suffix: str) -> None:
        self._update(replace(self._page.state.export, suffix=suffix))

    def write(self, path: Path, passphrase: str) -> None:
        """Write the table in the back; it is there whole or not at all."""
        subjects = sorted(self._page.state.picked)
        if self._job is not None or not subjects:
            return
        self._update(replace(self._page.state.export, phase="running", total=len(subjects), done=0))
        self._job = Job(
            lambda report, cancelled: self._laptop.table_export.write(
                subjects, path, passphrase=passphrase, on_progress=report, cancelled=cancelled
            ),
            self,
        )
        self._job.progressed.connect(self._on_progress)
        self._job.succeeded.connect(self._on_written)
        self._job.failed.connect(self._on_not_written)
        self._job.start()

    def cancel(self) -> None:
        """Stop writing; nothing is left of the table."""
        if self._job is not None:
            self._job.requestInterruption()
            self._update(replace(self._page.state.export, is_stopping=True))

    def stop(self) -> None:
        """The laptop is being closed."""
        if self._job is not None:
            self._job.requestInterruption()

    def _pick(self, picked: frozenset[UUID]) -> None:
        if self._job is None:
            self._page.update(picked=picked, export=Export(suffix=self._page.state.export.suffix))

    def _on_gathered(self, subjects: tuple[UUID, ...]) -> None:
        everybody = frozenset(subjects)
        self._pick(frozenset() if everybody == self._page.state.picked else everybody)

    def _on_progress(self, done: int, total: int) -> None:
        self._update(replace(self._page.state.export, done=done, total=total))

    def _on_written(self, answer: object) -> None:
        self._job = None
        written = cast("Exported | None", answer)
        if written is None:
            self._update(Export(said=text("people.table.stopped")))
        else:
            words = text("people.table.done", n=thousands(written.people), file=written.path.name)
            self._update(Export("done", said=words))

    def _on_not_written(self, error: Exception) -> None:
        self._job = None
        export = self._page.state.export
        self._update(Export("asking", suffix=export.suffix, problem=describe(error)))

    def _on_failed(self, error: Exception) -> None:
        self._update(Export(problem=describe(error)))

    def _update(self, export: Export) -> None:
        self._page.update(export=export)
