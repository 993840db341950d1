"""Hair and what is worn on it: peci, cap, tied cloth, hijab."""

from PIL import Image, ImageDraw

from enumerator_app.services.sample_data.curves import (
    CENTRE,
    DARK,
    WHITE,
    between,
    box,
    rounded,
    smooth,
)
from enumerator_app.services.sample_data.faces import Face


def draw_headwear(picture: Image.Image, face: Face) -> None:
    """Draw what is on the head, over the finished face."""
    draw = ImageDraw.Draw(picture)
    if face.headwear == "hijab":
        _hijab(picture, face)
    elif face.headwear == "scarf":
        _scarf(draw, face)
    else:
        _short_hair(draw, face)
    if face.headwear == "peci":
        _peci(draw, face)
    elif face.headwear == "cap":
        _cap(draw, face)


def draw_behind(picture: Image.Image, face: Face) -> None:
    """Draw what hangs down behind the shoulders, before anything else."""
    draw = ImageDraw.Draw(picture)
    if face.headwear == "hijab":
        _hijab_behind(draw, face)
    elif face.sex == "P":
        _long_hair(draw, face)


def _short_hair(draw: ImageDraw.ImageDraw, face: Face) -> None:
    w = face.width
    back = 250 if face.age < 50 else 236
    cap = [
        (CENTRE - w - 7, 352), (CENTRE - w - 10, 282), (CENTRE - w * 0.7, 212),
        (CENTRE, 184), (CENTRE + w * 0.7, 212), (CENTRE + w + 10, 282), (CENTRE + w + 7, 352),
        (CENTRE + w * 0.93, 304), (CENTRE + w * 0.62, back + 8), (CENTRE + 10, back),
        (CENTRE - w * 0.55, back + 16), (CENTRE - w * 0.93, 304),
    ]  # fmt: skip
    draw.polygon(smooth(cap, closed=True), fill=face.hair)


def _peci(draw: ImageDraw.ImageDraw, face: Face) -> None:
    w = face.width + 12
    black = (32, 30, 34)
    draw.polygon(
        rounded(
            [
                (CENTRE - w, 268),
                (CENTRE - w + 14, 150),
                (CENTRE + w - 14, 150),
                (CENTRE + w, 268),
            ]
        ),
        fill=black,
    )
    draw.ellipse((CENTRE - w + 12, 136, CENTRE + w - 12, 166), fill=(50, 47, 52))
    draw.chord((CENTRE - w, 246, CENTRE + w, 290), 0, 180, fill=black)
    draw.line([(CENTRE + w * 0.5, 162), (CENTRE + w * 0.55, 276)], fill=(54, 51, 56), width=4)


def _cap(draw: ImageDraw.ImageDraw, face: Face) -> None:
    w, colour = face.width + 12, between(face.scarf, DARK, 0.1)
    draw.pieslice((CENTRE - w, 150, CENTRE + w, 400), 180, 360, fill=colour)
    draw.ellipse((CENTRE - w * 0.95, 252, CENTRE + w * 0.95, 302), fill=between(colour, DARK, 0.3))
    for x in (-0.35, 0.35):
        draw.arc(
            (CENTRE + w * x - 40, 158, CENTRE + w * x + 40, 400),
            200,
            340,
            fill=between(colour, DARK, 0.25),
            width=3,
        )


def _long_hair(draw: ImageDraw.ImageDraw, face: Face) -> None:
    w = face.width + 22
    hair = [(CENTRE - w, 560), (CENTRE - w - 12, 330), (CENTRE, 176), (CENTRE + w + 12, 330)]
    draw.polygon(smooth([*hair, (CENTRE + w, 560)]), fill=between(face.hair, DARK, 0.2))


def _scarf(draw: ImageDraw.ImageDraw, face: Face) -> None:
    """A cloth tied over the hair, as in the field."""
    w = face.width + 16
    cloth = [
        (CENTRE - w, 350), (CENTRE - w * 0.86, 228), (CENTRE, 172), (CENTRE + w * 0.86, 228),
        (CENTRE + w, 350), (CENTRE + w * 0.72, 276), (CENTRE, 254), (CENTRE - w * 0.72, 276),
    ]  # fmt: skip
    draw.polygon(smooth(cloth, closed=True), fill=face.scarf)
    fold = between(face.scarf, DARK, 0.25)
    edge = [(CENTRE - w * 0.95, 336), (CENTRE - w * 0.7, 272), (CENTRE, 250)]
    draw.line(
        smooth([*edge, (CENTRE + w * 0.7, 272), (CENTRE + w * 0.95, 336)]),
        fill=fold,
        width=5,
        joint="curve",
    )
    for x in (-0.4, 0.0, 0.4):
        for y in (206, 232):
            draw.ellipse(box(CENTRE + w * x + y % 9, y, 5), fill=between(face.scarf, WHITE, 0.5))


def _hijab_behind(draw: ImageDraw.ImageDraw, face: Face) -> None:
    w = face.width + 44
    cloth = [
        (CENTRE - w - 62, 760), (CENTRE - w - 6, 560), (CENTRE - w, 330),
        (CENTRE - w * 0.52, 200), (CENTRE, 166), (CENTRE + w * 0.52, 200), (CENTRE + w, 330),
        (CENTRE + w + 6, 560), (CENTRE + w + 62, 760),
    ]  # fmt: skip
    draw.polygon(smooth(cloth), fill=between(face.scarf, DARK, 0.16))


def _hijab(picture: Image.Image, face: Face) -> None:
    """The cloth round the face: a ring that leaves the face free, and its fall over the breast."""
    w = face.width
    ring = smooth(
        [
            (CENTRE, 172), (CENTRE + w * 0.6, 194), (CENTRE + w + 30, 290),
            (CENTRE + w + 38, 430), (CENTRE + 96, 560), (CENTRE, 600), (CENTRE - 96, 560),
            (CENTRE - w - 38, 430), (CENTRE - w - 30, 290), (CENTRE - w * 0.6, 194),
        ],
        closed=True,
    )  # fmt: skip
    opening = smooth(
        [
            (CENTRE, 252), (CENTRE + w * 0.72, 282), (CENTRE + w * 0.93, 380),
            (CENTRE + w * 0.66, 480), (CENTRE, 528), (CENTRE - w * 0.66, 480),
            (CENTRE - w * 0.93, 380), (CENTRE - w * 0.72, 282),
        ],
        closed=True,
    )  # fmt: skip
    mask = Image.new("L", picture.size)
    pen = ImageDraw.Draw(mask)
    pen.polygon(ring, fill=255)
    fall = [
        (CENTRE - 150, 560), (CENTRE, 520), (CENTRE + 150, 560), (CENTRE + 206, 720),
        (CENTRE + 60, 790), (CENTRE - 60, 790), (CENTRE - 206, 720),
    ]  # fmt: skip
    pen.polygon(smooth(fall, closed=True), fill=255)
    pen.polygon(opening, fill=0)
    picture.paste(face.scarf, mask=mask)
    draw = ImageDraw.Draw(picture)
    fold = between(face.scarf, DARK, 0.22)
    draw.line([*opening, opening[0]], fill=between(face.scarf, DARK, 0.3), width=4, joint="curve")
    for x, y in ((-120, 700), (-40, 760), (70, 740)):
        crease = [(CENTRE + x * 0.3, 556), (CENTRE + x * 0.7, 620), (CENTRE + x, y)]
        draw.line(smooth(crease), fill=fold, width=4, joint="curve")
