"""Who is called next: tickets in order, those set back, those who did not come.

What is done follows from the records that were saved, never from a mark of its own, so that no cut
can leave the two apart.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from typing import Final, Literal, get_args

from enumerator_app.domain.tickets import read_ticket

TicketAnswer = Literal["skipped", "later", "no_show"]
ANSWERS: Final[tuple[TicketAnswer, ...]] = get_args(TicketAnswer)
SHOWN_NEXT: Final = 3


@dataclass(frozen=True, slots=True)
class TicketQueue:
    """`waiting` counts all that are still to come; None if nobody knows how many slips there are.

    `skipped` are called again after the others, `later` when they come back by themselves.
    """

    upcoming: tuple[int, ...]
    skipped: tuple[int, ...]
    later: tuple[int, ...]
    no_show: tuple[int, ...]
    waiting: int | None


def queue_of(
    tickets: int,
    done: Collection[int],
    answers: Mapping[int, TicketAnswer],
    *,
    now: int | None = None,
) -> TicketQueue:
    """Return the queue of `tickets` slips (0: not known how many) while `now` is at the table."""
    gone = set(done) | ({now} if now else set())
    answered = {answer: _with(answers, answer, gone) for answer in ANSWERS}
    left = _left(tickets, gone | answers.keys())
    fresh = list(islice(left, SHOWN_NEXT))
    upcoming = (*fresh, *answered["skipped"])[:SHOWN_NEXT]
    waiting = None
    if tickets:
        waiting = sum(1 for n in range(1, tickets + 1) if n not in gone and n not in answers)
        waiting += len(answered["skipped"]) + len(answered["later"])
    return TicketQueue(
        upcoming, answered["skipped"], answered["later"], answered["no_show"], waiting
    )


def _left(tickets: int, gone: Collection[int]) -> Iterator[int]:
    numbers = range(1, tickets + 1) if tickets else count(1)
    return (number for number in numbers if number not in gone)


def _with(
    answers: Mapping[int, TicketAnswer], wanted: TicketAnswer, gone: Collection[int]
) -> tuple[int, ...]:
    return tuple(sorted(n for n, answer in answers.items() if answer == wanted and n not in gone))


def ticket_number(typed: str) -> int | None:
    """Return the number in a ticket field, also of a scanned slip; None if it holds none."""
    digits = read_ticket(typed)
    return int(digits) or None if digits.isascii() and digits.isdigit() else None
