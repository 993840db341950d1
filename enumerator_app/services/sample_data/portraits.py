"""Drawn portraits for practice and tests: faces that belong to nobody, the same for one seed.

Everything is drawn in a grid of 600 x 800 and reduced by two, which smooths the edges.
"""

import random
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from enumerator_app.services.sample_data.curves import (
    CENTRE,
    DARK,
    WHITE,
    Colour,
    Point,
    between,
    box,
    smooth,
)
from enumerator_app.services.sample_data.faces import Face
from enumerator_app.services.sample_data.headwear import draw_behind, draw_headwear

_SIZE: Final = (600, 800)
_REDUCED_BY: Final = 2
_QUALITY: Final = 84
_HEAD_BOX: Final = (170, 190, 430, 540)


def drawn_portrait(face: Face, chance: random.Random) -> bytes:
    """Return the face as a JPEG of 300 x 400 pixels."""
    picture = _wall(face.wall).copy()
    draw_behind(picture, face)
    draw = ImageDraw.Draw(picture)
    _body(draw, face, chance)
    _neck(draw, face)
    if face.headwear != "hijab":
        _ears(draw, face)
    _head(picture, face)
    draw = ImageDraw.Draw(picture)
    _eyes(draw, face)
    _nose_and_mouth(draw, face)
    _age_lines(draw, face)
    _beard(draw, face)
    _glasses(draw, face)
    draw_headwear(picture, face)
    small = picture.reduce(_REDUCED_BY)
    written = BytesIO()
    small.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


@cache
def _wall(colour: Colour) -> Image.Image:
    """A plain wall, lit from above."""
    column = Image.new("RGB", (1, 2))
    column.putpixel((0, 0), between(colour, WHITE, 0.45))
    column.putpixel((0, 1), between(colour, DARK, 0.12))
    return column.resize(_SIZE, Image.Resampling.BICUBIC)


def _body(draw: ImageDraw.ImageDraw, face: Face, chance: random.Random) -> None:
    slope = 250 if face.sex == "L" else 222
    shoulders = [
        (CENTRE - slope - 30, 820), (CENTRE - slope, 690), (CENTRE - slope * 0.62, 628),
        (CENTRE - 70, 590), (CENTRE + 70, 590), (CENTRE + slope * 0.62, 628),
        (CENTRE + slope, 690), (CENTRE + slope + 30, 820),
    ]  # fmt: skip
    draw.polygon(smooth(shoulders), fill=face.clothes)
    if face.batik:
        _batik(draw, face, chance)
    shade = between(face.clothes, DARK, 0.28)
    if face.headwear != "hijab":
        draw.polygon([(232, 590), (368, 590), (300, 700)], fill=between(face.skin, DARK, 0.1))
        for side in (-1, 1):
            inner, outer = CENTRE + side * 64, CENTRE + side * 118
            collar = [(inner, 582), (outer, 612), (CENTRE + side * 62, 690), (CENTRE, 704)]
            draw.polygon(collar, fill=between(face.clothes, WHITE, 0.18))
            draw.line([(CENTRE, 704), (CENTRE + side * 62, 690)], fill=shade, width=4)
        draw.line([(CENTRE, 704), (CENTRE, 800)], fill=shade, width=4)
        for y in (738, 784):
            draw.ellipse(box(CENTRE + 10, y, 6), fill=between(face.clothes, WHITE, 0.6))


def _batik(draw: ImageDraw.ImageDraw, face: Face, chance: random.Random) -> None:
    """Small lozenges and dots over the cloth."""
    thread = between(face.clothes, (236, 206, 140), 0.5)
    start = chance.uniform(0, 24)
    edge = 218 if face.sex == "L" else 190
    for row in range(4):
        for column in range(14):
            x = 40 + start + column * 40 + (20 if row % 2 else 0)
            y = 690 + row * 36
            away = abs(x - CENTRE)
            if (away < 66 and y < 720) or away > edge + (y - 690) * 0.23:
                continue
            draw.polygon([(x, y - 9), (x + 11, y), (x, y + 9), (x - 11, y)], outline=thread)
            draw.ellipse(box(x, y, 3), fill=thread)


def _neck(draw: ImageDraw.ImageDraw, face: Face) -> None:
    if face.headwear == "hijab":
        return
    half = 58 if face.sex == "L" else 48
    neck = [(CENTRE - half, 470), (CENTRE + half, 470), (CENTRE + half + 14, 612)]
    draw.polygon([*neck, (CENTRE, 668), (CENTRE - half - 14, 612)], fill=face.skin)
    shade = between(face.skin, (70, 36, 24), 0.28)
    under = [(CENTRE - half, 470), (CENTRE + half, 470), (CENTRE + half, 520), (CENTRE, 572)]
    draw.polygon([*under, (CENTRE - half, 520)], fill=shade)


def _ears(draw: ImageDraw.ImageDraw, face: Face) -> None:
    for side in (-1, 1):
        x = CENTRE + side * (face.width + 8)
        draw.ellipse((x - 20, 336, x + 20, 412), fill=between(face.skin, (90, 48, 34), 0.12))
        draw.arc((x - 11, 348, x + 11, 400), 60, 300, fill=between(face.skin, DARK, 0.3), width=3)


def _outline(face: Face) -> list[Point]:
    """The contour of the face, from the left temple over the chin to the right one."""
    w, chin = face.width, 520 + face.jaw * 6
    low = 0.42 + face.jaw * 0.3
    right = [
        (CENTRE, 214), (CENTRE + w * 0.62, 226), (CENTRE + w * 0.96, 290), (CENTRE + w, 370),
        (CENTRE + w * 0.93, 436), (CENTRE + w * low, chin - 18), (CENTRE + w * 0.2, chin),
    ]  # fmt: skip
    left = [(2 * CENTRE - x, y) for x, y in reversed(right)]
    return smooth([*right, *left[:-1]], closed=True)


def _head(picture: Image.Image, face: Face) -> None:
    """The face, with light from the upper left."""
    left, top, right, bottom = _HEAD_BOX
    size = (right - left, bottom - top)
    mask = Image.new("L", size)
    contour = [(x - left, y - top) for x, y in _outline(face)]
    ImageDraw.Draw(mask).polygon(contour, fill=255)
    picture.paste(face.skin, _HEAD_BOX, mask)
    for colour, spots in (((88, 44, 30), _shade()), (WHITE, _light())):
        picture.paste(colour, _HEAD_BOX, ImageChops.multiply(spots, mask))


@cache
def _shade() -> Image.Image:
    return _soft(((168, 50, 260, 410, 70), (30, 274, 246, 394, 34)))


@cache
def _light() -> Image.Image:
    return _soft(((38, 74, 158, 178, 64), (46, 178, 118, 258, 40)))


def _soft(spots: Iterable[tuple[int, int, int, int, int]]) -> Image.Image:
    """Return blurred ellipses (left, top, right, bottom, strength) in the box of the head."""
    size = (_HEAD_BOX[2] - _HEAD_BOX[0], _HEAD_BOX[3] - _HEAD_BOX[1])
    layer = Image.new("L", size)
    pen = ImageDraw.Draw(layer)
    for *place, strength in spots:
        pen.ellipse(tuple(place), fill=strength)
    return layer.filter(ImageFilter.GaussianBlur(30))


def _eyes(draw: ImageDraw.ImageDraw, face: Face) -> None:
    brow = between(face.hair, face.skin, 0.12)
    lid = between(face.skin, DARK, 0.55)
    open_by = 11 if face.age < 55 else 9
    for side in (-1, 1):
        x, y = CENTRE + side * 45, 366
        draw.ellipse((x - 22, y - open_by, x + 22, y + open_by), fill=WHITE)
        draw.ellipse(box(x + 1, y, open_by), fill=(62, 40, 28))
        draw.ellipse(box(x + 1, y, open_by * 0.5), fill=DARK)
        draw.ellipse(box(x - 3, y - 4, 2.6), fill=WHITE)
        draw.arc((x - 25, y - 15, x + 25, y + 17), 196, 344, fill=lid, width=5)
        draw.arc(
            (x - 22, y - 14, x + 22, y + 14),
            30,
            150,
            fill=between(face.skin, DARK, 0.22),
            width=2,
        )
        inner, outer = (x - side * 24, 336 + face.brow), (x + side * 31, 336 - face.brow * 0.4)
        arch = [inner, (x, 322), outer]
        draw.line(smooth(arch), fill=brow, width=9 if face.sex == "L" else 6, joint="curve")


def _nose_and_mouth(draw: ImageDraw.ImageDraw, face: Face) -> None:
    shade = between(face.skin, (84, 42, 28), 0.38)
    bridge = [(CENTRE + 8, 376), (CENTRE + 15, 412), (CENTRE + 22, 424)]
    draw.line(smooth(bridge), fill=shade, width=4, joint="curve")
    draw.arc((CENTRE - 25, 406, CENTRE + 25, 438), 20, 160, fill=shade, width=5)
    for side in (-1, 1):
        draw.ellipse(box(CENTRE + side * 13, 429, 4), fill=between(face.skin, DARK, 0.5))
    lips = between(face.skin, (150, 56, 58), 0.5 if face.sex == "P" else 0.3)
    lift = face.smile * 10
    corner, low = 38 + face.smile * 5, 482 + (8 if face.sex == "P" else 5)
    upper = [
        (CENTRE - corner, 470 - lift), (CENTRE - 12, 462), (CENTRE, 466),
        (CENTRE + 12, 462), (CENTRE + corner, 470 - lift),
    ]  # fmt: skip
    lower = [(CENTRE + 22, low - 3), (CENTRE, low), (CENTRE - 22, low - 3)]
    draw.polygon(smooth([*upper, *lower], closed=True), fill=lips)
    middle = [(CENTRE - corner, 470 - lift), (CENTRE, 472), (CENTRE + corner, 470 - lift)]
    draw.line(smooth(middle), fill=between(lips, DARK, 0.45), width=4, joint="curve")


def _age_lines(draw: ImageDraw.ImageDraw, face: Face) -> None:
    if face.age < 46:
        return
    line = between(face.skin, (70, 36, 24), 0.22 + min(0.2, (face.age - 46) / 120))
    for side in (-1, 1):
        fold = [(CENTRE + side * 30, 428), (CENTRE + side * 47, 448), (CENTRE + side * 53, 478)]
        draw.line(smooth(fold), fill=line, width=3, joint="curve")
        for dy in (-6, 4):
            start = (CENTRE + side * 73, 366 + dy)
            draw.line([start, (CENTRE + side * 86, 362 + dy * 2)], fill=line, width=2)
    if face.age > 56 and face.headwear not in {"hijab", "scarf"}:
        for y in (282, 298):
            draw.line(smooth([(246, y), (300, y - 6), (354, y)]), fill=line, width=3, joint="curve")


def _beard(draw: ImageDraw.ImageDraw, face: Face) -> None:
    if face.beard == "none":
        return
    hair = between(face.hair, face.skin, 0.1)
    whiskers = [(256, 462), (278, 448), (300, 452), (322, 448), (344, 462), (300, 461)]
    draw.polygon(smooth(whiskers, closed=True), fill=hair)
    if face.beard == "goatee":
        chin = [(272, 506), (300, 498), (328, 506), (318, 540), (300, 556), (282, 540)]
        draw.polygon(smooth(chin, closed=True), fill=hair)


def _glasses(draw: ImageDraw.ImageDraw, face: Face) -> None:
    if not face.glasses:
        return
    for side in (-1, 1):
        x = CENTRE + side * 46
        draw.rounded_rectangle((x - 36, 342, x + 36, 394), 18, outline=(58, 50, 48), width=5)
        edge = CENTRE + side * (face.width + 2)
        draw.line([(x + side * 36, 362), (edge, 356)], fill=(58, 50, 48), width=5)
    draw.line([(290, 362), (310, 362)], fill=(58, 50, 48), width=5)
