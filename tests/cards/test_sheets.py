import io
import re
import subprocess
import tracemalloc
from dataclasses import replace
from datetime import date

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pyzbar import pyzbar

from enumerator_app.cards.fonts import font
from enumerator_app.cards.imposition import A4_WIDTH, sheet
from enumerator_app.cards.items import Box
from enumerator_app.cards.layout import CARD_HEIGHT, CARD_WIDTH
from enumerator_app.cards.output import PaperNotWritten
from enumerator_app.cards.reading import read_codes_from_image, read_codes_from_pdf
from enumerator_app.cards.seal import open_seal
from enumerator_app.cards.sheets import render_cards
from enumerator_app.domain.errors import PhotoUnreadable
from tests.faults.read_bad_copies import bad_copy

TODAY = date(2026, 11, 22)
NAMES = ["Siti Maemunah", "Abd. Muis bin Sarkim", "Nyi Idah", "I", "W" * 98]


def people(office, count, kind=None):
    kinds = ("provisional", "active")
    return [
        office.content(serial, NAMES[serial % len(NAMES)], kind or kinds[serial % 2])
        for serial in range(1, count + 1)
    ]


def pdf_of(contents, sheet_name, settings, **more):
    written = io.BytesIO()
    pages = render_cards(contents, written, sheet_name, settings=settings, **more)
    return pages, written.getvalue()


def page_texts(raw):
    with pypdfium2.PdfDocument(raw) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def picture(raw, page=0, dpi=150):
    with pypdfium2.PdfDocument(raw) as document:
        return document[page].render(scale=dpi / 72).to_pil().convert("RGB")


@pytest.mark.parametrize("sheet_name", ["a4-5-fold", "a4-10", "cr80", "receipt-58", "receipt-80"])
@pytest.mark.parametrize("dpi", [200, 300])
def test_every_code_of_twenty_cards_is_read_back_and_genuine(
    office, settings, tmp_path, sheet_name, dpi
):
    contents = people(office, 20)
    path = tmp_path / "cards.pdf"
    render_cards(contents, path, sheet_name, settings=settings)
    codes = read_codes_from_pdf(path, dpi=dpi)
    assert sorted(codes) == sorted(content.seal for content in contents)
    assert {open_seal(code, office.trust, TODAY).word for code in codes} == {"genuine"}


@pytest.mark.parametrize("language", ["id", "en"])
def test_codes_are_read_in_the_order_of_the_cards(office, settings, tmp_path, language):
    contents = people(office, 8)
    path = tmp_path / "cards.pdf"
    render_cards(contents, path, "a4-5-fold", settings=replace(settings, language=language))
    assert read_codes_from_pdf(path) == [content.seal for content in contents]


@pytest.mark.parametrize(
    ("sheet_name", "cards", "first_position", "pages"),
    [
        ("a4-5-fold", 5, 0, 1),
        ("a4-5-fold", 6, 0, 2),
        ("a4-5-fold", 5, 1, 2),
        ("a4-5-fold", 1, 4, 1),
        ("a4-10", 10, 0, 2),
        ("a4-10", 11, 0, 4),
        ("a4-10", 2, 9, 4),
        ("cr80", 3, 0, 6),
        ("receipt-58", 3, 2, 3),
    ],
)
def test_cards_fill_sheets(office, settings, sheet_name, cards, first_position, pages):
    counted, raw = pdf_of(
        people(office, cards), sheet_name, settings, first_position=first_position
    )
    with pypdfium2.PdfDocument(raw) as document:
        assert counted == len(document) == pages


def test_a_started_sheet_leaves_its_used_places_white(office, settings):
    _, raw = pdf_of(people(office, 1), "a4-5-fold", settings, first_position=3)
    page = np.asarray(picture(raw).convert("L"))
    places = [
        ink_at(page, Box(x, y, CARD_WIDTH, CARD_HEIGHT)) for x, y in sheet("a4-5-fold").fronts
    ]
    assert [ink > 0 for ink in places] == [False, False, False, True, False]


def ink_at(page, box, dpi=150):
    left, top = int((box.x + 0.5) * dpi / 25.4), int((box.y + 0.5) * dpi / 25.4)
    right, bottom = int((box.right - 0.5) * dpi / 25.4), int((box.bottom - 0.5) * dpi / 25.4)
    return int((page[top:bottom, left:right] < 200).sum())


def test_each_back_lies_behind_its_front_when_flipped_on_the_long_edge():
    paper = sheet("a4-10")
    for (front_x, front_y), (back_x, back_y) in zip(paper.fronts, paper.backs, strict=True):
        assert back_x == pytest.approx(A4_WIDTH - front_x - CARD_WIDTH)
        assert back_y == front_y


def test_the_fold_sheet_has_the_proven_places():
    paper = sheet("a4-5-fold")
    assert paper.fold_x == 105.0
    assert paper.fronts[0] == pytest.approx((19.4, 9.55))
    assert paper.fronts[1][1] - paper.fronts[0][1] == pytest.approx(55.98)
    assert paper.backs[0] == pytest.approx((105.0, 9.55))


def test_the_test_line_is_fifty_millimetres(office, settings):
    _, raw = pdf_of(people(office, 1), "a4-5-fold", settings)
    dpi = 600
    page = np.asarray(picture(raw, dpi=dpi).convert("L"))
    row = page[round((297 - 4.6) * dpi / 25.4), int(138 * dpi / 25.4) :]  # right of its label
    dark = np.flatnonzero(row < 100)
    assert (dark[-1] - dark[0] + 1) * 25.4 / dpi == pytest.approx(50, abs=0.1)


def test_offsets_move_the_print(office, settings):
    moved = replace(settings, offset_x_mm=3, offset_y_mm=2, back_offset_x_mm=1)
    before, after = (pdf_of(people(office, 1), "a4-10", option)[1] for option in (settings, moved))
    shift = [
        np.array(dark_corner(picture(after, page))) - dark_corner(picture(before, page))
        for page in (0, 1)
    ]
    assert [list(mm.round()) for mm in shift] == [[3, 2], [4, 2]]


def dark_corner(page, dpi=150):
    rows, columns = np.nonzero(np.asarray(page.convert("L")) < 200)
    return np.array([columns.min(), rows.min()]) * 25.4 / dpi


@pytest.mark.parametrize("sheet_name", ["a4-5-fold", "a4-10", "cr80", "receipt-58", "receipt-80"])
def test_all_fonts_are_embedded_and_none_is_helvetica(office, settings, tmp_path, sheet_name):
    path = tmp_path / "cards.pdf"
    render_cards(people(office, 6), path, sheet_name, settings=settings)
    listed = subprocess.run(
        ["pdffonts", path], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert listed
    assert all(
        re.search(r"SourceSansPro\S* +TrueType +WinAnsi +yes yes yes", row) for row in listed
    )


def test_the_text_can_be_searched_and_copied(office, settings):
    content = office.content(42, "D'Arcy Åsa (Múller)", "active", copy=2)
    _, raw = pdf_of([content], "a4-5-fold", settings)
    (shown,) = page_texts(raw)
    for words in ("D'ARCY ÅSA (MÚLLER)", content.number, "26012345678", "Salinan ke-2", "BPJS 175"):
        assert words in shown


@pytest.mark.parametrize("sheet_name", ["cr80", "receipt-58", "receipt-80"])
@pytest.mark.parametrize("kind", ["provisional", "active"])
def test_the_text_comes_out_in_the_order_in_which_it_is_read(office, settings, sheet_name, kind):
    content = office.content(42, kind=kind, copy=2)
    _, raw = pdf_of([content], sheet_name, settings)
    said = " ".join(" ".join(page_texts(raw)).split())
    slip = ("BUKTI PENDATAAN", "SITI MAEMUNAH", "Nomor pendataan", content.number,
            "Desa Karangharja", "Didata 22-11-2026", "SUDAH DIDATA.", "BELUM DIJAMIN.",
            "Bukan kartu BPJS.", "Kapan saya dijamin?", "Gratis.", "Posko")  # fmt: skip
    card = ("KARTU PEKERJA TANI", "SITI MAEMUNAH", "Nomor pendataan", content.number, "(KPJ)",
            "26012345678", "Desa Karangharja", "DIJAMIN 01-11-2026", "s.d. 31-10-2027",
            "Kecelakaan kerja (JKK)", "Kecelakaan saat kerja?", "1. Ke rumah sakit.",
            "2. Bilang:", "3. Lapor", "Peserta meninggal?", "Posko", "BPJS 175")  # fmt: skip
    places = [said.index(words) for words in (slip if kind == "provisional" else card)]
    assert places == sorted(places)


def test_nothing_personal_stands_in_the_properties(office, settings):
    content = office.content(42, "Siti Maemunah")
    _, raw = pdf_of([content], "a4-5-fold", settings)
    with pypdfium2.PdfDocument(raw) as document:
        properties = document.get_metadata_dict()
    assert properties["Title"] == "Kartu dan bukti pendataan"
    assert "Maemunah" not in str(properties)
    assert content.number.encode() not in raw


def test_the_same_cards_make_the_same_file(office, settings):
    assert pdf_of(people(office, 7), "a4-5-fold", settings) == pdf_of(
        people(office, 7), "a4-5-fold", settings
    )


def test_the_pdf_asks_to_be_printed_at_full_size(office, settings):
    _, raw = pdf_of(people(office, 1), "a4-10", settings)
    assert b"/PrintScaling /None" in raw
    assert b"/Duplex /DuplexFlipLongEdge" in raw


def test_an_rgb_photo_is_put_in_as_it_is(office, settings, make_portrait):
    jpeg = make_portrait(3)
    _, raw = pdf_of([office.content(photo=jpeg)], "cr80", settings)
    assert raw.count(jpeg) == 1


def test_a_photo_shown_twice_is_stored_once(office, settings, make_portrait):
    jpeg = make_portrait(3)
    cards = [office.content(serial, photo=jpeg) for serial in range(1, 12)]
    _, raw = pdf_of(cards, "a4-5-fold", settings)
    assert raw.count(jpeg) == 1


@pytest.mark.parametrize(("mode", "file_format"), [("L", "JPEG"), ("CMYK", "JPEG"), ("RGB", "PNG")])
def test_other_photos_are_made_printable(office, settings, make_portrait, mode, file_format):
    odd = make_portrait(3, mode=mode, file_format=file_format)
    _, raw = pdf_of([office.content(photo=odd)], "cr80", settings)
    assert odd not in raw
    shown = picture(raw).crop((30, 80, 140, 220))
    assert len(set(shown.get_flattened_data())) > 2


@pytest.mark.parametrize("photo", [b"", b"no picture", b"\xff\xd8\xff\xe0 broken"])
def test_a_broken_photo_names_its_card_and_leaves_no_file(office, settings, tmp_path, photo):
    content = office.content(photo=photo)
    with pytest.raises(PhotoUnreadable) as refused:
        render_cards([content], tmp_path / "cards.pdf", "a4-5-fold", settings=settings)
    assert refused.value.parameters == {"number": content.number}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [(160, 120), (60, 300), (22, 28)])
def test_a_photo_of_any_shape_fills_its_frame(office, settings, make_portrait, size):
    _, raw = pdf_of([office.content(photo=make_portrait(1, size=size))], "cr80", settings)
    page = picture(raw, dpi=300)
    corners = [(3.4, 12.1), (24.6, 12.1), (3.4, 39.3), (24.6, 39.3)]
    for x, y in corners:
        assert page.getpixel((int(x * 300 / 25.4), int(y * 300 / 25.4))) != (255, 255, 255)
    assert page.getpixel((int(26 * 300 / 25.4), int(25 * 300 / 25.4))) == (255, 255, 255)


def test_a_configured_logo_takes_the_place_of_the_rice_ear(office, settings):
    written = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(written, "PNG")
    own = replace(settings, logo=written.getvalue())
    for kind in ("provisional", "active"):
        _, raw = pdf_of([office.content(kind=kind)], "cr80", own)
        middle = (int(6.5 * 300 / 25.4), int(5.1 * 300 / 25.4))
        assert picture(raw, dpi=300).getpixel(middle) == (200, 30, 30)
        _, raw = pdf_of([office.content(kind=kind)], "cr80", settings)
        assert (200, 30, 30) not in set(picture(raw, dpi=300).get_flattened_data())


def test_the_two_kinds_differ_on_a_grey_photocopy(office, settings):
    copies = {}
    for kind in ("provisional", "active"):
        _, raw = pdf_of([office.content(kind=kind)], "cr80", settings)
        copies[kind] = np.asarray(picture(raw, dpi=150).convert("L"))
    head, strip = slice(2, 8), slice(250, 310)
    assert copies["provisional"][head].mean() > 200
    assert copies["active"][head].mean() < 100
    assert copies["provisional"][strip].mean() > 170
    assert copies["active"][strip].mean() < 120


def test_progress_counts_cards(office, settings):
    seen = []
    pdf_of(people(office, 7), "a4-5-fold", settings, first_position=2, on_progress=seen.append)
    assert seen == [3, 7]


def test_a_cancelled_run_is_a_whole_file_of_what_was_done(office, settings, tmp_path):
    contents, seen = people(office, 20), []
    path = tmp_path / "cards.pdf"
    render_cards(
        contents,
        path,
        "a4-5-fold",
        settings=settings,
        on_progress=seen.append,
        cancelled=lambda: len(seen) == 2,
    )
    done = seen[-1]
    assert 10 <= done < 20
    assert read_codes_from_pdf(path) == [content.seal for content in contents[:done]]


def test_without_cards_nothing_is_written(settings, tmp_path):
    assert render_cards([], tmp_path / "cards.pdf", "a4-5-fold", settings=settings) == 0
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_until_the_new_one_is_whole(office, settings, tmp_path):
    path = tmp_path / "cards.pdf"
    path.write_bytes(b"older")

    def interrupted():
        yield from people(office, 6)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        render_cards(interrupted(), path, "a4-5-fold", settings=settings)
    assert path.read_bytes() == b"older"
    assert [entry.name for entry in tmp_path.iterdir()] == ["cards.pdf"]


def test_a_folder_that_is_not_there_is_a_known_error(office, settings, tmp_path):
    with pytest.raises(PaperNotWritten):
        render_cards(people(office, 1), tmp_path / "no" / "c.pdf", "cr80", settings=settings)


def test_a_full_disk_is_a_known_error(office, settings, tmp_path):
    with pytest.raises(PaperNotWritten):
        render_cards(people(office, 1), FullDisk(), "cr80", settings=settings)


class FullDisk(io.RawIOBase):
    def write(self, _data):
        raise OSError(28, "No space left on device")


def test_an_unknown_sheet_is_a_bug(office, settings):
    with pytest.raises(KeyError):
        render_cards(people(office, 1), io.BytesIO(), "a3", settings=settings)


class Nowhere(io.RawIOBase):
    def write(self, data):
        return len(data)


def peak_bytes(office, settings, count):
    photo = b"\xff" * 60_000
    base = people(office, 1)[0]
    contents = (replace(base, photo=base.photo + photo + n.to_bytes(4)) for n in range(count))
    tracemalloc.start()
    try:
        render_cards(contents, Nowhere(), "a4-5-fold", settings=settings)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_photos(office, settings):
    peak_bytes(office, settings, 5)  # fonts are loaded once
    few, many = (peak_bytes(office, settings, count) for count in (20, 120))
    assert many - few < 500_000  # 100 photos more are 6 MB, 20 pages 1 MB


def test_an_abandoned_run_leaves_no_glyphs_behind(office, settings):
    with pytest.raises(PhotoUnreadable):
        pdf_of([*people(office, 5), office.content(photo=b"")], "a4-5-fold", settings)
    assert not font("bold").state


@pytest.mark.parametrize(
    "dpi", [175, *(pytest.param(dpi, marks=pytest.mark.slow) for dpi in (200, 300))]
)
def test_bad_copies_are_read_twenty_of_twenty(office, settings, tmp_path, dpi):
    contents = people(office, 20)
    _, raw = pdf_of(contents, "a4-5-fold", settings)
    codes = []
    for number in range(4):
        path = tmp_path / f"{number}.png"
        bad_copy(picture(raw, number, dpi=dpi), number).save(path)
        codes += read_codes_from_image(path)
    assert sorted(codes) == sorted(content.seal for content in contents)


def test_a_reader_that_shares_no_code_with_ours_reads_the_same(office, settings):
    contents = people(office, 5)
    _, raw = pdf_of(contents, "a4-5-fold", settings)
    found = pyzbar.decode(picture(raw, dpi=200), symbols=[pyzbar.ZBarSymbol.QRCODE])
    assert {code.data.decode() for code in found} == {content.seal for content in contents}
