"""Look at the papers of a thousand invented people, in both languages, on every sheet.

    python -m tests.faults.check_papers [--people 1000] [--seed 7]

Each paper is written as a PDF and read back by pdfium: nothing lies on anything else, nothing
leaves its card, nothing is too small or too pale, in colour or on a grey copy. Names run from one
letter to 98, with words of 30 letters, apostrophes and marks; villages are those of the regency.
Planted faults are the control: each must be found, else the run does not count. Prints one JSON
object; exit 1 if anything was found or a control was not.
"""

import argparse
import csv
import io
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from enumerator_app.cards.archive import ArchivalCanvas
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.drawing import MM, Painter
from enumerator_app.cards.fonts import measure
from enumerator_app.cards.imposition import sheet
from enumerator_app.cards.items import Item, Words
from enumerator_app.cards.layout import CARD_HEIGHT, CARD_WIDTH, front
from enumerator_app.cards.sheets import render_cards
from enumerator_app.texts import LANGUAGES
from tests.paper_check import Page, Rules, contrast, face_problems, pages_of, sheet_problems
from tests.paper_office import SETTINGS, Office, make_office, portrait

ROOT = Path(__file__).resolve().parents[2]
FACES = ("cr80", "receipt-58", "receipt-80")
SHEETS = ("a4-5-fold", "a4-10")
KINDS = ("provisional", "active")
SYLLABLES = ["mu", "sa", "ri", "na", "wi", "dya", "nur", "has", "sul", "ta", "kar", "tin", "yah"]
ODD_NAMES = (
    "I", "W" * 30, "O'Néill D'Arcy", "R. Aj. Nur'aini", "K\u0323a\u0302ni Ñoño", "Mu'min bin Sa'id",
    "Kartosuwiryodiningratkusumawar Sastro", "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z",
)  # fmt: skip
LABELS = (
    r"^Nomor pendataan$", r"^Record number$", r"\(KPJ\)$", r"^Salinan ke-\d+$", r"^Copy \d+$",
    r"^PEMERINTAH ", r"^GOVERNMENT ", r"Kec\. ", r"^(Desa|Kel\.|Desa Adat) ", r"^50 mm$",
    # the foot of a provisional back
    r"^Dicetak \d", r"^Printed \d", r"oleh BPJS\.", r"tanpa internet", r"without internet",
    r"diperiksa di", r"checked at", r"kantor desa, tanpa", r"by BPJS", r"Keaslian kode",
    # how to cut a sheet
    r"^Gunting garis", r"^Cut along", r"^Sisi (depan|belakang)", r"^(Front|Back) side",
)  # fmt: skip
BODIES = (
    "Setelah BPJS Ketenagakerjaan memberi nomor peserta dan iuran pertama dibayar.",
    "Kabarnya lewat kantor desa.", "Jangan beri uang kepada siapa pun untuk kertas ini.",
    "1. Ke rumah sakit. Bawa KTP.", "2. Bilang: kecelakaan kerja, JKK.",
    "3. Lapor posko dalam 2 hari.",
    "Keluarga telepon posko. Siapkan KTP, KK, akta kematian, surat ahli waris.",
    "1. Go to hospital. Take your KTP.", "2. Say: work accident, JKK.",
    "3. Report it within 2 days.",
)  # fmt: skip
TODAY = date(2026, 11, 22)


@dataclass
class Found:
    """What a run saw; `least_points` and `least_contrast` are over every line of text."""

    faces: int = 0
    sheets: int = 0
    lines: int = 0
    least_points: float = 99.0
    least_contrast: float = 99.0
    problems: list[str] = field(default_factory=list)

    def take(self, page: Page, problems: Iterator[str], where: str) -> None:
        self.lines += len(page.lines)
        self.least_points = min([self.least_points, *(line.points for line in page.lines)])
        ratios = (contrast(line.ink, page.ground(line)) for line in page.lines)
        self.least_contrast = min([self.least_contrast, *ratios])
        self.problems += [f"{where}: {problem}" for problem in problems]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    report = run(given.people, given.seed)
    print(json.dumps(report, indent=2, ensure_ascii=False))
    return 0 if report["as_expected"] else 1


def run(people: int, seed: int) -> dict[str, Any]:
    started = time.monotonic()
    office, chance, found = make_office(), random.Random(seed), Found()
    cards = [invented(office, chance, serial) for serial in range(1, people + 1)]
    for language in LANGUAGES:
        settings = replace(SETTINGS, language=language)
        for start in range(0, people, 50):
            check_faces(cards[start : start + 50], settings, found)
        check_sheets(cards, settings, found)
    missed = [name for name, problems in planted(office).items() if not problems]
    return {
        "people": people, "languages": len(LANGUAGES), "faces": found.faces,
        "sheets": found.sheets, "lines": found.lines, "least_points": found.least_points,
        "least_contrast": round(found.least_contrast, 1), "problems": len(found.problems),
        "first_problems": " / ".join(found.problems[:5]), "planted": len(PLANTED),
        "planted_missed": len(missed), "as_expected": not found.problems and not missed,
        "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip


def check_faces(cards: list[CardContent], settings: PaperSettings, found: Found) -> None:
    for layout in FACES:
        pages = pages_of(_pdf(cards, layout, settings))
        sides = len(pages) // len(cards)
        for number, page in enumerate(pages):
            card = cards[number // sides]
            rules = Rules(LABELS, BODIES, card.name)
            where = f"{layout}, {card.number}, {settings.language}"
            found.take(page, face_problems(page, rules), where)
            found.faces += 1


def check_sheets(cards: list[CardContent], settings: PaperSettings, found: Found) -> None:
    for layout in SHEETS:
        paper = sheet(layout)
        for start in range(0, len(cards), 100):
            for number, page in enumerate(
                pages_of(_pdf(cards[start : start + 100], layout, settings))
            ):
                corners = paper.backs if paper.two_sided and number % 2 else paper.fronts
                if not paper.two_sided:
                    corners = (*paper.fronts, *paper.backs)
                places = [(x, y, x + CARD_WIDTH, y + CARD_HEIGHT) for x, y in corners]
                found.take(page, sheet_problems(page, places), f"{layout}, {settings.language}")
                found.sheets += 1


def invented(office: Office, chance: random.Random, serial: int) -> CardContent:
    """Return a person's card of any kind that can be."""
    kind = chance.choice(KINDS)
    village, district = chance.choice(_places())
    card = office.content(serial, chance.choice(ODD_NAMES), kind)
    return replace(
        card,
        name=chance.choice([card.name, _name(chance), _name(chance), _name(chance)]),
        village=village,
        district=district,
        village_kind=chance.choice(["desa", "kelurahan", "desa_adat"]),
        programmes=chance.choice([("JKK",), ("JKK", "JKM"), ("JKK", "JKM", "JHT")]),
        photo=chance.choice([None, portrait(serial)]),
        copy=chance.choice([1, 1, 2, 11]),
        kpj=f"{chance.randrange(10**10, 10**11)}" if kind == "active" else None,
    )


def _name(chance: random.Random) -> str:
    words = chance.choice([1, 2, 2, 2, 3, 3, 4, 6, 12])
    made = " ".join(
        "".join(chance.choices(SYLLABLES, k=chance.randint(1, 5))).title() for _ in range(words)
    )
    return made[:98].strip()


def _places() -> list[tuple[str, str]]:
    table = ROOT / "resources" / "places" / "kab_bekasi_villages.csv"
    with table.open(encoding="utf-8") as file:
        return [(row["name"], row["district_name"]) for row in csv.DictReader(file)]


def _pdf(cards: list[CardContent], layout: str, settings: PaperSettings) -> bytes:
    written = io.BytesIO()
    render_cards(cards, written, layout, settings=settings)
    return written.getvalue()


# The control: a face with one fault each.


def planted(office: Office) -> dict[str, list[str]]:
    """Return what the checker says of each face with a planted fault."""
    content = office.content()
    rules = Rules(LABELS, BODIES, content.name)
    items = front(content, SETTINGS, measure)
    answers = {}
    for name, spoil in PLANTED.items():
        (page,) = pages_of(_drawn([spoil(item) for item in items]))
        answers[name] = list(face_problems(page, rules))
    return answers


def _drawn(items: list[Item]) -> bytes:
    written = io.BytesIO()
    size = (CARD_WIDTH * MM, CARD_HEIGHT * MM)
    canvas = ArchivalCanvas(written, size=size, title="x", author="x", language="id")
    painter = Painter(canvas)
    painter.start_page(CARD_WIDTH, CARD_HEIGHT)
    painter.paint(items, 0, 0)
    canvas.save()
    canvas.abandon()
    return written.getvalue()


def _spoiled(begins: str, **changes: Any) -> Callable[[Item], Item]:
    def spoil(item: Item) -> Item:
        is_it = isinstance(item, Words) and item.text.startswith(begins)
        return replace(item, **changes) if is_it else item

    return spoil


PLANTED: dict[str, Callable[[Item], Item]] = {
    "overlap": _spoiled("SITI", baseline=25.0),
    "on the portrait": _spoiled("Desa", x=20.0),
    "too small": _spoiled("Bukan kartu", size=8.0),
    "small number": _spoiled("3216", size=8.0),
    "pale": _spoiled("3216", colour=(0.6, 0.6, 0.6)),
    "pale on amber": _spoiled("Bukan kartu", colour=(1.0, 1.0, 1.0)),
    "green on amber copies badly": _spoiled("SUDAH", colour=(0.30, 0.52, 0.30)),
    "over the side": _spoiled("SITI", x=45.0),
    "over the bottom": _spoiled("Bukan kartu", baseline=53.0),
}

if __name__ == "__main__":
    sys.exit(main())
