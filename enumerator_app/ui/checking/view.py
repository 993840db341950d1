"""The page: where a code comes in, and below it one large word with its reason."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QHideEvent,
    QImage,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.checking.answers import AnswerCard
from enumerator_app.ui.checking.state import CheckingState
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    BottomBar,
    Button,
    ButtonKind,
    EmptyState,
    Field,
    Pane,
    Role,
    ScrollPane,
    Text,
    Tone,
    announce,
    column,
    current_theme,
    empty_layout,
    fill_box,
    row,
)
from enumerator_app.ui.kit.painting import smooth_painter

_WIDEST_PX: Final = 800
_INPUT_PX: Final = 560
_LIVE_PX: Final = (480, 270)
_FILES: Final = "*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.pdf"
_PASTED_AT_LEAST: Final = 20
_MOST_TYPED: Final = 8000


class LivePicture(QWidget):
    """What the camera sees, as a whole, on black."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = QImage()
        theme = current_theme()
        width, height = _LIVE_PX
        self._size = QSize(theme.space(width), theme.space(height))
        self.setFixedHeight(self._size.height())
        self.setMaximumWidth(self._size.width())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text("checking.camera_hold"))

    def sizeHint(self) -> QSize:
        return self._size

    def show_frame(self, frame: QImage) -> None:
        self._frame = frame
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            painter.fillRect(self.rect(), QColor("#000000"))
            if self._frame.isNull():
                return
            size = self._frame.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
            painter.drawImage(QRectF(left, top, size.width(), size.height()), self._frame)


class CheckingView(QWidget):
    """Shows a state; reports what was given to be checked."""

    submitted = Signal(str)
    file_given = Signal(str)
    camera_asked = Signal()
    clear_asked = Signal()
    left = Signal()  # another page is in front: the camera must not look on

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._shown: CheckingState | None = None
        self._typed = 0
        theme = current_theme()
        self._warning = Banner("look", "")
        self._note = Banner("note", "")
        self.code = Field(text("checking.code"), max_length=_MOST_TYPED)
        self._check = self._button("check", ButtonKind.PRIMARY, "Ctrl+Return", self._on_check)
        self._next = self._button("next", ButtonKind.SECONDARY, "Esc", self.clear_asked.emit)
        self._choose = self._button("file", ButtonKind.SECONDARY, "Ctrl+O", self._ask_for_file)
        self._camera = self._button("camera", ButtonKind.SECONDARY, "Alt+F", self._on_camera)
        self._live = LivePicture()
        self._hold = Text(text("checking.camera_hold"), Role.CAPTION, Tone.SOFT, wrap=True)
        self._list = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        self._heading = Text("", Role.SECTION, wrap=True)
        self._answers = QWidget()
        self._box = QVBoxLayout(self._answers)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.space(16))
        self.code.entered.connect(self._on_check)
        self.code.edited.connect(self._on_edited)
        self._build()
        self.setFocusProxy(self.code)  # a scanner types where the cursor is

    @staticmethod
    def _button(key: str, kind: ButtonKind, shortcut: str, act: Callable[[], object]) -> Button:
        return Button(text(f"checking.{key}"), kind=kind, key=shortcut, on_click=act)

    def _build(self) -> None:
        theme = current_theme()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        body = self._below_one_another() if theme.has_drawer else self._side_by_side()
        fill_box(whole, (body, 1), BottomBar((self._list, 1), self._next, self._check))

    def _side_by_side(self) -> QWidget:
        """Where a code comes in on the left, the answer on the right."""
        theme = current_theme()
        side, gap = theme.space(24 if theme.compact else 40), theme.space(12)
        ask = Text(text("checking.ask"), Role.BODY, Tone.SOFT, wrap=True)
        hint = Text(text("checking.drop_file"), Role.CAPTION, Tone.SOFT, wrap=True)
        given = column(
            Text(text("checking.title"), Role.TITLE), theme.space(4), ask, gap,
            self._warning, theme.space(8), self.code, gap,
            row(self._choose, self._camera, STRETCH, gap=gap), theme.space(8), hint, gap,
            self._live, theme.space(4), self._hold, self._note, STRETCH,
            margins=(side, side, side, gap),
        )  # fmt: skip
        self._empty = EmptyState(text("checking.empty"), text("checking.empty_advice"))
        said = column(
            self._heading, theme.space(8), self._answers, self._empty, STRETCH,
            margins=(side, side, side, gap),
        )  # fmt: skip
        said.setMaximumWidth(theme.px(_WIDEST_PX))
        left, right = ScrollPane(given), ScrollPane(said)
        left.setFixedWidth(theme.px(_INPUT_PX))
        return row(left, (Pane((right, 1), ground="pane", sides=("left",)), 1))

    def _below_one_another(self) -> QWidget:
        """With large text the answer follows the code at once, and other ways come after it."""
        theme = current_theme()
        side, gap = theme.space(24), theme.space(12)
        hint = Text(text("checking.drop_file"), Role.CAPTION, Tone.SOFT, wrap=True)
        self._empty = EmptyState("")
        self._empty.setParent(self)
        content = column(
            Text(text("checking.title"), Role.TITLE), self._warning, theme.space(8), self.code,
            gap, self._note, self._heading, self._answers, gap,
            row(self._choose, self._camera, STRETCH, gap=gap), theme.space(4), hint, gap,
            self._live, self._hold, STRETCH, margins=(side, gap, side, gap),
        )  # fmt: skip
        return ScrollPane(content)

    def render_state(self, state: CheckingState) -> None:
        before, self._shown = self._shown, state
        warning = state.trouble or state.list_warning
        self._warning.setVisible(bool(warning))
        self._warning.set_words("look", warning)
        self._note.setVisible(bool(state.note))
        self._note.set_words("note" if state.is_busy else "look", state.note)
        self._list.setText(state.list_words)
        self._heading.setVisible(bool(state.heading))
        self._heading.setText(state.heading)
        for part in (self._live, self._hold):
            part.setVisible(state.camera == "live")
        closes = "camera_stop" if state.camera == "live" else "camera"
        self._camera.set_words(text(f"checking.{closes}"))
        self._next.setEnabled(bool(state.answers or state.note) or state.camera == "live")
        if before is None or before.answers != state.answers:
            self._show_answers(state)

    def show_frame(self, frame: QImage) -> None:
        self._live.show_frame(frame)

    def _show_answers(self, state: CheckingState) -> None:
        empty_layout(self._box)
        self._empty.setVisible(not state.answers and not current_theme().has_drawer)
        is_small = len(state.answers) > 1
        for answer in state.answers:
            self._box.addWidget(AnswerCard(answer, is_small=is_small))
        if state.answers:
            announce(self, " ".join((state.heading, *(one.spoken for one in state.answers))))

    def _on_check(self) -> None:
        given = self.code.text()
        self._typed = 0
        self.code.set_text("")
        self.code.line.setFocus(Qt.FocusReason.OtherFocusReason)
        if given.strip():
            self.submitted.emit(given)

    def _on_edited(self, given: str) -> None:
        """What comes all at once was pasted: nothing more will be typed to it."""
        is_pasted = len(given) - self._typed >= _PASTED_AT_LEAST
        self._typed = len(given)
        if is_pasted:
            self._on_check()

    def _on_camera(self) -> None:
        self.camera_asked.emit()

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self, text("checking.file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{text('checking.files')} ({_FILES})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.file_given)
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                event.acceptProposedAction()
                self.file_given.emit(url.toLocalFile())
                return

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.code.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.left.emit()
