"""A few worlds of the campaign: real laptops, drives and an office, in which all goes wrong."""

import pytest

from tests.faults.real_model import CONTROLS, run_world, without
from tests.server.offices import new_office

# Each of these seeds once showed a fault: 3 an office that did not notice its whole disk went
# back, 13 a person erased after the day that the disk was put back to.
SEEDS = (3, 13, 21)


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


@pytest.mark.parametrize(
    ("name", "seed", "claim"),
    [
        ("who was erased is not erased again", 13, "erased data at the office"),
        ("an office set back does not notice", 3, "verify revision_chain"),
    ],
)
def test_without_its_protection_a_world_breaks(template, name, seed, claim):
    assert name in CONTROLS
    with without(name):
        broken, _ = run_world(template, seed, 150)
    assert claim in broken
