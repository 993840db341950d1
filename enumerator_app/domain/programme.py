"""Contributions and benefits from dated tables: whole rupiah, and the version of the table."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeVar

from enumerator_app.domain.registration import PROGRAMMES, Programme

Payer = Literal["apbd", "apbn", "self"]
"""Who pays: the budget of the regency, of the state, or the worker alone."""

_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class Validity:
    """From and to which day a table holds, both included; no end = until the next one."""

    version: str
    valid_from: date
    valid_to: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class ContributionTable:
    """Contributions a month; `brackets` are (income from, base reckoned with), rising."""

    validity: Validity
    jkm: int
    jkk_percent: int
    jht_percent: int
    brackets: tuple[tuple[int, int], ...]

    def base(self, income: int | None) -> int:
        """Return the income reckoned with; without a stated income, the lowest bracket's."""
        return [base for start, base in self.brackets if start <= (income or 0)][-1]

    def amount(self, programme: Programme, base: int) -> int:
        if programme == "JKM":
            return self.jkm
        percent = self.jkk_percent if programme == "JKK" else self.jht_percent
        return base * percent // _PERCENT


@dataclass(frozen=True)
class Discount:
    """A cut in per cent for some programmes, not for the payers in `not_for`."""

    validity: Validity
    percent: int
    programmes: frozenset[str]
    not_for: frozenset[str]


@dataclass(frozen=True)
class Benefits:
    """What a table of benefits promises; the conditions are said beside each sum."""

    validity: Validity
    death_lump: int
    death_periodic: int
    death_funeral: int
    early_death: int
    early_death_months: int
    scholarship_most: int
    scholarship_children: int
    scholarship_after_years: int
    work_death_months: int
    recovery_full_months: int
    recovery_percent_after: int

    @property
    def death(self) -> int:
        """Death not caused by work: lump, periodic part and funeral."""
        return self.death_lump + self.death_periodic + self.death_funeral

    def work_death(self, base: int) -> int:
        """Death by an accident at work, from the income reckoned with."""
        return self.work_death_months * base


@dataclass(frozen=True)
class Contribution:
    """What one person costs a month, by programme, and which tables say so."""

    amounts: Mapping[Programme, int]
    base: int
    table_version: str

    @property
    def total(self) -> int:
        return sum(self.amounts.values())

    def for_people(self, people: int, months: int = 1) -> int:
        return self.total * people * months


@dataclass(frozen=True)
class ProgrammeTables:
    """All dated tables that ship."""

    contributions: tuple[ContributionTable, ...]
    discounts: tuple[Discount, ...]
    benefits: tuple[Benefits, ...]

    @classmethod
    def from_tables(
        cls, contributions: Mapping[str, Any], benefits: Mapping[str, Any]
    ) -> "ProgrammeTables":
        """Return the tables in the two parsed TOML files."""
        return cls(
            tuple(_contribution_table(row) for row in contributions["tables"]),
            tuple(_discount(row) for row in contributions["discounts"]),
            tuple(_benefits(row) for row in benefits["tables"]),
        )

    def contributions_on(self, day: date) -> ContributionTable:
        return _in_force(self.contributions, day)

    def benefits_on(self, day: date) -> Benefits:
        return _in_force(self.benefits, day)


def monthly_contribution(
    income: int | None,
    programmes: Collection[Programme],
    on: date,
    payer: Payer,
    tables: ProgrammeTables,
) -> Contribution:
    """Return what one person with a monthly income (rupiah) costs in the month of `on`.

    Raises:
        LookupError: no table holds on that day.
    """
    table = tables.contributions_on(on)
    base = table.base(income)
    cuts = [d for d in tables.discounts if d.validity.holds_on(on) and payer not in d.not_for]
    amounts = {p: _cut(table.amount(p, base), p, cuts) for p in PROGRAMMES if p in programmes}
    used = [cut for cut in cuts if cut.programmes & set(programmes)]
    versions = (table.validity.version, *(cut.validity.version for cut in used))
    return Contribution(amounts, base, "+".join(versions))


def _cut(amount: int, programme: Programme, cuts: Iterable[Discount]) -> int:
    for cut in cuts:
        if programme in cut.programmes:
            amount = amount * (_PERCENT - cut.percent) // _PERCENT
    return amount


_Table = TypeVar("_Table", ContributionTable, Benefits)


def _in_force(tables: Iterable[_Table], day: date) -> _Table:
    for table in tables:
        if table.validity.holds_on(day):
            return table
    raise LookupError(f"no table holds on {day}")


def _validity(row: Mapping[str, Any]) -> Validity:
    return Validity(row["version"], row["valid_from"], row.get("valid_to"), row["source"])


def _contribution_table(row: Mapping[str, Any]) -> ContributionTable:
    brackets = tuple((start, base) for start, base in row["brackets"])
    return ContributionTable(
        _validity(row), row["jkm"], row["jkk_percent"], row["jht_percent"], brackets
    )


def _discount(row: Mapping[str, Any]) -> Discount:
    programmes, not_for = frozenset(row["programmes"]), frozenset(row["not_for"])
    return Discount(_validity(row), row["percent"], programmes, not_for)


def _benefits(row: Mapping[str, Any]) -> Benefits:
    return Benefits(validity=_validity(row), **row["amounts"])
