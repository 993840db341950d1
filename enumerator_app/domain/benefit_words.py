"""The sums of the dated tables in words, for the pages that are turned and the sheet at home."""

from datetime import date
from typing import Final

from enumerator_app.domain.programme import ProgrammeTables
from enumerator_app.texts import Language, text, thousands

_MILLION: Final = 1_000_000


def sums(tables: ProgrammeTables, today: date, language: Language | None = None) -> dict[str, str]:
    """Return every sum and term that is named to workers, as it holds on `today`.

    Raises:
        LookupError: no table holds on that day.
    """
    table = tables.benefits_on(today)
    base = tables.contributions_on(today).base(None)
    return {
        "death": rupiah_words(table.death, language),
        "early": rupiah_words(table.early_death, language),
        "early_months": str(table.early_death_months),
        "times": str(table.work_death_months),
        "base": rupiah_words(base, language),
        "work_death": rupiah_words(table.work_death(base), language),
        "scholarship": rupiah_words(table.scholarship_most, language),
        "children": str(table.scholarship_children),
        "years": str(table.scholarship_after_years),
        "full_months": str(table.recovery_full_months),
        "percent": str(table.recovery_percent_after),
    }


def rupiah_words(amount: int, language: Language | None = None) -> str:
    """Return "Rp42 juta" for whole millions, "Rp16.800" for all else."""
    if amount >= _MILLION and amount % _MILLION == 0:
        return text("benefits.millions", language, n=thousands(amount // _MILLION))
    return f"Rp{thousands(amount)}"
