"""Sizes of paper and where the text lies on it, in millimetres."""

from dataclasses import dataclass
from typing import Final, Literal

FormatName = Literal["a4", "a4-landscape", "a5", "f4"]


@dataclass(frozen=True, slots=True)
class Format:
    width: float
    height: float
    side: float
    top: float
    bottom: float
    """Room for the foot; text ends above it."""

    @property
    def text_width(self) -> float:
        return self.width - 2 * self.side


FORMATS: Final[dict[FormatName, Format]] = {
    "a4": Format(210.0, 297.0, side=18.0, top=12.0, bottom=17.0),
    "a4-landscape": Format(297.0, 210.0, side=15.0, top=12.0, bottom=17.0),
    "a5": Format(148.0, 210.0, side=12.0, top=10.0, bottom=15.0),
    "f4": Format(215.0, 330.0, side=20.0, top=12.0, bottom=17.0),  # the folio of offices here
}
