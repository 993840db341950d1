"""Who is ready for the insurer, who is held back and why: everybody is counted exactly once."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import Connection, delete, func, insert, select

from enumerator_app.domain.dates import age_on, reaches_age_on
from enumerator_app.domain.reference import load_rulebook
from enumerator_app.resource_files import read_toml
from sync.server.batches.branches import LOOKED_AT, branch_of
from sync.server.batches.months import months_after, read_month
from sync.server.batches.totals import contribution
from sync.server.batches.trouble import MonthUnreadable
from sync.server.bulk import Write, write_all
from sync.server.cover_tables import CHECK_ROWS, CHECKED_ROWS, ENDING_ROWS, SENT_ROWS
from sync.server.long_work.counting import counted as gone_through
from sync.server.office import Office
from sync.server.quota.settling import waiting_for_a_place
from sync.server.reading_contents import stream, with_contents
from sync.server.resolving.telling import PAIRS
from sync.server.tables import CASE_ROWS, SUBJECT_ROWS
from sync.server.tabulating import cell

Effect = Literal["hold", "note", "off"]
_NOT_YET: Final = ("registered", "returned")
_ENDED_FOR_GOOD: Final = ("died", "age_65")
_OWN: Final = ("", "self")
CHECKED: Final = Write(CHECKED_ROWS, ("branch", "subject", "code", "effect"))


@dataclass(frozen=True, slots=True)
class CheckRules:
    """The rules as data; `effects` in the order in which they are asked."""

    version: str
    before_age_months: int
    most_on_one_phone: int
    effects: dict[str, Effect]


@cache
def load_check_rules() -> CheckRules:
    said = read_toml("rules", "insurer_check.toml")
    effects: dict[str, Effect] = {rule["code"]: rule["effect"] for rule in said["rules"]}
    return CheckRules(
        said["version"], said["before_age_months"], said["most_on_one_phone"], effects
    )


@dataclass(slots=True)
class Checked:
    """What a look found. `held` names each person once, by the first rule that holds them."""

    branch: str
    start: date
    rules: str
    ready: list[str] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    noted: list[tuple[str, str]] = field(default_factory=list)
    not_approved: int = 0
    monthly: int = 0
    nik_sum: int = 0

    @property
    def looked_at(self) -> int:
        return len(self.ready) + len(self.held)

    def summary(self) -> dict[str, Any]:
        """Return the counts: `looked_at` = `ready` + `held`, and `held` is the sum of its rules."""
        held, noted = Counter(self.held.values()), Counter(code for _, code in self.noted)
        return {
            "branch": self.branch,
            "month": f"{self.start:%Y-%m}",
            "rules": self.rules,
            "looked_at": self.looked_at,
            "ready": len(self.ready),
            "held": len(self.held),
            "noted": len({subject for subject, _ in self.noted}),
            "not_approved": self.not_approved,
            "monthly": self.monthly,
            "nik_sum": str(self.nik_sum),
            "held_by": {code: held[code] for code in load_check_rules().effects if held[code]},
            "noted_by": {code: noted[code] for code in load_check_rules().effects if noted[code]},
        }


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known beside a record."""

    start: date
    rules: CheckRules
    sent: Mapping[str, frozenset[str]]
    cases: frozenset[str]
    without_place: frozenset[str]
    twice: Mapping[str, frozenset[str]]
    let_through: Mapping[str, frozenset[str]]
    ended: frozenset[str]
    phones: Counter[str]


def check_people(office: Office, branch: str, start: date) -> Checked:
    """Look at everybody who is approved, or waits for a NIK alone, and keep what was found."""
    found = Checked(branch, start, load_check_rules().version)
    with office.database.reading() as connection:
        around = _around(connection, start, branch)
        for row, body in gone_through(_people(connection, branch)):
            _judge(found, row, body, around)
        state = SUBJECT_ROWS.c.state
        waiting = select(SUBJECT_ROWS.c.village_code, func.count()).where(state.in_(_NOT_YET))
        counted = connection.execute(waiting.group_by(SUBJECT_ROWS.c.village_code))
        found.not_approved = sum(n for code, n in counted if branch_of(code) == branch)
    _keep(office, found)
    return found


def last_check(office: Office, branch: str) -> dict[str, Any] | None:
    """Return the counts of the last look, with its time; None if nobody looked yet.

    A look at a month that is not taken any more counts as none: its page could not be shown.
    """
    query = select(CHECK_ROWS.c.at, CHECK_ROWS.c.summary).where(CHECK_ROWS.c.branch == branch)
    with office.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    found = {**json.loads(row.summary), "at": row.at}
    try:
        read_month(found["month"])
    except MonthUnreadable:
        return None
    return found


def forget_check(connection: Connection, branch: str) -> None:
    """Forget the last look at a branch: who was ready has left."""
    for table in (CHECK_ROWS, CHECKED_ROWS):
        connection.execute(delete(table).where(table.c.branch == branch))


def people_checked(
    office: Office, branch: str, code: str, *, limit: int, offset: int = 0
) -> list[Any]:
    """Return the records that a rule fits, by number."""
    checked, table = CHECKED_ROWS.c, SUBJECT_ROWS.c
    query = (
        select(SUBJECT_ROWS, checked.code, checked.effect)
        .join_from(CHECKED_ROWS, SUBJECT_ROWS, table.id == checked.subject)
        .where(checked.branch == branch)
        .order_by(table.number, table.id, checked.code)
        .limit(limit)
        .offset(offset)
    )
    if code:
        query = query.where(checked.code == code)
    with office.database.reading() as connection:
        return list(connection.execute(query).all())


def _people(connection: Connection, branch: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    query = with_contents().where(SUBJECT_ROWS.c.state.in_(LOOKED_AT))
    return (
        (row, body)
        for row, body in stream(connection, query)
        if branch_of(row.village_code) == branch
    )


def _around(connection: Connection, start: date, branch: str) -> _Around:
    rules, table = load_check_rules(), SUBJECT_ROWS.c
    cases = select(CASE_ROWS.c.subjects).where(CASE_ROWS.c.closed_at.is_(None))
    is_here = table.state.in_(("verified", "submitted", "enrolled")) & (table.nik != "")
    twice = select(table.nik).where(is_here).group_by(table.nik).having(func.count() > 1)
    with_it = select(table.nik, table.id).where(is_here, table.nik.in_(twice))
    ended = (
        select(table.nik)
        .join_from(SUBJECT_ROWS, ENDING_ROWS, ENDING_ROWS.c.subject == table.id)
        .where(ENDING_ROWS.c.reason.in_(_ENDED_FOR_GOOD), table.nik != "", table.state == "ended")
    )
    phones: Counter[str] = Counter()
    if rules.effects.get("phone_shared", "off") != "off":
        phones.update(_own_phone(body) for _, body in _people(connection, branch))
    return _Around(
        start=start,
        rules=rules,
        sent=_standing_on_a_list(connection),
        cases=frozenset(one for some in _all(connection, cases) for one in json.loads(some) if one),
        without_place=frozenset(_all(connection, waiting_for_a_place())),
        twice=_gathered((row.nik, row.id) for row in connection.execute(with_it)),
        let_through=_let_through(connection),
        ended=frozenset(_all(connection, ended)),
        phones=phones,
    )


def _standing_on_a_list(connection: Connection) -> dict[str, frozenset[str]]:
    """Return whose records stand under a number (after #) or NIK and wait, or are covered.

    Whose cover ended, and who was registered again since, may be sent again.
    """
    sent, table = SENT_ROWS.c, SUBJECT_ROWS.c
    is_covered = (sent.state == "accepted") & (sent.subject.is_(None) | (table.state == "enrolled"))
    query = (
        select(sent.number, sent.nik, sent.subject)
        .outerjoin(SUBJECT_ROWS, table.id == sent.subject)
        .where((sent.state == "sent") | is_covered)
    )
    rows = connection.execute(query).all()
    marks = [(f"#{row.number}", row.subject or "") for row in rows if row.number]
    return _gathered([*marks, *((row.nik, row.subject or "") for row in rows if row.nik)])


def _let_through(connection: Connection) -> dict[str, frozenset[str]]:
    """Return, by record, the others that it may share a NIK with: an officer said so.

    Either both are people of their own, or the insurer shall judge.
    """
    table = CASE_ROWS.c
    query = select(table.one, table.other).where(
        table.kind.in_(sorted(PAIRS)), table.answer.in_(("separate", "as_is")),
        table.closed_at.is_not(None), table.one.is_not(None), table.other.is_not(None),
    )  # fmt: skip
    pairs = [(row.one, row.other) for row in connection.execute(query)]
    return _gathered([*pairs, *((other, one) for one, other in pairs)])


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _all(connection: Connection, query: Any) -> Iterator[str]:
    return iter(connection.execute(query).scalars())


def _judge(found: Checked, row: Any, body: dict[str, Any], around: _Around) -> None:
    noted = []
    for code, effect in around.rules.effects.items():
        if effect == "off" or not _ASKS[code](row, body, around):
            continue
        if effect == "hold":
            found.held[row.id] = code
            return
        noted.append((row.id, code))
    found.ready.append(row.id)
    income, programmes = cell(body.get("monthly_income")), cell(body.get("programmes"))
    found.monthly += contribution(income, programmes, around.start).total
    found.nik_sum += int(row.nik or 0)
    found.noted += noted


def _born(body: dict[str, Any]) -> date | None:
    born = body.get("birth_date")
    return date.fromisoformat(born) if born else None


def _is_at_limit(body: dict[str, Any], day: date) -> bool:
    born = _born(body)
    limit = load_rulebook().age_limits(day).before_age
    return born is not None and reaches_age_on(born, limit) <= day


def _is_young(body: dict[str, Any], day: date) -> bool:
    born = _born(body)
    return born is not None and age_on(born, day) < load_rulebook().age_limits(day).from_age


def _own_phone(body: dict[str, Any]) -> str:
    """Return the number that somebody calls their own; one that is said to be shared is none."""
    return str(body.get("phone") or "") if body.get("phone_owner", "") in _OWN else ""


def _is_shared(body: dict[str, Any], around: _Around) -> bool:
    phone = _own_phone(body)
    return bool(phone) and around.phones[phone] > around.rules.most_on_one_phone


def _has_others(by_nik: Mapping[str, frozenset[str]], row: Any, around: _Around) -> bool:
    """Whether its NIK stands for a record that nobody let through beside it."""
    others = by_nik.get(row.nik, frozenset()) - {row.id}
    return bool(others - around.let_through.get(row.id, frozenset()))


_Ask = Callable[[Any, dict[str, Any], _Around], bool]
_ASKS: Final[dict[str, _Ask]] = {
    "no_nik": lambda row, _, __: not row.nik,
    "no_birth_date": lambda _, body, __: not body.get("birth_date"),
    "age_reached": lambda _, body, around: _is_at_limit(body, around.start),
    "age_young": lambda _, body, around: _is_young(body, around.start),
    "no_mother": lambda _, body, __: not str(body.get("mother_name") or "").strip(),
    "ended": lambda row, _, around: row.nik in around.ended,
    "in_other_list": lambda row, _, around: (
        f"#{row.number}" in around.sent or _has_others(around.sent, row, around)
    ),
    "same_nik": lambda row, _, around: _has_others(around.twice, row, around),
    "open_case": lambda row, _, around: row.id in around.cases,
    "no_place": lambda row, _, around: row.id in around.without_place,
    "age_soon": lambda _, body, around: _is_at_limit(
        body, months_after(around.start, around.rules.before_age_months)
    ),
    "no_contact": lambda _, body, __: not body.get("phone") and not body.get("email"),
    "phone_shared": lambda _, body, around: _is_shared(body, around),
    "not_working": lambda _, body, __: body.get("works_now") in ("ill", "stopped"),
}


def _keep(office: Office, found: Checked) -> None:
    rows = [(found.branch, one, code, "hold") for one, code in found.held.items()]
    rows += [(found.branch, one, code, "note") for one, code in found.noted]
    values = {
        "branch": found.branch, "month": f"{found.start:%Y-%m}", "at": office.now(),
        "summary": json.dumps(found.summary()),
    }  # fmt: skip
    with office.database.writing() as connection:
        forget_check(connection, found.branch)
        write_all(connection, [(CHECKED, rows)])
        connection.execute(insert(CHECK_ROWS).values(values))
