"""The matcher against people that no weight was tuned on; the whole yardstick is a command."""

import pytest

from tests.benchmarks.bench_duplicates import by_name_and_nik, quality
from tests.benchmarks.invented_people import HELD_OUT_SEEDS, TUNE_SEEDS, invented

PRECISION, RECALL = 0.98, 0.95
SOME = 1_800


@pytest.fixture(scope="module")
def held_out():
    return quality(HELD_OUT_SEEDS[:1], people=SOME)


def test_the_same_person_is_found_and_others_are_left_alone(held_out):
    assert held_out["pairs"] > 200
    assert held_out["precision"] >= PRECISION
    assert held_out["recall"] >= RECALL


def test_pairs_without_equal_niks_are_found_too(held_out):
    assert held_out["hard_pairs"] > 80
    assert held_out["hard_recall"] >= 0.88  # a hundred pairs: chance weighs; the command has more


def test_a_matcher_of_equal_names_and_niks_fails_both():
    control = quality(HELD_OUT_SEEDS[:1], by_name_and_nik, people=SOME)
    assert control["precision"] < PRECISION
    assert control["recall"] < RECALL


def test_tuning_and_judging_share_no_people():
    assert not set(TUNE_SEEDS) & set(HELD_OUT_SEEDS)
    tuned, judged = ({one.who for one in invented(s[0], 300)} for s in (TUNE_SEEDS, HELD_OUT_SEEDS))
    assert not tuned & judged
