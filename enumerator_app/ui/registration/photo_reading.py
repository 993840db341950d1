"""A picture from a file or the camera, made small enough to keep. Knows no widget."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage

from enumerator_app.domain.errors import PhotoUnreadable
from enumerator_app.services.photos import MAX_RAW_BYTES, prepare_photo

LONGEST_SIDE_PX: Final = 800
_QUALITY: Final = 88


def photo_from_file(path: Path) -> bytes:
    """Return the picture as the laptop keeps it: small, upright, without its history.

    Raises:
        PhotoUnreadable: not a JPEG, PNG or WebP, or too large, cut off, or damaged; told from its
            size and its first bytes wherever these are enough.
    """
    try:
        if path.stat().st_size > MAX_RAW_BYTES:
            raise PhotoUnreadable
        return prepare_photo(path.read_bytes()).jpeg
    except OSError as error:
        raise PhotoUnreadable from error


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
