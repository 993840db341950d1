"""Drafts: what is typed is on disk within 100 ms of a key, and comes back after a power cut."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from enumerator_app.ui.latest import Latest
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.form import Form, form_from_kept, kept_values

WAIT_MS: Final = 0
"""Each key is written at once; keys that come while one is being written go into the next write."""

_FORM: Final = "form:"
_PHOTO: Final = "photo:"


@dataclass(frozen=True)
class Kept:
    """A form from an earlier session; `was_cut` if nobody closed the window."""

    form: Form
    was_cut: bool


def draft_id(form: Form) -> str:
    """Return the name under which this form is kept."""
    return _FORM + form.form_id


def kept_forms(drafts: dict[str, dict[str, Any]]) -> tuple[Kept, ...]:
    """Return the forms among the kept drafts that hold something, in the order of `drafts`."""
    found = []
    for name, values in drafts.items():
        if name.startswith(_FORM):
            form_id = name.removeprefix(_FORM)
            photo = drafts.get(_PHOTO + form_id, {}).get("jpeg")
            form = form_from_kept(form_id, values, base64.b64decode(photo) if photo else None)
            if not form.is_empty:
                found.append(Kept(form, was_cut=not values.get("closed")))
    return tuple(found)


class DraftKeeper(QObject):
    """Writes the open form behind the typing. Nothing it does can hold up a key."""

    written = Signal()
    failed = Signal(Exception)

    def __init__(self, laptop: LaptopPort, parent: QObject) -> None:
        super().__init__(parent)
        self._laptop = laptop
        self._lane = Latest(self, every_answer=True)
        self._waiting: dict[str, Form] = {}  # forms whose newest typing is not on disk yet
        self._photos: dict[str, bytes] = {}  # by form, the photo that is kept for it
        self._settled: set[str] = set()  # forms that were saved or given up
        self._turn, self._disk = Lock(), Lock()
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._write)

    def keep(self, form: Form) -> None:
        """Write this form soon; a key that follows at once goes into the same write."""
        with self._turn:
            self._waiting[form.form_id] = form
        if not self._timer.isActive():
            self._timer.start()

    def keep_now(self, form: Form) -> None:
        """Write this form before this returns, as one that was left on purpose."""
        with self._turn:
            self._waiting[form.form_id] = form
        self._timer.stop()
        self._put_waiting(closed=True)

    def drop(self, form: Form) -> None:
        """Forget a form that nobody needs any more."""
        with self.settling(form):
            self._laptop.drop_draft(draft_id(form))

    @contextmanager
    def settling(self, form: Form) -> Iterator[None]:
        """While the block saves or drops this form, nothing of it is written; nor afterwards.

        If the block fails, the form goes on being kept. For a worker thread.
        """
        with self._disk:
            yield
            self._settled.add(form.form_id)
            self._drop_photo(form)

    def _write(self) -> None:
        self._lane.ask(self._put_waiting, self._on_written, self.failed.emit)

    def _on_written(self, _answer: object) -> None:
        self.written.emit()

    def _put_waiting(self, *, closed: bool = False) -> None:
        with self._disk:
            with self._turn:
                waiting, self._waiting = self._waiting, {}
            for form in waiting.values():
                if form.form_id not in self._settled:
                    self._put(form, closed=closed)

    def _put(self, form: Form, *, closed: bool) -> None:
        if form.is_empty:
            self._laptop.drop_draft(draft_id(form))
            self._drop_photo(form)
            return
        self._put_photo(form)
        values = kept_values(form) | ({"closed": True} if closed else {})
        self._laptop.keep_draft(draft_id(form), values)

    def _put_photo(self, form: Form) -> None:
        if form.photo is None:
            self._drop_photo(form)
        elif self._photos.get(form.form_id) != form.photo:
            jpeg = base64.b64encode(form.photo).decode()
            self._laptop.keep_draft(_PHOTO + form.form_id, {"jpeg": jpeg})
            self._photos[form.form_id] = form.photo

    def _drop_photo(self, form: Form) -> None:
        if self._photos.pop(form.form_id, None) is not None:
            self._laptop.drop_draft(_PHOTO + form.form_id)
