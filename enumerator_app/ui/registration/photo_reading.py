"""A picture from a file or the camera, made small enough to keep. Knows no widget."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from enumerator_app.domain.errors import PhotoUnreadable

LONGEST_SIDE_PX: Final = 800
_QUALITY: Final = 88


def photo_from_file(path: Path) -> bytes:
    """Return the picture as JPEG, turned upright and at most 800 px long.

    Raises:
        PhotoUnreadable: not a picture, or one this machine cannot read.
    """
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST_SIDE_PX:
        # Scaled while it is decoded: a 12 megapixel picture never stands in memory whole.
        reader.setScaledSize(_fitted(size))
    image = reader.read()
    if image.isNull():
        raise PhotoUnreadable
    return photo_from_image(image)


def photo_from_image(image: QImage) -> bytes:
    """Return a camera's frame as JPEG, at most 800 px long.

    Raises:
        PhotoUnreadable: the frame is empty.
    """
    small = image
    if max(image.width(), image.height()) > LONGEST_SIDE_PX:
        small = image.scaled(
            _fitted(image.size()),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    written = QByteArray()
    buffer = QBuffer(written)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if image.isNull() or not small.save(buffer, "JPEG", _QUALITY):  # type: ignore[call-overload]
        raise PhotoUnreadable
    return bytes(written.data())


def _fitted(size: QSize) -> QSize:
    limit = QSize(LONGEST_SIDE_PX, LONGEST_SIDE_PX)
    return size.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio)
