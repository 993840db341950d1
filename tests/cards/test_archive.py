"""Papers are PDF/A-2b: read by qpdf and fontTools, with a usual PDF as the control."""

import io
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from enumerator_app.cards.archive import ArchivalCanvas
from enumerator_app.cards.sheets import render_cards
from tests.archive_check import fonts_of, problems_of


def pdf_of(contents, sheet_name, settings):
    written = io.BytesIO()
    render_cards(contents, written, sheet_name, settings=settings)
    return written.getvalue()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("sheet_name", ["a4-5-fold", "a4-10", "cr80", "receipt-58", "receipt-80"])
def test_every_sheet_is_pdf_a(office, settings, sheet_name, language):
    cards = [
        office.content(1, "D'Arcy Åsa (Múller)", "active", copy=2),
        office.content(2, photo=None),
        office.content(3),
    ]
    raw = pdf_of(cards, sheet_name, replace(settings, language=language))
    assert problems_of(raw) == []


@pytest.mark.parametrize(
    ("mode", "file_format"),
    [("RGB", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG")],
)
def test_with_a_logo_of_any_kind_it_stays_pdf_a(office, settings, make_portrait, mode, file_format):
    logo = make_portrait(5, mode=mode, file_format=file_format)
    raw = pdf_of([office.content()], "cr80", replace(settings, logo=logo))
    assert problems_of(raw) == []


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_with_a_photo_of_any_kind_it_stays_pdf_a(office, settings, make_portrait, mode):
    photo = make_portrait(5, mode=mode)
    assert problems_of(pdf_of([office.content(photo=photo)], "cr80", settings)) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u0639\u0644\u064a Siti", "??? SITI"),
        ("Nur\U0001d400ini", "NURAINI"),
        ("Sit\ua9bf Ar\u1eadn", "SIT? AR\u1eacN"),
    ],
)
def test_a_letter_that_no_font_has_is_replaced_in_sight(office, settings, name, shown):
    raw = pdf_of([office.content(name=name)], "cr80", settings)
    assert problems_of(raw) == []
    with pypdfium2.PdfDocument(raw) as document:
        assert shown in document[0].get_textpage().get_text_range()


def test_the_id_follows_from_what_is_in_the_file(office, settings):
    ids = set()
    for serial in (1, 1, 2):
        raw = pdf_of([office.content(serial)], "cr80", settings)
        with pikepdf.open(io.BytesIO(raw)) as document:
            ids.add(bytes(document.trailer.ID[0]))
    assert len(ids) == 2


def test_any_drawing_on_the_canvas_is_pdf_a():
    written = io.BytesIO()
    canvas = ArchivalCanvas(
        written, size=(300, 300), title="Surat & <daftar>", author="Kabupaten Bekasi", language="id"
    )
    canvas.setFont("TaniSans-regular", 12)
    canvas.drawString(20, 20, "Gratis")
    canvas.save()
    canvas.abandon()
    assert problems_of(written.getvalue()) == []
    with pikepdf.open(io.BytesIO(written.getvalue())) as document:
        assert len(fonts_of(document)) == 1


def test_a_usual_pdf_does_not_pass_the_check():
    written = io.BytesIO()
    canvas = Canvas(written)
    canvas.setFillColorCMYK(1, 0, 0, 0)
    canvas.drawString(20, 20, "Gratis")
    canvas.save()
    said = " / ".join(problems_of(written.getvalue()))
    for fault in ("Helvetica is not embedded", "no XMP", "no output intent", "operator k",
                  "does not begin or end"):  # fmt: skip
        assert fault in said
