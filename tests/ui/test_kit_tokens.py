"""Colours can be told apart: WCAG ratios, computed here from sRGB and not read from anywhere."""

import pytest

from enumerator_app.ui.kit.tokens import LIGHT, SUN, Tokens


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, SUN], ids=["light", "sun"])
@pytest.mark.parametrize(
    ("ink", "grounds"),
    [
        ("ink", "ground pane rail tint selected amber amber_tint red_tint"),
        ("ink_soft", "ground pane rail selected tint"),
        ("accent", "ground pane rail tint tint_down selected"),
        ("red", "ground red_tint red_down"),
        ("off_ink", "ground off_ground"),
    ],
)
def test_every_text_can_be_read_on_each_ground_it_may_stand_on(tokens, ink, grounds):
    for ground in grounds.split():
        assert ratio(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5, ground


@pytest.mark.parametrize("tokens", [LIGHT, SUN], ids=["light", "sun"])
def test_white_words_can_be_read_on_every_green_and_red(tokens: Tokens):
    for ground in (tokens.accent, tokens.accent_hover, tokens.accent_down, tokens.red):
        assert ratio(tokens.on_accent, ground) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, SUN], ids=["light", "sun"])
def test_the_edge_of_a_control_can_be_seen_on_each_ground(tokens: Tokens):
    for ground in (tokens.ground, tokens.pane):
        assert ratio(tokens.edge, ground) >= 3.0


def test_the_ratios_are_those_of_known_pairs():
    assert ratio("#FFFFFF", "#000000") == pytest.approx(21.0)
    assert ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_amber_is_never_fit_for_text_so_no_role_may_use_it():
    assert ratio(LIGHT.amber, LIGHT.ground) < 3
