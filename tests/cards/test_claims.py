import math
import unicodedata
from dataclasses import replace
from datetime import date

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.cards.claims import decode_claims, encode_claims, short_name

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # what turns or hides the letters after it


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("SITI", "SITI"),
        ("NYI IDAH", "NYI IDAH"),
        ("SITI MAEMUNAH", "SITI M"),
        ("MUHAMAD YUSUP", "MUHAMAD Y"),
        ("ABD. MUIS BIN SARKIM", "ABD. MUIS B"),
        ("KUSUMAWARDHANI PUTRI", "KUSUMAWARDHA"),
        ("ABCDEFGHIJKL M", "ABCDEFGHIJKL"),
        ("ABCDEFGHIJK M", "ABCDEFGHIJK"),
        ("  DEDE   ROHAYATI ", "DEDE R"),
        ("ÉÉÉÉÉÉÉ", "ÉÉÉÉÉÉ"),
        ("", ""),
    ],
)
def test_a_short_name_follows_its_rule(name, short):
    assert short_name(name) == short


@given(st.text(min_size=1, max_size=80))
def test_a_short_name_has_at_most_12_bytes_and_begins_like_the_name(name):
    short = short_name(name)
    assert len(short.encode()) <= 12
    seen = "".join(one for one in name if unicodedata.category(one) not in _UNSEEN or one.isspace())
    assert bool(short) == bool(seen.split())
    assert all(unicodedata.category(one) not in _UNSEEN for one in short)


def test_claims_come_back_from_their_bytes(office):
    for kind in ("provisional", "active"):
        claims = office.claims(kind=kind)
        assert decode_claims(encode_claims(claims)) == claims
    bare = office.claims(birth_year=None, photo_prefix="")
    assert decode_claims(encode_claims(bare)) == bare


def test_the_bytes_are_plain_deterministic_cbor(office):
    claims = office.claims()
    first = date(2020, 1, 1)
    issued, expires = (claims.issued_on - first).days, (claims.expires_on - first).days
    number = claims.number.replace("-", "")
    photo = bytes.fromhex("a1b2c3d4")
    written = [number, 1, 0, 321613, "SITI M", 1974, photo, None, None, issued, expires]
    claims = replace(claims, short_name="SITI M")
    assert encode_claims(claims) == cbor2.dumps(written, canonical=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "active", "cover_from": None, "cover_to": None},
        {"kind": "active", "cover_to": None},
        {"cover_from": date(2027, 1, 1)},
        {"cover_from": date(2027, 1, 1), "cover_to": date(2027, 12, 31)},
        {"kind": "active", "cover_from": date(2027, 2, 1), "cover_to": date(2027, 1, 1)},
        {"number": "3216-A07-00042-AAAA"},
        {"number": "3216A0700042K7QC"},
        {"issue": 0},
        {"issue": 1.0},
        {"birth_year": 1700},
        {"birth_year": 1974.0},
        {"district": "32161"},
        {"district": "3216131"},
        {"short_name": ""},
        {"short_name": "ABCDEFGHIJKLM"},
        {"photo_prefix": "A1B2C3D4"},
        {"photo_prefix": "a1b2"},
        {"expires_on": date(2026, 1, 1)},
        {"kind": "gold"},
    ],
)
def test_claims_that_say_more_or_less_than_their_kind_cannot_be_made(office, changes):
    with pytest.raises(ValueError, match=r"\w"):
        office.claims(**changes)


def _array(office):
    return cbor2.loads(encode_claims(office.claims()))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 17),
        (0, "3216a0700042k7qc"),
        (1, True),
        (2, 2),
        (2, False),
        (3, "321613"),
        (5, math.nan),
        (6, "a1b2c3d4"),
        (6, None),
        (7, 2500),
        (9, None),
        (9, 10**9),
        (9, 1.5),
        (10, "tomorrow"),
    ],
)
def test_other_bytes_are_no_claims(office, place, value):
    array = _array(office)
    array[place] = value
    with pytest.raises(ValueError, match=r"\w"):
        decode_claims(cbor2.dumps(array))


@given(st.binary(max_size=120))
def test_noise_is_no_claims(raw):
    with pytest.raises(ValueError, match=r"\w"):
        decode_claims(raw)


def test_a_longer_form_of_the_same_claims_is_refused(office):
    raw = encode_claims(office.claims())
    with pytest.raises(ValueError, match="one form"):
        decode_claims(raw + b"\x00")
    loose = b"\x98\x0b" + raw[1:]  # the array's length in two bytes
    assert cbor2.loads(loose) == cbor2.loads(raw)
    with pytest.raises(ValueError, match="one form"):
        decode_claims(loose)
