"""Whether there is light enough for a face, said so that somebody can act on it."""

from statistics import mean
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

Light = Literal["", "dark", "bright", "behind", "good"]
"""Sentences at `form.light.*`; "" where there is no picture."""

_SIDE: Final = 24
_FACE: Final = range(7, 17)  # the middle, where the guide is
_DARK: Final = 60
_BRIGHT: Final = 215
_BEHIND: Final = 70  # so much brighter is the rest than the face


def light_of(frame: QImage) -> Light:
    """Return what the light of a frame is like, by the middle of it and by what is around."""
    if frame.isNull():
        return ""
    ignore, fast = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation
    small = frame.scaled(_SIDE, _SIDE, ignore, fast)
    grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
    points = {(x, y): grey.pixelColor(x, y).lightness() for x in range(_SIDE) for y in range(_SIDE)}
    face = mean(points[x, y] for x in _FACE for y in _FACE)
    around = mean(v for (x, y), v in points.items() if x not in _FACE or y not in _FACE)
    if around - face > _BEHIND:
        return "behind"
    if face < _DARK:
        return "dark"
    return "bright" if face > _BRIGHT else "good"
