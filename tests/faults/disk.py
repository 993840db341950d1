"""A disk that loses its power: what of the recorded calls of a process it may hold afterwards.

Below the cipher: the bytes are those that SQLite gave to the system. A write is safe once a flush
of its file began after it and succeeded, a name once its folder was flushed. All else may be
missing, there in another order, or torn at sectors of 512 bytes. A flush that failed has made its
writes doubtful for good: a later flush does not vouch for them.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

T = TypeVar("T")
SECTOR = 512
HARM = ("all_lost", "all_kept", "cut_short", "some_kept", "torn")

Kind = Literal[
    "made", "opened", "emptied", "write", "cut", "flush", "failed", "rename", "unlink", "folder",
    "told",
]  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One call of the recorded process: `began` and `ended` are its places in the recording."""

    kind: Kind
    path: str
    began: int
    ended: int
    offset: int = 0
    data: bytes = b""
    to: str = ""


@dataclass
class Change:
    """What a file was given since its last flush; `size` is a truncation."""

    ended: int
    offset: int = 0
    data: bytes = b""
    size: int | None = None


@dataclass
class Inode:
    safe: bytearray = field(default_factory=bytearray)
    waiting: list[Change] = field(default_factory=list)
    doubtful: list[Change] = field(default_factory=list)


@dataclass
class NameChange:
    """Names that come or go in one step: a rename is two of them."""

    folders: set[str]
    names: dict[str, Inode | None]


class Disk:
    """Follows the recorded calls; `cut` says what a power cut now may leave."""

    def __init__(self, *, flushes_lie: bool = False) -> None:
        self._lies = flushes_lie
        self._now: dict[str, Inode] = {}
        self._safe: dict[str, Inode] = {}
        self._waiting: list[NameChange] = []

    def put(self, folder: Path) -> None:
        """Take the files of a folder as safe: they were there before the recording."""
        for path in folder.rglob("*"):
            if path.is_file():
                inode = Inode(bytearray(path.read_bytes()))
                self._now[str(path)] = self._safe[str(path)] = inode

    @property
    def at_stake(self) -> int:
        """How many writes and names a cut could take now."""
        files = {id(inode): inode for inode in (*self._now.values(), *self._safe.values())}
        writes = sum(len(inode.waiting) + len(inode.doubtful) for inode in files.values())
        return writes + len(self._waiting)

    def take(self, call: Call) -> None:
        work = getattr(self, f"_{call.kind}", None)
        if work is not None:
            work(call)

    def _made(self, call: Call) -> None:
        if call.path not in self._now:
            self._name({call.path: Inode()})

    def _emptied(self, call: Call) -> None:
        self._made(call)
        self._now[call.path].waiting.append(Change(call.ended, size=0))

    def _write(self, call: Call) -> None:
        if call.path in self._now:
            self._now[call.path].waiting.append(Change(call.ended, call.offset, call.data))

    def _cut(self, call: Call) -> None:
        if call.path in self._now:
            self._now[call.path].waiting.append(Change(call.ended, size=call.offset))

    def _flush(self, call: Call) -> None:
        if self._lies:
            return
        if call.path not in self._now:
            self._flush_folder(call.path)
            return
        inode = self._now[call.path]
        settled = [change for change in inode.waiting if change.ended < call.began]
        inode.waiting = [change for change in inode.waiting if change.ended >= call.began]
        for change in settled:
            _apply(inode.safe, change)
        # What was given again after a failed flush is not doubtful any more.
        inode.doubtful = [old for old in inode.doubtful if not _covered(old, settled)]

    def _failed(self, call: Call) -> None:
        inode = self._now.get(call.path)
        if inode is not None:
            inode.doubtful += inode.waiting
            inode.waiting = []

    def _rename(self, call: Call) -> None:
        inode = self._now.get(call.path)
        if inode is not None:
            self._name({call.path: None, call.to: inode})

    def _unlink(self, call: Call) -> None:
        if call.path in self._now:
            self._name({call.path: None})

    def _name(self, names: dict[str, Inode | None]) -> None:
        _rename(self._now, names)
        self._waiting.append(NameChange({str(Path(name).parent) for name in names}, names))

    def _flush_folder(self, folder: str) -> None:
        """Settle the folder's names, and every earlier change of the same names elsewhere."""
        for change in self._waiting:
            if folder in change.folders:
                _rename(self._safe, change.names)
        self._waiting = [change for change in self._waiting if folder not in change.folders]

    def cut(self, chance: random.Random, harm: str) -> dict[str, bytes]:
        """Return the files after a power cut at this moment."""
        names = dict(self._safe)
        for change in _chosen(self._waiting, chance, harm):
            _rename(names, change.names)
        return {name: _left(inode, chance, harm) for name, inode in names.items()}


def _rename(names: dict[str, Inode], changes: dict[str, Inode | None]) -> None:
    for name, inode in changes.items():
        if inode is None:
            names.pop(name, None)
        else:
            names[name] = inode


def _left(inode: Inode, chance: random.Random, harm: str) -> bytes:
    content = bytearray(inode.safe)
    for change in _chosen([*inode.doubtful, *inode.waiting], chance, harm):
        for part in _torn(change, chance) if harm == "torn" else (change,):
            _apply(content, part)
    return bytes(content)


def _chosen(waiting: list[T], chance: random.Random, harm: str) -> list[T]:
    match harm:
        case "all_lost":
            return []
        case "all_kept" | "torn":
            return waiting
        case "cut_short":
            return waiting[: chance.randint(0, len(waiting))]
    share = chance.random()
    return [one for one in waiting if chance.random() < share]


def _torn(change: Change, chance: random.Random) -> Iterator[Change]:
    """The sectors of one write that reached the disk."""
    if change.size is not None:
        yield change
        return
    share = chance.choice((0.2, 0.8, 0.99))
    end, at = change.offset + len(change.data), change.offset
    while at < end:
        upto = min(end, at - at % SECTOR + SECTOR)
        if chance.random() < share:
            yield Change(0, at, change.data[at - change.offset : upto - change.offset])
        at = upto


def _apply(content: bytearray, change: Change) -> None:
    if change.size is not None:
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    if len(content) < change.offset:
        content.extend(bytes(change.offset - len(content)))
    content[change.offset : change.offset + len(change.data)] = change.data


def _covered(old: Change, later: list[Change]) -> bool:
    if old.size is not None:
        return any(change.size is not None for change in later)
    return any(
        change.offset <= old.offset
        and change.offset + len(change.data) >= old.offset + len(old.data)
        for change in later
    )
