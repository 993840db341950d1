"""Typing from a paper form: whose date it keeps, and what marks the record.

The power was out and somebody wrote on the blank form. Its number stands in the record where a
slip's number stands otherwise; its day is the day of registering and of the consent.
"""

from collections.abc import Mapping
from typing import Final

from enumerator_app.domain.dates import read_date
from enumerator_app.domain.tickets import parse_form_number
from enumerator_app.domain.typed import NotUnderstood, one_line

PAPER_NUMBER: Final = "paper_number"
PAPER_DATE: Final = "paper_date"
MODE: Final = "from_paper"
ON: Final = "yes"
NO_NUMBER: Final = "kertas"  # a paper that is none of the blank forms
STAYS: Final = (MODE, PAPER_DATE)
"""Values of this mode that the next form takes over; no later session does."""


def is_from_paper(values: Mapping[str, str]) -> bool:
    return values.get(MODE) == ON


def number_on_paper(typed: str) -> str:
    """Return the form's number as it is printed; what is none, as it was typed."""
    return parse_form_number(typed) or one_line(typed) or NO_NUMBER


def is_form_number(typed: str) -> bool:
    """Is this the number of a blank form, its check character included?"""
    return parse_form_number(typed) is not None


def is_day(typed: str) -> bool:
    try:
        read_date(typed)
    except NotUnderstood:
        return False
    return True


def paper_said(values: Mapping[str, str]) -> dict[str, str]:
    """Return what the record says of its paper; nothing without a day that can be read."""
    day = values.get(PAPER_DATE, "")
    if not is_from_paper(values) or not is_day(day):
        return {}
    typed = values.get(PAPER_NUMBER, "")
    number = parse_form_number(typed) or one_line(typed)
    return {"number": number, "written_on": read_date(day).isoformat()}


def paper_values(values: Mapping[str, str]) -> dict[str, str]:
    """Return what a record from paper has instead of the moment and the slip of the table."""
    if not is_from_paper(values):
        return {}
    day = values.get(PAPER_DATE, "")
    found = {"ticket": number_on_paper(values.get(PAPER_NUMBER, ""))}
    if is_day(day):
        found |= {"registered_at": day, "consent_at": day}
    return found
