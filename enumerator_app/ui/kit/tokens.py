"""The colours of the screens, in two contrasts.

Ratios (WCAG, from sRGB): every text is at least 4.5 on each ground it may stand on, every control
edge at least 3.0; `tests/ui/test_kit_tokens.py` computes them anew. Amber is a fill, never a text.
"""

from dataclasses import dataclass
from typing import Final, Literal

Contrast = Literal["light", "sun"]


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """One contrast: colours as `#RRGGBB`, line widths in px at 100 % text."""

    ground: str
    pane: str
    rail: str
    ink: str
    ink_soft: str  # secondary text
    edge: str  # border of a control
    line: str  # hairline, decoration only
    accent: str
    accent_hover: str
    accent_down: str
    on_accent: str
    tint: str  # chosen segment, chip, hover
    tint_down: str
    selected: str  # row in a list
    amber: str  # fill, always with an ink outline or a hatch
    amber_tint: str
    amber_ink: str
    red: str
    red_tint: str
    red_down: str
    off_ground: str
    off_ink: str
    keycap_edge: str
    keycap_edge_on_accent: str
    keycap_edge_off: str
    halo: str  # "" where the contrast has none
    trough: str  # the empty part of a bar, the shapes of a loading row
    edge_px: int
    ring_px: int
    is_sun: bool


LIGHT: Final = Tokens(
    ground="#FFFFFF",
    pane="#F4F7F4",
    rail="#EBF0EB",
    ink="#111111",
    ink_soft="#465149",
    edge="#6B776F",
    line="#D0D9D2",
    accent="#14532D",
    accent_hover="#1C6A3B",
    accent_down="#0C3A1E",
    on_accent="#FFFFFF",
    tint="#DCEBE0",
    tint_down="#C4DCCB",
    selected="#D0E3D6",
    amber="#FFD36B",
    amber_tint="#FFF4D6",
    amber_ink="#6A4300",
    red="#A5180F",
    red_tint="#FCEAE7",
    red_down="#F5CFC9",
    off_ground="#E6EAE7",
    off_ink="#5E6962",
    keycap_edge="#9AA59D",
    keycap_edge_on_accent="#8FB89D",
    keycap_edge_off="#AEB8B1",
    halo="#B5DBC1",
    trough="#DDE4DE",
    edge_px=1,
    ring_px=3,
    is_sun=False,
)

SUN: Final = Tokens(
    ground="#FFFFFF",
    pane="#FFFFFF",
    rail="#FFFFFF",
    ink="#000000",
    ink_soft="#1C1C1C",
    edge="#000000",
    line="#111111",
    accent="#083A1C",
    accent_hover="#0C4F28",
    accent_down="#042410",
    on_accent="#FFFFFF",
    tint="#BFE3CB",
    tint_down="#8FCBA2",
    selected="#BFE3CB",
    amber="#FFC22E",
    amber_tint="#FFE7A3",
    amber_ink="#3D2600",
    red="#8E0C05",
    red_tint="#FFD9D3",
    red_down="#FFBFB5",
    off_ground="#FFFFFF",
    off_ink="#4A4A4A",
    keycap_edge="#000000",
    keycap_edge_on_accent="#8FB89D",
    keycap_edge_off="#4A4A4A",
    halo="",
    trough="#FFFFFF",
    edge_px=2,
    ring_px=4,
    is_sun=True,
)

CONTRASTS: Final[dict[Contrast, Tokens]] = {"light": LIGHT, "sun": SUN}
