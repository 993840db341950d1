"""Rows of registrations: written with prepared SQL, derived from a body and from nothing else."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from enumerator_app.domain.content import content_digest
from enumerator_app.domain.instants import day_in_wib, instant_from_text
from enumerator_app.domain.registration import (
    SCALAR_FIELDS,
    Registration,
    body_of,
    registration_from_body,
)
from enumerator_app.storage.likened import drop_keys, write_keys
from enumerator_app.storage.names_folded import folded_name, number_label
from enumerator_app.storage.worklists import note_listed

if TYPE_CHECKING:
    from sqlite3 import Connection

_COMPACT: Final = json.JSONEncoder(separators=(",", ":"))
_JSON_FIELDS: Final = ("programmes", "heirs", "paradata")
_DERIVED: Final = ("day", "name_folded", "nik_reversed")
CONTENT_COLUMNS: Final = (*SCALAR_FIELDS, *_JSON_FIELDS, *_DERIVED)
_STANDING: Final = ("subject", "number", "state", "custody", "revision", "source", "pending")

_COLUMNS: Final = (*_STANDING, *CONTENT_COLUMNS)
# All names in these statements are our own constants; values are always bound.
_INSERT: Final = (
    f"INSERT INTO registration ({', '.join(_COLUMNS)}) "  # noqa: S608  our own names
    f"VALUES ({', '.join('?' * len(_COLUMNS))})"
)
_UPDATE_CONTENT: Final = (
    "UPDATE registration SET "  # noqa: S608  our own names
    + ", ".join(f"{column} = ?" for column in CONTENT_COLUMNS)
    + " WHERE id = ?"
)
_STATED: Final = (*SCALAR_FIELDS, *_JSON_FIELDS)
_SELECT_CONTENT: Final = f"SELECT {', '.join(_STATED)} FROM registration WHERE id = ?"  # noqa: S608  our own names
_INDEX: Final = "INSERT INTO registration_search (rowid, name, label) VALUES (?, ?, ?)"
_UNINDEX: Final = "DELETE FROM registration_search WHERE rowid = ?"


def content_values(body: dict[str, Any]) -> tuple[Any, ...]:
    """Return the value of each content column for a full body."""
    scalars = (body[name] for name in SCALAR_FIELDS)
    parts = (_COMPACT.encode(body[name]) for name in _JSON_FIELDS)
    return (*scalars, *parts, *_derived(body))


def insert_row(connection: "Connection", standing: tuple[Any, ...], body: dict[str, Any]) -> int:
    """Add a record and its index entry; return its position.

    `standing`: subject, number, state, custody, revision, source, pending.
    """
    values = content_values(body)
    position = connection.execute(_INSERT, (*standing, *values)).lastrowid
    assert position is not None
    connection.execute(_INDEX, (position, values[-2], number_label(standing[1])))
    write_keys(connection, position, body)
    note_listed(connection, standing[0], body)
    return position


def update_content(
    connection: "Connection", position: int, number: str, body: dict[str, Any]
) -> None:
    """Let a record show another body."""
    values = content_values(body)
    connection.execute(_UPDATE_CONTENT, (*values, position))
    reindex(connection, position, values[-2], number)
    drop_keys(connection, position)
    write_keys(connection, position, body)


def note_content(connection: "Connection", subject: str, body: Mapping[str, Any]) -> None:
    """Let a row of a file that says this be known as one that is here already."""
    note_digest(connection, content_digest(registration_from_body(body)), subject)


def note_digest(connection: "Connection", digest: str, subject: str) -> None:
    connection.execute("INSERT OR IGNORE INTO content_digest VALUES (?, ?)", (digest, subject))


def content_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body that a record's columns were derived from, without what stands beside it."""
    fields = {name: row[name] for name in SCALAR_FIELDS}
    fields |= {name: json.loads(row[name]) for name in _JSON_FIELDS}
    return body_of(Registration.model_validate(fields))


def content_at(connection: "Connection", position: int) -> dict[str, Any]:
    """Return what the record at this position says now, as a body."""
    values = connection.execute(_SELECT_CONTENT, (position,)).fetchone()
    return content_of_row(dict(zip(_STATED, values, strict=True)))


def reindex(connection: "Connection", position: int, folded: str, number: str) -> None:
    connection.execute(_UNINDEX, (position,))
    connection.execute(_INDEX, (position, folded, number_label(number)))


def delete_row(connection: "Connection", position: int) -> None:
    connection.execute(_UNINDEX, (position,))
    drop_keys(connection, position)
    connection.execute("DELETE FROM registration WHERE id = ?", (position,))


def position_of(connection: "Connection", subject: UUID | str) -> int | None:
    row = connection.execute(
        "SELECT id FROM registration WHERE subject = ?", (str(subject),)
    ).fetchone()
    return int(row[0]) if row else None


def _derived(body: dict[str, Any]) -> tuple[str, str, str]:
    registered_at = instant_from_text(body["registered_at"])
    return (
        day_in_wib(registered_at).isoformat(),
        folded_name(body["name"]),
        body["nik"][::-1],
    )
