"""Codes of printed cards read back from pixels: clean, and as bad copies.

    python -m tests.faults.read_bad_copies [--cards 100]

A sheet is rendered at 300, 200, 175 and 150 dpi. A bad copy is turned by 3 degrees, blurred, made
pale and noisy, each with its own noise; one out of focus is blurred by 0.2 mm on paper (a third of
a module) instead of 0.8 pixels. Two readers that share no code look at bad copies: zxing-cpp, as
the program uses, and zbar. A code counts when its whole text comes back; the seals are genuine.
Prints one JSON object; exit 1 if zxing-cpp misses one at 175 dpi or more, or if the control, copies
too bad for anybody, is still read.
"""

import argparse
import io
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter
from pyzbar import pyzbar

from enumerator_app.cards.seal import open_seal
from enumerator_app.cards.sheets import render_cards
from tests.paper_office import SETTINGS, make_office

DPIS = (300, 200, 175, 150)
MUST_BE_READ = (300, 200, 175)
OUT_OF_FOCUS_MM = 0.2
TODAY = date(2026, 11, 22)
QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--cards", type=int, default=100)
    report = run(parser.parse_args().cards)
    print(json.dumps(report, indent=2))
    return 0 if report["as_expected"] else 1


def run(cards: int) -> dict[str, Any]:
    started = time.monotonic()
    pdf, seals = _sheets(cards)
    report: dict[str, Any] = {"cards": cards, "characters": len(seals[0])}
    for dpi in DPIS:
        pages = _pages(pdf, dpi)
        bad = [bad_copy(page, seed) for seed, page in enumerate(pages)]
        report[f"dpi_{dpi}"] = {
            "clean": _rate(pages, seals, _by_zxing),
            "bad_copy": _rate(bad, seals, _by_zxing),
            "bad_copy_by_zbar": _rate(bad, seals, _by_zbar),
            "out_of_focus": _rate(
                [
                    bad_copy(page, seed, blur=OUT_OF_FOCUS_MM * dpi / 25.4)
                    for seed, page in enumerate(pages)
                ],
                seals,
                _by_zxing,
            ),
        }
    worst = [bad_copy(page, seed, blur=3.0) for seed, page in enumerate(_pages(pdf, 150))]
    report["control"] = _rate(worst, seals, _by_zxing)
    read = [report[f"dpi_{dpi}"][copy] for dpi in MUST_BE_READ for copy in ("clean", "bad_copy")]
    report["as_expected"] = min(read) == 1 and report["control"] < 0.1
    report["seconds"] = round(time.monotonic() - started, 1)
    return report


def bad_copy(page: Image.Image, seed: int, *, blur: float = 0.8) -> Image.Image:
    """Return the page turned by 3 degrees, blurred, pale and noisy."""
    turned = page.convert("L").rotate(3, fillcolor=255, resample=Image.Resampling.BICUBIC)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(blur)), dtype=float) * 0.7 + 45
    noise = np.random.default_rng(seed).normal(0, 12, soft.shape)
    return Image.fromarray((soft + noise).clip(0, 255).astype(np.uint8))


def _sheets(count: int) -> tuple[bytes, list[str]]:
    office = make_office()
    kinds = ("provisional", "active")
    cards = [office.content(serial, kind=kinds[serial % 2]) for serial in range(1, count + 1)]
    for card in cards:
        assert open_seal(card.seal, office.trust, TODAY).word == "genuine"
    written = io.BytesIO()
    render_cards(cards, written, "a4-5-fold", settings=SETTINGS)
    return written.getvalue(), [card.seal for card in cards]


def _pages(pdf: bytes, dpi: int) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]


def _rate(
    pages: list[Image.Image], seals: list[str], read: Callable[[Image.Image], list[str]]
) -> float:
    found = {code for page in pages for code in read(page)}
    return round(len(found & set(seals)) / len(seals), 3)


def _by_zxing(page: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(page, formats=QR)]


def _by_zbar(page: Image.Image) -> list[str]:
    found = pyzbar.decode(page, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [code.data.decode() for code in found]


if __name__ == "__main__":
    sys.exit(main())
