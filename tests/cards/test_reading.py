import io

import pypdfium2
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how_often
from hypothesis import strategies as st
from PIL import Image

from enumerator_app.cards.reading import (
    MAX_PIXELS,
    read_codes_from_image,
    read_codes_from_pdf,
)
from enumerator_app.cards.sheets import render_cards
from enumerator_app.domain.errors import FileUnreadable


@pytest.fixture(scope="session")
def sheet_pdf(office, settings):
    written = io.BytesIO()
    render_cards([office.content(n) for n in (1, 2, 3)], written, "a4-5-fold", settings=settings)
    return written.getvalue()


def page_picture(raw, dpi=150):
    with pypdfium2.PdfDocument(raw) as document:
        return document[0].render(scale=dpi / 72).to_pil()


@pytest.mark.parametrize(("suffix", "turn"), [("png", 0), ("jpg", 90), ("webp", 180), ("tiff", 0)])
def test_codes_are_read_from_a_picture_turned_any_way(office, sheet_pdf, tmp_path, suffix, turn):
    path = tmp_path / f"scan.{suffix}"
    page_picture(sheet_pdf).convert("RGB").rotate(turn, expand=True).save(path)
    assert sorted(read_codes_from_image(path)) == sorted(office.content(n).seal for n in (1, 2, 3))


def test_a_picture_without_a_code_has_none(tmp_path):
    path = tmp_path / "white.png"
    Image.new("RGB", (300, 300), "white").save(path)
    assert read_codes_from_image(path) == []


def test_a_pdf_without_a_code_has_none(tmp_path):
    path = tmp_path / "empty.pdf"
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(200, 200)
        document.save(path)
    assert read_codes_from_pdf(path) == []


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n", b"hello", b"\x89PNG\r\n\x1a\n" + b"\0" * 50]
)
def test_what_is_no_document_is_said_to_be_unreadable(tmp_path, content):
    path = tmp_path / "odd"
    path.write_bytes(content)
    for read in (read_codes_from_pdf, read_codes_from_image):
        with pytest.raises(FileUnreadable) as refused:
            read(path)
        assert refused.value.parameters == {"name": "odd"}


def test_a_missing_file_is_unreadable(tmp_path):
    for read in (read_codes_from_pdf, read_codes_from_image):
        with pytest.raises(FileUnreadable):
            read(tmp_path / "nothing.pdf")


def test_a_decompression_bomb_is_refused_before_it_is_opened(tmp_path):
    path = tmp_path / "bomb.png"
    Image.new("1", (8_000, MAX_PIXELS // 8_000 + 1)).save(path)
    assert path.stat().st_size < 20_000
    with pytest.raises(FileUnreadable):
        read_codes_from_image(path)


def test_a_page_as_large_as_a_wall_is_refused(tmp_path):
    path = tmp_path / "wall.pdf"
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(14_000, 14_000)
        document.save(path)
    with pytest.raises(FileUnreadable):
        read_codes_from_pdf(path)


@how_often(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 60_000), length=st.integers(1, 4_000), filler=st.integers(0, 255))
def test_a_damaged_pdf_is_read_or_refused(office, sheet_pdf, tmp_path, start, length, filler):
    raw = bytearray(sheet_pdf)
    start = min(start, len(raw) - 1)
    end = min(start + length, len(raw))
    raw[start:end] = bytes([filler]) * (end - start)
    path = tmp_path / "damaged.pdf"
    path.write_bytes(raw)
    known = {office.content(n).seal for n in (1, 2, 3)}
    try:
        assert set(read_codes_from_pdf(path, dpi=100)) <= known
    except FileUnreadable:
        assert raw != sheet_pdf


def test_a_cut_off_picture_is_refused(sheet_pdf, tmp_path):
    path = tmp_path / "half.jpg"
    page_picture(sheet_pdf).convert("RGB").save(path)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(FileUnreadable):
        read_codes_from_image(path)
