"""The lines of worklists in the laptop's file: found as people type, and what was said of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from enumerator_app.domain.instants import instant_to_text
from enumerator_app.domain.invitations import parse_invitation
from enumerator_app.domain.nik import NIK_DIGITS, compact_digits
from enumerator_app.domain.registration import LISTED
from enumerator_app.domain.worklist import (
    ANSWERS,
    OPEN,
    REGISTERED,
    ListedPerson,
    ListedState,
    agrees_with_nik,
    answer_body,
    person_of,
)
from enumerator_app.storage.names_folded import folded_name
from enumerator_app.storage.open_file import OpenFile

if TYPE_CHECKING:
    from sqlite3 import Connection

_TRIGRAM: Final = 3
_LEAST_DIGITS: Final = 4
_AFTER_ALL: Final = "\U0010ffff"
_NOT_THERE: Final = "('withdrawn', 'duplicate')"
# Whoever is registered is, by choice from the list or by the same NIK; a save taken back is none.
_STATE: Final = f"""
CASE
  WHEN EXISTS (SELECT 1 FROM registration r WHERE r.subject = a.subject
               AND r.state NOT IN {_NOT_THERE}) THEN 'registered'
  WHEN p.nik != '' AND EXISTS (SELECT 1 FROM registration r WHERE r.nik_reversed = p.nik_reversed
               AND r.state NOT IN {_NOT_THERE}) THEN 'registered'
  WHEN a.answer IS NULL OR a.answer = 'registered' THEN 'open'
  ELSE a.answer
END"""  # noqa: S608  our own names
_FROM: Final = (
    "FROM listed_person p JOIN document_part d ON d.hash = p.part AND d.is_active = 1 "
    "LEFT JOIN listed_answer a ON a.code = p.code "
)
_COLUMNS: Final = (
    "p.code, p.village_code, p.name, p.nik, p.birth_date, p.address, p.group_name, p.source, "
    "p.birth_place"
)
_INSERT: Final = (
    "INSERT INTO listed_person (part, code, village_code, name, nik, nik_reversed, birth_date, "
    "address, group_name, source, birth_place) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SAID: Final = (
    "INSERT INTO listed_answer (code, answer, subject, at) VALUES (?, ?, ?, ?) ON CONFLICT (code) "
    "DO UPDATE SET answer = excluded.answer, subject = excluded.subject, at = excluded.at"
)


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of a worklist and what came of it here."""

    person: ListedPerson
    state: ListedState


@dataclass(frozen=True, slots=True)
class VillageProgress:
    """How far a village's list is, as this laptop knows it."""

    village_code: str
    listed: int
    by_state: Mapping[str, int]

    @property
    def done(self) -> int:
        return self.listed - self.by_state.get(OPEN, 0)


class WorklistKeeping:
    """The part of the store that keeps worklists."""

    _file: OpenFile

    def listed(self, typed: str, village: str, *, limit: int) -> list[ListedLine]:
        """Return lines that a name, a NIK or an invitation code may mean; this village's first."""
        condition = _condition(typed)
        in_village = _in_the_village(typed) or condition
        if in_village is None:
            return []
        digits = compact_digits(typed)

        def work(connection: "Connection") -> list[ListedLine]:
            near, near_values = in_village
            here = f"p.village_code = ? AND {near}"
            found = _lines(connection, here, (village, *near_values), village, limit)
            if condition is not None and len(found) < limit:
                sql, values = condition
                there = f"p.village_code != ? AND {sql}"
                left = limit - len(found)
                found += _lines(connection, there, (village, *values), village, left, "p.id")
            if len(digits) == NIK_DIGITS and digits.isdecimal():
                found = [line for line in found if agrees_with_nik(line.person.nik, digits)]
            return found

        return self._file.engine.read(work)

    def listed_in(self, village: str, *, limit: int) -> list[ListedLine]:
        """Return the lines of a village, those still open first, in the list's order."""
        order = f"{_STATE} != 'open', p.id"
        return self._file.engine.read(
            lambda connection: _lines(
                connection, "p.village_code = ?", (village,), village, limit, order
            )
        )

    def listed_by_code(self, code: str) -> ListedLine | None:
        found = self._file.engine.read(lambda c: _lines(c, "p.code = ?", (code,), "", 1))
        return found[0] if found else None

    def villages_listed(self) -> list[str]:
        """Return the villages that this laptop has a list of."""
        query = f"SELECT DISTINCT p.village_code {_FROM} ORDER BY 1"
        return [row[0] for row in self._file.engine.read(lambda c: c.execute(query).fetchall())]

    def list_progress(self, village: str) -> VillageProgress:
        query = f"SELECT {_STATE}, count(*) {_FROM} WHERE p.village_code = ? GROUP BY 1"
        rows = self._file.engine.read(lambda c: c.execute(query, (village,)).fetchall())
        return VillageProgress(village, sum(n for _, n in rows), dict(rows))

    def say_of_listed(self, code: str, answer: str, *, version: int) -> str:
        """Journal what was said of a line; return the entry's hash once it is on the disk."""
        if answer not in (*ANSWERS, OPEN):
            raise ValueError(answer)
        at = self._file.now()

        def work(connection: "Connection") -> str:
            entry = self._file.append(
                connection, "listed", None, answer_body(code, answer, version)
            )
            connection.execute(_SAID, (code, answer, None, instant_to_text(at)))
            return entry

        return self._file.write(work)


def note_listed(connection: "Connection", subject: UUID | str, body: Mapping[str, Any]) -> None:
    """Remember that a record is that of a listed person, where its body says so."""
    code = body.get(LISTED)
    if isinstance(code, str):
        values = (code, REGISTERED, str(subject), str(body["registered_at"]))
        connection.execute(_SAID, values)


def insert_listed(connection: "Connection", part: str, content: bytes) -> int:
    """Make rows of one part of a worklist; nothing of it is found until it is active.

    Raises:
        ValueError, KeyError, TypeError: it is no such part.
    """
    said = json.loads(content)
    village = str(said["village"])
    people = [person_of(village, line) for line in said["people"]]
    for person in people:
        born = person.birth_date.isoformat() if person.birth_date else None
        values = (
            part, person.code, village, person.name, person.nik, person.nik[::-1], born,
            person.address, person.group, person.source, person.birth_place,
        )  # fmt: skip
        row = connection.execute(_INSERT, values).lastrowid
        connection.execute(
            "INSERT INTO listed_search (rowid, name) VALUES (?, ?)", (row, folded_name(person.name))
        )
    return len(people)


def drop_listed(connection: "Connection", part: str) -> None:
    """Delete the rows of a part and their index entries."""
    connection.execute(
        "DELETE FROM listed_search WHERE rowid IN (SELECT id FROM listed_person WHERE part = ?)",
        (part,),
    )
    connection.execute("DELETE FROM listed_person WHERE part = ?", (part,))


def _condition(typed: str) -> tuple[str, tuple[str, ...]] | None:
    """Return where to look for a typed text, or None if it says too little."""
    code = parse_invitation(typed)
    if code is not None:
        return "p.code = ?", (code,)
    digits = compact_digits(typed)
    if digits.isdecimal() and digits.isascii():
        return _digits(digits)
    folded = folded_name(typed)
    words = [word for word in folded.split() if len(word) >= _TRIGRAM]
    if not words:
        return None
    match = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
    return "p.id IN (SELECT rowid FROM listed_search WHERE listed_search MATCH ?)", (match,)


def _in_the_village(typed: str) -> tuple[str, tuple[str, ...]] | None:
    """Return how to look for a name among the few hundred lines of one village: one by one.

    Through the index everybody of that name in the regency would be fetched first.
    """
    if any(character.isdigit() for character in typed):
        return None
    words = folded_name(typed).upper().split()
    if sum(map(len, words)) < _TRIGRAM or not typed.isascii():
        return None
    # One or two letters are the beginning of a word: "siti ma" leaves fewer than "siti".
    sought = [word if len(word) >= _TRIGRAM else f" {word}" for word in words]
    return " AND ".join(["instr(' ' || p.name, ?)"] * len(words)), tuple(sought)


def _digits(digits: str) -> tuple[str, tuple[str, ...]] | None:
    """Return how to find a NIK by its start or its end, or whole among those partly known."""
    if not _LEAST_DIGITS <= len(digits) <= NIK_DIGITS:
        return None
    end = digits[-_LEAST_DIGITS:][::-1] if len(digits) == NIK_DIGITS else digits[::-1]
    starts = "(p.nik >= ? AND p.nik < ?)"
    ends = "(p.nik_reversed >= ? AND p.nik_reversed < ?)"
    return f"({starts} OR {ends})", (digits, digits + _AFTER_ALL, end, end + _AFTER_ALL)


def _lines(
    connection: "Connection",
    condition: str,
    values: Sequence[str],
    village: str,
    limit: int,
    order: str = "p.village_code != ?, p.name, p.id",
) -> list[ListedLine]:
    # What came of somebody is asked of those shown alone, not of everybody whose name is like it.
    chosen = f"SELECT p.id {_FROM} WHERE {condition} ORDER BY {order} LIMIT ?"
    ordered = (village,) if "?" in order else ()
    ids = [row[0] for row in connection.execute(chosen, (*values, *ordered, limit))]
    query = (
        f"SELECT {_COLUMNS}, {_STATE} {_FROM} "
        "JOIN json_each(?) wanted ON wanted.value = p.id ORDER BY wanted.key"
    )
    return [_line(row) for row in connection.execute(query, (json.dumps(ids),))]


def _line(row: Sequence[Any]) -> ListedLine:
    code, village, name, nik, born, address, group, source, birth_place, state = row
    day = date.fromisoformat(born) if born else None
    person = ListedPerson(code, village, name, nik, day, address, group, source, birth_place)
    return ListedLine(person, cast("ListedState", state))
