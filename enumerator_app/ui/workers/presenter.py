"""Searching and looking at people: each answer that is no longer wanted is dropped."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import Counts, LaptopPort, ListedWorker
from enumerator_app.ui.workers.photo_matching import PhotoMatching
from enumerator_app.ui.workers.picking import Picking
from enumerator_app.ui.workers.state import (
    PAGE_ROWS,
    ChipName,
    PersonDetail,
    PersonRow,
    Query,
    WorkersState,
    chip_counts,
    person_detail,
    rows_of,
    village_choices,
)
from enumerator_app.ui.workers.withdrawing import Withdrawing

WAIT_MS: Final = 60


class ShowsWorkers(Protocol):
    def render_state(self, state: WorkersState) -> None: ...
    def add_rows(self, rows: tuple[PersonRow, ...]) -> None: ...
    def show_thumbnails(self, found: dict[str, bytes]) -> None: ...


@dataclass(frozen=True)
class _Found:
    """One page of hits: the lines, and the last of them to go on after."""

    rows: tuple[PersonRow, ...]
    last: ListedWorker | None


class WorkersPresenter(QObject):
    """Holds the list and the person that is open."""

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
        self._view: ShowsWorkers | None = None
        self._last: ListedWorker | None = None
        self._searching, self._paging = Latest(self), Latest(self)
        self._counting = Latest(self)
        self._opening, self._faces = Latest(self), Latest(self, every_answer=True)
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self.refresh)
        self.state = WorkersState(villages=village_choices(laptop.places), today=self._today())
        self.picking = Picking(laptop, self, parent=self)
        self.matching = PhotoMatching(laptop, self, parent=self)
        self.matching.saved.connect(self.refresh)
        self.matching.saved.connect(self.committed)
        self.withdrawing = Withdrawing(laptop, self, parent=self)
        self.withdrawing.written.connect(self.refresh)
        self.withdrawing.written.connect(self.committed)

    def attach(self, view: ShowsWorkers | None) -> None:
        self._view = view
        self._show()

    def stop(self) -> None:
        """Ask nothing more: the laptop is being closed."""
        self._timer.stop()
        self.picking.stop()
        self.matching.stop()
        self.withdrawing.finish()
        self._view = None

    # --- looking for people

    def look_for(self, typed: str) -> None:
        """Somebody typed in the search field."""
        self._ask(replace(self.state.query, typed=typed))

    def choose_chip(self, chip: ChipName) -> None:
        self._ask(replace(self.state.query, chip=chip, state="", custody=""))

    def choose_state(self, state: str) -> None:
        self._ask(replace(self.state.query, chip="all", state=state))

    def choose_custody(self, custody: str) -> None:
        chip: ChipName = "all" if self.state.query.chip == "pending" else self.state.query.chip
        self._ask(replace(self.state.query, chip=chip, custody=custody))

    def choose_village(self, code: str) -> None:
        self._ask(replace(self.state.query, village=code))

    def choose_day(self, day: date | None) -> None:
        self._ask(replace(self.state.query, day=day))

    def clear(self) -> None:
        """Look for nobody in particular."""
        self._ask(Query())

    def refresh(self) -> None:
        """Ask for the first page of what is looked for."""
        self._timer.stop()
        self._paging.forget()
        query, today = self.state.query, self._today()
        self._searching.ask(lambda: self._page(query, today, None), self._on_found, self._on_failed)

    def read_on(self) -> None:
        """The list was scrolled to its end: ask for the next page."""
        last, query, today = self._last, self.state.query, self._today()
        if self.state.has_more and last is not None and self._paging.is_idle:
            self._paging.ask(lambda: self._page(query, today, last), self._on_more, self._on_failed)

    def fetch_thumbnails(self, photos: tuple[str, ...]) -> None:
        """The list needs these faces."""
        self._faces.ask(lambda: self._thumbnails(photos), self._on_thumbnails, self._on_failed)

    def _ask(self, query: Query) -> None:
        self._searching.forget()
        self.update(query=query, is_pinned=False, said="")
        self._timer.start()

    def _page(self, query: Query, today: date, after: ListedWorker | None) -> _Found:
        found = self._laptop.search(query.typed, **query.narrowing, limit=PAGE_ROWS, after=after)
        last = found[-1] if len(found) == PAGE_ROWS else None
        return _Found(rows_of(found, self._laptop.places, today), last)

    def _on_found(self, found: _Found) -> None:
        self._last = found.last
        self.update(
            phase="ready",
            rows=found.rows,
            has_more=found.last is not None,
            today=self._today(),
            problem="",
        )
        if not self.state.query.typed:  # they change by what is done, not by what is looked for
            self._counting.ask(self._laptop.counts, self._on_counted, self._on_failed)
        kept = self.state.selected
        subjects = [row.subject for row in found.rows]
        if kept in subjects or self.state.is_pinned:
            self._open(kept)
        else:
            self._open(subjects[0] if subjects else None)

    def _on_counted(self, counts: Counts) -> None:
        self.update(chip_counts=chip_counts(counts), total=counts.registrations)

    def _on_more(self, found: _Found) -> None:
        self._last = found.last
        self.state = replace(
            self.state, rows=(*self.state.rows, *found.rows), has_more=found.last is not None
        )
        if is_there(self._view):
            self._view.add_rows(found.rows)

    def _thumbnails(self, photos: tuple[str, ...]) -> dict[str, bytes]:
        return {photo: self._laptop.thumbnail(photo) or b"" for photo in photos}

    def _on_thumbnails(self, found: dict[str, bytes]) -> None:
        if is_there(self._view):
            self._view.show_thumbnails(found)

    # --- one person

    def open(self, subject: UUID) -> None:
        """Show this person of the list in full."""
        self.update(is_pinned=False)
        self._open(subject)

    def open_from_elsewhere(self, subject: UUID) -> None:
        """Show this person in full, wherever in the list it stands."""
        self.clear()
        self.update(is_pinned=True)
        self._open(subject)

    def _open(self, subject: UUID | None) -> None:
        self.update(selected=subject, asks_why=False)
        if subject is None:
            self._opening.forget()
            self.update(detail=None)
            return
        today = self._today()
        self._opening.ask(lambda: self._detail(subject, today), self._on_detail, self._on_failed)

    def ask_why(self) -> None:
        """Open or close the reasons for withdrawing this person."""
        detail = self.state.detail
        if detail is not None and detail.may_withdraw:
            self.update(asks_why=not self.state.asks_why)

    def withdraw(self, reason: str) -> None:
        """Withdraw the person that is open, unless that is undone in time."""
        subject, detail = self.state.selected, self.state.detail
        if subject is not None and detail is not None and self.state.asks_why:
            self.update(asks_why=False)
            self.withdrawing.begin(subject, detail.name, reason)

    def _detail(self, subject: UUID, today: date) -> PersonDetail:
        found = self._laptop.detail(subject)
        sha256 = found.worker.photo
        photo = self._laptop.photo(sha256) if sha256 else None
        return person_detail(found, photo, self._laptop.places, today)

    def _on_detail(self, detail: PersonDetail) -> None:
        self.update(detail=detail)

    def _on_failed(self, error: Exception) -> None:
        self.update(phase="failed", problem=describe(error))

    def _today(self) -> date:
        return day_in_wib(self._clock())

    def update(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self._show()

    def _show(self) -> None:
        if is_there(self._view):
            self._view.render_state(self.state)
