"""Codes of papers that are scanned: queue slips, and forms that are filled in by hand.

`TK1:7F3K-014-Q` is a slip: four Crockford characters that follow from village and day, so that
slips printed at the office are those of any laptop there; the number that is called; the ISO 7064
check character. `FM1:A07-261122-003-M` is a form: the laptop that printed it, the day, a number of
that day, the check character.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from enumerator_app.domain.errors import TooManySlips
from enumerator_app.domain.numbers import check_character
from enumerator_app.domain.typed import one_line
from enumerator_app.texts import thousands

_DIGITS: Final = 3
MOST_TICKETS: Final = 2_000
"""The highest number of a slip: more is a slip of the finger."""
NO_PLACE: Final = "0000"
"""Of slips for any village and day."""
_TICKET: Final = "TK1"
_FORM: Final = "FM1"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TICKET_SHAPE = re.compile(r"TK1:?([0-9A-HJKMNP-TV-Z]{4})-?([0-9]{3,5})-?([0-9A-Z])")
_FORM_SHAPE = re.compile(r"(?:FM1:?)?([A-Z][0-9]{2,3})-([0-9]{6})-([0-9]{3,5})-([0-9A-Z])")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One slip: where it belongs, and the number that is called."""

    place_key: str
    number: int

    @property
    def code(self) -> str:
        """Return what its QR says."""
        shown = ticket_words(self.number)
        return f"{_TICKET}:{self.place_key}-{shown}-{self._check()}"

    def _check(self) -> str:
        return check_character(f"{_TICKET}{self.place_key}{ticket_words(self.number)}")


@dataclass(frozen=True, slots=True)
class FormNumber:
    """The own number of a blank form; nobody is registered under it."""

    device_code: str
    day: date
    serial: int

    @property
    def shown(self) -> str:
        """Return it as the form shows it: `A07-261122-003-M`."""
        compact = f"{self.device_code}{self.day:%y%m%d}{self.serial:03d}"
        check = check_character(f"{_FORM}{compact}")
        return f"{self.device_code}-{self.day:%y%m%d}-{self.serial:03d}-{check}"

    @property
    def code(self) -> str:
        """Return what its QR says."""
        return f"{_FORM}:{self.shown}"


def place_key(village_code: str, day: date) -> str:
    """Return the four characters of the slips of a village on a day."""
    said = f"{_TICKET}\n{village_code}\n{day.isoformat()}"
    bits = int.from_bytes(hashlib.sha256(said.encode()).digest()[:3]) >> 4
    return "".join(_CROCKFORD[(bits >> shift) & 31] for shift in (15, 10, 5, 0))


def ticket_words(number: int) -> str:
    """Return a slip's number as it is printed, called and kept in the ticket field: `014`."""
    return f"{number:0{_DIGITS}d}"


def read_ticket(typed: str) -> str:
    """Return what the ticket field keeps: the number behind a scanned code, else what is there."""
    slip = parse_ticket(typed)
    return ticket_words(slip.number) if slip else one_line(typed)


def check_most(last: int) -> None:
    """Raise `TooManySlips` if slips shall go further than slips go."""
    if last > MOST_TICKETS:
        raise TooManySlips(last=thousands(last), most=thousands(MOST_TICKETS))


def parse_ticket(scanned: str) -> Ticket | None:
    """Return the slip behind a scanned or typed code; None if it is none or is misread."""
    match = _TICKET_SHAPE.fullmatch(_bare(scanned))
    if match is None:
        return None
    ticket = Ticket(match[1], int(match[2]))
    is_right = ticket_words(ticket.number) == match[2] and ticket.code[-1] == match[3]
    return ticket if ticket.number and is_right else None


def parse_form_number(scanned: str) -> str | None:
    """Return the number of a form as it is shown; None if it is none or is misread."""
    match = _FORM_SHAPE.fullmatch(_bare(scanned))
    if match is None or check_character(f"{_FORM}{match[1]}{match[2]}{match[3]}") != match[4]:
        return None
    return "-".join(match.groups())


def _bare(scanned: str) -> str:
    return re.sub(r"\s", "", scanned.upper())
