"""Requests made from the description, in small; full size is a command of its own."""

import pytest

from tests.faults.campaigns import ran


@pytest.mark.slow  # in small it is one of `make faults-ci`
def test_what_the_description_allows_is_answered_as_it_says():
    found = ran("as_described", cases=100)
    assert found["as_expected"], found["first"]


@pytest.mark.slow  # one of `make controls`
def test_answers_that_the_description_does_not_name_are_noticed():
    assert ran("as_described", "--control", cases=60)["as_expected"]
