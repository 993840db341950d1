"""Reading a held identity card: what is proposed is offered field by field, and nothing by itself.

Two pictures are taken a moment apart; only what both say alike is offered. Each offer is compared
with the card by a person and taken with one key. The pictures go to the reading process and nowhere
else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from PySide6.QtCore import QBuffer, QElapsedTimer, QIODevice, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from enumerator_app.domain.ktp_text import Proposals
from enumerator_app.services.card_reader import CardReader, has_card_reader
from enumerator_app.texts import text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.messages import describe
from enumerator_app.ui.registration.camera import Camera

Status = Literal["", "watching", "reading", "offering", "nothing", "failed", "missing"]
PICTURES: Final = 2
APART_MS: Final = 250
_JPEG_QUALITY: Final = 92


@dataclass(frozen=True, slots=True)
class Offer:
    """One value for one field of the form."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class ReadingState:
    status: Status = ""
    offers: tuple[Offer, ...] = ()
    taken: int = 0
    sentence: str = ""

    @property
    def offer(self) -> Offer | None:
        return self.offers[0] if self.offers else None


class Reads(Protocol):
    def read(self, pictures: Sequence[bytes]) -> Proposals: ...
    def close(self) -> None: ...


class ShowsReading(Protocol):
    def show_reading(self, state: ReadingState) -> None: ...


class CardReading(QObject):
    """One card at a time; leaving the form forgets what was not taken."""

    def __init__(
        self,
        camera: Camera,
        edit: Callable[[str, str], object],
        whose: Callable[[], object],
        *,
        reader: Reads | None = None,
        ask_files: Callable[[QWidget], list[Path]] | None = None,
        is_installed: Callable[[], bool] = has_card_reader,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._camera, self._edit, self._whose = camera, edit, whose
        self._reader: Reads = reader or CardReader()
        self._ask_files = ask_files or _asked_files
        self._is_installed = is_installed
        self._view: ShowsReading | None = None
        self._pictures: list[bytes] = []
        self._form: object = None  # the form that was asked for: no other gets its card
        self._since = QElapsedTimer()
        self.state = ReadingState()
        camera.frame_arrived.connect(self._on_frame)

    def attach(self, view: ShowsReading | None) -> None:
        self._view = view
        self._show()

    def close(self) -> None:
        """End the reading process: the laptop is being locked."""
        self.forget()
        self._reader.close()

    def ask(self, parent: QWidget) -> None:
        """Read the card that is held up, or pictures of it where there is no camera (Ctrl+I)."""
        if not self._is_installed():
            self._show(status="missing", sentence=text("errors.card_reader_missing"))
            return
        self._pictures, self._form = [], self._whose()
        if self._camera.is_there:
            self._since.invalidate()
            self._show(status="watching", offers=(), taken=0, sentence="")
            return
        paths = self._ask_files(parent)
        if paths:
            self._read(lambda: [path.read_bytes() for path in paths])

    def take(self) -> None:
        """The offer stands on the card: put it into its field, and offer the next."""
        offer = self.state.offer
        if self._form != self._whose():
            self.forget()
        elif offer is not None:
            self._edit(offer.field, offer.value)
            self._next(taken=self.state.taken + 1)

    def skip(self) -> None:
        """The offer is not what stands on the card."""
        if self.state.offer is not None:
            self._next()

    def forget(self) -> None:
        """Offer nothing any more."""
        self._pictures = []
        self._show(status="", offers=(), taken=0, sentence="")

    def _next(self, **changes: Any) -> None:
        rest = self.state.offers[1:]
        self._show(offers=rest, status="offering" if rest else "", **changes)

    def _on_frame(self, frame: QImage) -> None:
        if self.state.status != "watching":
            return
        if self._since.isValid() and self._since.elapsed() < APART_MS:
            return
        self._since.start()
        self._pictures.append(_as_jpeg(frame))
        if len(self._pictures) == PICTURES:
            pictures, self._pictures = self._pictures, []
            self._read(lambda: pictures)

    def _read(self, pictures: Callable[[], list[bytes]]) -> None:
        self._show(status="reading", offers=(), taken=0, sentence="")
        start_job(self, lambda: self._reader.read(pictures()), self._on_read, self._on_failed)

    def _on_read(self, answer: object) -> None:
        offers = offers_of(answer if isinstance(answer, dict) else {})
        if self.state.status != "reading":
            return
        if self._form != self._whose():
            self.forget()
        elif offers:
            self._show(status="offering", offers=offers)
        else:
            self._show(status="nothing", sentence=text("reading.nothing"))

    def _on_failed(self, error: Exception) -> None:
        self._show(status="failed", sentence=describe(error))

    def _show(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        if is_there(self._view):
            self._view.show_reading(self.state)


def offers_of(proposals: Proposals) -> tuple[Offer, ...]:
    """Return proposals as fields of the form, in its order; those it lacks are left out."""
    values: dict[str, str] = {str(name): value for name, value in proposals.items()}
    if "rt" in values and "rw" in values:
        values["rt_rw"] = f"{values['rt']} / {values['rw']}"
    order = ("nik", "name", "sex", "birth_place", "birth_date", "address", "rt_rw")
    return tuple(Offer(name, values[name]) for name in order if name in values)


def _as_jpeg(frame: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    frame.save(buffer, "JPG", _JPEG_QUALITY)  # type: ignore[call-overload] # its stub wants bytes
    return bytes(buffer.data().data())


def _asked_files(parent: QWidget) -> list[Path]:
    chosen, _ = QFileDialog.getOpenFileNames(
        parent, text("reading.choose"), "", text("form.photo_files")
    )
    return [Path(name) for name in chosen[:PICTURES]]
