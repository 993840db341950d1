"""What bundles bring, counted: by laptop, each entry once, over all files of one import."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import func, select

from enumerator_app.domain.errors import DiskFull
from sync.protocol.messages import RECEIVED, Hello, Receipt
from sync.server.bulk import one_of
from sync.server.bundle_answers import Sender
from sync.server.errors import OfficeDiskRefuses
from sync.server.ingest.batch import Batch
from sync.server.letting_in import AFTER_REVOCATION
from sync.server.office import Office
from sync.server.tables import DEVICE_ROWS, ENTRY_ROWS

_SAYS_WHAT_WAS_DONE: Final = frozenset(
    {"without_effect", "unread", "to_decide", "waiting", "not_whole"}
)


def note_key(name: str, *, dry_run: bool) -> str:
    """Return under which name the words of a note stand: a dry run did nothing of it yet."""
    return f"{name}_foreseen" if dry_run and name in _SAYS_WHAT_WAS_DONE else name


@dataclass(slots=True)
class BundleTaken:
    """What bundles of one laptop held and what became of it; a dry run changes nothing.

    Entries count once, in however many files they come. `new` were not here before, `known` were;
    `waiting` follow one that is not here yet; `after_revocation` are without effect because the
    laptop was stopped.
    """

    sender: Sender
    entries: int = 0
    new: int = 0
    known: int = 0
    waiting: int = 0
    damaged: int = 0
    after_revocation: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    photos: int = 0
    photos_known: int = 0
    photos_unwanted: int = 0
    notices: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    erased_in: list[str] = field(default_factory=list)
    """Files with content of people who were erased; nothing of that was taken."""
    is_cut: bool = False
    """A file is damaged or ended early; what came before was taken."""
    pulled_out: bool = False
    """A file could not be read to its end, since its drive was gone; it may be whole."""

    @property
    def complete(self) -> bool:
        """Whether every file was read to its end."""
        return not (self.is_cut or self.pulled_out)

    @property
    def is_whole(self) -> bool:
        return self.complete and not self.refused

    def as_fields(self) -> dict[str, Any]:
        """Return the counts as the command tells them."""
        return {
            "device": self.sender.code,
            "label": self.sender.label,
            "entries": self.entries,
            "new": self.new,
            "known": self.known,
            "waiting": self.waiting,
            "damaged": self.damaged,
            "after_revocation": self.after_revocation,
            "outcomes": dict(self.outcomes),
            "photos": self.photos,
            "photos_known": self.photos_known,
            "photos_unwanted": self.photos_unwanted,
            "notices": self.notices,
            "refused": dict(self.refused),
            "erased_in": self.erased_in,
            "complete": self.complete,
            "pulled_out": self.pulled_out,
        }

    def notes(self) -> Iterator[tuple[str, int]]:
        """Yield what has to be said of it besides, each with its count: the first is the first."""
        stopped, outcomes = self.after_revocation, self.outcomes
        counted = {
            "without_effect": stopped,
            "unread": outcomes["quarantined"] - stopped,
            "to_decide": outcomes["case"],
            "waiting": self.waiting,
            "erased_in": len(self.erased_in),
            "pulled_out": int(self.pulled_out),
            "not_whole": int(self.is_cut or bool(self.refused)),
        }
        yield from ((name, n) for name, n in counted.items() if n)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of which nothing could be taken, and why."""

    file: str
    code: str


@dataclass(slots=True)
class FolderTaken:
    """What all files below a folder held: by laptop, with the answer that was written for each."""

    laptops: list[BundleTaken]
    unread: list[Unread]
    answers: dict[str, Path] = field(default_factory=dict)
    """By the laptop's code."""
    left: list[str] = field(default_factory=list)
    """Files of which not all was taken, because the office's disk refused."""

    @property
    def is_whole(self) -> bool:
        return not self.unread and all(taken.is_whole for taken in self.laptops)


class _Counted(Protocol):
    @property
    def new(self) -> int: ...

    @property
    def known(self) -> int: ...


@contextmanager
def own_disk(left: int, taken: Iterable[_Counted] = ()) -> Iterator[None]:
    """Say that the office's disk refuses, what of a drive is in, and of how many files not all.

    Raises:
        OfficeDiskRefuses: it does.
    """
    try:
        yield
    except (DiskFull, OSError) as error:
        raise disk_refuses(left, list(taken)) from error


def disk_refuses(left: int, taken: Sequence[_Counted]) -> OfficeDiskRefuses:
    new, known = sum(one.new for one in taken), sum(one.known for one in taken)
    return OfficeDiskRefuses(new=new, known=known, left=left)


@dataclass(slots=True)
class Laptop:
    """What the files of one laptop brought so far; `hello`, `parts` and `lacking`
    are those of the last.
    """

    taken: BundleTaken
    hello: Hello
    parts: frozenset[str]
    lacking: tuple[str, ...] = ()
    receipts: list[tuple[list[str], Receipt]] = field(default_factory=list)
    photos: dict[str, bool] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    outcomes: dict[str, str] = field(default_factory=dict)
    foreseen: list[Batch] = field(default_factory=list)
    """In a dry run: what waits so far for an entry of another file."""

    def count(self) -> BundleTaken:
        """Write down what became of the entries, each once."""
        taken, named = self.taken, self.outcomes
        taken.entries, taken.known = len(named), len(self.known)
        taken.new = sum(named[one] in RECEIVED for one in named.keys() - self.known)
        taken.outcomes = Counter(named.values())
        taken.waiting, taken.damaged = taken.outcomes["held"], taken.outcomes["damaged"]
        return taken


def count_after_revocation(office: Office, outcomes: Mapping[str, str]) -> int:
    """Return how many of these entries have no effect because their laptop was stopped."""
    wanted = [name for name, outcome in outcomes.items() if outcome == "quarantined"]
    query = select(func.count()).where(ENTRY_ROWS.c.code == AFTER_REVOCATION)
    with office.database.reading() as connection:
        is_one = one_of(ENTRY_ROWS.c.hash, connection.dialect.name, "hashes", wanted)
        return int(connection.execute(query.where(is_one)).scalar_one())


def foresee_waiting(office: Office, laptop: Laptop) -> bool:
    """Count what waits as taken where its ancestor would be here; return whether any was."""
    waiting, laptop.foreseen = laptop.foreseen, []
    for batch in waiting:
        foresee(office, laptop, batch)
    return len(laptop.foreseen) < len(waiting)


def foresee_stopped(office: Office, laptop: Laptop) -> None:
    """Count as without effect what a stopped laptop has, as it will be once it is taken in."""
    query = select(DEVICE_ROWS.c.state).where(DEVICE_ROWS.c.id == laptop.taken.sender.id)
    with office.database.reading() as connection:
        if connection.execute(query).scalar_one() != "revoked":
            return
    here, outcomes = known_entries(office, laptop.known), laptop.outcomes
    new = {one for one in outcomes.keys() - here.keys() if outcomes[one] == "accepted"}
    outcomes |= here | dict.fromkeys(new, "quarantined")
    laptop.taken.after_revocation = len(new) + count_after_revocation(office, here)


def foresee(office: Office, laptop: Laptop, batch: Batch) -> None:
    """Note what a batch would do; what it says of people is not judged yet."""
    prev, hashes = batch.lines[0].prev, {line.hash for line in batch.lines}
    is_here = laptop.outcomes.get(prev or "", "held") != "held"
    follows = prev is None or is_here or not laptop.known.isdisjoint(hashes)
    if not follows and not known_entries(office, [prev]):
        laptop.foreseen.append(batch)
        for one in hashes:
            laptop.outcomes.setdefault(one, "held")
        return
    for line in batch.lines:
        if laptop.outcomes.get(line.hash, "held") == "held":
            is_whole = line.hash in laptop.known or line.wholeness == "whole"
            laptop.outcomes[line.hash] = "accepted" if is_whole else line.wholeness


def known_entries(office: Office, hashes: Iterable[str | None]) -> dict[str, str]:
    """Return the outcome of those entries that are here."""
    wanted = [name for name in hashes if name]
    query = select(ENTRY_ROWS.c.hash, ENTRY_ROWS.c.outcome)
    with office.database.reading() as connection:
        is_one = one_of(ENTRY_ROWS.c.hash, connection.dialect.name, "hashes", wanted)
        return {row.hash: row.outcome for row in connection.execute(query.where(is_one))}
