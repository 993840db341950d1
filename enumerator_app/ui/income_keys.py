"""The three lowest brackets of income, each on a key: A, B or C; any other amount is typed.

Nobody in a village hall knows the income to the rupiah, and what is reckoned with is the bracket.
"""

from datetime import UTC, datetime
from typing import Final

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_programme_tables
from enumerator_app.texts import text, thousands
from enumerator_app.ui.kit.typing_formats import TypingFormat

KEYS: Final = "ABC"


def lowest_brackets() -> dict[str, int]:
    """Return the rupiah that each key stands for, by the contributions in force today."""
    table = load_programme_tables().contributions_on(day_in_wib(datetime.now(UTC)))
    return dict(zip(KEYS, (base for _, base in table.brackets), strict=False))


def income_typing() -> TypingFormat:
    """Return the format that turns a bracket's key into its amount."""
    amounts = {key: thousands(base) for key, base in lowest_brackets().items()}
    return TypingFormat(str, "", key=lambda typed: amounts.get(typed.upper(), typed))


def income_hint() -> str:
    """Return the keys with their amounts in millions, as an empty field shows them."""
    point = text("income.point")
    a, b, c = (f"{base / 1e6:.1f}".replace(".", point) for base in lowest_brackets().values())
    return text("income.keys", a=a, b=b, c=c)
