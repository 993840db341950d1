"""What a face of a card consists of: shapes in millimetres from its top left corner, y down."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Weight = Literal["regular", "semibold", "bold", "black"]
Colour = tuple[float, float, float]

POINT_MM: Final = 25.4 / 72
ASCENT_EM: Final = 0.712
"""Height of b, d and l over the baseline in Source Sans Pro; capitals reach CAPITAL_EM."""
CAPITAL_EM: Final = 0.66
DESCENT_EM: Final = 0.205
QUIET_ZONE_MODULES: Final = 4


def _colour(hexadecimal: str) -> Colour:
    red, green, blue = bytes.fromhex(hexadecimal)
    return (red / 255, green / 255, blue / 255)


INK: Final = _colour("111111")
BLACK: Final = _colour("000000")
GREY_INK: Final = _colour("465149")
GREEN: Final = _colour("14532D")
AMBER: Final = _colour("FFD36B")
TINT: Final = _colour("E4ECE5")
HAIRLINE: Final = _colour("9AA59D")
WHITE: Final = _colour("FFFFFF")


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `width` is its measured width in millimetres, `size` is in points."""

    text: str
    x: float
    baseline: float
    size: float
    weight: Weight
    colour: Colour
    width: float

    @property
    def box(self) -> Box:
        em = self.size * POINT_MM
        height = (ASCENT_EM + DESCENT_EM) * em
        return Box(self.x, self.baseline - ASCENT_EM * em, self.width, height)


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle; where it touches the card's edge it also fills the bleed."""

    box: Box
    colour: Colour
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle as a line of `line` millimetres inside `box`."""

    box: Box
    colour: Colour
    line: float
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Hatch:
    """Slanted strokes that still say "not certain yet" on a grey photocopy."""

    box: Box
    colour: Colour
    pitch: float
    line: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A path: ("M" x y), ("L" x y), ("C" x1 y1 x2 y2 x y), filled, or stroked with `line`."""

    steps: tuple[tuple[str | float, ...], ...]
    colour: Colour
    line: float = 0.0


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG that fills its box: cut to the box's shape, never stretched."""

    box: Box
    jpeg: bytes
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture shown whole inside its box."""

    box: Box
    picture: bytes


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code. `box` is its dark square; QUIET_ZONE_MODULES around it must stay white."""

    box: Box
    text: str


Item = Words | Area | Frame | Hatch | Curve | Photo | Logo | Code
