"""Dates and numbers as papers write them."""

from datetime import date

from enumerator_app.texts import Language, text


def day_in_full(day: date, language: Language | None = None) -> str:
    """Return "22 November 2026"."""
    return f"{day.day} {text(f'papers.month.m{day.month}', language)} {day.year}"


def weekday(day: date, language: Language | None = None) -> str:
    """Return "Minggu" or "Sunday"."""
    return text(f"papers.weekday.d{day.isoweekday()}", language)


def grouped(number: int, language: Language | None = None) -> str:
    """Return "75.903" in Indonesian, "75,903" in English."""
    return f"{number:,}".replace(",", text("papers.thousands", language))
