"""A face at one size."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from enumerator_app.ui.kit.painting import smooth_painter
from enumerator_app.ui.kit.portraits import paint_portrait
from enumerator_app.ui.kit.theme import current_theme


class Portrait(QWidget):
    """A photo cropped to fill its place; a plain person without one."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._tokens = current_theme().tokens
        self._picture = QPixmap()
        self.setFixedSize(current_theme().px(width), current_theme().px(height))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_photo(self, jpeg: bytes | None) -> None:
        picture = QPixmap()
        if jpeg:
            picture.loadFromData(jpeg)
        if not picture.isNull():
            ratio = self.devicePixelRatioF()
            target = self.size() * ratio
            picture = picture.scaled(
                target,
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
            left = (picture.width() - target.width()) // 2
            top = (picture.height() - target.height()) // 2
            picture = picture.copy(left, top, target.width(), target.height())
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            paint_portrait(painter, QRectF(self.rect()), self._picture, self._tokens)
