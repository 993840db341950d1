"""A thousand cards with portraits on a4-5-fold: ours, fpdf2 and bare reportlab, in one run.

Ours claims, seals, lays out, draws and streams. The others get everything laid out beforehand and
only draw the same items, with the same QR encoder: fpdf2 with embedded TrueType fonts, photos as
JPEG and codes as 1-bit pictures, and simpler shapes where it has no such one (lines for curves, the
portrait with square corners), which is in its favour; reportlab with rl_accel, binary streams and
the same QR path, once item by item (`bare`) and once with the fixed parts as forms and photos put
in without decoding (`bare_forms`). Memory is that of new processes, photos made as they are drawn.

Run: `python -m tests.benchmarks.bench_cards [--cards 1000] [--rounds 3]`; prints one JSON object.
Goals: at least 2.0 x fpdf2, at least 0.7 x bare.
"""

import argparse
import io
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from enumerator_app.cards.backs import back, fixed_back
from enumerator_app.cards.claims import CardClaims, short_name
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.drawing import MM, Painter
from enumerator_app.cards.fonts import BASE_FONT, font, font_path, measure
from enumerator_app.cards.imposition import sheet
from enumerator_app.cards.items import Area, Code, Curve, Frame, Hatch, Item, Photo, Words
from enumerator_app.cards.layout import fixed_end, fixed_front, front, own_back, own_front
from enumerator_app.cards.qr import dark_path, qr_modules
from enumerator_app.cards.seal import seal
from enumerator_app.cards.sheets import render_cards
from enumerator_app.domain.numbers import registration_number
from sync.protocol.signing import key_id, public_hex

SETTINGS = PaperSettings(
    regency_name="Kabupaten Bekasi", posko_phone="0812-0000-0000", ask_by=date(2027, 1, 31)
)
TODAY = date(2026, 11, 22)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
KID = key_id(public_hex(KEY))
FOLD = sheet("a4-5-fold")
WEIGHTS = ("regular", "semibold", "bold", "black")
FIRST_CARD = """
import sys, time
start = time.perf_counter()
sys.path[:0] = {path!r}
import io
from bench_cards import SETTINGS, contents, photos
warm = time.perf_counter()
from enumerator_app.cards.sheets import render_cards
card = list(contents(photos(1), 1))
first = time.perf_counter()
render_cards(card, io.BytesIO(), "a4-5-fold", settings=SETTINGS)
print(round((time.perf_counter() - first) * 1000, 1))
"""


MEMORY = """
import re, sys
from pathlib import Path
sys.path[:0] = {path!r}
from enumerator_app.cards.sheets import render_cards
from bench_cards import SETTINGS, Nowhere, one_by_one
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
render_cards(one_by_one({count}), Nowhere(), "a4-5-fold", settings=SETTINGS)
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(round(int(peak[1]) / 1024, 1))
"""
_PATHS = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]


class Nowhere(io.RawIOBase):
    """Takes what is written and keeps nothing."""

    def write(self, data: Any) -> int:
        return len(data)


def photos(count: int) -> list[bytes]:
    """Invented portraits of 360 x 480, each its own, about as large as a re-encoded photo."""
    chance = random.Random(7)
    grain = Image.effect_noise((360, 480), 18).convert("RGB")
    return [_portrait(chance, grain) for _ in range(count)]


def _portrait(chance: random.Random, grain: Image.Image) -> bytes:
    picture = Image.new("RGB", (360, 480), (205, 214, 206))
    draw = ImageDraw.Draw(picture)
    shirt, skin = (tuple(chance.randrange(60, 200) for _ in range(3)) for _ in range(2))
    draw.ellipse((22, 355, 338, 700), fill=shirt)
    draw.ellipse((94, 96, 266, 355), fill=skin)
    written = io.BytesIO()
    soft = Image.blend(picture.filter(ImageFilter.GaussianBlur(2)), grain, 0.12)
    soft.save(written, "JPEG", quality=80)
    return written.getvalue()


def contents(portraits: list[bytes], count: int) -> Iterator[CardContent]:
    """Claims, seals and contents, one by one."""
    for serial in range(1, count + 1):
        yield _content(serial, portraits[serial - 1])


def one_by_one(count: int) -> Iterator[CardContent]:
    """Contents with a portrait of its own each, made when its turn comes."""
    (picture,) = photos(1)
    for serial in range(1, count + 1):
        yield _content(serial, picture + serial.to_bytes(4))  # after the end of the JPEG


def _content(serial: int, photo: bytes) -> CardContent:
    name = f"Siti Maemunah binti Sarkim {serial:04}"
    number = registration_number(
        regency="3216", device_code="A07", serial=serial, subject=UUID(int=serial * 7919)
    )
    claims = CardClaims(
        number=number,
        issue=1,
        kind="provisional",
        district="321613",
        short_name=short_name(name),
        birth_year=1974,
        photo_prefix=f"{serial:08x}",
        cover_from=None,
        cover_to=None,
        issued_on=TODAY,
        expires_on=date(2027, 5, 22),
    )
    return CardContent(
        kind="provisional",
        name=name,
        number=number,
        village="Karangharja",
        district="Pebayuran",
        registered_on=TODAY,
        programmes=("JKK", "JKM"),
        photo=photo,
        seal=seal(claims, KEY, KID),
        printed_on=TODAY,
    )


def ours(portraits: list[bytes], count: int, output: Path) -> None:
    render_cards(contents(portraits, count), output, "a4-5-fold", settings=SETTINGS)


Faces = list[tuple[list[Item], list[Item]]]


def in_fpdf2(cards: list[CardContent], faces: Faces, output: Path) -> None:
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    for weight in WEIGHTS:
        pdf.add_font(weight, fname=font_path(weight))
    for index, face in enumerate(faces):
        place = index % FOLD.capacity
        if place == 0:
            pdf.add_page()
            _all_fpdf(pdf, FOLD.front_marks(SETTINGS, measure), 0, 0)
        _all_fpdf(pdf, face[0], *FOLD.fronts[place])
        _all_fpdf(pdf, face[1], *FOLD.backs[place])
    pdf.output(str(output))


def _all_fpdf(pdf: FPDF, items: list[Item], x: float, y: float) -> None:
    for item in items:
        _FPDF[type(item)](pdf, item, x, y)


def _fpdf_words(pdf: FPDF, item: Words, x: float, y: float) -> None:
    pdf.set_font(item.weight, size=item.size)
    pdf.set_text_color(*(round(part * 255) for part in item.colour))
    pdf.text(x + item.x, y + item.baseline, item.text)


def _fpdf_area(pdf: FPDF, item: Area, x: float, y: float) -> None:
    pdf.set_fill_color(*(round(part * 255) for part in item.colour))
    _fpdf_rect(pdf, item, x, y, "F")


def _fpdf_rect(pdf: FPDF, item: Area | Frame, x: float, y: float, style: str) -> None:
    place = (x + item.box.x, y + item.box.y, item.box.width, item.box.height)
    if item.radius:
        pdf.rect(*place, style=style, round_corners=True, corner_radius=item.radius)
    else:
        pdf.rect(*place, style=style)


def _fpdf_frame(pdf: FPDF, item: Frame, x: float, y: float) -> None:
    pdf.set_draw_color(*(round(part * 255) for part in item.colour))
    pdf.set_line_width(item.line)
    _fpdf_rect(pdf, item, x, y, "D")


def _fpdf_hatch(pdf: FPDF, item: Hatch, x: float, y: float) -> None:
    pdf.set_draw_color(0)
    pdf.set_line_width(item.line)
    at, box = item.box.x, item.box
    while at < box.right - box.height:
        pdf.line(x + at, y + box.bottom, x + at + box.height, y + box.y)
        at += item.pitch


def _fpdf_curve(pdf: FPDF, item: Curve, x: float, y: float) -> None:
    points = [(x + float(step[-2]), y + float(step[-1])) for step in item.steps]
    pdf.polyline(points, style="D" if item.line else "F")


def _fpdf_photo(pdf: FPDF, item: Photo, x: float, y: float) -> None:
    box = item.box
    pdf.image(io.BytesIO(item.jpeg), x + box.x, y + box.y, box.width, box.height)


def _fpdf_code(pdf: FPDF, item: Code, x: float, y: float) -> None:
    rows = qr_modules(item.text)
    bitmap = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows)).convert("1")
    pdf.image(bitmap, x + item.box.x, y + item.box.y, item.box.width, item.box.height)


_FPDF: dict[type, Callable[..., None]] = {
    Words: _fpdf_words,
    Area: _fpdf_area,
    Frame: _fpdf_frame,
    Hatch: _fpdf_hatch,
    Curve: _fpdf_curve,
    Photo: _fpdf_photo,
    Code: _fpdf_code,
}


def in_reportlab(cards: list[CardContent], faces: Faces, output: Path) -> None:
    canvas = _canvas(output)
    for index, face in enumerate(faces):
        place = index % FOLD.capacity
        if place == 0:
            if index:
                canvas.showPage()
            _all_reportlab(canvas, FOLD.front_marks(SETTINGS, measure), 0, 0)
        _all_reportlab(canvas, face[0], *FOLD.fronts[place])
        _all_reportlab(canvas, face[1], *FOLD.backs[place])
    canvas.save()


def _canvas(output: Path) -> Any:
    for weight in WEIGHTS:
        font(weight)
    new_canvas: Any = Canvas
    size = (FOLD.width * MM, FOLD.height * MM)
    return new_canvas(str(output), pagesize=size, pageCompression=1, initialFontName=BASE_FONT)


def _all_reportlab(canvas: Any, items: list[Item], x: float, y: float) -> None:
    canvas.saveState()
    canvas.translate(x * MM, (FOLD.height - y) * MM)
    for item in items:
        _REPORTLAB[type(item)](canvas, item)
    canvas.restoreState()


def _rl_words(canvas: Any, item: Words) -> None:
    canvas.setFont(f"TaniSans-{item.weight}", item.size)
    canvas.setFillColorRGB(*item.colour)
    canvas.drawString(item.x * MM, -item.baseline * MM, item.text)


def _rl_area(canvas: Any, item: Area) -> None:
    canvas.setFillColorRGB(*item.colour)
    box = item.box
    canvas.rect(box.x * MM, -box.bottom * MM, box.width * MM, box.height * MM, stroke=0, fill=1)


def _rl_frame(canvas: Any, item: Frame) -> None:
    canvas.setStrokeColorRGB(*item.colour)
    canvas.setLineWidth(item.line * MM)
    box = item.box
    canvas.roundRect(
        box.x * MM, -box.bottom * MM, box.width * MM, box.height * MM, item.radius * MM
    )


def _rl_hatch(canvas: Any, item: Hatch) -> None:
    canvas.setStrokeColorRGB(*item.colour)
    canvas.setLineWidth(item.line * MM)
    at, box, lines = item.box.x, item.box, []
    while at < box.right - box.height:
        lines.append((at * MM, -box.bottom * MM, (at + box.height) * MM, -box.y * MM))
        at += item.pitch
    canvas.lines(lines)


def _rl_curve(canvas: Any, item: Curve) -> None:
    canvas.setFillColorRGB(*item.colour)
    path = canvas.beginPath()
    for operator, *numbers in item.steps:
        at = [float(n) * (-MM if i % 2 else MM) for i, n in enumerate(numbers)]
        (path.moveTo if operator == "M" else path.curveTo)(*at)
    canvas.drawPath(path, stroke=0, fill=1)


def _rl_photo(canvas: Any, item: Photo) -> None:
    box = item.box
    reader = ImageReader(io.BytesIO(item.jpeg))
    canvas.drawImage(reader, box.x * MM, -box.bottom * MM, box.width * MM, box.height * MM)


def _rl_code(canvas: Any, item: Code) -> None:
    rows = qr_modules(item.text)
    module = item.box.width / len(rows) * MM
    at = f"{item.box.x * MM:.3f} {-item.box.y * MM:.3f}"
    canvas.addLiteral(f"q 0 g {module:.5f} 0 0 {-module:.5f} {at} cm {dark_path(rows)} f Q")


_REPORTLAB: dict[type, Callable[..., None]] = {
    Words: _rl_words,
    Area: _rl_area,
    Frame: _rl_frame,
    Hatch: _rl_hatch,
    Curve: _rl_curve,
    Photo: _rl_photo,
    Code: _rl_code,
}


def in_reportlab_with_forms(cards: list[CardContent], faces: Faces, output: Path) -> None:
    canvas = _canvas(output)
    painter = Painter(canvas)
    painter.start_page(FOLD.width, FOLD.height)
    for index, (card, own) in enumerate(zip(cards, faces, strict=True)):
        place = index % FOLD.capacity
        if place == 0:
            if index:
                canvas.showPage()
            painter.paint(FOLD.front_marks(SETTINGS, measure), 0, 0)
        painter.stamp("f", partial(_front, card), *FOLD.fronts[place], FOLD.front_box)
        painter.paint(own[0], *FOLD.fronts[place])
        painter.stamp("b", partial(_back, card), *FOLD.backs[place], FOLD.back_box)
        painter.paint(own[1], *FOLD.backs[place])
    canvas.save()


def _front(card: CardContent) -> list[Item]:
    return [*fixed_front(card.kind, SETTINGS, measure), *fixed_end(card.kind, SETTINGS, measure)]


def _back(card: CardContent) -> list[Item]:
    return fixed_back(card.kind, card.printed_on, SETTINGS, measure)


def _seconds(draw: Callable[[], None]) -> float:
    start = time.perf_counter()
    draw()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cards", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(json.dumps(run(given.cards, given.rounds), indent=2))


def run(count: int, rounds: int) -> dict[str, Any]:
    portraits = photos(count)
    cards = list(contents(portraits, count))
    whole = [(front(c, SETTINGS, measure), back(c, SETTINGS, measure)) for c in cards]
    own = [(own_front(c, SETTINGS, measure), own_back(c)) for c in cards]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "cards.pdf"
        runs: dict[str, Callable[[], None]] = {
            "ours": lambda: ours(portraits, count, output),
            "fpdf2": lambda: in_fpdf2(cards, whole, output),
            "bare": lambda: in_reportlab(cards, whole, output),
            "bare_forms": lambda: in_reportlab_with_forms(cards, own, output),
        }
        times: dict[str, list[float]] = {name: [] for name in runs}
        sizes = {}
        for _ in range(rounds):
            for name, draw in runs.items():
                times[name].append(_seconds(draw))
                sizes[name] = round(output.stat().st_size / 1e6, 1)
    middle = {name: statistics.median(found) for name, found in times.items()}
    return {
        "cards": count,
        "rounds": rounds,
        "photo_bytes": round(statistics.mean(map(len, portraits))),
        "cards_per_second": {name: round(count / seconds) for name, seconds in middle.items()},
        "megabytes": sizes,
        "ours_to_fpdf2": round(middle["fpdf2"] / middle["ours"], 2),
        "ours_to_bare": round(middle["bare"] / middle["ours"], 2),
        "ours_to_bare_forms": round(middle["bare_forms"] / middle["ours"], 2),
        "memory_mb": {str(cards): _peak_mb(cards) for cards in (5, count, 10 * count)},
        "first_card_ms": _first_card_ms(),
    }


def _peak_mb(count: int) -> float:
    """Return the peak memory of a new process that draws so many cards, each with its portrait."""
    return float(_in_new_process(MEMORY.format(path=_PATHS, count=count)))


def _first_card_ms() -> list[float]:
    """The first card of new processes with everything imported: pressing print to a whole PDF."""
    program = FIRST_CARD.format(path=_PATHS)
    return sorted(float(_in_new_process(program)) for _ in range(5))


def _in_new_process(program: str) -> str:
    line = [sys.executable, "-c", program]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
