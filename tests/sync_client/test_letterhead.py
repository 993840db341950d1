"""Set at the office, fetched by one sync, printed on the next card: with the real programs."""

import contextlib
import json
import random
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from enumerator_app.cards.logo import MAX_BYTES, LogoUnreadable, prepare_logo
from enumerator_app.services.letterhead import LETTERHEAD, office_letterhead
from enumerator_app.services.printing import Printing, PrintOrder
from enumerator_app.ui.session.settings_page import letterhead_lines
from tests import processes
from tests.storage.laptops import person
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced

VILLAGE = "3216132001"
SETTINGS = """
government = "Pemerintah Kabupaten Bekasi"
office = "Dinas Ketenagakerjaan"
city = "Cikarang Pusat"
posko_phone = "0812-3456-7890"
complaint_phone = "0821-0000-1111"
insurer_phone = "175"
ask_by = 2027-01-31
logo = "logo.png"
[signer]
title = "Kepala Dinas Ketenagakerjaan"
name = "Dra. Hj. Ratna Komala, M.Si."
nip = "19700101 199503 2 001"
"""


def picture(kind="PNG", side=200, mode="RGB"):
    written = BytesIO()
    Image.new(mode, (side, side), "red").save(written, kind)
    return written.getvalue()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = founded(tmp_path_factory.mktemp("office"))
    office.start()
    yield office
    office.stop()


def written(folder, settings=SETTINGS, logo=None):
    path = folder / "kop.toml"
    path.write_text(settings, encoding="utf-8")
    (folder / "logo.png").write_bytes(picture() if logo is None else logo)
    return path


def first_page(printing, subject):
    with pypdfium2.PdfDocument(printing.preview([subject], PrintOrder(sheet="cr80"))) as pages:
        words = " ".join(page.get_textpage().get_text_range() for page in pages)
        shown = pages[0].render(scale=4).to_pil().convert("RGB")
    return words, shown


def reds(shown):
    return sum(count for count, colour in shown.getcolors(1 << 24) if colour == (255, 0, 0))


def test_what_the_office_set_is_on_the_card_after_one_sync(office, tmp_path):
    with contextlib.closing(enrolled_laptop(office, tmp_path / "laptop")) as store:
        saved = store.register(person(1, village_code=VILLAGE, photo=None))
        printing = Printing(store, lambda: datetime.now(UTC))
        before, plain = first_page(printing, saved.subject)
        assert "0812-3456-7890" not in before
        assert reds(plain) == 0

        answer = office.ask("letterhead", "set", written(tmp_path))
        assert answer["version"] == 1
        assert really_synced(store).heads_agree

        after, shown = first_page(printing, saved.subject)
        assert "0812-3456-7890" in after
        assert "31-01-2027" in after
        assert reds(shown) > 1000
        lines = dict(letterhead_lines(office_letterhead(store)))
        assert lines["settings.letterhead_agency"] == "Dinas Ketenagakerjaan"
        assert lines["settings.letterhead_complaint"] == "0821-0000-1111"


def test_a_document_that_the_office_did_not_sign_changes_no_card(office, tmp_path):
    with contextlib.closing(enrolled_laptop(office, tmp_path / "laptop")) as store:
        office.ask("letterhead", "set", written(tmp_path))
        really_synced(store)
        raw = store.document(LETTERHEAD)
        store.keep_document(LETTERHEAD, raw.replace(b"0812-3456-7890", b"0899-9999-9999"))

        settings = Printing(store, lambda: datetime.now(UTC)).settings()

        assert (settings.posko_phone, settings.logo) == ("", None)


def refused(office, path):
    line = office._line("letterhead", "set", str(path))
    done = processes.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr[-500:]
    return json.loads(done.stdout)["error"]["code"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ('goverment = "x"', "letterhead_wrong"),
        ('posko_phone = "hubungi saya"', "letterhead_wrong"),
        ("government = 7", "letterhead_wrong"),
        ('ask_by = "besok"', "letterhead_wrong"),
        (f'office = "{"x" * 101}"', "letterhead_wrong"),
        ('office = "baris\\nbaru"', "letterhead_wrong"),
        ('[signer]\nnip = "satu"', "letterhead_wrong"),
        ("= nothing", "file_unreadable"),
        ('logo = "missing.png"', "file_unreadable"),
    ],
)
def test_a_setting_that_does_not_fit_is_named_and_the_old_one_stays(
    office, tmp_path, settings, code
):
    before = office.ask("letterhead", "show")

    assert refused(office, written(tmp_path, settings)) == code

    assert office.ask("letterhead", "show") == before


def bomb():
    """A PNG whose header promises 60,000 x 60,000 pixels."""
    head = (60_000).to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


HOSTILE = {
    "no picture": b"<svg onload='x'/>",
    "empty": b"",
    "a bomb": bomb(),
    "cut off": picture(side=400, mode="RGB")[:300],
    "gif": picture("GIF"),
    "bmp": picture("BMP"),
    "too small": picture(side=20),
    "too many bytes": picture() + bytes(5 * 1024 * 1024),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_picture_is_refused(what):
    with pytest.raises(LogoUnreadable):
        prepare_logo(HOSTILE[what])


def test_any_good_picture_becomes_a_small_png_without_its_history():
    noise = Image.frombytes("RGBA", (900, 700), random.Random(1).randbytes(900 * 700 * 4))
    given = BytesIO()
    noise.save(given, "PNG", pnginfo=None)
    photo = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "made by somebody"
    Image.new("CMYK", (300, 200)).save(photo, "JPEG", exif=exif)

    for raw in (given.getvalue(), photo.getvalue()):
        small = prepare_logo(raw)
        assert len(small) <= MAX_BYTES
        assert b"somebody" not in small
        with Image.open(BytesIO(small)) as read:
            assert read.format == "PNG"
            assert max(read.size) <= 512
            assert not read.getexif()
