"""QR codes as rectangles: sharp at any size, on any printer and in any viewer."""

from functools import cache
from typing import Any, Final

import zxingcpp

_LEVEL: Final = "M"


def qr_modules(text: str) -> list[bytes]:
    """Return the rows of the code of `text`, level M; a zero byte is a dark module."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=_LEVEL)
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)  # its stub hides the buffer
    flat, width = bytes(memoryview(picture)), picture.shape[1]
    return [flat[start : start + width] for start in range(0, len(flat), width)]


def dark_rectangles(rows: list[bytes]) -> list[tuple[int, int, int, int]]:
    """Return the dark modules as (x, y, width, height), equal runs of neighbouring rows joined."""
    done: list[tuple[int, int, int, int]] = []
    growing: dict[tuple[int, int], int] = {}
    for y, row in enumerate([*rows, b""]):
        runs = _runs(row)
        here = {run: growing.get(run, y) for run in runs}
        done += [
            (x, top, width, y - top)
            for (x, width), top in growing.items()
            if (x, width) not in here
        ]
        growing = here
    return done


@cache
def _runs(row: bytes) -> tuple[tuple[int, int], ...]:
    found, start = [], -1
    for x, module in enumerate(row + b"\xff"):
        if module == 0 and start < 0:
            start = x
        elif module != 0 and start >= 0:
            found.append((start, x - start))
            start = -1
    return tuple(found)
