"""The two axes: the table is walked from the first state to each end."""

import pytest

from enumerator_app.domain.states import DECISIONS, TRANSITIONS, may_move, only_through

ENDS = {"withdrawn"}


def reachable(start):
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        ahead = {new for old, new in TRANSITIONS if old == here} - found
        found |= ahead
        waiting.extend(ahead)
    return found


def test_every_state_can_be_reached_from_the_first_save():
    assert reachable("registered") == set(DECISIONS)


def test_every_state_but_withdrawing_can_be_left():
    assert {old for old, _ in TRANSITIONS} == set(DECISIONS) - ENDS


@pytest.mark.parametrize(
    ("step", "states"),
    [
        ("verified", {"verified", "submitted", "enrolled", "refused"}),
        ("submitted", {"submitted", "enrolled", "refused"}),
        ("enrolled", {"enrolled"}),
    ],
)
def test_who_must_have_been_at_a_step(step, states):
    assert only_through(step) == states  # `ended` and `withdrawn` may come before any of them


@pytest.mark.parametrize("state", DECISIONS)
def test_staying_is_no_move(state):
    assert not any(may_move(state, state, actor) for actor in ("device", "officer", "insurer"))


@pytest.mark.parametrize(("old", "new"), [(o, n) for o in DECISIONS for n in DECISIONS])
def test_only_the_table_moves_anybody(old, new):
    allowed = {actor for actor in ("device", "officer", "insurer") if may_move(old, new, actor)}
    assert allowed == set(TRANSITIONS.get((old, new), ()))


def test_only_the_insurer_enrols_and_only_what_was_submitted():
    enrolling = {move: actors for move, actors in TRANSITIONS.items() if move[1] == "enrolled"}
    assert enrolling == {("submitted", "enrolled"): {"insurer"}}


def test_nobody_without_a_nik_is_submitted():
    assert "submitted" not in {new for old, new in TRANSITIONS if old == "waiting_nik"}
    assert "verified" not in {new for old, new in TRANSITIONS if old == "waiting_nik"}


def test_a_laptop_never_decides_for_the_office():
    moved_by_device = {new for (_, new), actors in TRANSITIONS.items() if "device" in actors}
    assert moved_by_device == {"registered", "waiting_nik", "withdrawn"}


def test_an_enrolled_worker_is_only_ended():
    assert {new for old, new in TRANSITIONS if old == "enrolled"} == {"ended"}
