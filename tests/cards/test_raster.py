"""Pages as dots for a printer: the bands together are the page."""

import io

import numpy as np
import pypdfium2
import pytest

from enumerator_app.cards.raster import dots_of
from enumerator_app.cards.sheets import render_cards


@pytest.mark.parametrize("rows", [16, 100, 10_000])
def test_bands_of_any_height_make_the_page(office, settings, rows):
    written = io.BytesIO()
    render_cards([office.content(), office.content(2, kind="active")], written, "a4-10",
                 settings=settings)  # fmt: skip
    pages = list(_joined(written.getvalue(), rows))
    assert len(pages) == 2
    for number, page in enumerate(pages):
        with pypdfium2.PdfDocument(written.getvalue()) as document:
            wide = document[number].get_width()
            whole = document[number].render(scale=page.shape[1] / wide * 0.99999)
            wanted = np.asarray(whole.to_pil().convert("RGB")).astype(int)
        assert page.shape == wanted.shape
        assert (np.abs(page - wanted) > 40).mean() < 0.001


def _joined(pdf, rows):
    for page in dots_of(pdf, 150):
        bands = [
            np.frombuffer(band.pixels, np.uint8).reshape(band.height, band.stride)
            for band in page.bands(rows)
        ]
        whole = np.vstack(bands)[:, : page.width * 4].reshape(page.height, page.width, 4)
        yield whole[:, :, 2::-1].astype(int)


def test_a_roll_has_a_dot_for_each_of_its_head(office, settings):
    written = io.BytesIO()
    render_cards([office.content()], written, "receipt-58", settings=settings)
    (page,) = ((page.width, page.height) for page in dots_of(written.getvalue(), 203.2))
    assert page[0] == 58 * 8
