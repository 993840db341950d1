"""Source Sans Pro from its package, and the eleven roles a text can have on a screen."""

import importlib.util
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics

from enumerator_app.ui.kit.theme import Theme, current_theme

FAMILY: Final = "Source Sans Pro"
_WEIGHTS_SHIPPED: Final = ("Regular", "Semibold", "Bold")  # Black is for cards only


class Role(Enum):
    """What a text is; the value is its px at 100 % and its weight."""

    CAPTION = (13, 400)
    LABEL = (13, 600)
    BODY = (15, 400)
    STRONG = (15, 600)
    LEAD = (18, 400)
    SECTION = (18, 600)
    TITLE = (24, 700)
    NUMBER = (40, 600)
    VERDICT = (40, 700)
    PAGE_LEAD = (32, 700)  # pages that are turned to the worker, read from 3 m
    PAGE_TITLE = (56, 700)

    @property
    def px(self) -> int:
        return self.value[0]

    @property
    def weight(self) -> int:
        return self.value[1]


class FontsMissing(Exception):
    """A font package is not installed or cannot be read: the installation is broken."""


def package_folder(package: str) -> Path:
    """Return the folder of an installed package without running any of it.

    Raises:
        FontsMissing: there is no such package.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise FontsMissing(package)
    return Path(spec.origin).parent


@cache
def load_fonts() -> None:
    """Register the family with Qt; needs a running QGuiApplication. Repeating costs nothing.

    Raises:
        FontsMissing: a file cannot be read. Without it every letter would be an empty box.
    """
    folder = package_folder("font_source_sans_pro") / "files"
    for weight in _WEIGHTS_SHIPPED:
        path = folder / f"SourceSansPro-{weight}.ttf"
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FontsMissing(path.name)


def sized_font(px: float, weight: int = 400, theme: Theme | None = None) -> QFont:
    """Return the family at `px` (at 100 % text) and a weight of 400, 600 or 700."""
    font = QFont(FAMILY)
    font.setPixelSize(max(1, (theme or current_theme()).px(px)))
    font.setWeight(QFont.Weight(weight))
    # Full hinting makes 16 digits 112 px wide instead of 119: measured layouts would break.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def role_font(role: Role, theme: Theme | None = None) -> QFont:
    return sized_font(role.px, role.weight, theme)


def text_width(font: QFont, text: str) -> int:
    """Return the advance of `text` in px."""
    return QFontMetrics(font).horizontalAdvance(text)
