"""Portraits: any picture that people bring becomes one small JPEG without its history.

Nothing of the camera stays in it (place, time, device), it stands upright, and it is small enough
for a thousand of them to go through a bad line.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.MpoImagePlugin import MpoImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from enumerator_app.cards.reading import read_codes_from_points
from enumerator_app.domain.errors import PhotoUnreadable
from enumerator_app.storage.records import PreparedPhoto

MAX_RAW_BYTES: Final = 48 * 1024 * 1024
MAX_PIXELS: Final = 80_000_000  # of a JPEG, which is decoded at reduced size; Pillow warns above
MAX_PIXELS_UNREDUCED: Final = 30_000_000
FORMATS: Final = tuple(kind.format for kind in (JpegImageFile, PngImageFile, WebPImageFile))
SIZE: Final = (480, 640)
_CODE_SIZE: Final = (800, 800)
MAX_JPEG_BYTES: Final = 60_000
THUMBNAIL_SIZE: Final = (96, 128)
MAX_THUMBNAIL_BYTES: Final = 4_000
_REDUCED: Final = (JpegImageFile.format, MpoImageFile.format)  # phones write a JPEG as MPO
_QUALITIES: Final = (85, 78, 70, 60, 50, 40, 30)
_SMALLER: Final = 0.75
_LEAST_SIDE: Final = 16
_PAPER: Final = (255, 255, 255)


def prepare_photo(raw: bytes) -> PreparedPhoto:
    """Return the portrait in `raw` as a JPEG of at most 60 kB, and its thumbnail of at most 4 kB.

    Raises:
        PhotoUnreadable: not a JPEG, PNG or WebP, or too large, cut off, or damaged.
    """
    with _faults_named():
        portrait = _upright(raw, SIZE)
        jpeg = _jpeg(portrait, SIZE, MAX_JPEG_BYTES)
        return PreparedPhoto.of(jpeg, _jpeg(portrait, THUMBNAIL_SIZE, MAX_THUMBNAIL_BYTES))


def codes_in_photo(raw: bytes) -> list[str]:
    """Return the text of each QR code in a picture from any camera. Raises as `prepare_photo`."""
    with _faults_named():
        for least in (_CODE_SIZE, None):  # decoded small first: a slip held up is seldom tiny
            grey = _upright(raw, least).convert("L")
            codes = read_codes_from_points(grey.tobytes(), grey.width, grey.height)
            if codes:
                return codes
        return []


def plain_picture(raw: bytes, least: tuple[int, int]) -> Image.Image:
    """Return the pixels of a picture, upright and without its history. Raises as `prepare_photo`.

    It may be decoded smaller, but not below twice `least`.
    """
    with _faults_named():
        return _upright(raw, least)


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except PhotoUnreadable:
        raise
    except Exception as error:
        raise PhotoUnreadable from error


def _upright(raw: bytes, least: tuple[int, int] | None) -> Image.Image:
    """Return the picture as plain RGB pixels, turned as its camera meant it.

    A JPEG may be decoded smaller, but not below twice `least`.
    """
    if len(raw) > MAX_RAW_BYTES:
        raise PhotoUnreadable
    with Image.open(BytesIO(raw), formats=FORMATS) as opened:
        _check_pixels(opened)
        if least is not None:
            opened.draft("RGB", (least[0] * 2, least[1] * 2))  # decodes a half, a quarter, …
        turned = ImageOps.exif_transpose(opened)
        return _flattened(turned)


def _check_pixels(opened: Image.Image) -> None:
    """Refuse by the size in the header, before anything is decoded."""
    pixels = opened.width * opened.height
    limit = MAX_PIXELS if opened.format in _REDUCED else MAX_PIXELS_UNREDUCED
    if not 0 < pixels <= limit:
        raise PhotoUnreadable


def _flattened(picture: Image.Image) -> Image.Image:
    """Return a new picture on white: what is copied are pixels, and nothing else."""
    flat = Image.new("RGB", picture.size, _PAPER)
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        flat.paste(layer, mask=layer)
    else:
        flat.paste(picture.convert("RGB"))
    return flat


def _jpeg(picture: Image.Image, size: tuple[int, int], max_bytes: int) -> bytes:
    """Return the best JPEG within `size` and `max_bytes`."""
    for smaller in _shrinking(picture, size):
        for quality in _QUALITIES:
            written = BytesIO()
            smaller.save(written, "JPEG", quality=quality, optimize=True)
            if written.tell() <= max_bytes:
                return written.getvalue()
    raise PhotoUnreadable


def _shrinking(picture: Image.Image, size: tuple[int, int]) -> Iterator[Image.Image]:
    width, height = size
    while min(width, height) >= _LEAST_SIDE:
        smaller = picture.copy()
        smaller.thumbnail((width, height), Image.Resampling.LANCZOS)
        yield smaller
        width, height = int(width * _SMALLER), int(height * _SMALLER)
