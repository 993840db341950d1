"""Judges what is typed, chosen, dropped or held to the camera; keeps the answer while views come.

Codes are read and judged beside the window; of the camera's frames as many as there is time for.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from enumerator_app.cards.verdict import Verdict, in_words
from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.texts import text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.checking.state import CheckingState, answers_of
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.registration.camera import Camera

_LONGEST_SIDE_PX: Final = 1280
_LINES: Final = re.compile("[\r\n\u2028\u2029]+")


class ListAge(Protocol):
    @property
    def issued_on(self) -> date: ...
    @property
    def days(self) -> int: ...
    @property
    def is_old(self) -> bool: ...


class Checks(Protocol):
    """What the page asks of an open laptop: `enumerator_app.services.checking.Checking`."""

    def judge(self, codes: Sequence[str]) -> list[Verdict]: ...
    def judge_file(self, path: Path) -> list[Verdict]: ...
    def codes_in_points(self, grey: bytes, width: int, height: int) -> list[str]: ...
    def list_age(self) -> ListAge: ...


class Renders(Protocol):
    def render_state(self, state: CheckingState) -> None: ...
    def show_frame(self, frame: QImage) -> None: ...


class CheckingPresenter(QObject):
    """One page's mind. `camera` makes the camera when it is first wanted."""

    def __init__(
        self, checks: Checks, *, camera: Callable[[QObject], Camera] = Camera, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._checks, self._make_camera = checks, camera
        self._camera: Camera | None = None
        self._view: Renders | None = None
        self._judging, self._looking, self._ageing = Latest(self), Latest(self), Latest(self)
        self.state = CheckingState()

    def attach(self, view: Renders | None) -> None:
        self._view = view
        if view is None:
            self.close_camera()
        self._show()

    def refresh(self) -> None:
        """Ask how old the list is; without one nothing can be judged, and that is said."""
        self._ageing.ask(self._checks.list_age, self._on_age, self._on_no_list)

    def submit(self, given: str) -> None:
        """Judge what was typed or pasted: one code a line."""
        codes = [line for line in _LINES.split(given) if line.strip()]
        if codes:
            self._judge(lambda: self._checks.judge(codes))

    def read_file(self, path: Path) -> None:
        self.close_camera()
        self._judge(lambda: self._checks.judge_file(path))

    def clear(self) -> None:
        self._judging.forget()
        self.close_camera()
        self._change(answers=(), note="", is_busy=False)

    def toggle_camera(self) -> None:
        if self.state.camera == "live":
            self.close_camera()
        else:
            self._open_camera()

    def close_camera(self) -> None:
        if self._camera is not None:
            self._camera.stop()
        self._looking.forget()
        if self.state.camera == "live":
            self._change(camera="off")

    def _open_camera(self) -> None:
        if self._camera is None:
            self._camera = self._make_camera(self)
            self._camera.frame_arrived.connect(self._on_frame)
        if not self._camera.is_there:
            self._change(camera="none", answers=(), note=text("checking.camera_none"))
            return
        self._camera.start()
        self._change(camera="live", answers=(), note="")

    def _on_frame(self, frame: QImage) -> None:
        if self.state.camera != "live":
            return
        if is_there(self._view):
            self._view.show_frame(frame)
        if self._looking.is_idle:
            self._looking.ask(lambda: self._codes_in(frame), self._on_codes, _ignored)

    def _codes_in(self, frame: QImage) -> list[str]:
        """Read one frame, beside the window."""
        small = frame
        if max(frame.width(), frame.height()) > _LONGEST_SIDE_PX:
            small = frame.scaled(
                _LONGEST_SIDE_PX, _LONGEST_SIDE_PX, Qt.AspectRatioMode.KeepAspectRatio
            )
        grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
        width, height, step = grey.width(), grey.height(), grey.bytesPerLine()
        points = bytes(grey.constBits())
        rows = b"".join(points[n * step : n * step + width] for n in range(height))
        return self._checks.codes_in_points(rows, width, height)

    def _on_codes(self, codes: list[str]) -> None:
        if codes and self.state.camera == "live":
            self.close_camera()
            self._judge(lambda: self._checks.judge(codes))

    def _judge(self, work: Callable[[], list[Verdict]]) -> None:
        self._change(answers=(), note=text("checking.reading"), is_busy=True)
        self._judging.ask(work, self._on_judged, self._on_failed)

    def _on_judged(self, verdicts: list[Verdict]) -> None:
        note = "" if verdicts else text("checking.no_code")
        self._change(answers=answers_of(verdicts), note=note, is_busy=False)

    def _on_failed(self, error: Exception) -> None:
        is_file = isinstance(error, FileUnreadable)
        note = text("checking.unreadable") if is_file else describe(error)
        self._change(answers=(), note=note, is_busy=False)

    def _on_age(self, age: ListAge) -> None:
        key = "checking.list_age" if age.days else "checking.list_today"
        warning = text("checking.list_old_send", days=age.days) if age.is_old else ""
        words = text(key, date=in_words(age.issued_on), days=age.days)
        self._change(list_words=words, list_warning=warning, trouble="")

    def _on_no_list(self, error: Exception) -> None:
        self._change(trouble=describe(error), list_words="", list_warning="")

    def _change(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self._show()

    def _show(self) -> None:
        if is_there(self._view):
            self._view.render_state(self.state)


def _ignored(_: object) -> None:
    return None
