"""People whom a village expects: who they are, and what came of looking for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, get_args

Answer = Literal["not_found", "moved", "died", "not_willing"]
"""What an enumerator says of somebody who is not registered; `open` takes it back."""

ListedState = Literal["open", "registered", "not_found", "moved", "died", "not_willing"]

ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
REGISTERED: Final = "registered"
OPEN: Final = "open"
SAID: Final = frozenset((*ANSWERS, REGISTERED, OPEN))
UNKNOWN_DIGIT: Final = "*"
_WITHOUT_BIRTH_PLACE: Final = 7


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One line of a worklist. `nik` has 16 places; `*` stands for a digit that is not known."""

    code: str
    village_code: str
    name: str
    nik: str = ""
    birth_date: date | None = None
    address: str = ""
    group: str = ""
    source: str = ""
    birth_place: str = ""

    @property
    def known_nik(self) -> str:
        """The NIK if all of it is known, else nothing."""
        return "" if UNKNOWN_DIGIT in self.nik else self.nik


def line_of(person: ListedPerson) -> list[str]:
    """Return a person as a part of a document holds them; the village stands once above."""
    born = person.birth_date.isoformat() if person.birth_date else ""
    return [
        person.code, person.name, person.nik, born, person.address, person.group, person.source,
        person.birth_place,
    ]  # fmt: skip


def person_of(village_code: str, line: Sequence[str]) -> ListedPerson:
    """Return the person whom `line_of` wrote, or an earlier version, which had no place of birth.

    Places that a later version adds are left out.

    Raises:
        ValueError, TypeError: it is no such line.
    """
    code, name, nik, born, address, group, source = line[:_WITHOUT_BIRTH_PLACE]
    day = date.fromisoformat(born) if born else None
    birth_place = line[7] if len(line) > _WITHOUT_BIRTH_PLACE else ""
    return ListedPerson(code, village_code, name, nik, day, address, group, source, birth_place)


def agrees_with_nik(known: str, nik: str) -> bool:
    """Return whether a NIK can be the one of which `known` has some digits."""
    pairs = zip(known, nik, strict=False)
    return len(known) == len(nik) and all(a in (b, UNKNOWN_DIGIT) for a, b in pairs)


def answer_body(code: str, answer: str, version: int) -> dict[str, Any]:
    """Return the body of a `listed` entry: what was said of whom, by which version of the list."""
    return {"code": code, "answer": answer, "version": version}


def answer_in(body: Mapping[str, Any] | None) -> tuple[str, str] | None:
    """Return (code, answer) of a `listed` entry; None if it says neither."""
    code, answer = (body or {}).get("code"), (body or {}).get("answer")
    if not isinstance(code, str) or len(code) > 16 or answer not in SAID:
        return None
    return code, str(answer)
