"""Search as people type: part of a name, the last digits of a NIK, a number or its end."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from enumerator_app.domain.numbers import parse_number
from enumerator_app.domain.states import Custody, Decision
from enumerator_app.storage.listing import UNANSWERED, Condition, one_of, select_from, workers
from enumerator_app.storage.names_folded import compact, folded_name
from enumerator_app.storage.worker import ListedWorker

if TYPE_CHECKING:
    from sqlite3 import Connection

_TRIGRAM: Final = 3
_NUMBER_END: Final = 4  # tag and check character
_AFTER_ALL: Final = "\U0010ffff"
_NUMBER_START = re.compile(r"(?:[0-9]{4})?[A-Z][0-9]{2,3}(?=[0-9]{5}|$)")
_LABELLED: Final = (
    "r.id IN (SELECT rowid FROM registration_search WHERE registration_search MATCH ?)"
)
_NIK_ENDS: Final = "r.nik_reversed >= ? AND r.nik_reversed < ?"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search is narrowed to, beside its text."""

    states: tuple[Decision, ...] = ()
    village: str | None = None
    day: date | None = None
    custody: tuple[Custody, ...] = ()
    unanswered: bool = False  # only those of whom something was not asked


EVERYBODY: Final = Filter()


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a text is looked for: an index match, further conditions, and the order of hits."""

    match: str | None = None
    conditions: tuple[Condition, ...] = ()
    by_name: bool = False


def search(
    connection: "Connection",
    typed: str,
    narrowed: Filter,
    *,
    limit: int,
    after: ListedWorker | None,
) -> list[ListedWorker]:
    """Return hits, newest first; for one or two letters by name. `after` is the last line had."""
    plan = _plan(typed)
    conditions = [*plan.conditions, *_narrowing(narrowed)]
    if after is not None:
        conditions.append(_after(plan, after))
    return workers(connection, *conditions, match=plan.match, order=_order(plan), limit=limit)


def subjects(connection: "Connection", typed: str, narrowed: Filter) -> list[UUID]:
    """Return everybody that is found, in the order of `search`."""
    plan = _plan(typed)
    source, values = select_from(*plan.conditions, *_narrowing(narrowed), match=plan.match)
    # Every part of the text is written in this package; what people typed is bound.
    query = f"SELECT r.subject {source} ORDER BY {_order(plan)}"
    return [UUID(subject) for (subject,) in connection.execute(query, values)]


def _plan(typed: str) -> _Plan:
    bare = compact(typed)
    if not bare:
        return _Plan()
    number = parse_number(bare)
    if number is not None:
        return _Plan(conditions=(Condition("r.number = ?", (number,)),))
    if bare.isdigit() and bare.isascii():
        return _Plan(conditions=(_digits(bare),))
    if any(c.isdigit() for c in bare):
        return _Plan(conditions=(_number_part(bare.upper()),))
    return _name_plan(folded_name(typed))


def _digits(digits: str) -> Condition:
    backwards = digits[::-1]
    ends = (backwards, backwards + _AFTER_ALL)
    if len(digits) < _TRIGRAM:
        return Condition(_NIK_ENDS, ends)
    return Condition(f"(({_NIK_ENDS}) OR {_LABELLED})", (*ends, _label(digits)))


def _number_part(bare: str) -> Condition:
    end = _NUMBER_START.sub("", bare)
    if not end:
        return Condition("instr(r.number, ?)", (_dashed(bare),))
    if len(end) < _TRIGRAM:
        return Condition("r.number LIKE '%' || ?", (end,))
    return Condition(_LABELLED, (_label(end),))


def _name_plan(folded: str) -> _Plan:
    words = folded.split()
    long = [word for word in words if len(word) >= _TRIGRAM]
    if not long:
        starts = Condition(
            "r.name_folded >= ? AND r.name_folded < ?", (folded, folded + _AFTER_ALL)
        )
        return _Plan(conditions=(starts,), by_name=True)
    # Too short for the index: such a word begins the name or a word in it.
    short = tuple(
        Condition("instr(' ' || r.name_folded, ?)", (" " + word,))
        for word in words
        if len(word) < _TRIGRAM
    )
    match = " AND ".join(f"name : {_quoted(word)}" for word in long)
    if len(folded) == _NUMBER_END:  # the end of a number may be letters only
        match = f"({match}) OR {_label(folded)}"
    return _Plan(match, short)


def _order(plan: _Plan) -> str:
    if plan.by_name:
        return "r.name_folded, r.id"
    return "s.rowid DESC" if plan.match is not None else "r.id DESC"


def _after(plan: _Plan, last: ListedWorker) -> Condition:
    if plan.by_name:
        return Condition("(r.name_folded, r.id) > (?, ?)", (folded_name(last.name), last.position))
    place = "s.rowid" if plan.match is not None else "r.id"
    return Condition(f"{place} < ?", (last.position,))


def _narrowing(narrowed: Filter) -> list[Condition]:
    conditions: list[Condition] = []
    if narrowed.states:
        conditions.append(one_of("r.state", narrowed.states))
    if narrowed.custody:
        conditions.append(one_of("r.custody", narrowed.custody))
    if narrowed.unanswered:
        conditions.append(UNANSWERED)
    if narrowed.village is not None:
        conditions.append(Condition("r.village_code = ?", (narrowed.village,)))
    if narrowed.day is not None:
        conditions.append(Condition("r.day = ?", (narrowed.day.isoformat(),)))
    return conditions


def _dashed(start: str) -> str:
    return f"{start[:4]}-{start[4:]}-" if start[0].isdigit() else f"-{start}-"


def _label(end: str) -> str:
    return f"label : {_quoted(end)}"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
