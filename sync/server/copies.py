"""What the office's copies of itself hold, as read out of each after it was put back for a test.

The list lies beside the database, so that a restore leaves it alone. A copy counts as kept for 90
days, or until somebody says that it was destroyed: it might be put back, and then the office has
what that copy holds and nothing else. So a laptop is told that content is safe only if every kept
copy holds it, and only while the newest of them still lies where it was written.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, overload

from sqlalchemy import Connection, select

from enumerator_app.domain.errors import NumberUnknown
from enumerator_app.domain.instants import instant_from_text, instant_to_text
from sync.protocol.messages import CopyNamed, WatermarkAnswer
from sync.server.awaiting import unheard
from sync.server.home import Home, read_json, write_json, write_privately
from sync.server.office import Office
from sync.server.tables import ENTRY_ROWS, PHOTO_ROWS, REVISION_ROWS

KEPT: Final = timedelta(days=90)
_NAME_BYTES: Final = 16  # of each SHA-256; enough to name it


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of the office. `verified_at` is None for one that was never put back for a test."""

    id: str
    made_at: str
    verified_at: str | None
    place: str
    size: int
    sha256: str
    entries: int = 0
    photos: int = 0
    forgotten_at: str | None = None

    @property
    def is_there(self) -> bool:
        try:
            return Path(self.place).stat().st_size == self.size
        except OSError:
            return False

    def is_kept(self, now: datetime) -> bool:
        return self.forgotten_at is None and not self.is_too_old(now)

    def is_too_old(self, now: datetime) -> bool:
        return instant_from_text(self.made_at) + KEPT < now


def note_copy(home: Home, copy: Copy, held: Iterable[str]) -> None:
    """Remember a copy, and what it holds by the names (SHA-256) of entries, revisions, photos."""
    names = sorted({bytes.fromhex(name)[:_NAME_BYTES] for name in held})
    write_privately(_held_file(home, copy.id), b"".join(names))
    write_json(_file(home, copy.id), asdict(copy))


def copies(home: Home) -> list[Copy]:
    """Return every copy that was ever noted, oldest first."""
    found = (Copy(**read_json(path)) for path in home.copies.glob("*.json"))
    return sorted(found, key=lambda copy: (copy.made_at, copy.id))


def forget_copy(home: Home, name: str, now: datetime) -> Copy:
    """Note that a copy was destroyed: it is never put back.

    Raises:
        NumberUnknown: no copy has this id.
    """
    for copy in copies(home):
        if copy.id == name:
            gone = replace(copy, forgotten_at=instant_to_text(now))
            write_json(_file(home, name), asdict(gone))
            return gone
    raise NumberUnknown(number=name)


def watermark(office: Office, things: Sequence[str]) -> WatermarkAnswer:
    """Return which of these the office has now, and would have again from every kept copy."""
    kept = [copy for copy in copies(office.home) if copy.is_kept(office.clock())]
    with office.database.reading() as connection:
        held = _present(connection, things)
        is_awaited = bool(unheard(connection))  # the excused, too: content goes for good
    newest = next((copy for copy in reversed(kept) if copy.verified_at), None)
    if newest is None or not newest.is_there or is_awaited:
        held = []
    return WatermarkAnswer(
        server_epoch=office.server_epoch,
        time=office.now(),
        newest=_named(newest),
        oldest=_named(kept[0] if kept else None),
        held=in_every_copy(office.home, kept, held),
    )


def in_every_copy(home: Home, kept: Sequence[Copy], things: Sequence[str]) -> list[str]:
    """Return those that every one of these copies was found to hold; none without a copy."""
    left = list(things) if kept else []
    for copy in kept:
        if not left:
            break
        with _held(home, copy) as held:
            left = [name for name in left if _is_in(held, name)]
    return left


def _present(connection: Connection, things: Sequence[str]) -> list[str]:
    entry, revision, photo = ENTRY_ROWS.c, REVISION_ROWS.c, PHOTO_ROWS.c
    queries = (
        select(entry.hash).where(entry.hash.in_(things), entry.body.is_not(None)),
        select(revision.hash).where(revision.hash.in_(things), revision.bytes.is_not(None)),
        select(photo.hash).where(photo.hash.in_(things), photo.is_complete == 1, photo.held > 0),
    )
    here = {name for query in queries for name in connection.execute(query).scalars()}
    return [name for name in things if name in here]


def _named(copy: Copy | None) -> CopyNamed | None:
    if copy is None:
        return None
    return CopyNamed(id=copy.id, made_at=copy.made_at, verified_at=copy.verified_at)


class _Names(Sequence[bytes]):
    """Sorted names in a file, looked at where they lie."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def __len__(self) -> int:
        return len(self._raw) // _NAME_BYTES

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[bytes]: ...
    def __getitem__(self, at: Any) -> Any:
        return bytes(self._raw[at * _NAME_BYTES : (at + 1) * _NAME_BYTES])


@contextmanager
def _held(home: Home, copy: Copy) -> Iterator[_Names]:
    path = _held_file(home, copy.id)
    if copy.verified_at is None or not path.exists() or not path.stat().st_size:
        yield _Names(b"")
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        yield _Names(raw)


def _is_in(held: _Names, name: str) -> bool:
    wanted = bytes.fromhex(name)[:_NAME_BYTES]
    at = bisect_left(held, wanted)
    return at < len(held) and held[at] == wanted


def _file(home: Home, name: str) -> Path:
    return home.copies / f"{name}.json"


def _held_file(home: Home, name: str) -> Path:
    return home.copies / f"{name}.held"
