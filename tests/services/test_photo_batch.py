"""A folder of pictures, matched to people by the queue slip that each holds up."""

import io
import random
import struct
import zlib
from datetime import UTC, date, datetime

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.tickets import NO_PLACE, Ticket, place_key
from enumerator_app.services.laptop import Laptop
from tests.storage.laptops import new_laptop, person

VILLAGE, DAY = "3216132001", date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def slip(number, place=None) -> Ticket:
    return Ticket(place or place_key(VILLAGE, DAY), number)


def scene(*slips, seed=1, size=(1600, 2000)) -> Image.Image:
    """Return a picture of somebody who holds up these slips."""
    noise = np.random.default_rng(seed).normal(150, 25, (size[1], size[0], 3))
    picture = Image.fromarray(noise.clip(0, 255).astype("uint8"))
    for place, held in enumerate(slips):
        code = zxingcpp.create_barcode(held.code, zxingcpp.BarcodeFormat.QRCode)
        qr = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=9)))
        card = Image.new("RGB", (qr.width + 80, qr.height + 80), "white")
        card.paste(qr.convert("RGB"), (40, 40))
        turned = card.rotate(4, expand=True, fillcolor=(150, 150, 150))
        picture.paste(turned, (100 + place * 700, 1200))
    return picture


def keep(folder, name, picture, kind="JPEG", **options):
    folder.mkdir(exist_ok=True)
    picture.save(folder / name, kind, **options)


@pytest.fixture
def laptop(tmp_path):
    store = new_laptop(tmp_path / "home", now=lambda: NOW)
    with Laptop(store, clock=lambda: NOW) as laptop:
        for n in (1, 2, 3):
            laptop.store.register(
                person(n, ticket=f"{n:03d}", village_code=VILLAGE, registered_at=NOW)
            )
        yield laptop


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "DCIM"


def reasons(found):
    return {picture.path.name: picture.reason for picture in found}


def test_a_picture_goes_to_the_person_of_its_slip_once(laptop, folder):
    keep(folder, "a.jpg", scene(slip(2)))
    (found,) = laptop.photo_batch.look(folder)
    assert (found.reason, found.worker.name, found.ticket) == ("", person(2).name, "002")
    assert laptop.photo_batch.save(found)
    kept = laptop.store.photo(laptop.store.record(found.worker.subject).worker.photo)
    assert kept == found.fresh
    assert len(kept) <= 60_000
    before = laptop.counts()
    (again,) = laptop.photo_batch.look(folder)
    assert again.reason == "already"
    assert not laptop.photo_batch.save(found)
    assert laptop.counts() == before


def test_place_and_device_of_the_camera_are_gone_and_it_stands_upright(laptop, folder):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Canary Camera", 6
    exif.get_ifd(0x8825)[1] = "S"
    keep(folder, "a.jpg", scene(slip(1)).rotate(90, expand=True), exif=exif)
    (found,) = laptop.photo_batch.look(folder)
    assert found.reason == ""
    assert b"anary" not in found.fresh
    kept = Image.open(io.BytesIO(found.fresh))
    assert kept.height > kept.width
    assert not kept.getexif()


def test_what_fits_nobody_or_several_is_named_with_its_reason(laptop, folder):
    keep(folder, "none.jpg", scene())
    keep(folder, "two.jpg", scene(slip(1), slip(2)))
    keep(folder, "other_day.jpg", scene(slip(1, place_key(VILLAGE, date(2026, 11, 23)))))
    keep(folder, "unknown.jpg", scene(slip(9)))
    keep(folder, "first.jpg", scene(slip(3), seed=1))
    keep(folder, "second.jpg", scene(slip(3), seed=2))
    assert reasons(laptop.photo_batch.look(folder)) == {
        "none.jpg": "no_slip",
        "two.jpg": "two_slips",
        "other_day.jpg": "nobody",
        "unknown.jpg": "nobody",
        "first.jpg": "again",
        "second.jpg": "again",
    }


def test_a_number_typed_without_its_noughts_is_the_same_slip(laptop, folder):
    laptop.store.register(person(8, ticket="14", village_code=VILLAGE, registered_at=NOW))
    keep(folder, "a.jpg", scene(slip(14)))
    (found,) = laptop.photo_batch.look(folder)
    assert (found.reason, found.worker.name) == ("", person(8).name)


def test_a_slip_for_any_day_fits_only_where_one_person_has_its_number(laptop, folder):
    keep(folder, "a.jpg", scene(slip(1, NO_PLACE)))
    assert reasons(laptop.photo_batch.look(folder)) == {"a.jpg": ""}
    laptop.store.register(person(7, ticket="001", village_code="3216132002", registered_at=NOW))
    assert reasons(laptop.photo_batch.look(folder)) == {"a.jpg": "several"}


def test_a_photo_that_is_there_is_not_replaced(laptop, folder):
    keep(folder, "a.jpg", scene(slip(1), seed=1))
    (found,) = laptop.photo_batch.look(folder)
    laptop.photo_batch.save(found)
    keep(folder, "a.jpg", scene(slip(1), seed=2))
    assert reasons(laptop.photo_batch.look(folder)) == {"a.jpg": "has_other"}


def bomb() -> bytes:
    """Return a PNG of a few hundred bytes that says it has 900 million points."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1_000)), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_hostile_files_are_refused_and_the_others_go_on(laptop, folder):
    keep(folder, "good.jpg", scene(slip(1)))
    good = (folder / "good.jpg").read_bytes()
    for name, raw in {
        "bomb.png": bomb(),
        "cut.jpg": good[: len(good) // 3],
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        "phone.heic": b"\0\0\0\x18ftypheic" + random.Random(1).randbytes(200),
        "empty.jpg": b"",
        "page.pdf": b"%PDF-1.7\n",
    }.items():
        (folder / name).write_bytes(raw)
    (folder / ".hidden.jpg").write_bytes(good)
    with (folder / "huge.jpg").open("wb") as huge:
        huge.truncate(60 * 1024 * 1024)
    found = reasons(laptop.photo_batch.look(folder))
    assert found.pop("good.jpg") == ""
    assert found.pop("phone.heic") == "heic"
    assert found.pop("huge.jpg") == "too_large"
    assert set(found) == {"bomb.png", "cut.jpg", "drawing.svg", "empty.jpg", "page.pdf"}
    assert set(found.values()) == {"unreadable"}


def test_a_record_that_the_office_has_looked_at_keeps_its_photo(laptop, folder):
    laptop.store._file.write(
        lambda c: c.execute("UPDATE registration SET state = 'verified' WHERE ticket = '001'")
    )
    keep(folder, "a.jpg", scene(slip(1)))
    assert reasons(laptop.photo_batch.look(folder)) == {"a.jpg": "closed"}


def test_looking_can_be_stopped_and_a_folder_that_is_none_is_said(laptop, folder, tmp_path):
    for n in (1, 2, 3):
        keep(folder, f"{n}.jpg", scene(slip(n)))
    seen = []
    found = laptop.photo_batch.look(
        folder,
        on_progress=lambda done, _total: seen.append(done),
        cancelled=lambda: len(seen) > 2,
    )
    assert len(found) == 2
    with pytest.raises(FileUnreadable):
        laptop.photo_batch.look(tmp_path / "nowhere")
