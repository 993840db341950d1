"""Source Sans Pro (OFL) out of its package, for measuring and for embedding; loaded once."""

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import font_source_sans_pro  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from enumerator_app.cards.items import Weight

BASE_FONT: Final = "TaniSans-regular"
_FILES: Final[dict[Weight, str]] = {
    "regular": "SourceSansPro-Regular.ttf",
    "semibold": "SourceSansPro-Semibold.ttf",
    "bold": "SourceSansPro-Bold.ttf",
    "black": "SourceSansPro-Black.ttf",
}
_UNITS_PER_EM: Final = 1000.0  # reportlab scales every face to this
_REGISTERING: Final = Lock()


def font(weight: Weight) -> TTFont:
    """Return the font of that weight, known to reportlab as `TaniSans-<weight>`."""
    with _REGISTERING:
        return _registered(weight)


def measure(text: str, weight: Weight) -> float:
    """Return the width of `text` in em."""
    widths, missing = _widths(weight)
    return sum(widths.get(ord(character), missing) for character in text) / _UNITS_PER_EM


@cache
def _registered(weight: Weight) -> TTFont:
    folder = Path(font_source_sans_pro.__file__).parent / "files"
    loaded = TTFont(f"TaniSans-{weight}", str(folder / _FILES[weight]))
    pdfmetrics.registerFont(loaded)
    return loaded


@cache
def _widths(weight: Weight) -> tuple[dict[int, float], float]:
    face = font(weight).face
    return face.charWidths, face.defaultWidth
