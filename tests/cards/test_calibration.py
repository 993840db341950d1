"""The test page: zero lies in the true middle, a reading is the correction, and it is PDF/A."""

import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest

from enumerator_app.cards.calibration import write_calibration
from enumerator_app.cards.sheets import render_cards
from tests.archive_check import problems_of
from tests.paper_check import pages_of

DPI = 254  # ten pixels a millimetre
MIDDLE = (1050, 1485)


def page_of(raw, number=0):
    with pypdfium2.PdfDocument(raw) as document:
        picture = document[number].render(scale=DPI / 72 * 0.9999, grayscale=True)
        return np.asarray(picture.to_pil())


@pytest.fixture
def written(settings):
    sink = io.BytesIO()
    assert write_calibration(sink, settings=settings, two_sided=True) == 2
    return sink.getvalue()


def test_it_is_pdf_a(written):
    assert problems_of(written) == []


@pytest.mark.parametrize("side", [0, 1])
def test_zero_of_both_scales_lies_in_the_middle_of_the_paper(written, side):
    zeros = [line for line in pages_of(written)[side].lines if line.text == "0"]
    across = max(zeros, key=lambda line: line.left)
    down = min(zeros, key=lambda line: line.left)
    assert (across.left + across.right) / 2 == pytest.approx(105, abs=0.1)
    assert (down.top + down.bottom) / 2 == pytest.approx(148.5, abs=0.5)
    page = page_of(written, side)
    long_mark = page[1000:1035, :]  # above the scale across only its longest marks reach
    columns = np.flatnonzero((long_mark < 128).all(axis=0))
    assert any(abs(column - MIDDLE[0]) <= 1 for column in columns)


def test_a_printer_that_is_off_is_read_as_the_offset_that_mends_it(office, settings, written):
    """The page comes out 1.5 mm too far left and 0.5 mm too low: fold, read, enter, print."""
    page = np.roll(page_of(written), (5, -15), axis=(0, 1))
    right = read_at(page[1000:1035, :].min(axis=0) < 128, crease=MIDDLE[0])
    down = read_at(page[:, 470:490].min(axis=1) < 128, crease=MIDDLE[1])
    assert (right, down) == (1.5, -0.5)
    mended = replace(settings, offset_x_mm=right, offset_y_mm=down)
    sheets = []
    for option in (settings, mended):
        sink = io.BytesIO()
        render_cards([office.content()], sink, "a4-5-fold", settings=option)
        sheets.append(page_of(sink.getvalue()))
    assert (
        np.abs(np.roll(sheets[1], (5, -15), axis=(0, 1)).astype(int) - sheets[0]) < 90
    ).mean() > 0.999


def read_at(dark, crease):
    """Return what stands at the crease, from the longest marks at -10, 0 and +10 mm."""
    marks = [place for place in np.flatnonzero(dark) if abs(place - crease) < 130]
    centres = [marks[0], *(b for a, b in pairwise(marks) if b - a > 5)]
    middle = centres[len(centres) // 2]
    return round((crease - middle) / 5) * 5 / 10


def test_the_square_has_sides_of_a_hundred_millimetres(written):
    page = page_of(written)[1700:2900] < 128
    rows = np.flatnonzero(page.sum(axis=1) > 950)
    columns = np.flatnonzero(page.sum(axis=0) > 950)
    assert rows.max() - rows.min() + 1 == pytest.approx(1000, abs=4)
    assert columns.max() - columns.min() + 1 == pytest.approx(1000, abs=4)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_word_is_large_and_on_the_paper(settings, language):
    sink = io.BytesIO()
    write_calibration(sink, settings=replace(settings, language=language))
    (page,) = pages_of(sink.getvalue())
    assert min(line.points for line in page.lines) >= 11
    assert all(line.left > 10 and line.right < 200 for line in page.lines)
