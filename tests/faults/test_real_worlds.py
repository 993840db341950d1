"""A few worlds of the campaign: real laptops, drives and an office, in which all goes wrong."""

import pytest

from tests.faults.real_model import CONTROLS, run_world, without
from tests.server.offices import new_office

# Worlds in which a protection is needed: in 10 the office's whole disk goes back unnoticed, in 13
# somebody is erased after the day that the disk is put back to.
SEEDS = (10, pytest.param(13, marks=pytest.mark.slow))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world") / "office"
    new_office(folder, None).close()
    return folder


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_that_may_never_be(template, seed):
    broken, happened = run_world(template, seed, 120)
    assert broken == []
    assert happened["saves"] > 30
    assert happened["cuts"] > 0


@pytest.mark.slow  # one of `make controls`
@pytest.mark.parametrize(
    ("name", "seed", "claim"),
    [
        ("who was erased is not erased again", 13, "erased data at the office"),
        ("an office set back does not notice", 10, "verify revision_chain"),
    ],
)
def test_without_its_protection_a_world_breaks(template, name, seed, claim):
    assert name in CONTROLS
    with without(name):
        broken, _ = run_world(template, seed, 120)
    assert claim in broken
