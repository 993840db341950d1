"""A visit: one place on one day, the groups that come to it, and how it ends.

The ids follow from what they name. A laptop that was put back from a copy, or a clone of it, that
opens the same place on the same day goes on with the same visit, and nothing is doubled.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, PlainSerializer

from enumerator_app.domain.instants import instant_to_text
from enumerator_app.domain.registration import Programme
from enumerator_app.domain.typed import word_key

CODE_LENGTH: Final = 4
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans("OIL", "011")

Instant = Annotated[datetime, PlainSerializer(instant_to_text)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class VisitGroup(_Part):
    """People who came together; the values are what each of them starts from."""

    id: UUID
    name: str
    foreman: str = ""
    occupation: str = ""
    workplace: str = ""
    monthly_income: int | None = None
    programmes: tuple[Programme, ...] = ("JKK", "JKM")


class GroupConsent(_Part):
    """The explanation was read to everybody: when, which text, by whom, and who saw it."""

    at: Instant
    text_version: str
    explained_by: str
    witness: str
    witness_role: str


class Visit(_Part):
    """A place and a day. `tickets` is how many slips were printed for it; 0 if not known."""

    id: UUID
    village_code: str
    place: str = ""
    day: date
    groups: tuple[VisitGroup, ...] = ()
    tickets: int = 0
    consent: GroupConsent | None = None

    def group(self, wanted: UUID | None) -> VisitGroup | None:
        """Return the group of that id; the first one if it is not of this visit."""
        first = self.groups[0] if self.groups else None
        return next((group for group in self.groups if group.id == wanted), first)


@dataclass(frozen=True, slots=True)
class VisitCounts:
    """People: `recorded` have a NIK, `waiting_nik` have none, `attended` were here already."""

    recorded: int = 0
    waiting_nik: int = 0
    attended: int = 0
    no_show: int = 0

    @property
    def present(self) -> int:
        return self.recorded + self.waiting_nik + self.attended

    def as_dict(self) -> dict[str, int]:
        return {"present": self.present, **asdict(self)}


def visit_id(device: UUID, *, day: date, village_code: str, place: str) -> UUID:
    """Return the one id that this device gives to a place on a day."""
    return uuid5(device, f"visit\n{day.isoformat()}\n{village_code}\n{word_key(place)}")


def group_id(visit: UUID, name: str) -> UUID:
    """Return the one id of a group of that name in a visit; blanks and case are free."""
    return uuid5(visit, f"group\n{word_key(name)}")


def body_of_visit(visit: Visit) -> dict[str, Any]:
    """Return the body of `visit_open`: the visit as it stands, whole."""
    body = visit.model_dump(mode="json")
    return {"visit": body.pop("id"), **body}


def visit_from_body(body: Mapping[str, Any]) -> Visit:
    """Return the visit in a body of `visit_open`; keys of newer programs are kept.

    Raises:
        pydantic.ValidationError: a value is outside its type.
    """
    fields = {key: value for key, value in body.items() if key not in ("schema", "visit")}
    return Visit.model_validate({**fields, "id": body.get("visit")})


def counts_from_body(body: Mapping[str, Any]) -> VisitCounts | None:
    """Return the counts in a body of `visit_close`; None if it holds none."""
    found = body.get("counts")
    if not isinstance(found, Mapping):
        return None
    names = ("recorded", "waiting_nik", "attended", "no_show")
    values = [v for name in names if type(v := found.get(name)) is int and v >= 0]
    return VisitCounts(*values) if len(values) == len(names) else None


def check_code(visit: UUID, head: str | None, counts: VisitCounts) -> str:
    """Return the four characters that a recap carries: over journal head, visit and its counts.

    `head` is the hash of the entry before the close. A recap that was copied wrong, or that is of
    another laptop's day, does not fit its code.
    """
    numbers = (counts.recorded, counts.waiting_nik, counts.attended, counts.no_show)
    said = f"TP1-visit\n{visit}\n{head or ''}\n{' '.join(map(str, numbers))}"
    bits = int.from_bytes(hashlib.sha256(said.encode()).digest()[:3]) >> 4
    return "".join(_CROCKFORD[(bits >> shift) & 31] for shift in (15, 10, 5, 0))


def read_code(typed: str) -> str:
    """Return a copied code as it was shown: case and look-alikes (O, I, L) are free."""
    return word_key(typed).upper().translate(_MISREAD)
