"""A laptop's flash drive at the office: taken in, or only looked at."""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from enumerator_app.domain.errors import FileUnwritable, UsageWrong
from enumerator_app.texts import text
from sync.protocol.bundle import BundleForeign, BundleGone, BundleUnreadable
from sync.server.bundle_tally import BundleTaken, FolderTaken, Unread, note_key
from sync.server.bundles import (
    ANSWER_SUFFIX,
    SUFFIX,
    How,
    import_bundle,
    import_folder,
    is_for_older_key,
)
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer, passphrase_of, progress, trouble
from sync.server.errors import OfficeDiskRefuses
from sync.server.keys import recovery_identity
from sync.server.long_work.counting import LISTENING, Count
from sync.server.releasing import release, waiting_entries

SAY_EVERY_S: Final = 1.0


@dataclass(slots=True)
class _Said(Count):
    """Says about once a second how much of the drive was read."""

    said_at: float = -SAY_EVERY_S

    def add(self, n: int) -> None:
        self.done += n
        now = time.monotonic()
        if now - self.said_at >= SAY_EVERY_S:
            self.said_at = now
            progress(f"bundle {self.done // 1000}/{self.total // 1000} kB")


def take(options: argparse.Namespace) -> Answer:
    """Take a bundle or a drive in; exit 3 if a part of it was refused, or could not be read."""
    path: Path = options.file
    answer = _answer_place(options)
    LISTENING.set(_Said())
    with opened(options) as office:
        recovery = None
        if is_for_older_key(office, path):  # opened with the administrator's key only
            recovery = recovery_identity(office.home, passphrase_of(options))
        how = How(answer, options.dry_run, recovery)
        try:
            if path.is_dir():
                taken = import_folder(office, path, how)
            else:
                taken = _alone(import_bundle(office, path, how), how)
        except OfficeDiskRefuses as error:
            return _stopped(error)
    return _said(taken, dry_run=options.dry_run)


def _stopped(error: OfficeDiskRefuses) -> Answer:
    """Say what is in, then why it is not all."""
    told = trouble(error)
    if not error.taken.laptops:
        return told
    said = _said(error.taken, dry_run=False)
    return replace(told, fields=said.fields | told.fields, lines=said.lines + told.lines)


def _answer_place(options: argparse.Namespace) -> Path:
    """Return where the answer is to be written: over no file of a laptop.

    Raises:
        UsageWrong, FileUnwritable: it cannot be there. Nothing was read.
    """
    path: Path = options.file
    beside = path / text("bundles.answer_name") if path.is_dir() else path
    answer: Path = options.answer or beside.with_suffix(ANSWER_SUFFIX)
    if not options.dry_run:
        if answer.suffix.lower() == SUFFIX or _are_same(answer, path):
            raise UsageWrong(detail=text("bundles.answer_over_file", file=answer.name))
        if options.answer and not answer.parent.is_dir():
            raise FileUnwritable(name=answer.name)
    return answer


def _are_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False


def _alone(taken: BundleTaken, how: How) -> FolderTaken:
    """Return what one file held as a folder's that holds nothing else."""
    answers = {} if how.dry_run or how.answer is None else {taken.sender.code: how.answer}
    return FolderTaken([taken], [], answers)


def _said(taken: FolderTaken, *, dry_run: bool) -> Answer:
    laptops = [_as_json(one, taken.answers.get(one.sender.code)) for one in taken.laptops]
    lines = [
        line
        for one in taken.laptops
        for line in _sentences(one, taken.answers.get(one.sender.code), dry_run=dry_run)
    ]
    lines += _unread_sentences(taken.unread)
    unread = [asdict(one) for one in taken.unread]
    fields = _of_all(laptops) | {"laptops": laptops, "unread": unread, "left": taken.left}
    fields["dry_run"] = dry_run
    return Answer(fields, tuple(lines), 0 if taken.is_whole else 3)


def _sentences(taken: BundleTaken, answer: Path | None, *, dry_run: bool) -> Iterator[str]:
    """Say what the files of one laptop held."""
    said = "bundles.looked_at" if dry_run else "bundles.received"
    yield text(said, **_as_json(taken, answer))
    if answer is not None:
        yield text("bundles.bring_back", file=answer.name)
    files = ", ".join(Path(one).name for one in taken.erased_in)
    for name, n in taken.notes():
        key = f"bundles.{note_key(name, dry_run=dry_run)}"
        yield text(key, n=n, device=taken.sender.code, files=files)


def _unread_sentences(unread: Sequence[Unread]) -> Iterator[str]:
    """Name the files of which nothing was taken, by why."""
    for code in (BundleUnreadable.code, BundleGone.code, BundleForeign.code):
        names = [one.file for one in unread if one.code == code]
        if names:
            yield text(f"bundles.unread_{code}", n=len(names), files=", ".join(names))


def held(options: argparse.Namespace) -> Answer:
    """Say which entries wait for an ancestor, by laptop."""
    with opened(options) as office:
        found = waiting_entries(office)
    lines = [
        text("bundles.held_of", code=one.code, label=one.label, n=one.entries, first=one.first,
             last=one.last)
        for one in found
    ] or [text("bundles.nothing_held")]  # fmt: skip
    return Answer({"held": [asdict(one) for one in found]}, tuple(lines))


def let_in(options: argparse.Namespace) -> Answer:
    """Take in what waits of a laptop without its ancestor."""
    with opened(options) as office:
        n = release(office, options.device)
    return Answer({"released": n}, (text("bundles.released", n=n),))


def _of_all(laptops: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the sums over all laptops; of one alone what is told of it."""
    if len(laptops) == 1:
        return laptops[0]
    sums: dict[str, Any] = {
        name: sum((one[name] for one in laptops), [] if name == "erased_in" else 0)
        for name, value in laptops[0].items()
        if isinstance(value, int | list) and not isinstance(value, bool)
    }
    for name in ("outcomes", "refused"):
        counted = sum((Counter(one[name]) for one in laptops), Counter())
        sums[name] = dict(counted)
    whole = all(one["complete"] for one in laptops)
    gone = any(one["pulled_out"] for one in laptops)
    same = {"complete": whole, "pulled_out": gone}
    return sums | {"device": None, "label": None, "answer": None} | same


def _as_json(taken: BundleTaken, answer: Path | None) -> dict[str, Any]:
    return taken.as_fields() | {"answer": str(answer) if answer else None}
