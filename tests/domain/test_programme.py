"""Money, reckoned by hand from the printed end points of the tables."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.programme import monthly_contribution
from enumerator_app.domain.reference import load_consent_texts, load_programme_tables

TABLES = load_programme_tables()
DAY = date(2026, 11, 22)


def total(income, programmes, on=DAY, payer="apbd"):
    return monthly_contribution(income, programmes, on, payer, TABLES).total


def test_accident_and_death_cover_cost_16800_at_the_lowest_base():
    answer = monthly_contribution(1_000_000, ("JKK", "JKM"), DAY, "apbd", TABLES)
    assert answer.amounts == {"JKK": 10_000, "JKM": 6_800}
    assert answer.total == 16_800
    assert answer.table_version == "bpu-2015-07"


def test_with_old_age_savings_it_costs_36800():
    assert total(1_000_000, ("JKK", "JKM", "JHT")) == 36_800


def test_the_budget_of_the_regency_by_hand():
    answer = monthly_contribution(None, ("JKK", "JKM"), DAY, "apbd", TABLES)
    assert answer.for_people(75_903) == 1_275_170_400
    assert answer.for_people(75_903, months=12) == 15_302_044_800


@pytest.mark.parametrize(
    ("on", "payer", "rupiah"),
    [
        (date(2026, 11, 22), "self", 8_400),
        (date(2026, 11, 22), "apbd", 16_800),
        (date(2026, 11, 22), "apbn", 16_800),
        (date(2026, 3, 31), "self", 16_800),
        (date(2026, 4, 1), "self", 8_400),
        (date(2026, 12, 31), "self", 8_400),
        (date(2027, 1, 1), "self", 16_800),
    ],
)
def test_the_discount_of_2026_is_for_those_who_pay_themselves(on, payer, rupiah):
    assert total(1_000_000, ("JKK", "JKM"), on, payer) == rupiah


def test_the_discount_is_named_beside_the_table():
    answer = monthly_contribution(0, ("JKM",), DAY, "self", TABLES)
    assert answer.table_version == "bpu-2015-07+pp-50-2025"
    assert monthly_contribution(0, ("JHT",), DAY, "self", TABLES).table_version == "bpu-2015-07"
    assert total(0, ("JHT",), payer="self") == 20_000


@pytest.mark.parametrize(
    ("income", "jkk"),
    [
        (None, 10_000),
        (0, 10_000),
        (1_099_999, 10_000),
        (1_100_000, 12_000),
        (1_299_999, 12_000),
        (1_300_000, 14_000),
        (20_700_000, 207_000),
        (10**12, 207_000),
    ],
)
def test_brackets_have_their_printed_ends(income, jkk):
    assert total(income, ("JKK",)) == jkk


def test_old_age_savings_have_their_printed_ends():
    assert (total(0, ("JHT",)), total(10**12, ("JHT",))) == (20_000, 414_000)


def test_brackets_rise_and_every_amount_is_whole_also_when_halved():
    for table in TABLES.contributions:
        starts, bases = zip(*table.brackets, strict=True)
        assert list(starts) == sorted(set(starts))
        assert list(bases) == sorted(set(bases))
        assert all(base % 200 == 0 for base in bases)
        assert table.jkm % 2 == 0


@given(st.integers(0, 30_000_000), st.integers(0, 30_000_000))
def test_who_earns_more_never_pays_less(one, other):
    low, high = sorted((one, other))
    assert total(low, ("JKK", "JKM", "JHT")) <= total(high, ("JKK", "JKM", "JHT"))


def test_no_programme_costs_nothing():
    assert total(1_000_000, ()) == 0


def test_a_day_before_all_tables_has_no_price():
    with pytest.raises(LookupError):
        total(0, ("JKK",), date(2000, 1, 1))


def test_benefits_by_hand():
    benefits = TABLES.benefits_on(DAY)
    assert benefits.death == 42_000_000
    assert benefits.early_death == 10_000_000
    assert benefits.work_death(1_000_000) == 48_000_000


def test_the_consent_text_speaks_both_languages_in_as_many_paragraphs():
    newest = load_consent_texts()[-1]
    assert newest.version == "2026-11"
    assert len(newest.paragraphs["id"]) == len(newest.paragraphs["en"]) == 5
