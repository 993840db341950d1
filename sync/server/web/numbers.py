"""Numbers as people read them in each language: `75.903` and `41,5 %`, or `75,903` and `41.5 %`."""

from typing import Final

from enumerator_app.texts import Language, text

_NO_BREAK_SPACE = "\u00a0"


def whole(number: int, language: Language) -> str:
    """Return a whole number with its thousands apart."""
    written = f"{number:,}"
    return written.replace(",", ".") if language == "id" else written


def percent(part: int, total: int, language: Language, *, digits: int = 0) -> str:
    """Return a share; of nothing there is none, so that is 0. Never rounded up to 100."""
    share = 100 * part / total if total else 0.0
    if part < total:
        share = min(share, 100 - 10**-digits)
    written = f"{share:.{digits}f}"
    if language == "id":
        written = written.replace(".", ",")
    return f"{written}{_NO_BREAK_SPACE}%"


_STEPS: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


def rupiah(amount: int, language: Language) -> str:
    """Return a sum as a sentence says it, to three digits: `Rp1,54 miliar`; small ones whole."""
    for size, word in _STEPS:
        if amount >= size:
            written = f"{amount / size:.3g}" if amount < 999.5 * size else f"{amount / size:.0f}"
            if language == "id":
                written = written.replace(".", ",")
            return f"Rp{written}{_NO_BREAK_SPACE}{text(f'web.number_{word}', language)}"
    return f"Rp{whole(amount, language)}"
