"""Search as people type: part of a name, the last digits of a NIK, a number or its end."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, column, literal_column, or_, table, tuple_
from sqlmodel import Session, col, select

from enumerator_app.domain.numbers import parse_number
from enumerator_app.domain.states import Decision
from enumerator_app.storage.listing import lines, rows_of
from enumerator_app.storage.names_folded import compact, folded_name
from enumerator_app.storage.tables import RegistrationRow
from enumerator_app.storage.worker import ListedWorker

_TRIGRAM: Final = 3
_NUMBER_END: Final = 4  # tag and check character
_AFTER_ALL: Final = "\U0010ffff"
_INDEX: Final = table("registration_search", column("rowid"))
_MATCHED: Final[ColumnElement[Any]] = literal_column("registration_search")
_NUMBER_START = re.compile(r"(?:[0-9]{4})?[A-Z][0-9]{2,3}(?=[0-9]{5}|$)")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search is narrowed to, beside its text."""

    states: tuple[Decision, ...] = ()
    village: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a text is looked for: an index match, further conditions, and the order of hits."""

    match: str | None = None
    conditions: tuple[ColumnElement[bool], ...] = field(default=())
    by_name: bool = False


def search(
    session: Session, typed: str, narrowed: Filter, *, limit: int, after: ListedWorker | None
) -> list[ListedWorker]:
    """Return hits, newest first; for one or two letters by name. `after` is the last line had."""
    plan = _plan(typed)
    statement = lines().where(*plan.conditions, *_narrowing(narrowed))
    if plan.match is not None:
        statement = statement.join(_INDEX, _INDEX.c.rowid == col(RegistrationRow.id)).where(
            _MATCHED.op("MATCH")(plan.match)
        )
    return rows_of(session, _ordered(statement, plan, after).limit(limit))


def _plan(typed: str) -> _Plan:
    bare = compact(typed)
    if not bare:
        return _Plan()
    number = parse_number(bare)
    if number is not None:
        return _Plan(conditions=(col(RegistrationRow.number) == number,))
    if bare.isdigit() and bare.isascii():
        return _Plan(conditions=(_digits(bare),))
    if any(c.isdigit() for c in bare):
        return _number_plan(bare.upper())
    return _name_plan(folded_name(typed))


def _digits(digits: str) -> ColumnElement[bool]:
    backwards = digits[::-1]
    nik = col(RegistrationRow.nik_reversed)
    ends_so = (nik >= backwards) & (nik < backwards + _AFTER_ALL)
    if len(digits) < _TRIGRAM:
        return ends_so
    return or_(ends_so, _labelled(digits))


def _number_plan(bare: str) -> _Plan:
    label = _NUMBER_START.sub("", bare)
    if not label:
        return _Plan(conditions=(col(RegistrationRow.number).contains(_dashed(bare)),))
    if len(label) < _TRIGRAM:
        return _Plan(conditions=(col(RegistrationRow.number).endswith(label),))
    return _Plan(conditions=(_labelled(label),))


def _labelled(label: str) -> ColumnElement[bool]:
    hits = select(_INDEX.c.rowid).where(_MATCHED.op("MATCH")(f"label : {_quoted(label)}"))
    return col(RegistrationRow.id).in_(hits)


def _name_plan(folded: str) -> _Plan:
    words = folded.split()
    long = [word for word in words if len(word) >= _TRIGRAM]
    name = col(RegistrationRow.name_folded)
    if not long:
        return _Plan(conditions=((name >= folded) & (name < folded + _AFTER_ALL),), by_name=True)
    short = tuple(
        or_(name.startswith(word, autoescape=True), name.contains(" " + word, autoescape=True))
        for word in words
        if len(word) < _TRIGRAM
    )
    match = " AND ".join(f"name : {_quoted(word)}" for word in long)
    if len(folded) == _NUMBER_END:  # the end of a number may be letters only
        match = f"({match}) OR label : {_quoted(folded)}"
    return _Plan(match, short)


def _ordered(statement: Select[Any], plan: _Plan, after: ListedWorker | None) -> Select[Any]:
    id_ = col(RegistrationRow.id)
    if plan.by_name:
        name = col(RegistrationRow.name_folded)
        if after is not None:
            last = (folded_name(after.name), after.position)
            statement = statement.where(tuple_(name, id_) > last)
        return statement.order_by(name, id_)
    place: Any = _INDEX.c.rowid if plan.match is not None else id_
    if after is not None:
        statement = statement.where(place < after.position)
    return statement.order_by(place.desc())


def _narrowing(narrowed: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.states:
        conditions.append(col(RegistrationRow.state).in_(narrowed.states))
    if narrowed.village is not None:
        conditions.append(col(RegistrationRow.village_code) == narrowed.village)
    if narrowed.day is not None:
        conditions.append(col(RegistrationRow.day) == narrowed.day.isoformat())
    return conditions


def _dashed(start: str) -> str:
    return f"{start[:4]}-{start[4:]}-" if start[0].isdigit() else f"-{start}-"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
