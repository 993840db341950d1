"""The one object that says how everything is drawn just now.

A control reads it once, when it is made. Another contrast, text size or window class therefore
means another theme and newly built pages; nothing is restyled under the enumerator's hands.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import QCoreApplication

from enumerator_app.ui.kit.tokens import CONTRASTS, Contrast, Tokens

TEXT_SIZES: Final = (100, 125, 200)  # percent

_PROPERTY: Final = "enumerator_theme"
_COMPACT_BELOW_PX: Final = 760  # the form needs 768 to stand whole with 40 px controls
_NARROW_BELOW_PX: Final = 1340
_WIDE_FROM_PX: Final = 1800


class Breadth(Enum):
    """How many columns a window has room for."""

    NARROW = "narrow"  # 1280
    NORMAL = "normal"  # 1366
    WIDE = "wide"  # 1920


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Contrast, text size and room; all measures of the screens come from here."""

    contrast: Contrast = "light"
    text_percent: int = 100
    compact: bool = False  # little height: 36 px controls, tighter rows
    breadth: Breadth = Breadth.NORMAL
    motion: bool = True  # False: the system asks for less, battery below 20 %, tests

    @property
    def tokens(self) -> Tokens:
        return CONTRASTS[self.contrast]

    @property
    def scale(self) -> float:
        return self.text_percent / 100

    @property
    def has_drawer(self) -> bool:
        """Above 100 % text a right pane becomes a drawer at the bottom."""
        return self.text_percent > 100

    @property
    def has_rail(self) -> bool:
        """At 200 % text the rail gives way to a menu on F10."""
        return self.text_percent < 200

    def px(self, length: float) -> int:
        """Return a length that grows with the text."""
        return round(length * self.scale)

    def space(self, length: float) -> int:
        """Return a distance: it grows a quarter as fast as the text."""
        return round(length * (1 + (self.scale - 1) / 4))

    @property
    def control_height(self) -> int:
        """Height of an input, and of a button in the flow of a page."""
        if self.text_percent == 100:
            return 36 if self.compact else 40
        return self.px(15) + self.space(22)

    @property
    def row_gap(self) -> int:
        """Distance between two rows of a form."""
        return 4 if self.compact and self.text_percent == 100 else self.space(12)


def theme_for(
    width_px: int, height_px: int, *, contrast: Contrast, text_percent: int, motion: bool = True
) -> Theme:
    """Return the theme for a window of that size."""
    breadth = Breadth.NORMAL
    if width_px < _NARROW_BELOW_PX:
        breadth = Breadth.NARROW
    elif width_px >= _WIDE_FROM_PX:
        breadth = Breadth.WIDE
    return Theme(
        contrast=contrast,
        text_percent=text_percent,
        compact=height_px < _COMPACT_BELOW_PX,
        breadth=breadth,
        motion=motion,
    )


def current_theme() -> Theme:
    """Return the theme of this application; the light one at 100 % until another was set."""
    application = QCoreApplication.instance()
    theme = application.property(_PROPERTY) if application else None
    return theme if isinstance(theme, Theme) else Theme()


def remember_theme(application: QCoreApplication, theme: Theme) -> None:
    """Make `theme` the answer of `current_theme`. `stylesheet.install_theme` calls this."""
    application.setProperty(_PROPERTY, theme)
