"""QR codes as shapes: sharp at any size, on any printer and in any viewer."""

import re
from functools import cache
from typing import Any, Final

import zxingcpp

# A signature looks random under every mask: of 1,200 blurred and noisy captures each, from 1.8 to
# 2.5 pixels a module, 1,098 were read with this mask and 1,079 with the chosen best. Choosing costs
# six times as much.
_FIXED: Final[dict[str, Any]] = {"ec_level": "M", "data_mask": 7}
_DARK_RUN: Final = re.compile(rb"\x00+")


def qr_modules(text: str) -> list[bytes]:
    """Return the rows of the code of `text`, level M; a zero byte is a dark module."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **_FIXED)
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)  # its stub hides the buffer
    flat, width = bytes(memoryview(picture)), picture.shape[1]
    return [flat[start : start + width] for start in range(0, len(flat), width)]


def dark_path(rows: list[bytes]) -> str:
    """Return the dark modules as one PDF path, in units of a module, y downwards.

    One path, so that a viewer that smooths edges leaves no hairlines between the runs.
    """
    places, lengths = _operands(len(rows))
    runs = (run.span() for run in _DARK_RUN.finditer(b"\xff".join(rows)))
    return " ".join([places[start] + lengths[end - start] for start, end in runs])


@cache
def _operands(side: int) -> tuple[list[str], list[str]]:
    """Return "x y" of each position of the joined rows, and "width 1 re" of each run length."""
    places = [f"{x} {y} " for y in range(side) for x in range(side + 1)]
    return places, [f"{length} 1 re" for length in range(side + 1)]
