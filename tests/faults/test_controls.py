"""What no other control takes away: sound with everything in place, and broken without it."""

import pytest

from tests.faults.controls import SCENES, SIZES, campaigns, played
from tests.write_reliability import page


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.taken_away)
def test_without_its_protection_a_scene_breaks(scene):
    assert played(scene, 1, off=False) == []
    assert played(scene, 1, off=True)


def test_a_size_is_given_for_campaigns_that_are_there():
    assert set(SIZES) <= set(campaigns())


def test_the_page_of_proofs_says_what_each_leaves_open():
    written = page()
    assert written.count("| not covered |") == written.count("\n## ") - 1
    assert "| **NOT" not in written
