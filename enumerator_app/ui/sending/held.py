"""What the laptop holds when it is asked: what the sending page counts from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """What the laptop holds, in people: counted before and after a sync.

    `entries_pending` are entries of the journal: also of visits and prints, about nobody new.
    `without_effect` are at the office, and it has not said that they count. `is_stopped`: the
    office has stopped this laptop, and has not said otherwise since. `halted_after`: the last
    serial whose slips count while it looks at two copies of this laptop; None as long as all do.
    `not_back`: people who are at the office and, after an older copy, not here.
    """

    registrations: int = 0
    pending: int = 0
    photos_pending: int = 0
    to_correct: int = 0
    enrolled: int = 0
    today: int = 0
    waiting_nik: int = 0
    entries_pending: int = 0
    without_effect: int = 0
    is_stopped: bool = False
    halted_after: int | None = None
    not_back: int = 0

    @property
    def received(self) -> int:
        return self.registrations - self.pending - self.without_effect
