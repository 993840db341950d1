"""What a list adds up to: the same numbers in the file, on the page and in the letter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from enumerator_app.domain.programme import Contribution, monthly_contribution
from enumerator_app.domain.reference import load_programme_tables
from enumerator_app.domain.registration import PROGRAMMES


@dataclass(slots=True)
class Totals:
    """Sums over the rows of a list; `numbers` says whose they are, `day` which table counts."""

    day: date
    rows: int = 0
    monthly: int = 0
    nik_sum: int = 0
    programmes: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    def add(self, row: Mapping[str, str]) -> int:
        """Count a row of cells by field; return what this person costs a month."""
        cost = contribution(row["monthly_income"], row["programmes"], self.day)
        self.rows += 1
        self.monthly += cost.total
        self.nik_sum += int(row["nik"] or 0)
        self.programmes.update(cost.amounts)
        self.numbers.add(row["number"])
        return cost.total


@cache
def contribution(income: str, programmes: str, day: date) -> Contribution:
    """Return what the regency pays a month for somebody with these two cells."""
    named = programmes.split("+")
    known = [name for name in PROGRAMMES if name in named]
    tables = load_programme_tables()
    return monthly_contribution(int(income) if income else None, known, day, "apbd", tables)
