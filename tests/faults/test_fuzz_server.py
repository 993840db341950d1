"""Mutated requests in small; the campaign's full size is a command of its own."""

import pytest

from tests.faults.campaigns import ran


@pytest.mark.slow  # in small it is one of `make faults-ci`
def test_mutated_requests_are_refused_and_nothing_breaks():
    found = ran("fuzz_server", inputs=500)
    assert found["as_expected"], found["first"]


@pytest.mark.slow  # one of `make controls`
def test_without_care_for_bodies_the_same_requests_break_it():
    assert ran("fuzz_server", "--control", inputs=1200)["as_expected"]
