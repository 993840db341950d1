"""Drawn identity cards of invented people, as a camera sees them: tilt, blur, glare, wear, noise.

The layout is that of a KTP-el as people know it (province and regency on top, NIK in large digits,
label, colon, value); nothing of a real card is in it.
"""

import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from enumerator_app.cards.fonts import font_path

FRAME = (1280, 720)
CARD = (1012, 638)
GROUND, PAPER, INK = (92, 86, 78), (186, 214, 226), (24, 28, 34)
FIRST = ("SITI", "AMINAH", "BUDI", "KARSIH", "DARSONO", "WAWAN", "NINING", "UJANG", "EUIS", "ASEP")
LAST = ("SURYANA", "WULANDARI", "HIDAYAT", "PERMANA", "KARTIKA", "SAPUTRA", "LESTARI", "MAULANA")
VILLAGES = (
    ("KARANGHARJA", "PEBAYURAN"),
    ("SINDANGJAYA", "CABANGBUNGIN"),
    ("SUKAMURNI", "SUKAKARYA"),
)


@dataclass(frozen=True)
class Drawn:
    """What stands on one card."""

    nik: str
    name: str
    birth_place: str
    birth_date: date
    sex: str
    address: str
    rt: str
    rw: str
    village: str
    district: str


def drawn_person(dice: random.Random) -> Drawn:
    born = date(1950, 1, 1) + timedelta(days=dice.randrange(20_000))
    sex = dice.choice("LP")
    day = born.day + (40 if sex == "P" else 0)
    area = f"3216{dice.randrange(1, 24):02d}"
    village, district = dice.choice(VILLAGES)
    return Drawn(
        nik=f"{area}{day:02d}{born.month:02d}{born.year % 100:02d}{dice.randrange(1, 9999):04d}",
        name=" ".join((dice.choice(FIRST), dice.choice(FIRST), dice.choice(LAST))),
        birth_place=dice.choice(("BEKASI", "KARAWANG", "JAKARTA", "SUBANG")),
        birth_date=born,
        sex=sex,
        address=f"KP. {dice.choice(('PULO ASEM', 'RAWA BARU', 'CABANG LIO'))}",
        rt=f"{dice.randrange(1, 20):03d}",
        rw=f"{dice.randrange(1, 12):03d}",
        village=village,
        district=district,
    )


def card_picture(card: Drawn) -> Image.Image:
    """The card, flat and clean."""
    picture = Image.new("RGB", CARD, PAPER)
    draw = ImageDraw.Draw(picture)
    for x in range(-CARD[1], CARD[0], 14):
        draw.line((x, CARD[1], x + CARD[1], 0), fill=(176, 206, 220), width=2)
    draw.text((CARD[0] / 2, 44), "PROVINSI JAWA BARAT", INK, _font("bold", 34), anchor="mm")
    draw.text((CARD[0] / 2, 84), "KABUPATEN BEKASI", INK, _font("bold", 34), anchor="mm")
    draw.text((40, 128), "NIK", INK, _font("bold", 44), anchor="lm")
    draw.text((250, 128), f": {card.nik}", INK, _font("bold", 48), anchor="lm")
    lines = (
        ("Nama", card.name),
        ("Tempat/Tgl Lahir", f"{card.birth_place}, {card.birth_date:%d-%m-%Y}"),
        ("Jenis Kelamin", "PEREMPUAN" if card.sex == "P" else "LAKI-LAKI"),
        ("Alamat", card.address),
        ("     RT/RW", f"{card.rt}/{card.rw}"),
        ("     Kel/Desa", card.village),
        ("     Kecamatan", card.district),
        ("Agama", "ISLAM"),
        ("Status Perkawinan", "KAWIN"),
        ("Pekerjaan", "BURUH TANI/PERKEBUNAN"),
        ("Kewarganegaraan", "WNI"),
        ("Berlaku Hingga", "SEUMUR HIDUP"),
    )
    for row, (label, value) in enumerate(lines):
        y = 186 + row * 36
        draw.text((40, y), label, INK, _font("regular", 27), anchor="lm")
        draw.text((290, y), f": {value}", INK, _font("semibold", 27), anchor="lm")
    draw.rectangle((770, 170, 980, 450), fill=(196, 60, 52))
    draw.ellipse((820, 215, 930, 345), fill=(150, 108, 82))
    draw.ellipse((790, 350, 960, 520), fill=(60, 66, 90))
    draw.rectangle((770, 451, 980, 530), fill=PAPER)
    return picture


def as_seen(card: Drawn, dice: random.Random, badness: float) -> bytes:
    """One frame of a camera as a JPEG; `badness` from 0 (good light, held still) to 1."""
    flat = card_picture(card)
    worn = _worn(flat, dice, badness)
    tilted = _tilted(worn, dice, badness)
    seen = _glare(tilted, dice, badness)
    seen = seen.filter(ImageFilter.GaussianBlur(0.4 + 1.5 * badness * dice.random()))
    light = 1 - 0.35 * badness * dice.random()
    pixels = np.asarray(seen, dtype=np.float32) * light
    grain = np.random.default_rng(dice.randrange(2**32)).normal(0, 3 + 9 * badness, pixels.shape)
    done = Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))
    written = io.BytesIO()
    done.save(written, "JPEG", quality=88 - int(28 * badness))
    return written.getvalue()


def _worn(flat: Image.Image, dice: random.Random, badness: float) -> Image.Image:
    draw = ImageDraw.Draw(flat)
    for _ in range(int(14 * badness)):
        x, y = dice.randrange(CARD[0]), dice.randrange(CARD[1])
        end = (x + dice.randrange(-160, 160), y + dice.randrange(-60, 60))
        draw.line(((x, y), end), fill=(214, 226, 230), width=dice.choice((1, 2)))
    return Image.blend(flat, Image.new("RGB", CARD, PAPER), 0.28 * badness * dice.random())


def _tilted(card: Image.Image, dice: random.Random, badness: float) -> Image.Image:
    """Seen at an angle: a small turn and a small perspective."""
    scale = 0.98 - 0.12 * dice.random()
    size = (int(CARD[0] * scale), int(CARD[1] * scale))
    left = (FRAME[0] - size[0]) // 2 + dice.randrange(-20, 20)
    top = max(4, (FRAME[1] - size[1]) // 2 + dice.randrange(-10, 10))
    frame = Image.new("RGB", FRAME, GROUND)
    frame.paste(card.resize(size, Image.Resampling.LANCZOS), (left, top))
    turned = frame.rotate(dice.uniform(-6, 6) * badness, Image.Resampling.BICUBIC, fillcolor=GROUND)
    bend = 0.00009 * badness * dice.uniform(-1, 1)
    shape = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, bend, bend * dice.uniform(-1, 1))
    method, sharp = Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    return turned.transform(FRAME, method, shape, sharp, fillcolor=GROUND)


def _glare(seen: Image.Image, dice: random.Random, badness: float) -> Image.Image:
    """A lamp on the plastic: a bright, soft spot."""
    if dice.random() > 0.7 * badness:
        return seen
    spot = Image.new("L", FRAME, 0)
    x, y = dice.randrange(200, 1080), dice.randrange(120, 600)
    wide, high = dice.randrange(60, 170), dice.randrange(30, 90)
    ImageDraw.Draw(spot).ellipse((x - wide, y - high, x + wide, y + high), fill=235)
    soft = spot.filter(ImageFilter.GaussianBlur(28))
    return Image.composite(Image.new("RGB", FRAME, (255, 255, 255)), seen, soft)


def _font(weight: Any, px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_path(weight)), px)
