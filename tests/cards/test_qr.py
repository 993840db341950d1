import re

import pytest
import zxingcpp

from enumerator_app.cards.qr import dark_path, qr_modules

FORMAT_MASK = 0b101010000010010  # ISO/IEC 18004, 7.9.1
LEVEL_M = 0b00


def format_bits(rows):
    """The five data bits of the format information, read beside the top left finder."""
    dark = [rows[8][x] == 0 for x in (0, 1, 2, 3, 4, 5, 7, 8)]
    dark += [rows[y][8] == 0 for y in (7, 5, 4, 3, 2, 1, 0)]
    word = sum(bit << (14 - place) for place, bit in enumerate(dark))
    return (word ^ FORMAT_MASK) >> 10


@pytest.mark.parametrize("length", [10, 100, 217, 262, 400])
def test_the_symbol_says_level_m_and_the_fixed_mask(length):
    rows = qr_modules("TP1:" + "A7%" * (length // 3))
    assert format_bits(rows) == (LEVEL_M << 3) | 7
    assert {len(row) for row in rows} == {len(rows)}


def test_a_seal_of_usual_length_has_49_modules(office):
    assert len(qr_modules(office.seal(office.claims()))) == 49
    assert len(qr_modules(office.seal(office.claims(kind="active")))) == 49


def test_the_path_covers_exactly_the_dark_modules():
    rows = qr_modules("TP1:HALO")
    covered = set()
    for x, y, width, height in re.findall(r"(\d+) (\d+) (\d+) (\d+) re", dark_path(rows)):
        assert height == "1"
        run = {(int(x) + n, int(y)) for n in range(int(width))}
        assert not run & covered
        covered |= run
    assert covered == {(x, y) for y, row in enumerate(rows) for x, m in enumerate(row) if m == 0}


def test_runs_do_not_flow_from_row_to_row():
    assert dark_path([b"\xff\x00", b"\x00\xff"]) == "1 0 1 1 re 0 1 1 1 re"


def test_the_reader_finds_what_was_written():
    rows = qr_modules("TP1:HALO")
    side = len(rows)
    white = b"\xff" * (16 * (side + 8) * 4)
    wide = [b"".join(bytes([m]) * 4 for m in row) for row in rows]
    edge = b"\xff" * 16
    flat = b"".join([white, *(edge + row + edge for row in wide for _ in range(4)), white])
    picture = memoryview(flat).cast("B", ((side + 8) * 4, (side + 8) * 4))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["TP1:HALO"]
