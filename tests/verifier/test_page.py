"""The page as a village office uses it: a scanner's keys, pictures, a camera, both languages."""

import base64
import io
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from enumerator_app.cards.checking_page import checking_page
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.office_trust import OfficeTrust
from enumerator_app.cards.sheets import render_cards
from tests.verifier.browser import Browser, browser
from tests.verifier.conftest import opened_page
from tests.verifier.corpus import (
    TODAY,
    claims,
    mutations,
    sealed,
    table,
    trust_list,
    trust_of,
)

ENTER, ESCAPE = 13, 27
OWN, CARD = sealed(claims()), sealed(claims(43, "Darsono", "active"))


def scanned(page: Browser, code: str) -> None:
    """What a scanner at the USB port does: it types, and presses Enter."""
    page.type(code)
    page.press("Enter", ENTER)
    page.until("!document.getElementById('answers').hidden")


def answers(page: Browser) -> list[list[str]]:
    found: list[list[str]] = page.run(
        "Array.from(document.querySelectorAll('article'), (one) => "
        "[one.dataset.word, one.dataset.reason, one.querySelector('strong').textContent, "
        "one.querySelector('.sentence').textContent])"
    )
    return found


def sheet(count: int = 5) -> Image.Image:
    """The backs and fronts of real slips, as the printer gets them, at 200 dpi."""
    papers = [
        CardContent(
            kind="provisional", name="SITI MAEMUNAH", number=claims(n).number,
            village="Karangharja", district="Pebayuran", registered_on=TODAY,
            programmes=("JKK", "JKM"), photo=None, seal=sealed(claims(n)), printed_on=TODAY,
        )
        for n in range(50, 50 + count)
    ]  # fmt: skip
    pages = io.BytesIO()
    settings = PaperSettings(regency_name="Kabupaten Bekasi", posko_phone="0812-0000-0000")
    render_cards(papers, pages, "a4-5-fold", settings=settings)
    document = pypdfium2.PdfDocument(pages.getvalue())
    return document[0].render(scale=200 / 72).to_pil().convert("RGB")


def photographed(picture: Image.Image, seed: int) -> Image.Image:
    """The same as from a telephone: turned, from the side, in shadow, a little blurred, noisy."""
    dice = random.Random(seed)
    width, height = picture.size
    lean = [dice.uniform(0, 0.05) * width for _ in range(8)]
    corners = (
        -lean[0], -lean[1], -lean[2], height + lean[3],
        width + lean[4], height + lean[5], width + lean[6], -lean[7],
    )  # fmt: skip
    seen = picture.transform(
        picture.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor="#8a7a66"
    ).rotate(
        dice.uniform(-25, 25), Image.Resampling.BICUBIC, expand=True, fillcolor="#8a7a66"
    ).filter(ImageFilter.GaussianBlur(0.8))  # fmt: skip
    points = np.asarray(seen, dtype=float)
    shadow = np.linspace(0.55, 1.0, points.shape[1])[None, :, None]
    noise = np.random.default_rng(seed).normal(0, 7, points.shape)
    return Image.fromarray(np.clip(points * shadow + noise, 0, 255).astype("uint8"))


@pytest.mark.parametrize("case", [c for c in table() if c.code], ids=lambda case: case.name)
def test_each_answer_is_one_large_word_and_one_sentence(page: Browser, case):
    scanned(page, case.code.strip("\r\n"))
    ((word, reason, large, sentence),) = answers(page)
    assert (word, reason) == (case.word, case.reason)
    assert large == large.upper()
    assert sentence.endswith(".")
    assert not sentence.startswith(large)
    assert "{" not in page.run("document.body.innerText")
    assert page.run("document.getElementById('code').value") == ""


def test_nothing_unproven_is_shown(page: Browser):
    for code in mutations(60, seed=5):
        if "\x00" not in code and code.isprintable():
            page.run("document.getElementById('next').click()")
            scanned(page, code)
            said = page.run("document.getElementById('answers').innerText")
            assert claims().number not in said
            assert "Maemunah" not in said


def test_a_scanner_types_one_code_after_the_other(page: Browser):
    for code, word in ((OWN, "genuine"), (CARD, "genuine"), (OWN[:-3], "not_genuine")):
        scanned(page, code)
        assert [one[0] for one in answers(page)] == [word]
        assert page.run("document.activeElement.id") == "code"
    page.press("Escape", ESCAPE)
    assert answers(page) == []


def test_both_languages_say_the_answer(page: Browser):
    scanned(page, CARD)
    assert answers(page)[0][2] == "ASLI"
    page.run("document.getElementById('language').click()")
    assert page.run("document.documentElement.lang") == "en"
    assert answers(page)[0][2] == "GENUINE"
    assert "covered to 31-10-2027" in answers(page)[0][3]


def test_a_sheet_of_five_slips_is_read_out_of_a_photo(page: Browser, tmp_path: Path):
    for seed in range(3):
        path = tmp_path / f"sheet{seed}.jpg"
        photographed(sheet(), seed).save(path, quality=80)
        page.run("document.getElementById('next').click()")
        page.choose_files("#file", path)
        page.until("document.querySelectorAll('article').length > 0")
        assert [one[:2] for one in answers(page)] == [["genuine", "recorded"]] * 5
        assert "5 kode" in page.run("document.querySelector('h2').textContent")


def test_a_picture_without_a_code_and_a_file_that_is_none_are_told_apart(page, tmp_path: Path):
    Image.new("RGB", (900, 600), "#d8d0c0").save(tmp_path / "empty.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n")
    for name, words in (("empty.png", "Tidak ada kode"), ("broken.png", "tidak bisa dibaca")):
        page.choose_files("#file", tmp_path / name)
        page.until(f"document.getElementById('said').innerText.includes('{words}')")
        assert answers(page) == []


def test_its_reader_finds_what_the_programs_reader_finds(judge: Browser, tmp_path: Path):
    """Codes of all levels and sizes up to version 16, straight and turned."""
    dice, wanted, found = random.Random(7), [], []
    for n in range(0, 240, 2):
        text = "".join(dice.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", k=10 + n))
        made = zxingcpp.create_barcode(
            text, zxingcpp.BarcodeFormat.QRCode, ec_level="LMQH"[n // 2 % 4]
        )
        picture = Image.fromarray(made.to_image(scale=4, add_quiet_zones=True))
        if picture.width // 4 - 8 > 81:
            continue
        picture = picture.convert("RGBA").rotate(
            (0, 90, 180, 270, 13, 45)[n // 2 % 6], Image.Resampling.BICUBIC, True, fillcolor="white"
        )
        wanted.append(text)
        points = base64.b64encode(picture.tobytes()).decode()
        found += judge.run(
            f"Qr.read(Uint8ClampedArray.from(atob('{points}'), (c) => c.charCodeAt(0)), "
            f"{picture.width}, {picture.height})"
        )[:1] or [""]  # fmt: skip
    assert len(wanted) > 80
    assert found == wanted


def test_a_list_of_31_days_is_said_in_amber(chromium: Browser, tmp_path: Path):
    page = opened_page(chromium, tmp_path / "old.html", TODAY - timedelta(days=31))
    assert "31 hari" in page.run("document.getElementById('old').innerText")
    scanned(page, OWN)
    assert answers(page)[0][:3] == ["stale_list", "recorded_stale", "SEGEL BENAR"]


def test_a_clock_that_stands_before_the_list_is_said(chromium: Browser, tmp_path: Path):
    page = opened_page(chromium, tmp_path / "early.html", TODAY + timedelta(days=400))
    assert "22-11-2026" in page.run("document.getElementById('old').innerText")
    scanned(page, OWN)  # expired by the list's day, whatever the clock says
    assert answers(page)[0][0] == "expired"


def test_a_page_whose_list_was_changed_judges_nothing(chromium: Browser, tmp_path: Path):
    made = trust_list()
    trust = trust_of(made)
    forged = trust.document["list"].replace('"revoked":true', '"revoked":false')
    assert forged != trust.document["list"]
    changed = OfficeTrust(trust.root_key, {**trust.document, "list": forged})
    path = tmp_path / "changed.html"
    path.write_bytes(checking_page(changed, made))
    chromium.open(path)
    chromium.until("!document.getElementById('broken').hidden")
    assert chromium.run("document.getElementById('form').hidden") is True


def test_a_page_whose_program_was_changed_does_not_run(chromium: Browser, tmp_path: Path):
    made = trust_list()
    path = tmp_path / "changed.html"
    page = checking_page(trust_of(made), made)
    path.write_bytes(page.replace(b'throw new Refused("unknown_key")', b"return null"))
    assert path.read_bytes() != page
    chromium.open(path)
    assert chromium.run("document.getElementById('form').hidden") is True


def test_it_asks_nothing_of_any_network_and_says_nothing_on_the_console(page: Browser):
    scanned(page, OWN)
    assert [address for address in page.asked if not address.startswith("file:")] == []
    assert page.said == []
    refused = page.run("fetch('https://example.org').then(() => 'went', () => 'refused')")
    assert refused == "refused"
    page.said.clear()


@pytest.mark.parametrize("width", [320, 360, 683, 1366])
def test_it_never_scrolls_sideways(page: Browser, width: int):
    page.resize(width, 800)
    scanned(page, CARD)
    assert page.run("document.documentElement.scrollWidth <= innerWidth") is True
    page.resize(1366, 800)


def test_the_answer_prints_on_one_page_without_the_controls(page: Browser, tmp_path: Path):
    scanned(page, CARD)
    page.print_pdf(tmp_path / "answer.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "answer.pdf")
    assert len(document) == 1
    words = document[0].get_textpage().get_text_range()
    assert "ASLI" in words
    assert "Pilih gambar" not in words


def test_a_card_held_to_the_camera_is_read(tmp_path: Path):
    """The browser's own stand-in for a camera shows a film of a card."""
    picture = photographed(sheet(1).crop((0, 0, 1654, 700)), 3).resize((1280, 720))
    film = tmp_path / "film.mjpeg"
    frame = io.BytesIO()
    picture.save(frame, "JPEG", quality=85)
    film.write_bytes(frame.getvalue() * 3)
    made = trust_list()
    path = tmp_path / "page.html"
    path.write_bytes(checking_page(trust_of(replace(made)), made))
    flags = (
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )  # fmt: skip
    with browser(tmp_path / "profile", *flags) as page:
        page.open(path)
        page.until("!document.getElementById('form').hidden")
        page.run("document.getElementById('camera').click()")
        page.until("document.querySelectorAll('article').length > 0")
        assert answers(page)[0][0] in {"genuine", "stale_list"}
        assert page.run("document.getElementById('video').srcObject") is None


def test_without_a_camera_it_says_what_else_can_be_done(page: Browser):
    page.run("document.getElementById('camera').click()")
    page.until("document.getElementById('said').innerText.includes('Kamera tidak ditemukan')")
