"""Thumbnails of faces for lists: decoded once, kept for the screen's own pixels."""

from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from enumerator_app.ui.kit.icons import paint_icon
from enumerator_app.ui.kit.painting import KEYCAP_RADIUS, paint_box, rounded_path
from enumerator_app.ui.kit.tokens import Tokens

CAPACITY: Final = 512


class PortraitCache:
    """The last 512 thumbnails by photo hash, at one size and one pixel ratio."""

    def __init__(self, size: QSize, pixel_ratio: float) -> None:
        self._size, self._ratio = size, pixel_ratio
        self._kept: OrderedDict[str, QPixmap] = OrderedDict()

    def pixmap(self, photo_hash: str, jpeg: bytes) -> QPixmap:
        """Return the picture cropped to fill the size; an unreadable one gives a null pixmap."""
        found = self._kept.get(photo_hash)
        if found is not None:
            self._kept.move_to_end(photo_hash)
            return found
        made = self._made(jpeg)
        self._kept[photo_hash] = made
        if len(self._kept) > CAPACITY:
            self._kept.popitem(last=False)
        return made

    def _made(self, jpeg: bytes) -> QPixmap:
        picture = QPixmap()
        if not picture.loadFromData(jpeg):
            return picture
        target = self._size * self._ratio
        picture = picture.scaled(
            target,
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )
        left = (picture.width() - target.width()) // 2
        top = (picture.height() - target.height()) // 2
        picture = picture.copy(left, top, target.width(), target.height())
        picture.setDevicePixelRatio(self._ratio)
        return picture


def paint_portrait(
    painter: QPainter, rect: QRectF, picture: QPixmap | None, tokens: Tokens
) -> None:
    """Draw a face with soft corners; a plain person where there is no photo."""
    if picture is None or picture.isNull():
        edge = tokens.ink if tokens.is_sun else tokens.line
        paint_box(painter, rect, fill=tokens.trough, edge=edge, radius=KEYCAP_RADIUS)
        side = min(rect.width(), rect.height()) * 0.6
        square = QRectF(0, 0, side, side)
        square.moveCenter(rect.center())
        paint_icon(painter, "user", square, tokens.ink_soft)
        return
    painter.save()
    painter.setClipPath(rounded_path(rect, KEYCAP_RADIUS))
    painter.fillRect(rect, QColor(tokens.trough))
    painter.drawPixmap(rect.toRect(), picture)
    painter.restore()
