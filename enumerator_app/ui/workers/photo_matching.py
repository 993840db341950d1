"""A folder of pictures: read in the back, reviewed side by side, then saved one by one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, Signal

from enumerator_app.texts import text
from enumerator_app.ui.jobs import Job
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import LaptopPort, MatchedPicture
from enumerator_app.ui.workers.photo_state import PhotosState, first_ticks, match_of, toggled
from enumerator_app.ui.workers.state import WorkersState

Pictures = tuple[MatchedPicture, ...]


class ListPage(Protocol):
    """The presenter of the list as the review sees it."""

    @property
    def state(self) -> WorkersState: ...
    def update(self, **changes: Any) -> None: ...


class PhotoMatching(QObject):
    """One folder at a time. What was saved stays saved, whenever it is stopped."""

    saved = Signal()

    def __init__(self, laptop: LaptopPort, page: ListPage, *, parent: QObject) -> None:
        super().__init__(parent)
        self._laptop, self._page = laptop, page
        self._pictures: Pictures = ()
        self._job: Job | None = None

    def read(self, folder: Path) -> None:
        """Match the pictures of a folder; nothing is saved by that."""
        if self._job is None:
            self._show(PhotosState("reading"))
            self._run(
                lambda report, cancelled: self._read(folder, report, cancelled), self._on_read
            )

    def toggle(self, number: int) -> None:
        """Tick a picture to be saved, or take the tick away."""
        state = self._state
        if state.phase == "review":
            self._show(replace(state, ticked=toggled(state, number)))

    def save(self) -> None:
        """Save what is ticked."""
        state = self._state
        if state.phase == "review" and state.ticked:
            chosen = [self._pictures[number] for number in sorted(state.ticked)]
            self._show(replace(state, phase="saving", done=0, total=len(chosen)))
            self._run(
                lambda report, cancelled: self._save(chosen, report, cancelled), self._on_saved
            )

    def leave(self) -> None:
        """Stop what runs, or close the review."""
        if self._job is not None:
            self._job.requestInterruption()
            self._show(replace(self._state, is_stopping=True))
        else:
            self._pictures = ()
            self._show(PhotosState())

    def stop(self) -> None:
        """The laptop is being closed."""
        if self._job is not None:
            self._job.requestInterruption()

    @property
    def _state(self) -> PhotosState:
        return self._page.state.photos

    def _run(self, work: Callable[..., object], succeeded: Callable[[Any], object]) -> None:
        self._job = Job(work, self)
        self._job.progressed.connect(self._on_progress)
        self._job.succeeded.connect(succeeded)
        self._job.failed.connect(self._on_failed)
        self._job.start()

    def _read(
        self, folder: Path, report: Callable[[int, int], object], cancelled: Callable[[], bool]
    ) -> tuple[Pictures, list[bytes]]:
        batch = self._laptop.photo_batch
        found = batch.look(folder, on_progress=report, cancelled=cancelled)
        faces = [p.worker.photo if p.worker else None for p in found]
        return found, [self._laptop.photo(face) or b"" if face else b"" for face in faces]

    def _save(
        self,
        chosen: list[MatchedPicture],
        report: Callable[[int, int], object],
        cancelled: Callable[[], bool],
    ) -> int:
        saved = 0
        for done, picture in enumerate(chosen):
            report(done, len(chosen))
            if cancelled():
                break
            saved += self._laptop.photo_batch.save(picture)
        return saved

    def _on_progress(self, done: int, total: int) -> None:
        self._show(replace(self._state, done=done, total=total))

    def _on_read(self, answer: object) -> None:
        self._job = None
        self._pictures, olds = cast("tuple[Pictures, list[bytes]]", answer)
        if self._state.is_stopping:
            self.leave()
            return
        pairs = enumerate(zip(self._pictures, olds, strict=True))
        matches = tuple(match_of(number, picture, old) for number, (picture, old) in pairs)
        self._show(PhotosState("review", matches, first_ticks(self._pictures)))

    def _on_saved(self, saved: int) -> None:
        self._job = None
        words = text("photos.saved", n=saved, left=self._state.left)
        self._show(replace(self._state, phase="done", said=words))
        self.saved.emit()

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self._show(replace(self._state, phase="done", problem=describe(error)))
        self.saved.emit()

    def _show(self, photos: PhotosState) -> None:
        self._page.update(photos=photos)
