"""What comes out of a picture: small, upright, without its history; or a clear refusal."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from enumerator_app.domain.errors import PhotoUnreadable
from enumerator_app.services.photos import prepare_photo


def encoded(picture, kind="JPEG", **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def noise(width, height) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))


def half_red_half_blue(width=900, height=1200) -> Image.Image:
    picture = Image.new("RGB", (width, height), "red")
    ImageDraw.Draw(picture).rectangle((0, height // 2, width, height), fill="blue")
    return picture


def reread(raw: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(raw))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_worst_picture_still_fits_its_sizes(kind):
    prepared = prepare_photo(encoded(noise(1500, 2000), kind))
    assert len(prepared.jpeg) <= 60_000
    assert len(prepared.thumbnail) <= 4_000
    portrait = reread(prepared.jpeg)
    assert (portrait.format, portrait.mode) == ("JPEG", "RGB")
    assert portrait.width <= 480
    assert portrait.height <= 640


def test_place_time_device_and_comments_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "Canary Camera"
    exif.get_ifd(0x8825)[1] = "S"
    raw = encoded(
        half_red_half_blue(), exif=exif, comment=b"canary comment", icc_profile=b"canary profile"
    )
    prepared = prepare_photo(raw)
    assert b"anary" in raw
    for part in (prepared.jpeg, prepared.thumbnail):
        assert b"anary" not in part
        assert not reread(part).getexif()
        assert not {"comment", "icc_profile", "exif"} & set(reread(part).info)


# Where the red half lies after the picture was turned as the EXIF orientation says.
@pytest.mark.parametrize(
    ("orientation", "red_at"),
    [(1, (0.5, 0.2)), (3, (0.5, 0.8)), (6, (0.8, 0.5)), (8, (0.2, 0.5))],
)
def test_a_picture_stands_as_its_camera_was_held(orientation, red_at):
    exif = Image.Exif()
    exif[0x0112] = orientation
    portrait = reread(prepare_photo(encoded(half_red_half_blue(), exif=exif)).jpeg)
    red, _, blue = portrait.getpixel(
        (int(portrait.width * red_at[0]), int(portrait.height * red_at[1]))
    )
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16"])
def test_every_kind_of_pixels_becomes_rgb(mode):
    source = half_red_half_blue(300, 400)
    picture = source.convert("L").convert("I").convert("I;16") if mode == "I;16" else None
    kind = "JPEG" if mode == "CMYK" else "PNG"
    raw = encoded(picture or source.convert(mode), kind)
    assert reread(prepare_photo(raw).jpeg).mode == "RGB"


def test_transparent_parts_are_white():
    raw = encoded(Image.new("RGBA", (200, 200), (0, 0, 0, 0)), "PNG")
    assert reread(prepare_photo(raw).jpeg).getpixel((100, 100)) == (255, 255, 255)


def test_a_small_picture_is_not_blown_up():
    assert reread(prepare_photo(encoded(half_red_half_blue(90, 120))).jpeg).size == (90, 120)


def test_the_same_picture_has_the_same_hash():
    raw = encoded(half_red_half_blue())
    assert prepare_photo(raw) == prepare_photo(raw)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes whose header promises any number of pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "size", [(6_000, 6_000), (20_000, 20_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1), (0, 5)]
)
def test_a_bomb_is_refused_by_its_header(size):
    with pytest.raises(PhotoUnreadable):
        prepare_photo(bomb(*size))


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "PPM"])
def test_other_formats_are_refused(kind):
    with pytest.raises(PhotoUnreadable):
        prepare_photo(encoded(half_red_half_blue(20, 20), kind))


@pytest.mark.parametrize("raw", [b"", b"\xff\xd8\xff", b"not a picture" * 50, bytes(5000)])
def test_what_is_no_picture_is_refused(raw):
    with pytest.raises(PhotoUnreadable):
        prepare_photo(raw)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_cut_picture_is_refused(kind):
    raw = encoded(noise(300, 400), kind)
    with pytest.raises(PhotoUnreadable):
        prepare_photo(raw[: len(raw) // 2])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_bytes_never_do_anything_else_than_be_read_or_refused(kind):
    raw = encoded(noise(60, 80), kind)
    dice = random.Random(7)
    for _ in range(150):
        damaged = bytearray(raw)
        for _ in range(dice.randint(1, 8)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            assert len(prepare_photo(bytes(damaged)).jpeg) <= 60_000
        except PhotoUnreadable:
            continue
