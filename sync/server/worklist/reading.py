"""A list of expected people out of a file. A row that cannot be used costs itself alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from enumerator_app.domain.dates import read_date
from enumerator_app.domain.names import ktp_capitals
from enumerator_app.domain.nik import NIK_DIGITS, compact_digits, is_spoilt_by_spreadsheet
from enumerator_app.domain.places import Places, place_key
from enumerator_app.domain.typed import NotUnderstood
from enumerator_app.domain.worklist import UNKNOWN_DIGIT
from sync.server.list_files import ListRow, RejectedRow, RowRefused, read_list

KIND: Final = "worklist"
MOST_ROWS: Final = 250_000
_LONGEST_NAME: Final = 98
_LONGEST_TEXT: Final = 160
_LEAST_DIGITS: Final = 4
_OLDEST: Final = 120
_NAME = re.compile(r"(?:[^\W\d_]|[ .,'`/()-])+")
_UNKNOWN = re.compile(r"[xX#*?•]")


@dataclass(frozen=True, slots=True)
class WantedPerson:
    """A person as the file has it; who was on an earlier list keeps the code from there."""

    village_code: str
    name: str
    nik: str
    birth_date: str
    address: str
    group: str
    source: str
    birth_place: str


@dataclass(slots=True)
class ReadList:
    """What a file holds: people to expect, and rows that are none."""

    people: list[WantedPerson]
    rejected: list[RejectedRow]


def read_worklist(
    path: Path, places: Places, *, today: date, mapping: Path | None = None
) -> ReadList:
    """Read a file whole.

    Raises:
        FileUnreadable, FileKindUnknown, HeaderMissing, ColumnsUnknown: it is no list.
    """
    found = ReadList([], [])
    reader = _Reader(places, today, set())
    for row in _at_most(read_list(path, KIND, mapping)):
        try:
            found.people.append(reader.person(row))
        except RowRefused as refused:
            found.rejected.append(RejectedRow(row, refused.code, refused.parameters))
        except NotUnderstood as error:
            found.rejected.append(RejectedRow(row, error.code, error.parameters))
    return found


def _at_most(rows: Iterator[ListRow]) -> Iterator[ListRow]:
    for n, row in enumerate(rows, start=1):
        if n > MOST_ROWS:
            yield ListRow(row.number, {}, {}, "too_many")
            return
        yield row


@dataclass(slots=True)
class _Reader:
    places: Places
    today: date
    seen: set[str]

    def person(self, row: ListRow) -> WantedPerson:
        if row.problem:
            raise RowRefused(row.problem)
        name = self._name(row)
        village = village_in(row, self.places)
        nik = self._nik(row)
        if nik and UNKNOWN_DIGIT not in nik:
            if nik in self.seen:
                raise RowRefused("nik_twice")
            self.seen.add(nik)
        return WantedPerson(
            village, name, nik, self._born(row), _bounded(row, "address"), _bounded(row, "group"),
            _bounded(row, "source"), ktp_capitals(_bounded(row, "birth_place")),
        )  # fmt: skip

    def _name(self, row: ListRow) -> str:
        name = ktp_capitals(row.value("name"))
        if sum(c.isalpha() for c in name) < 2:
            raise RowRefused("name_missing")
        if not _NAME.fullmatch(name):
            raise RowRefused("name_odd")
        if len(name) > _LONGEST_NAME:
            raise RowRefused("too_long", field="nama")
        return name

    def _nik(self, row: ListRow) -> str:
        """Return 16 places, unknown ones starred; digits alone are taken for the last ones."""
        typed = row.value("nik")
        if "nik" in row.has_numeric or is_spoilt_by_spreadsheet(typed):
            raise RowRefused("xlsx_nik")
        bare = _UNKNOWN.sub(UNKNOWN_DIGIT, compact_digits(typed))
        if not bare:
            return ""
        if re.search(r"[^0-9*]", bare):
            raise RowRefused("nik_letter")
        digits = bare.replace(UNKNOWN_DIGIT, "")
        is_part = UNKNOWN_DIGIT in bare and len(bare) != NIK_DIGITS
        if len(bare) > NIK_DIGITS or len(digits) < _LEAST_DIGITS or is_part:
            raise RowRefused("nik_part", n=len(bare))
        return bare.rjust(NIK_DIGITS, UNKNOWN_DIGIT)

    def _born(self, row: ListRow) -> str:
        typed = row.value("birth_date")
        if not typed:
            return ""
        born = read_date(typed)
        if not self.today.year - _OLDEST <= born.year or born > self.today:
            raise RowRefused("date_outside")
        return born.isoformat()


def village_in(row: ListRow, places: Places) -> str:
    """Return the code of the village that a row names, by its kecamatan if the name is not alone.

    Raises:
        RowRefused: there is none, or several.
    """
    typed = row.value("village")
    if not typed:
        raise RowRefused("village_missing")
    village = places.village(places.read_village(typed))
    if village is not None:
        return village.code
    named = [v for v in places.villages if place_key(v.name) == place_key(typed)]
    district = place_key(row.value("district"))
    if district:
        named = [v for v in named if district in (place_key(v.district_name), v.district_code)]
    if len(named) == 1:
        return named[0].code
    raise RowRefused("village_several" if named else "village_unknown", value=typed[:40])


def _bounded(row: ListRow, name: str) -> str:
    value = row.value(name)
    if len(value) > _LONGEST_TEXT:
        raise RowRefused("too_long", field=name)
    return value
