"""The two axes a registration moves on, and who may move it, as data.

Custody says where the record lies; decision says what was decided about the person.
"""

from typing import Final, Literal, get_args

Custody = Literal["saved", "received", "complete", "backed_up"]
Decision = Literal[
    "registered", "waiting_nik", "returned", "verified", "submitted", "enrolled", "refused",
    "duplicate", "withdrawn", "ended",
]  # fmt: skip
Actor = Literal["device", "officer", "insurer"]

CUSTODIES: Final[tuple[Custody, ...]] = get_args(Custody)
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)

WITHOUT_PAPER: Final[frozenset[Decision]] = frozenset(
    {"refused", "duplicate", "withdrawn", "ended"}
)
"""Who is in one of these states gets no new paper: it would promise what is not to come."""

TRANSITIONS: Final[dict[tuple[Decision, Decision], frozenset[Actor]]] = {
    ("registered", "waiting_nik"): frozenset({"device"}),
    ("registered", "returned"): frozenset({"officer"}),
    ("registered", "verified"): frozenset({"officer"}),
    ("registered", "duplicate"): frozenset({"officer"}),
    ("registered", "withdrawn"): frozenset({"device", "officer"}),
    ("registered", "ended"): frozenset({"officer"}),
    ("waiting_nik", "registered"): frozenset({"device"}),
    ("waiting_nik", "returned"): frozenset({"officer"}),
    ("waiting_nik", "duplicate"): frozenset({"officer"}),
    ("waiting_nik", "withdrawn"): frozenset({"device", "officer"}),
    ("waiting_nik", "ended"): frozenset({"officer"}),
    ("returned", "registered"): frozenset({"device", "officer"}),  # corrected, or asked no more
    ("returned", "waiting_nik"): frozenset({"device", "officer"}),
    ("returned", "duplicate"): frozenset({"officer"}),
    ("returned", "withdrawn"): frozenset({"device", "officer"}),
    ("returned", "ended"): frozenset({"officer"}),
    ("verified", "registered"): frozenset({"device"}),  # a correction is looked at again
    ("verified", "returned"): frozenset({"officer"}),
    ("verified", "duplicate"): frozenset({"officer"}),
    ("verified", "submitted"): frozenset({"officer"}),
    ("verified", "withdrawn"): frozenset({"device", "officer"}),
    ("verified", "ended"): frozenset({"officer"}),
    ("submitted", "enrolled"): frozenset({"insurer"}),
    ("submitted", "refused"): frozenset({"insurer"}),
    ("submitted", "ended"): frozenset({"officer"}),  # died before the answer
    ("refused", "registered"): frozenset({"device"}),
    ("refused", "returned"): frozenset({"officer"}),
    ("refused", "verified"): frozenset({"officer"}),
    ("refused", "duplicate"): frozenset({"officer"}),
    ("refused", "withdrawn"): frozenset({"device", "officer"}),
    ("refused", "ended"): frozenset({"officer"}),
    ("enrolled", "ended"): frozenset({"officer", "insurer"}),
    ("duplicate", "registered"): frozenset({"officer"}),
    ("duplicate", "waiting_nik"): frozenset({"officer"}),
    ("duplicate", "returned"): frozenset({"officer"}),
    ("duplicate", "verified"): frozenset({"officer"}),
    ("ended", "registered"): frozenset({"officer"}),
}


BEGINNINGS: Final[tuple[Decision, ...]] = ("registered", "waiting_nik")


def only_through(step: Decision) -> frozenset[Decision]:
    """Return `step` and every state that nobody comes to without having been there."""
    reached, ways = set(BEGINNINGS), list(BEGINNINGS)
    while ways:
        here = ways.pop()
        found = {new for old, new in TRANSITIONS if old == here} - reached - {step}
        reached |= found
        ways += found
    return frozenset(DECISIONS) - reached


def may_move(old: Decision, new: Decision, actor: Actor) -> bool:
    """Return whether `actor` may move a registration from `old` to `new`; staying is no move."""
    return actor in TRANSITIONS.get((old, new), frozenset())
