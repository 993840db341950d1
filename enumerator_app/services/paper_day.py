"""The figures of a day on one laptop, as the hand-over sheet and the recap show them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from enumerator_app.cards.papers import Letterhead
from enumerator_app.cards.papers.field.handover import HandoverContent, HeldOf, NumberRange
from enumerator_app.cards.papers.field.recap import RecapContent, VillageCounts
from enumerator_app.domain.instants import shown_moment
from enumerator_app.domain.reference import load_places
from enumerator_app.storage.paper_figures import NumberHere
from enumerator_app.storage.store import Store

_CODE_LENGTH = 8


def handover_content(store: Store, letterhead: Letterhead, day: date) -> HandoverContent:
    """Return what the office has of every number on this laptop, whoever gave it."""
    numbers, last, counts = store.numbers_of(), store.last_sync(), store.counts()
    sent_at = shown_moment(last.at) if last else ""
    return HandoverContent(
        letterhead=letterhead,
        day=day,
        device_code=store.identity().device_code,
        holds=tuple(_by_code(numbers)),
        sent_at=sent_at,
        heads_agree=last.heads_agree if last else None,
        is_stopped=store.stopped_at() is not None,
        received=tuple(_ranges([here.number for here in numbers if _counts(here)])),
        kept=tuple(here.number for here in numbers if here.is_received and not _counts(here)),
        missing=tuple(here.number for here in numbers if not here.is_received),
        photos_missing=counts.photos_pending,
        returned=counts.to_correct,
        code=_code(store),
        enumerator=store.operator.name,
    )


def recap_content(store: Store, letterhead: Letterhead, day: date) -> RecapContent:
    """Return what was recorded and printed on a day."""
    device = store.identity().device_code
    printed = store.prints_on(day)
    given = [here for here in store.numbers_of(device) if here.day == day]
    return RecapContent(
        letterhead=letterhead,
        day=day,
        device_code=device,
        enumerator=store.operator.name,
        villages=tuple(
            VillageCounts(
                village=_village_name(village.village_code),
                by_state=village.by_state,
                received=village.received,
            )
            for village in store.villages_on(day)
        ),
        slips=printed.get("provisional", 0),
        cards=printed.get("active", 0),
        first_number=given[0].number if given else "",
        last_number=given[-1].number if len(given) > 1 else "",
        code=_code(store),
    )


def _counts(here: NumberHere) -> bool:
    """Whether the office has the record, and it counts there."""
    return here.is_received and not here.is_without_effect


def _village_name(code: str) -> str:
    village = load_places().village(code)
    return village.name if village else code


def _code(store: Store) -> str:
    """Return the beginning of the journal's head, which the office can compare."""
    return (store.position().head or "")[:_CODE_LENGTH].upper()


def _by_code(numbers: Sequence[NumberHere]) -> Iterator[HeldOf]:
    """Yield how many there are of each laptop that gave them, and how many count at the office."""
    for code, given in groupby(numbers, lambda here: _place(here.number)[0]):
        here = list(given)
        yield HeldOf(code=code, count=len(here), received=sum(map(_counts, here)))


def _ranges(numbers: Sequence[str]) -> Iterator[NumberRange]:
    """Yield runs of serials that follow each other.

    Two copies of a laptop gave some of them twice: such a number stands alone, since a range that
    it ended would not say which of the two it counts.
    """
    twice = {place for place, n in Counter(map(_place, numbers)).items() if n > 1}
    run: list[str] = []
    for number in numbers:
        if run and not (
            _follows(run[-1], number) and twice.isdisjoint(map(_place, (run[-1], number)))
        ):
            yield NumberRange(first=run[0], last=run[-1], count=len(run))
            run = []
        run.append(number)
    if run:
        yield NumberRange(first=run[0], last=run[-1], count=len(run))


def _follows(before: str, number: str) -> bool:
    (code, serial), (next_code, next_serial) = _place(before), _place(number)
    return code == next_code and next_serial == serial + 1


def _place(number: str) -> tuple[str, int]:
    """Return the code of the laptop that gave a number, and the serial."""
    _, code, serial, _ = number.split("-")
    return code, int(serial)
