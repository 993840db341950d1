"""What no other control takes away: sound with everything in place, and broken without it."""

import pytest

from tests.faults.controls import SCENES, played


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.taken_away)
def test_without_its_protection_a_scene_breaks(scene):
    assert played(scene, 1, off=False) == []
    assert played(scene, 1, off=True)
