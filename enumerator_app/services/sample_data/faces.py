"""What decides a drawn face: chosen by seeded chance, belonging to nobody."""

import random
from dataclasses import dataclass
from typing import Final, Literal

from enumerator_app.services.sample_data.curves import Colour, between, varied

Headwear = Literal["none", "peci", "hijab", "cap", "scarf"]

_SKINS: Final[tuple[Colour, ...]] = (
    (231, 190, 155), (219, 174, 135), (203, 154, 114), (186, 135, 96), (166, 116, 80),
    (146, 100, 68), (126, 85, 58),
)  # fmt: skip
_WALLS: Final[tuple[Colour, ...]] = (
    (214, 222, 214), (205, 217, 226), (226, 220, 208), (219, 214, 226), (205, 222, 219),
)  # fmt: skip
_CLOTHES: Final[tuple[Colour, ...]] = (
    (58, 110, 82), (52, 84, 128), (150, 70, 62), (120, 98, 66), (92, 78, 122), (46, 116, 124),
    (176, 138, 66), (96, 104, 110), (238, 236, 228),
)  # fmt: skip
_SCARVES: Final[tuple[Colour, ...]] = (
    (74, 96, 138), (140, 92, 116), (88, 128, 106), (186, 150, 120), (66, 70, 84), (214, 204, 190),
    (160, 88, 70), (112, 92, 150),
)  # fmt: skip
_BLACK_HAIR: Final[Colour] = (34, 29, 27)
_GREY_HAIR: Final[Colour] = (150, 148, 146)


@dataclass(frozen=True, slots=True)
class Face:
    """What decides a portrait."""

    sex: Literal["L", "P"]
    age: int
    skin: Colour
    wall: Colour
    clothes: Colour
    headwear: Headwear
    scarf: Colour
    hair: Colour
    width: float  # of half the face
    jaw: float  # 0 pointed .. 1 square
    smile: float
    brow: float
    beard: Literal["none", "moustache", "goatee"]
    glasses: bool
    batik: bool


def chosen_face(chance: random.Random, sex: str, age: int) -> Face:
    """Return a face for somebody of this sex and age."""
    is_man = sex == "L"
    worn: tuple[Headwear, ...] = (
        ("none", "none", "peci", "peci", "cap") if is_man else ("hijab", "hijab", "hijab", "scarf")
    )
    greyness = min(1.0, max(0.0, (age - 42 + chance.uniform(-8, 8)) / 28))
    beards: tuple[Literal["none", "moustache", "goatee"], ...] = ("none", "moustache", "goatee")
    return Face(
        sex="L" if is_man else "P",
        age=age,
        skin=varied(chance, chance.choice(_SKINS), 7),
        wall=chance.choice(_WALLS),
        clothes=varied(chance, chance.choice(_CLOTHES), 10),
        headwear=chance.choice(worn),
        scarf=varied(chance, chance.choice(_SCARVES), 10),
        hair=between(_BLACK_HAIR, _GREY_HAIR, greyness),
        width=chance.uniform(100, 116) if is_man else chance.uniform(96, 110),
        jaw=chance.uniform(0.35, 0.95) if is_man else chance.uniform(0.1, 0.55),
        smile=chance.uniform(0.15, 1.1),
        brow=chance.uniform(-7, 0),
        beard=chance.choice(beards) if is_man else "none",
        glasses=chance.random() < (0.22 if age > 45 else 0.06),
        batik=chance.random() < 0.35,
    )
