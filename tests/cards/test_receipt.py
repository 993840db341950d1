"""Receipts stand on the dots of a thermal head: 8 a millimetre, measured in the rendered page."""

import io
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from enumerator_app.cards.sheets import render_cards

DOTS = 8  # a millimetre
REACH = {"receipt-58": 48, "receipt-80": 72}  # millimetres that the head reaches


def dots_of(office, settings, roll, **changes):
    """Return the page as the head prints it: one pixel a dot."""
    written = io.BytesIO()
    render_cards([office.content(**changes)], written, roll, settings=settings)
    with pypdfium2.PdfDocument(written.getvalue()) as document:
        page = document[0]
        assert round(page.get_width() * 25.4 / 72, 2) == int(roll[-2:])
        scale = DOTS * 25.4 / 72 * 0.9999  # pdfium rounds up, and the page's size has a last digit
        return np.asarray(page.render(scale=scale, grayscale=True).to_pil())


@pytest.mark.parametrize("kind", ["provisional", "active"])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("roll", ["receipt-58", "receipt-80"])
def test_every_module_of_the_code_is_the_same_whole_number_of_dots(
    office, settings, roll, language, kind
):
    dots = dots_of(office, replace(settings, language=language), roll, kind=kind)
    (found,) = zxingcpp.read_barcodes(dots)
    top, left = found.position.top_left.y, found.position.top_left.x
    side, finder = 49 * 6, 7 * 6  # the dark square in the corner is seven modules wide
    area = dots[top - 2 : top + side + 2, left - 2 : left + side + 2] < 128
    rows, columns = np.nonzero(area)
    code = area[rows.min() :, columns.min() :]
    assert code[0, :finder].all()
    assert not code[0, finder : finder + 6].any()
    modules = code[:side, :side].reshape(49, 6, 49, 6)
    assert (modules.all(axis=(1, 3)) | ~modules.any(axis=(1, 3))).all()


@pytest.mark.parametrize("roll", ["receipt-58", "receipt-80"])
def test_lines_and_areas_have_sharp_edges(office, settings, roll):
    dots = dots_of(office, settings, roll, kind="active")
    dark = (dots < 128).sum(axis=1)
    bars = np.flatnonzero(dark >= REACH[roll] * DOTS - 8)
    edges = dots[[bars[0], bars[0] + 3]][:, 300:340]
    assert set(np.unique(edges)) == {0}  # no half-grey dot: the rule is four dots high
    assert set(np.unique(dots[[bars[0] - 1, bars[0] + 4]][:, 300:340])) == {255}


@pytest.mark.parametrize("roll", ["receipt-58", "receipt-80"])
@pytest.mark.parametrize("name", ["I", "Siti Maemunah", "W" * 30, "Nur" * 32, "Mu'min bin Sa'id"])
def test_nothing_is_printed_beyond_the_reach_of_the_head(office, settings, roll, name):
    dots = dots_of(office, settings, roll, name=name, village="Pantai Harapan Jaya")
    columns = np.flatnonzero((dots < 200).any(axis=0))
    margin = (int(roll[-2:]) - REACH[roll]) / 2 * DOTS
    assert columns.min() >= margin - 1
    assert columns.max() <= dots.shape[1] - margin + 1


@pytest.mark.parametrize("kind", ["provisional", "active"])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("roll", ["receipt-58", "receipt-80"])
def test_the_head_says_that_the_paper_is_free(office, settings, roll, language, kind):
    written = io.BytesIO()
    said = replace(settings, language=language)
    render_cards([office.content(kind=kind)], written, roll, settings=said)
    with pypdfium2.PdfDocument(written.getvalue()) as document:
        lines = document[0].get_textpage().get_text_range().splitlines()
    assert {"id": "GRATIS", "en": "FREE"}[language] in [line.strip() for line in lines[:4]]


def test_the_plain_name_is_the_wide_roll(office, settings):
    pages = [dots_of(office, settings, name) for name in ("receipt-80",)]
    written = io.BytesIO()
    render_cards([office.content()], written, "receipt", settings=settings)
    with pypdfium2.PdfDocument(written.getvalue()) as document:
        wide = document[0].get_width() * 25.4 / 72
    assert round(wide * DOTS) == pages[0].shape[1] == 640
