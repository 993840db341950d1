"""Findings: what a rule says about a field, and the rulebook that says how heavily.

The rulebook is data (`resources/rules/registration.toml`): field x code x severity, for the form
and for a file. Findings are codes and parameters; `describe` gives the sentence.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, get_args

from enumerator_app.domain.typed import WordList
from enumerator_app.texts import Language, text

Severity = Literal["error", "warning", "note"]
Source = Literal["form", "file"]
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)

_SPOKEN_PARAMETERS: Final = {"sex_in_nik": "sex", "sex_chosen": "sex"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's result. Dates in `parameters` are written `22-11-2026`; codes stay codes."""

    code: str
    severity: Severity
    field: str
    parameters: Mapping[str, str | int] = dataclasses.field(default_factory=dict, hash=False)
    rule_version: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How heavily one code weighs on one field, by source; None where it cannot occur."""

    form: Severity | None
    file: Severity | None
    needs_today: bool = False


@dataclass(frozen=True, slots=True)
class AgeLimits:
    """Ages in full years: registered from `from_age` on, and before `before_age` is reached."""

    from_age: int
    before_age: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures that rules compare with; money in rupiah a month."""

    odd_age: int
    least_income: int
    most_income: int


@dataclass(frozen=True)
class Rulebook:
    """One version of all rules about a registration."""

    version: str
    rules: Mapping[tuple[str, str], Rule]
    limits: Limits
    ages: tuple[tuple[date, AgeLimits], ...]
    words: Mapping[str, WordList]

    @classmethod
    def from_tables(cls, rules: Mapping[str, Any], words: Mapping[str, Any]) -> "Rulebook":
        """Return the rulebook in the two parsed TOML tables."""
        return cls(
            version=rules["version"],
            rules={
                (name, code): Rule(row.get("form"), row.get("file"), row.get("needs_today", False))
                for name, rows in rules["fields"].items()
                for code, row in rows.items()
            },
            limits=Limits(**rules["limits"]),
            ages=tuple(
                (row["valid_from"], AgeLimits(row["from_age"], row["before_age"]))
                for row in sorted(rules["ages"], key=lambda row: row["valid_from"])
            ),
            words={name: WordList.from_table(table) for name, table in words.items()},
        )

    def age_limits(self, day: date) -> AgeLimits:
        """Return the limits in force on `day`; before the first table, those of the first."""
        in_force = [limits for start, limits in self.ages if start <= day]
        return in_force[-1] if in_force else self.ages[0][1]

    def finding(
        self,
        field_name: str,
        code: str,
        *,
        source: Source,
        today_is_certain: bool = True,
        **parameters: str | int,
    ) -> Finding:
        """Return the finding of one rule with its severity.

        A rule that leans on today's date is only a note while today is not certain.
        """
        rule = self.rules[field_name, code]
        severity = rule.form if source == "form" else rule.file
        if severity is None:
            raise ValueError(f"{field_name}.{code} does not occur in a {source}")
        if rule.needs_today and not today_is_certain:
            severity = "note"
        return Finding(code, severity, field_name, parameters, self.version)


def describe(finding: Finding, language: Language | None = None) -> str:
    """Return the sentence of a finding, with codes in it said in words."""
    spoken = {
        name: text(f"findings.words.{_SPOKEN_PARAMETERS[name]}_{value}", language)
        if name in _SPOKEN_PARAMETERS
        else value
        for name, value in finding.parameters.items()
    }
    return text(f"findings.{finding.code}", language, **spoken)
