"""Whole numbers in words, as letters write sums: "seratus dua ribu rupiah"."""

from typing import Final

_UNITS: Final = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
    "sepuluh", "sebelas",
)  # fmt: skip
_GROUPS: Final = ("", "ribu", "juta", "miliar", "triliun", "kuadriliun")
_BELOW_TWENTY: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS: Final = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_ENGLISH_GROUPS: Final = ("", "thousand", "million", "billion", "trillion", "quadrillion")
_TOO_LARGE: Final = 1000 ** len(_GROUPS)


def number_words(number: int, language: str) -> str:
    """Return a number from 0 to below a quintillion in Indonesian ("id") or English words.

    Raises:
        ValueError: outside that range.
    """
    if not 0 <= number < _TOO_LARGE:
        raise ValueError("no words for this number")
    if number == 0:
        return "nol" if language == "id" else "zero"
    parts = []
    for place, group in _groups(number):
        parts.append(_indonesian(group, place) if language == "id" else _english(group, place))
    return " ".join(parts)


def _groups(number: int) -> list[tuple[int, int]]:
    """Return (place, three digits) of each group that is not zero, the largest first."""
    found = []
    place = 0
    while number:
        number, group = divmod(number, 1000)
        if group:
            found.append((place, group))
        place += 1
    return found[::-1]


def _indonesian(group: int, place: int) -> str:
    if (group, place) == (1, 1):
        return "seribu"
    hundreds, rest = divmod(group, 100)
    words = []
    if hundreds:
        words.append("seratus" if hundreds == 1 else f"{_UNITS[hundreds]} ratus")
    if rest:
        words.append(_below_hundred(rest))
    return " ".join([*words, _GROUPS[place]]).strip()


def _below_hundred(rest: int) -> str:
    if rest < len(_UNITS):
        return _UNITS[rest]
    if rest < 20:
        return f"{_UNITS[rest - 10]} belas"
    tens, unit = divmod(rest, 10)
    return f"{_UNITS[tens]} puluh {_UNITS[unit] if unit else ''}".strip()


def _english(group: int, place: int) -> str:
    hundreds, rest = divmod(group, 100)
    words = [f"{_BELOW_TWENTY[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, unit = divmod(rest, 10)
        below = f"{_TENS[tens]}-{_BELOW_TWENTY[unit]}" if unit else _TENS[tens]
        words.append(_BELOW_TWENTY[rest] if rest < 20 else below)
    return " ".join([*words, _ENGLISH_GROUPS[place]]).strip()
