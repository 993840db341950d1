"""The photo in the form: the face, the live picture, or the place where it goes."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QFileDialog, QMenu, QSizePolicy, QVBoxLayout, QWidget

from enumerator_app.domain.registration import NoPhotoReason
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Keycap,
    Role,
    Text,
    Tone,
    bind_key,
    current_theme,
    paint_portrait,
    role_font,
    row,
)
from enumerator_app.ui.kit.painting import MIDDLE, NO_BRUSH, paint_box, smooth_painter
from enumerator_app.ui.registration.camera import Camera
from enumerator_app.ui.registration.light import Light, light_of
from enumerator_app.ui.registration.photo_screen import PhotoScreen

NO_PHOTO_REASONS: tuple[NoPhotoReason, ...] = (
    "later", "no_camera", "refused", "face_covered", "other",
)  # fmt: skip
_TALL_PX, _LOW_PX, _WIDE_PX = 112, 96, 92
_LIGHT_EVERY = 8  # frames; the light of a hall does not change faster


class PhotoFrame(QWidget):
    """What is seen. Space takes or chooses, "-" says that there will be none."""

    asked = Signal()
    declined = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._picture = QPixmap()
        self._live: QImage | None = None
        self._words = ""
        self.ring_radius = 6
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text("form.photo"))
        high = _LOW_PX if self._theme.compact else _TALL_PX
        self.setMinimumSize(self._theme.px(_WIDE_PX), self._theme.px(high))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def show_picture(self, picture: QPixmap, words: str) -> None:
        """Show a photo; without one, `words` (the reason) stand in the place."""
        self._picture, self._words = picture, words
        self.setAccessibleDescription(words)
        self.update()

    def show_live(self, frame: QImage | None) -> None:
        self._live = frame
        self.update()

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.text() in (" ", "-"):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == " ":
            self.asked.emit()
        elif event.text() == "-":
            self.declined.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.asked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            box = QRectF(self.rect())
            if not self._picture.isNull():
                paint_portrait(painter, box, self._picture, self._theme.tokens)
            elif self._live is not None:
                live = _covering(QPixmap.fromImage(self._live), box.size().toSize())
                paint_portrait(painter, box, live, self._theme.tokens)
                self._paint_guide(painter, box)
            else:
                tokens = self._theme.tokens
                edge = tokens.edge if tokens.is_sun else ""
                paint_box(painter, box, fill=tokens.trough, edge=edge, edge_px=tokens.edge_px)
                if self._words:
                    self._paint_words(painter, box)
                else:
                    self._paint_guide(painter, box)

    def _paint_guide(self, painter: QPainter, box: QRectF) -> None:
        pen = QPen(QColor(self._theme.tokens.ink_soft), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(NO_BRUSH)
        high = box.height() * 0.57
        face = QRectF(0, 0, high * 0.75, high)
        face.moveCenter(box.center())
        painter.drawEllipse(face)

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QColor(self._theme.tokens.ink))
        painter.setFont(role_font(Role.CAPTION, self._theme))
        flags = MIDDLE | Qt.TextFlag.TextWordWrap
        painter.drawText(box.adjusted(4, 4, -4, -4), int(flags), self._words)


class PhotoBox(QWidget):
    """The frame, its caption, and where pictures come from."""

    frame_taken = Signal(QImage)
    file_chosen = Signal(str)
    again_asked = Signal()  # the live picture is wanted back
    reason_chosen = Signal(str)
    entered = Signal()

    def __init__(self, camera: Camera, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self._camera = camera
        self._jpeg: bytes | None = None
        self.frame = PhotoFrame()
        self.frame.setObjectName("form.photo")
        self._caption = Text("", Role.CAPTION, Tone.SOFT)
        foot = row(self._caption, STRETCH, Keycap("Space"))
        foot.setFixedWidth(self.frame.minimumWidth())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.space(4))
        box.addWidget(self.frame)
        box.addWidget(foot)
        self.setFocusProxy(self.frame)
        self.frame.asked.connect(self.ask)
        self.frame.declined.connect(self.choose_reason)
        self.frame.entered.connect(self.entered)
        camera.frame_arrived.connect(self._on_frame)
        camera.plugged.connect(self._show_caption)
        self._screen: PhotoScreen | None = None
        self._frames = 0
        self._light: Light = ""
        bind_key("F11", self, self.open_screen)

    def show_photo(self, jpeg: bytes | None, reason: str) -> None:
        """Show the photo of the form, or why there is none."""
        words = text(f"form.no_photo.{reason}") if reason else ""
        if jpeg != self._jpeg or jpeg is None:
            self._jpeg = jpeg
            picture = QPixmap()
            if jpeg is not None:
                picture.loadFromData(jpeg)
                picture = _covering(picture, self.frame.size())
            self.frame.show_picture(picture, words)
        self._show_caption()

    def _show_caption(self) -> None:
        """Say what Space does; while the picture is live and the light is bad, say that."""
        live = self._camera.is_there and self._jpeg is None
        key = "form.photo_again" if self._jpeg else "form.photo_take" if live else "form.photo_file"
        if live and self._light not in ("", "good"):
            key = f"form.light_short.{self._light}"
        self._caption.setText(text(key))

    def open_screen(self) -> None:
        """Show face and guide on the whole screen (F11), for a laptop that is turned round."""
        if not self._camera.is_there:
            self.frame.setFocus(Qt.FocusReason.OtherFocusReason)  # its tip says what can be done
            return
        if self._jpeg is not None:
            self.again_asked.emit()
        screen = self._screen = PhotoScreen()
        screen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        screen.taken.connect(self.frame_taken)
        screen.closed.connect(self._on_screen_closed)
        screen.show_frame(self._camera.last_frame(), self._light)
        screen.showFullScreen()
        screen.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_screen_closed(self) -> None:
        self._screen = None
        self.frame.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self) -> None:
        """Take the live picture, or ask for a file (Space, Alt+F)."""
        if self._jpeg is None and not self._camera.last_frame().isNull():
            self.frame_taken.emit(self._camera.last_frame())
        elif self._camera.is_there:
            self.again_asked.emit()
        else:
            self._ask_for_file()

    def choose_reason(self) -> None:
        """Ask why there is no photo."""
        menu = QMenu(self)
        for reason in NO_PHOTO_REASONS:
            action = menu.addAction(text(f"form.no_photo.{reason}").replace("&", "&&"))
            action.triggered.connect(lambda _=False, chosen=reason: self.reason_chosen.emit(chosen))
        menu.popup(self.frame.mapToGlobal(self.frame.rect().bottomLeft()))

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self, text("form.photo_choose"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(text("form.photo_files"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.file_chosen)
        dialog.open()

    def _on_frame(self, frame: QImage) -> None:
        if self._frames % _LIGHT_EVERY == 0:
            self._light = light_of(frame)
            self._show_caption()
        self._frames += 1
        if self._screen is not None:
            self._screen.show_frame(frame, self._light)
        elif self.isVisible() and self._jpeg is None:
            self.frame.show_live(frame)


def _covering(picture: QPixmap, size: QSize) -> QPixmap:
    """Return the middle of a picture, filling `size`."""
    if picture.isNull():
        return picture
    grown = picture.scaled(
        size,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left, top = (grown.width() - size.width()) // 2, (grown.height() - size.height()) // 2
    return grown.copy(left, top, size.width(), size.height())
