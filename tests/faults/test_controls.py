"""What no other control takes away: sound with everything in place, and broken without it."""

import pytest

from tests.faults.controls import FOLDER, SCENES, SIZES, campaigns, played
from tests.protocol.test_stranger import NAMED
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


def test_the_page_of_proofs_names_each_mutation_of_the_stranger_with_its_answer():
    section = page().partition("## A second maker's laptop")[2].partition("\n## ")[0]
    assert f"| size | {len(NAMED)} mutations |" in section
    for mutation, answer in NAMED.items():
        assert f"| {mutation.__name__.replace('_', ' ')} | `{answer}` |" in section


def test_each_campaign_concludes_with_its_commit_and_seed():
    without = [
        name for name in campaigns() if "concluded(" not in (FOLDER / f"{name}.py").read_text()
    ]
    assert without == []
