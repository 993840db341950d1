"""Places by Kemendagri code. Codes are text: digits with leading meaning, never numbers."""

import csv
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from enumerator_app.domain.typed import one_line

VILLAGE_DIGITS: Final = 10
_BPS_DISTRICT_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class Village:
    """A desa or kelurahan; `code` is ten digits, `district_code` six."""

    code: str
    name: str
    kind: Literal["desa", "kelurahan"]
    district_code: str
    district_name: str

    @property
    def dotted_code(self) -> str:
        return f"{self.code[:2]}.{self.code[2:4]}.{self.code[4:6]}.{self.code[6:]}"


@dataclass(frozen=True, slots=True)
class District:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Regency:
    """A kabupaten or kota; `code` is four digits, its name begins with its kind."""

    code: str
    name: str
    province_code: str
    province_name: str


@dataclass(frozen=True)
class Places:
    """The villages of the own regency, and the regencies of the country."""

    villages: tuple[Village, ...]
    regencies: tuple[Regency, ...]

    @classmethod
    def from_csv(cls, villages: str, regencies: str) -> "Places":
        """Return the places in the texts of the two tables (dotted codes, header line)."""
        return cls(
            tuple(_village(row) for row in csv.DictReader(villages.splitlines())),
            tuple(_regency(row) for row in csv.DictReader(regencies.splitlines())),
        )

    @cached_property
    def districts(self) -> tuple[District, ...]:
        found = {v.district_code: District(v.district_code, v.district_name) for v in self.villages}
        return tuple(found[code] for code in sorted(found))

    def village(self, code: str) -> Village | None:
        return self._by_code.get(code)

    def regency(self, code: str) -> Regency | None:
        return self._regency_by_code.get(code)

    def villages_of(self, district_code: str) -> tuple[Village, ...]:
        return tuple(v for v in self.villages if v.district_code == district_code)

    def knows_area(self, area_code: str) -> bool:
        """Return whether the six digits at the start of a NIK are a place known today.

        Districts are known in the own regency only; elsewhere the regency decides.
        """
        if area_code[:4] in self._own_regencies:
            return any(area_code == district.code for district in self.districts)
        return area_code[:4] in self._regency_by_code

    def is_own_area(self, area_code: str) -> bool:
        return area_code[:4] in self._own_regencies

    def read_village(self, typed: str) -> str:
        """Return the code of a typed code (dots and blanks free) or of a name with one owner.

        What is neither comes back clean but otherwise as typed; `village` then answers None.
        """
        compact = re.sub(r"[\s.\-]", "", typed.strip().removeprefix("'"))
        if re.fullmatch(r"[0-9]+", compact):
            return compact
        named = [v for v in self.villages if place_key(v.name) == place_key(typed)]
        return named[0].code if len(named) == 1 else one_line(typed)

    def search(self, typed: str, *, limit: int = 20) -> tuple[Village, ...]:
        """Return villages by part of name or code, blanks and case free.

        Names that begin so come first, then districts that begin so, then names that hold it.
        """
        key = place_key(typed)
        ranked = ((_rank(village, key), village) for village in self.villages)
        found = sorted((rank, v.name, v) for rank, v in ranked if rank is not None)
        return tuple(village for _, _, village in found[:limit])

    @cached_property
    def _by_code(self) -> dict[str, Village]:
        return {village.code: village for village in self.villages}

    @cached_property
    def _regency_by_code(self) -> dict[str, Regency]:
        return {regency.code: regency for regency in self.regencies}

    @cached_property
    def _own_regencies(self) -> frozenset[str]:
        return frozenset(village.code[:4] for village in self.villages)


def place_key(name: str) -> str:
    """Return a place name for comparison: small letters and digits only."""
    return re.sub(r"[\W_]+", "", name.casefold())


def looks_like_bps(code: str) -> bool:
    """Return whether a code that is no Kemendagri village has the form of a BPS code.

    BPS counts districts in three digits, nearly always tens: 3216010 is Setu there, while 32.16.01
    is Tarumajaya. A Kemendagri village has 1, 2 or 3 (its kind) where BPS then has the zero.
    """
    if not re.fullmatch(r"[0-9]+", code):
        return False
    if len(code) == _BPS_DISTRICT_DIGITS:
        return True
    return len(code) == VILLAGE_DIGITS and code[6] == "0"


def _rank(village: Village, key: str) -> int | None:
    name, district = place_key(village.name), place_key(village.district_name)
    if name == key:
        return 0
    if name.startswith(key) or village.code.startswith(key):
        return 1
    if district.startswith(key):
        return 2
    return 3 if key in name or key in district else None


def _village(row: dict[str, str]) -> Village:
    kind: Literal["desa", "kelurahan"] = "kelurahan" if row["kind"] == "kelurahan" else "desa"
    code, district_code = row["code"].replace(".", ""), row["district_code"].replace(".", "")
    return Village(code, row["name"], kind, district_code, row["district_name"])


def _regency(row: dict[str, str]) -> Regency:
    code = row["code"].replace(".", "")
    return Regency(code, row["name"], row["province_code"], row["province_name"])
