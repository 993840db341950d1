"""The office's mark: any PNG or JPEG becomes one small PNG without its history."""

from collections.abc import Iterator
from io import BytesIO
from typing import ClassVar, Final

from PIL import Image, ImageOps

from enumerator_app.domain.errors import KnownError

MAX_RAW_BYTES: Final = 4 * 1024 * 1024
MAX_PIXELS: Final = 16_000_000
LEAST_SIDE: Final = 48
SIDES: Final = (512, 384, 256, 192, 128)
MAX_BYTES: Final = 100_000
_FORMATS: Final = ("PNG", "JPEG")


class LogoUnreadable(KnownError):
    """Not a PNG or JPEG, too large, too small, cut off, or damaged."""

    code: ClassVar[str] = "logo_unreadable"
    exit_code: ClassVar[int] = 2


def prepare_logo(raw: bytes) -> bytes:
    """Return the picture as a PNG of at most 100 kB, 512 pixels on its longer side.

    Raises:
        LogoUnreadable
    """
    if len(raw) > MAX_RAW_BYTES:
        raise LogoUnreadable
    try:
        with Image.open(BytesIO(raw), formats=_FORMATS) as opened:
            _check_size(opened)
            turned = ImageOps.exif_transpose(opened)
            pixels = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
        return next(_small_enough(pixels))
    except LogoUnreadable:
        raise
    except Exception as error:
        raise LogoUnreadable from error


def _check_size(opened: Image.Image) -> None:
    """Refuse by the header, before anything is decoded."""
    if min(opened.size) < LEAST_SIDE or opened.width * opened.height > MAX_PIXELS:
        raise LogoUnreadable


def _small_enough(picture: Image.Image) -> Iterator[bytes]:
    for side in SIDES:
        smaller = Image.new(picture.mode, picture.size)
        smaller.paste(picture)  # pixels alone: no text chunk, place or device comes along
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        written = BytesIO()
        smaller.save(written, "PNG", optimize=True)
        if written.tell() <= MAX_BYTES:
            yield written.getvalue()
    raise LogoUnreadable
