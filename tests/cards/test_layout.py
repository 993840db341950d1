"""A checker that looks at every face: nothing overlaps, leaves the card or is too small."""

import random
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import settings as how_often
from hypothesis import strategies as st

from enumerator_app.cards.backs import back
from enumerator_app.cards.fonts import measure
from enumerator_app.cards.items import QUIET_ZONE_MODULES, Box, Code, Hatch, Photo, Words
from enumerator_app.cards.layout import (
    CARD_HEIGHT,
    CARD_WIDTH,
    SIDE_MARGIN,
    TOP_MARGIN,
    front,
)
from enumerator_app.cards.qr import qr_modules
from enumerator_app.cards.typesetting import name_lines

TOLERANCE = 0.02
LONGEST_PLACES = [
    ("Pantai Harapan Jaya", "Muaragembong"),
    ("Karang Raharja", "Cikarang Utara"),
    ("Sukamanah", "Sukatani"),
    ("Kedungwaringin", "Kedung Waringin"),
]
SYLLABLES = ["mu", "sa", "ri", "na", "wi", "dya", "nur", "has", "sul", "ta", "kar", "tin", "yah"]


def faces(content, settings):
    yield "front", front(content, settings, measure)
    yield "back", back(content, settings, measure)


def solid_boxes(items):
    for item in items:
        if isinstance(item, Words):
            yield item.text, item.box
        elif isinstance(item, Photo | Hatch):
            yield type(item).__name__, item.box
        elif isinstance(item, Code):
            quiet = QUIET_ZONE_MODULES * item.box.width / len(qr_modules(item.text))
            x, y, width, height = item.box
            yield "code", Box(x - quiet, y - quiet, width + 2 * quiet, height + 2 * quiet)


def overlap(one, other):
    width = min(one.right, other.right) - max(one.x, other.x)
    height = min(one.bottom, other.bottom) - max(one.y, other.y)
    return min(width, height)


def problems(content, settings):
    for side, items in faces(content, settings):
        solid = list(solid_boxes(items))
        for (one, a), (other, b) in combinations(solid, 2):
            if overlap(a, b) > TOLERANCE:
                yield f"{side}: {one!r} lies on {other!r}"
        for item in items:
            if isinstance(item, Words):
                yield from text_problems(side, item)


def text_problems(side, words):
    box = words.box
    if box.x < SIDE_MARGIN - TOLERANCE or box.right > CARD_WIDTH - SIDE_MARGIN + TOLERANCE:
        yield f"{side}: {words.text!r} leaves the sides"
    if box.y < TOP_MARGIN - TOLERANCE or box.bottom > CARD_HEIGHT - TOP_MARGIN + TOLERANCE:
        yield f"{side}: {words.text!r} leaves top or bottom"
    if words.size < 7:
        yield f"{side}: {words.text!r} has {words.size} points"


def invented_name(chance):
    return " ".join(
        "".join(chance.choices(SYLLABLES, k=chance.randint(1, 5))).title()
        for _ in range(chance.choice([1, 2, 2, 2, 3, 3, 4, 6]))
    )


def invented_content(office, chance, serial):
    kind = chance.choice(["provisional", "active"])
    village, district = chance.choice(LONGEST_PLACES)
    return replace(
        office.content(1, "Siti Maemunah", kind),
        name=invented_name(chance)[:98],
        number=f"3216-A{chance.randint(1, 999):03}-{serial:05}-W{chance.choice('WMK7')}MW",
        village=village,
        district=district,
        village_kind=chance.choice(["desa", "kelurahan", "desa_adat"]),
        programmes=chance.choice([(), ("JKK",), ("JKK", "JKM"), ("JKK", "JKM", "JHT")])
        if kind == "provisional"
        else ("JKK", "JKM", "JHT"),
        photo=chance.choice([None, b"jpeg"]),
        copy=chance.choice([1, 1, 2, 11]),
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_thousand_invented_people_fit_in_both_languages(office, settings, language):
    chance = random.Random(20_261_122)
    settings = replace(settings, language=language)
    for serial in range(1, 1001):
        content = invented_content(office, chance, serial)
        assert list(problems(content, settings)) == []


@given(
    name=st.text(
        st.characters(codec="latin-1", categories=["Lu", "Ll", "Zs"]), min_size=1, max_size=98
    ).filter(str.strip),
    kind=st.sampled_from(["provisional", "active"]),
)
def test_any_name_of_98_letters_fits_and_no_letter_is_lost(office, settings, name, kind):
    content = office.content(1, name, kind)
    lines = name_lines(name, Box(27.5, 11.7, 55.1, 9.4), (0, 0, 0), measure)
    shown = "".join(line.text for line in lines).replace("-", "").replace(" ", "")
    assert shown == "".join(name.upper().split())
    small = [p for p in problems(content, settings) if "points" not in p]
    assert small == []


@given(length=st.integers(1, 98), letter=st.sampled_from("WIMÄ-'."))
def test_one_unbroken_word_of_any_length_fits(office, settings, length, letter):
    content = office.content(1, letter * length)
    assert [p for p in problems(content, settings) if "points" not in p] == []


def test_a_word_of_thirty_wide_letters_is_broken_with_a_hyphen(settings):
    lines = name_lines("W" * 30, Box(27.5, 11.7, 55.1, 9.4), (0, 0, 0), measure)
    assert [line.text for line in lines] == ["W" * 15 + "-", "W" * 15]
    assert lines[0].size >= 9


def test_a_usual_name_is_one_large_line():
    (line,) = name_lines("Siti  Maemunah", Box(0, 0, 55.1, 9.4), (0, 0, 0), measure)
    assert (line.text, line.size) == ("SITI MAEMUNAH", 18)


def test_two_lines_are_of_like_width():
    first, second = name_lines(
        "Siti Nurhaliza Putri Ayu Dewi", Box(0, 0, 55.1, 9.4), (0, 0, 0), measure
    )
    assert second.width > 0.5 * first.width


@how_often(max_examples=30)
@given(st.text("WABC ", min_size=400, max_size=900).filter(str.strip))
def test_a_name_beyond_all_measure_is_cut_in_sight(name):
    box = Box(0, 0, 55.1, 9.4)
    lines = name_lines(name, box, (0, 0, 0), measure)
    assert max(line.width for line in lines) <= box.width + TOLERANCE
    assert lines[-1].box.bottom <= box.bottom + 0.5
    letters = "".join(line.text for line in lines).replace("-", "").replace(" ", "")
    assert letters == name.replace(" ", "") or lines[-1].text.endswith("…")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", ["provisional", "active"])
def test_what_must_be_acted_on_is_large(office, settings, kind, language):
    items = back(office.content(1, kind=kind), replace(settings, language=language), measure)
    words = [item for item in items if isinstance(item, Words)]
    phone = next(w for w in words if "0812" in w.text)
    assert phone.size >= 13.5
    foot_starts = 46.0 if kind == "provisional" else 42.0
    assert min(w.size for w in words if w.baseline < foot_starts) >= 9
    assert min(w.size for w in words) >= (7.5 if kind == "provisional" else 8.25)
    status = front(office.content(1, kind=kind), replace(settings, language=language), measure)
    assert max(w.size for w in status if isinstance(w, Words) and w.weight == "black") >= 12


@pytest.mark.parametrize("kind", ["provisional", "active"])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "changes",
    [
        {"regency_name": "Kabupaten Kepulauan Siau Tagulandang Biaro"},
        {"regency_name": "Kota Bekasi"},
        {"posko_phone": ""},
        {"posko_phone": "", "ask_by": None},
        {"posko_phone": "0812-0000-0000 / 021-0000-0000"},
        {"insurer_phone": "1500 910"},
        {"logo": b"png"},
    ],
)
def test_other_offices_fit_as_well(office, settings, kind, language, changes):
    settings = replace(settings, language=language, **changes)
    found = [p for p in problems(office.content(1, kind=kind), settings) if "points" not in p]
    assert found == []


def test_a_city_is_not_called_a_regency(office, settings):
    city = replace(settings, regency_name="Kota Bekasi")
    words = " ".join(w.text for w in back(office.content(), city, measure) if isinstance(w, Words))
    assert "Pemkot" in words
    assert "Pemkab" not in words


def test_a_provisional_paper_never_says_covered(office, settings):
    shown = [
        item.text
        for _, items in faces(office.content(), settings)
        for item in items
        if isinstance(item, Words)
    ]
    assert "SUDAH DIDATA. BELUM DIJAMIN." in shown
    assert "Gratis." in shown
    assert not any("KARTU" in words or words.startswith("DIJAMIN") for words in shown)


def test_an_active_card_says_from_when_to_when(office, settings):
    content = office.content(
        kind="active", cover_from=date(2027, 1, 1), cover_to=date(2027, 12, 31)
    )
    shown = [w.text for w in front(content, settings, measure) if isinstance(w, Words)]
    assert "DIJAMIN 01-01-2027 s.d. 31-12-2027" in shown
    assert "26012345678" in shown
    assert "Kecelakaan kerja (JKK) dan kematian (JKM)." in shown


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("provisional", {"kpj": "26012345678"}),
        ("provisional", {"cover_to": date(2027, 12, 31)}),
        ("active", {"kpj": None}),
        ("active", {"cover_from": None}),
    ],
)
def test_a_paper_that_claims_too_much_or_too_little_cannot_be_made(office, kind, changes):
    with pytest.raises(ValueError, match=r"\w"):
        office.content(kind=kind, **changes)


def test_the_checker_sees_an_overlap(office, settings):
    content = office.content()
    items = front(content, settings, measure)
    name = next(i for i in items if isinstance(i, Words) and i.text == "SITI MAEMUNAH")
    boxes = [box for _, box in solid_boxes([*items, replace(name, baseline=name.baseline + 1)])]
    assert max(overlap(a, b) for a, b in combinations(boxes, 2)) > TOLERANCE
