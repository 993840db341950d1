"""Source Sans Pro (OFL) out of its package, for measuring and for embedding; loaded once."""

import unicodedata
from collections.abc import Container
from functools import cache, lru_cache
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


def font_path(weight: Weight) -> Path:
    """Return the TrueType file of that weight."""
    return Path(font_source_sans_pro.__file__).parent / "files" / _FILES[weight]


def measure(text: str, weight: Weight) -> float:
    """Return the width of `text` in em."""
    return _measured(text, weight)


def printable(text: str) -> str:
    """Return `text` in letters that the fonts have: a letter that is missing goes back to the
    letter that its mark stands on, and what is left of it to a question mark in plain sight.
    A line break stays one.
    """
    known = font("bold").face.charToGlyph
    if all(ord(letter) in known for letter in text):
        return text
    if len(lines := text.splitlines()) > 1:
        return "\n".join(map(printable, lines))
    return "".join(letter if ord(letter) in known else _plain(letter, known) for letter in text)


def _plain(letter: str, known: Container[int]) -> str:
    first = unicodedata.normalize("NFKD", letter)[0]
    if ord(first) in known:
        return first
    return "" if unicodedata.combining(letter) else "?"


@cache
def _registered(weight: Weight) -> TTFont:
    loaded = TTFont(f"TaniSans-{weight}", str(font_path(weight)))
    pdfmetrics.registerFont(loaded)
    return loaded


@lru_cache(maxsize=4096)  # words and labels come again on every card
def _measured(text: str, weight: Weight) -> float:
    face = font(weight).face
    widths, missing = face.charWidths, face.defaultWidth
    units: float = sum([widths.get(code, missing) for code in map(ord, text)])
    return units / _UNITS_PER_EM
