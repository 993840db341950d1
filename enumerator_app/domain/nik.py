"""NIK and KK numbers, read strictly.

A NIK (PP 37/2007 art. 37) is 16 digits: the area of first registration (2 province, 2 regency,
2 district), DDMMYY with 40 added to the day for women, and a serial from 0001. There is no check
digit. A KK number has the same form, but its date is the day of recording and knows no 40.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from enumerator_app.domain.typed import NotUnderstood

NIK_DIGITS: Final = 16
WOMEN_ADD_TO_DAY: Final = 40
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212]")
_SIXTEEN = re.compile(r"[0-9]{16}")
_EXCEL_NUMBER = re.compile(
    r"'?\s*(?:[0-9][.,]?[0-9]*E\+?[0-9]{1,2}|[0-9]{15,17}\.0)", re.IGNORECASE
)


class InvalidNik(NotUnderstood):
    """Not a NIK; `code` is the finding that says why."""


@dataclass(frozen=True, slots=True)
class Nik:
    """The parts of a NIK, none of them checked against the world."""

    digits: str

    @property
    def area_code(self) -> str:
        """The six digits of the district of first registration (Kemendagri code)."""
        return self.digits[:6]

    @property
    def regency_code(self) -> str:
        return self.digits[:4]

    @property
    def sex(self) -> Literal["L", "P"]:
        return "P" if int(self.digits[6:8]) > WOMEN_ADD_TO_DAY else "L"

    @property
    def day(self) -> int:
        written = int(self.digits[6:8])
        return written - WOMEN_ADD_TO_DAY if self.sex == "P" else written

    @property
    def month(self) -> int:
        return int(self.digits[8:10])

    @property
    def year_of_century(self) -> int:
        return int(self.digits[10:12])

    @property
    def shown_date(self) -> str:
        """The date as it is written, without a century: "12-03-74"."""
        return f"{self.day:02d}-{self.month:02d}-{self.year_of_century:02d}"

    @property
    def serial(self) -> str:
        return self.digits[12:]

    @property
    def is_placeholder(self) -> bool:
        """One digit sixteen times, or counting up or down: never issued to anybody."""
        steps = {(int(b) - int(a)) % 10 for a, b in zip(self.digits, self.digits[1:], strict=False)}
        return len(steps) == 1 and steps <= {0, 1, 9}

    def agrees_with(self, born: date) -> bool:
        """Return whether day, month and year of the century are those of `born`."""
        written = (self.day, self.month, self.year_of_century)
        return written == (born.day, born.month, born.year % 100)


@dataclass(frozen=True, slots=True)
class KkNumber:
    """The parts of a family card number."""

    digits: str

    @property
    def area_code(self) -> str:
        return self.digits[:6]

    @property
    def serial(self) -> str:
        return self.digits[12:]

    def recorded_on(self, *, not_after: date) -> date | None:
        """Return the day of recording; None if the six digits are no day up to `not_after`."""
        day, month, year = (int(self.digits[i : i + 2]) for i in (6, 8, 10))
        return _latest_date(year, month, day, not_after)


def compact_digits(typed: str) -> str:
    """Return a typed NIK or KK number without blanks, hyphens, dots and a leading apostrophe."""
    return _SEPARATORS.sub("", typed.strip().removeprefix("'"))


def is_spoilt_by_spreadsheet(typed: str) -> bool:
    """Return whether this is how a spreadsheet writes a long number: `3,21601E+15` or `….0`."""
    return _EXCEL_NUMBER.fullmatch(typed.strip()) is not None


def parse_nik(typed: str) -> Nik:
    """Return the parts of a typed NIK.

    Raises:
        InvalidNik: `nik_letter` (something that is no ASCII digit) or `nik_len` (`n` digits).
    """
    return Nik(_sixteen_digits(typed, "nik"))


def parse_kk(typed: str) -> KkNumber:
    """Return the parts of a typed KK number.

    Raises:
        InvalidNik: `kk_letter` or `kk_len`.
    """
    return KkNumber(_sixteen_digits(typed, "kk"))


def birth_date_from_nik(nik: str, *, not_after: date) -> date:
    """Return the birth date written in a NIK.

    The century is not written: the latest that gives a date on or before `not_after` wins. A NIK
    outlives a corrected birth date, so callers warn about a mismatch and never refuse it.

    Raises:
        InvalidNik: not 16 ASCII digits, or (`nik_no_date`) no such day in either century.
    """
    if not _SIXTEEN.fullmatch(nik):
        raise InvalidNik("nik_len", n=len(nik))
    parts = Nik(nik)
    born = _latest_date(parts.year_of_century, parts.month, parts.day, not_after)
    if born is None:
        raise InvalidNik("nik_no_date")
    return born


def shown_nik(nik: str) -> str:
    """Return a NIK in groups of 6 6 4 (area, date, serial); anything else unchanged."""
    return f"{nik[:6]} {nik[6:12]} {nik[12:]}" if _SIXTEEN.fullmatch(nik) else nik


def _sixteen_digits(typed: str, kind: Literal["nik", "kk"]) -> str:
    compact = compact_digits(typed)
    if not re.fullmatch(r"[0-9]*", compact):
        raise InvalidNik(f"{kind}_letter")
    if len(compact) != NIK_DIGITS:
        raise InvalidNik(f"{kind}_len", n=len(compact))
    return compact


def _latest_date(year_of_century: int, month: int, day: int, not_after: date) -> date | None:
    this_century = not_after.year - not_after.year % 100
    for century in (this_century, this_century - 100):
        with suppress(ValueError):
            found = date(century + year_of_century, month, day)
            if found <= not_after:
                return found
    return None
