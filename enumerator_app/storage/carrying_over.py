"""From a damaged file into a new one: what is carried over as it is, and what is said once more.

The chain is kept as far as each entry follows the one before. What was saved behind the damage and
is not at the office yet is journalled again, under its own number and time, in a new epoch: the
office knows the person again. What the office has comes back with the next sync.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.journal import Head, Statement
from enumerator_app.storage import journal
from enumerator_app.storage.brought import forget_brought
from enumerator_app.storage.feed import valid_body
from enumerator_app.storage.likened import write_keys
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.rows import content_of_row, insert_row, reindex
from enumerator_app.storage.salvaging import DamagedFile, Row, is_true, unbroken

if TYPE_CHECKING:
    from sqlite3 import Connection

# Tables that are not carried over as they are: made anew here, or read again from the office.
_NOT_AS_IT_IS: Final = frozenset(
    {
        "identity", "entry", "head", "sync", "registration", "photo", "notice", "acknowledged",
        "bucket", "document_part", "listed_person",
    }
)  # fmt: skip
_PLAIN_TABLES: Final = (
    "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' "
    "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite_%' ORDER BY name"
)
_WITH_CONTENT: Final = ("register", "correct")


class BeyondRescue(KnownError):
    """Not even the laptop's own identity can be read: there is nothing to go on with."""

    code = "beyond_rescue"
    exit_code = 7


@dataclass(slots=True)
class Rescued:
    """What came over. `again`: entries journalled once more; `is_whole`: nothing was unreadable."""

    people: int = 0
    photos: int = 0
    photos_lost: int = 0
    again: int = 0
    is_whole: bool = True


@dataclass(slots=True)
class _Move:
    file: OpenFile
    old: DamagedFile
    new: "Connection"
    end: journal.JournalEnd
    hashes: dict[str, str] = field(default_factory=dict)  # as it was called -> as it is called
    places: dict[str, int] = field(default_factory=dict)
    done: Rescued = field(default_factory=Rescued)


def carry_over(file: OpenFile, old: DamagedFile, new: "Connection") -> Rescued:
    """Fill a new, empty file inside a transaction; return what came over.

    Raises:
        BeyondRescue: the identity is gone.
    """
    if not _copied(old, new, "identity"):
        raise BeyondRescue
    for (table,) in new.execute(_PLAIN_TABLES).fetchall():
        if table not in _NOT_AS_IT_IS:
            _copied(old, new, table)
    forget_brought(new)  # lists before leaving are fetched whole with the next sync
    entries = [row for row in _rows(old, new, "entry") if is_true(row, str(file.device))]
    chain = unbroken(entries)
    move = _Move(file, old, new, _chain_kept(new, chain))
    move.hashes = {row["hash"]: row["hash"] for row in chain}
    move.places = {row["hash"]: row["n"] for row in chain}
    _keep_counters(move, entries)
    _new_epoch(move)
    for row in entries[len(chain) :]:
        if row["stage"] != "received" and row["kind"] != "epoch_start" and row["body"] is not None:
            _say_again(move, row)
    _carry_people(move)
    _carry_portraits(move)
    move.done.is_whole = old.is_whole
    return move.done


def _rows(old: DamagedFile, new: "Connection", table: str) -> Iterator[Row]:
    names = tuple(row[1] for row in new.execute(f"PRAGMA table_info({table})"))
    return old.rows(table, names)


def _copied(old: DamagedFile, new: "Connection", table: str) -> int:
    count = 0
    for row in _rows(old, new, table):
        count += _inserted(new, table, row)
    return count


def _inserted(new: "Connection", table: str, row: Row) -> int:
    marks = ", ".join("?" * len(row))
    query = f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608  our own names
    return new.execute(query, tuple(row.values())).rowcount


def _chain_kept(new: "Connection", chain: list[Row]) -> journal.JournalEnd:
    for row in chain:
        _inserted(new, "entry", row)
    last = chain[-1] if chain else None
    head = Head(last["epoch"], last["seq"], last["hash"]) if last else Head("", 0, None)
    return journal.JournalEnd(head, len(chain), 0)


def _keep_counters(move: _Move, entries: list[Row]) -> None:
    """No serial and no request counter is used twice, as far as anything still says."""
    known = move.old.one("SELECT serial FROM head")
    given = [int(known[0])] if known else []
    given += [int(number.split("-")[2]) for number in _numbers(entries)]
    move.end = journal.JournalEnd(move.end.head, move.end.n, max(given, default=0))
    journal.put_end(move.new, move.end)
    said = move.old.one("SELECT server_epoch, counter, office_time FROM sync")
    if said:
        move.new.execute("UPDATE sync SET server_epoch = ?, counter = ?, office_time = ?", said)


def _numbers(entries: list[Row]) -> Iterator[str]:
    for row in entries:
        if row["kind"] == "register" and row["body"] is not None:
            yield str(from_canonical(row["body"])["number"])


def _new_epoch(move: _Move) -> None:
    body = {"reason": "restore", "lost": []}
    statement = move.file.statement("epoch_start", None, body, at=move.file.now())
    _, move.end = journal.open_epoch(move.new, statement, device=move.file.device)


def _say_again(move: _Move, row: Row) -> None:
    header = from_canonical(row["header"])
    body = {name: value for name, value in from_canonical(row["body"]).items() if name != "schema"}
    base = header["base"]
    statement = Statement(
        kind=row["kind"],
        subject=UUID(row["subject"]) if row["subject"] else None,
        base=move.hashes.get(base, base),
        body=body,
        operator=UUID(header["operator"]),
        claimed_time=header["claimed_time"],
        photos=tuple(header["photos"]),
        clock=header["clock"],
        app=header["app"],
        schema=header["schema"],
    )
    _appended(move, statement, row["hash"])


def _appended(move: _Move, statement: Statement, old_hash: str) -> str:
    entry, move.end = journal.append(move.new, move.end, statement, device=move.file.device)
    move.hashes[old_hash] = move.hashes[entry.hash] = entry.hash
    move.places[entry.hash] = move.end.n
    move.done.again += 1
    return entry.hash


def _carry_people(move: _Move) -> None:
    erased = {row[0] for row in move.new.execute("SELECT subject FROM erased")}
    here: set[str] = set(erased)
    for row in _rows(move.old, move.new, "registration"):
        if row["subject"] not in here:
            here.add(row["subject"])
            _carry_person(move, row)
    for subject, hash_, body in _contents(move.new):
        if subject not in here and body is not None:
            state = "registered" if body.get("nik") else "waiting_nik"
            standing = (subject, body["number"], state, "saved", hash_, hash_, hash_)
            insert_row(move.new, standing, body)
            move.done.people += 1
    move.done.people += len(here - erased)


def _contents(new: "Connection") -> list[tuple[str, str, dict[str, Any] | None]]:
    """The last content of each subject that the new chain has, the oldest subject first."""
    found: dict[str, tuple[str, str, dict[str, Any] | None]] = {}
    query = "SELECT subject, hash, body FROM entry WHERE kind IN (?, ?) ORDER BY n"
    for subject, hash_, body in new.execute(query, _WITH_CONTENT).fetchall():
        if body is not None:
            found[subject] = (subject, hash_, valid_body(from_canonical(body)))
    return list(found.values())


def _carry_person(move: _Move, row: Row) -> None:
    """Keep a row as it is; what it shows is journalled if neither chain nor office have it."""
    for name in ("revision", "source", "pending"):
        row[name] = move.hashes.get(row[name], row[name])
    body = {**content_of_row(row), "number": row["number"]}
    if row["source"] not in move.places and row["custody"] == "saved":
        row["source"] = row["revision"] = row["pending"] = _said_from_row(move, row, body)
    elif row["pending"] not in move.places:
        row["pending"] = None
    _inserted(move.new, "registration", row)
    reindex(move.new, row["id"], row["name_folded"], row["number"])
    write_keys(move.new, row["id"], body)


def _said_from_row(move: _Move, row: Row, body: dict[str, Any]) -> str:
    is_known = move.new.execute(
        "SELECT 1 FROM entry WHERE subject = ? AND kind = 'register'", (row["subject"],)
    ).fetchone()
    statement = move.file.statement(
        "correct" if is_known else "register",
        UUID(row["subject"]),
        body,
        at=move.file.now(),
        base=row["revision"] if is_known else None,
        photos=(row["photo"],) if row["photo"] else (),
    )
    return _appended(move, statement, row["source"])


def _carry_portraits(move: _Move) -> None:
    """Keep what its own hash vouches for, under the entry of the new chain that names it."""
    named = {
        sha256: place
        for place, header in move.new.execute("SELECT n, header FROM entry ORDER BY n DESC")
        for sha256 in from_canonical(header)["photos"]
    }
    for row in _rows(move.old, move.new, "photo"):
        jpeg = row["jpeg"]
        if isinstance(jpeg, bytes) and hashlib.sha256(jpeg).hexdigest() == row["sha256"]:
            row["entry"] = named.get(row["sha256"])
            move.done.photos += _inserted(move.new, "photo", row)
    (move.done.photos_lost,) = move.new.execute(
        "SELECT count(*) FROM registration WHERE photo IS NOT NULL "
        "AND photo NOT IN (SELECT sha256 FROM photo)"
    ).fetchone()
