"""The life of one record, from the journal and the office's notices."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import instant_from_text
from enumerator_app.domain.registration import FIELDS, FROM_PAPER
from enumerator_app.storage.records import Event

if TYPE_CHECKING:
    from sqlite3 import Connection

# Bodies are content; the steps of a life need only these of them.
_SHOWN_OF_BODY = ("reason", "card", "issue")
_SNAPSHOTS = ("register", "correct")
_BESIDE = frozenset({"paradata", "registered_at", "date_source"})
_SHOWN_OF_NOTICE = (
    "outcome", "decision", "reason", "field", "officer", "kpj", "cover_from", "cover_to",
    "case_kind", "number", "state", "answer", "corrected",
)  # fmt: skip
# What a receipt of an own entry says of the person; of all other kinds it says nothing.
_RECEIVED: Final = {
    "register": "accepted",
    "correct": "accepted",
    "withdraw": "accepted_withdrawal",
}


def timeline(connection: "Connection", subject: UUID) -> list[Event]:
    """Return the steps in the order of their claimed times."""
    kinds = dict(
        connection.execute("SELECT hash, kind FROM entry WHERE subject = ?", (str(subject),))
    )
    events = [*_own(connection, subject), *_office(connection, subject, kinds)]
    return sorted(events, key=lambda event: event.at)


def _own(connection: "Connection", subject: UUID) -> Iterator[Event]:
    rows = connection.execute(
        "SELECT kind, header, body, stage FROM entry WHERE subject = ? ORDER BY n", (str(subject),)
    )
    before: dict[str, Any] = {}
    for kind, header, body, stage in rows:
        read = from_canonical(header)
        at = instant_from_text(read["claimed_time"])
        content = from_canonical(body) if body is not None else {}
        detail = _part(content, _SHOWN_OF_BODY)
        if kind == "correct" and content and before:
            detail["changed"] = _changed(before, content)
        before = content if kind in _SNAPSHOTS else before
        if kind == "register" and FROM_PAPER in content:
            detail |= {FROM_PAPER: content[FROM_PAPER], "operator": read["operator"]}
        yield Event(at, by_office=False, kind=kind, detail=detail, received=stage != "open")


def _office(connection: "Connection", subject: UUID, kinds: Mapping[str, str]) -> Iterator[Event]:
    """Yield the notices; a receipt by the kind of the entry that it is for, unknown ones as one."""
    rows = connection.execute(
        "SELECT kind, content FROM notice WHERE subject = ? AND content IS NOT NULL ORDER BY id",
        (str(subject),),
    )
    for kind, content in rows:
        fields = from_canonical(content.encode())["fields"]
        at = instant_from_text(fields["at"])
        said: str | None = kind
        if kind == "accepted":
            said = _RECEIVED.get(kinds.get(fields.get("entry"), "register"))
        if said is not None:
            yield Event(at, by_office=True, kind=said, detail=_part(fields, _SHOWN_OF_NOTICE))


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the names of the fields in which two snapshots differ, never their values."""
    return [name for name in FIELDS if name not in _BESIDE and before.get(name) != after.get(name)]


def _part(content: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: content[name] for name in names if content.get(name) is not None}
