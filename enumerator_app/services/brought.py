"""What the office gave this laptop before it left: lists of people, places, the district's list."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any, Final, Literal
from uuid import UUID

from enumerator_app.domain.dates import read_rt_rw
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.nik import NIK_DIGITS, compact_digits, shown_nik
from enumerator_app.domain.worklist import OPEN, Answer, ListedPerson
from enumerator_app.services.form_policy import OfficePolicy
from enumerator_app.storage.seats import VillageSeats
from enumerator_app.storage.store import Store
from enumerator_app.storage.worklists import ListedLine, VillageProgress
from sync.protocol.parts import DISTRICT_NIKS, WORKLIST
from sync.protocol.short_hashes import HashSet

TOO_OLD_DAYS: Final = 14
"""An older list of the district says nothing of who came since: it is not asked."""

_HITS: Final = 3
_RT_ON: Final = re.compile(r"\bRT[\s./:]*[0-9].*$", re.IGNORECASE)
_IN_A_VILLAGE: Final = 200

DistrictAnswer = Literal["known", "clear", "not_checked", "no_list", "too_old"]


@dataclass(frozen=True, slots=True)
class DistrictCheck:
    """What the district's list says of a NIK: a hint, and from which day it is."""

    answer: DistrictAnswer
    as_of: date | None = None
    version: int = 0


class Worklists:
    """Finding people whom a village expects, and saying what came of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def hits(self, typed: str, village: str) -> tuple[ListedLine, ...]:
        """Return a few lines that a name, NIK or code may mean; those of this village first."""
        return tuple(self._store.listed(typed, village, limit=_HITS))

    def find(self, typed: str, village: str) -> tuple[ListedLine, ...]:
        """Return lines that the text may mean; without one, those of the village."""
        if not typed.strip():
            return tuple(self._store.listed_in(village, limit=_IN_A_VILLAGE))
        return tuple(self._store.listed(typed, village, limit=_IN_A_VILLAGE))

    def by_code(self, code: str) -> ListedLine | None:
        return self._store.listed_by_code(code)

    def progress(self, village: str) -> VillageProgress:
        return self._store.list_progress(village)

    def villages(self) -> tuple[str, ...]:
        return tuple(self._store.villages_listed())

    def say(self, code: str, answer: Answer) -> str:
        """Journal what came of somebody; return once it is on the disk.

        Raises:
            DiskFull, NotSaved: it was not.
        """
        return self._store.say_of_listed(code, answer, version=self._version())

    def take_back(self, code: str) -> str:
        """Journal that the line is open again; raises as `say`."""
        return self._store.say_of_listed(code, OPEN, version=self._version())

    def _version(self) -> int:
        fields = self._store.taken_document(WORKLIST)
        return int(fields["version"]) if fields else 0


def prefilled(person: ListedPerson) -> dict[str, str]:
    """Return the values that a form starts with; each still has to pass the normal checks.

    NIK and birth date are left to be typed from the KTP where only a part is known.
    """
    address, rt_rw = parted_address(person.address)
    values = {
        "nik": shown_nik(person.known_nik),
        "name": person.name,
        "birth_place": person.birth_place,
        "birth_date": f"{person.birth_date:%d-%m-%Y}" if person.birth_date else "",
        "address": address,
        "rt_rw": rt_rw,
        "village_code": person.village_code,
    }
    return {name: value for name, value in values.items() if value}


def parted_address(written: str) -> tuple[str, str]:
    """Return the address without RT and RW, and those two as the form shows them.

    Lists write them behind the kampung, "Kp. Rawa RT 03/01" or "Kp. Rawa RT.003 RW.001".
    """
    found = _RT_ON.search(written)
    rt, rw = read_rt_rw(found[0]) if found else ("", "")
    if found is None or not rw:
        return written, ""
    return written[: found.start()].rstrip(" ,"), f"{rt} / {rw}"


class Seats:
    """How places in the budget stand, as the office said last: a forecast."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, village: str) -> VillageSeats | None:
        return self._store.village_seats(village)

    def all(self) -> tuple[VillageSeats, ...]:
        return tuple(self._store.all_village_seats())

    def of_person(self, subject: UUID) -> str:
        return self._store.seat_of(subject)


class District:
    """Whether a NIK is one that the district knows, without a line to it."""

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self._store, self._today = store, today
        self._lock = Lock()
        self._read: tuple[str, HashSet] | None = None  # key id of the version, and its set

    def check(self, nik: str) -> DistrictCheck:
        """Look a whole NIK up in the list, if there is one that is young enough."""
        fields = self._store.taken_document(DISTRICT_NIKS)
        if fields is None:
            return DistrictCheck("no_list")
        made_on, version = date.fromisoformat(fields["made_on"]), int(fields["version"])
        if (self._today() - made_on).days > TOO_OLD_DAYS:
            return DistrictCheck("too_old", made_on, version)
        digits = compact_digits(nik)
        if len(digits) != NIK_DIGITS or not digits.isdecimal():
            return DistrictCheck("not_checked", made_on, version)
        is_known = digits in self._set(fields)
        return DistrictCheck("known" if is_known else "clear", made_on, version)

    def _set(self, fields: dict[str, Any]) -> HashSet:
        """Return the set of this version, read once: its key belongs to no other."""
        with self._lock:
            if self._read is None or self._read[0] != fields["key_id"]:
                packed = b"".join(self._store.taken_parts(DISTRICT_NIKS))
                found = HashSet.read(bytes.fromhex(fields["key"]), packed)
                self._read = (fields["key_id"], found)
            return self._read[1]


class Brought:
    """All of it, reachable from the open laptop."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.policy = OfficePolicy(store)
        self.worklists = Worklists(store)
        self.seats = Seats(store)
        self.district = District(store, lambda: _today(store, clock))

    def standing(self) -> dict[str, Any]:
        """Return what `status` says: versions, how many, and from when."""
        listed = self.store.taken_document(WORKLIST)
        niks = self.store.taken_document(DISTRICT_NIKS)
        lists = self.worklists
        return {
            "worklist": None if listed is None else {
                "version": listed["version"], "listed": listed["count"],
                "villages": [_progress(lists.progress(v)) for v in lists.villages()],
            },
            "seats": [_seats(one) for one in self.seats.all()],
            "district_list": None if niks is None else {
                "version": niks["version"], "key_id": niks["key_id"], "count": niks["count"],
                "made_on": niks["made_on"],
            },
        }  # fmt: skip


def _today(store: Store, clock: Callable[[], datetime]) -> date:
    """Return the later of this clock's day and the office's last: a clock that fell back must not
    make an old list young.
    """
    last = store.last_sync()
    known = last.office_time if last else None
    return day_in_wib(max(clock(), known) if known else clock())


def _progress(progress: VillageProgress) -> dict[str, Any]:
    return {
        "village_code": progress.village_code, "listed": progress.listed, "done": progress.done,
        **{name: n for name, n in progress.by_state.items() if n},
    }  # fmt: skip


def _seats(one: VillageSeats) -> dict[str, Any]:
    return {
        "village_code": one.village_code, "seats": one.seats, "confirmed": one.confirmed,
        "waiting": one.waiting, "left": one.left, "waiting_here": one.waiting_here,
        "cost": one.cost,
    }  # fmt: skip
