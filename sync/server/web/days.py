"""Days and months as people type and choose them: the browser's own boxes write another order."""

from datetime import date

from enumerator_app.domain.dates import read_date
from enumerator_app.domain.typed import NotUnderstood
from enumerator_app.texts import Language
from sync.server.batches.months import month_text, months_after, read_month
from sync.server.errors import DayUnreadable
from sync.server.web.batch_pages import month_words

_MONTHS_AROUND = 12


def typed_day(typed: str) -> date | None:
    """Return the day in what was typed, in any way that the house reads; None if there is nothing.

    Raises:
        DayUnreadable: it is none.
    """
    if not typed.strip():
        return None
    try:
        return read_date(typed)
    except NotUnderstood as error:
        raise DayUnreadable(value=typed.strip()[:20]) from error


def months_to_choose(chosen: str, today: date, language: Language) -> list[tuple[str, str]]:
    """Return the months a year before and after today, and the chosen one, with their words."""
    first = today.replace(day=1)
    around = {months_after(first, n) for n in range(-_MONTHS_AROUND, _MONTHS_AROUND + 1)}
    months = sorted(around | {read_month(chosen)})
    return [(month_text(one), month_words(month_text(one), language)) for one in months]
