"""A laptop's bundle from a flash drive taken in, and the answer that goes back on it.

A bundle is the requests of a sync in a file: its batches go through the same door as those of the
line, in any order, any number of times. What is answered is what the line would have answered.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.errors import DiskFull
from sync.protocol.bundle import (
    BATCH,
    NOTICES,
    PHOTO,
    BundleForeign,
    BundleGone,
    BundleUnreadable,
    Key,
    Member,
    NoBundleBelow,
    head_of,
    manifest_of,
    read_file,
)
from sync.protocol.messages import (
    MOST_LACKING,
    Hello,
    ReofferRequest,
)
from sync.protocol.signing import BUNDLE, is_signed
from sync.server.bundle_answers import Given, answer_to
from sync.server.bundle_rows import (
    DeviceLock,
    add_whole,
    is_photo_complete,
    names_erased,
    sender_of,
)
from sync.server.bundle_tally import (
    BundleTaken,
    FolderTaken,
    Laptop,
    Unread,
    count_after_revocation,
    disk_refuses,
    foresee,
    foresee_stopped,
    foresee_waiting,
    known_entries,
)
from sync.server.errors import AnswerUnwritten
from sync.server.home import replace_privately
from sync.server.ingest.batch import MAX_UNPACKED, is_hash, read_batch, unpack
from sync.server.long_work.counting import count_on, expect
from sync.server.office import Office
from sync.server.photos import photo_place
from sync.server.refusal import Refused
from sync.server.reoffering import note_if_set_back, take_back
from sync.server.trust import refresh_if_unlisted, refresh_trust

SUFFIX: Final = ".tpb"
ANSWER_SUFFIX: Final = ".tpa"


@dataclass(frozen=True, slots=True)
class How:
    """How a bundle is taken in. `recovery` is the office's recovery key, for old drives."""

    answer: Path | None = None
    dry_run: bool = False
    recovery: str | None = None


_PLAIN: Final = How()


def is_for_older_key(office: Office, path: Path) -> bool:
    """Return whether a bundle, or any below a folder, is sealed to a key that was changed since."""
    paths = _bundles_below(path) if path.is_dir() else [path]
    return any(_is_for_older_key(office, one) for one in paths)


def _is_for_older_key(office: Office, path: Path) -> bool:
    try:
        head = head_of(path)
    except BundleUnreadable:
        return False  # it is told when it is to be read
    is_ours = head.kind == "bundle" and head.office == office.public.office
    return is_ours and head.kid != office.issuer.kid


def import_folder(office: Office, folder: Path, how: How = _PLAIN) -> FolderTaken:
    """Take in all bundles below a folder, as a drive holds them that got each save.

    Raises:
        NoBundleBelow: there are none.
        BundleForeign, BundleUnreadable: none of them can be taken in.
        AnswerUnwritten: all is in, and every other answer was written.
        OfficeDiskRefuses: what was taken in before counts; doing it again adds the rest.
    """
    paths = _bundles_below(folder)
    if not paths:
        raise NoBundleBelow(name=folder.name or str(folder))
    taken = import_files(office, {str(path.relative_to(folder)): path for path in paths}, how)
    if not taken.laptops:
        code = taken.unread[-1].code if taken.unread else ""
        kinds = {kind.code: kind for kind in (BundleForeign, BundleGone)}
        raise kinds.get(code, BundleUnreadable)
    return taken


def import_files(office: Office, files: Mapping[str, Path], how: How = _PLAIN) -> FolderTaken:
    """Take in bundles by what they are called; those that cannot be read are named.

    The answers lie beside each other, one for each laptop: `how.answer` with the laptop's code.

    Raises:
        OfficeDiskRefuses, AnswerUnwritten: as `import_folder`.
    """
    work, taken = _Import(office, how), FolderTaken([], [])
    with work.stopped(taken, list(files)) as left:
        work.prepare(files.values())
        for name, path in files.items():
            try:
                work.read(path)
            except (BundleForeign, BundleUnreadable) as error:
                taken.unread.append(Unread(name, error.code))
            left.remove(name)
        taken.laptops = work.finish()
        for laptop in work.laptops.values():
            code = laptop.taken.sender.code
            answer = how.answer and how.answer.with_stem(f"{how.answer.stem}-{code}")
            if answer and work.answer(laptop, answer):
                taken.answers[code] = answer
    work.refuse_unwritten(taken.laptops)
    return taken


def import_bundle(office: Office, path: Path, how: How = _PLAIN) -> BundleTaken:
    """Take a bundle in, and write the office's answer for the laptop, if it is wanted.

    Raises:
        BundleForeign: it is for another office, of an unknown laptop, or an answer.
        BundleUnreadable: it cannot be read from its start. Nothing was changed in either case.
        OfficeDiskRefuses, AnswerUnwritten: as `import_folder`.
    """
    work, taken = _Import(office, how), FolderTaken([], [])
    with work.stopped(taken, [path.name]) as left:
        work.prepare([path])
        laptop = work.read(path)
        left.clear()
        taken.laptops = work.finish()
        if how.answer is not None:
            work.answer(laptop, how.answer)
    work.refuse_unwritten(taken.laptops)
    return laptop.taken


def size_of(path: Path) -> int:
    """Return how many bytes a file has; none where it is not there any more."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _bundles_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob(f"*{SUFFIX}") if not path.is_dir())


class _Import:
    """One file or several at once, in any order: an entry may come before its ancestor."""

    def __init__(self, office: Office, how: How) -> None:
        self.office, self.how = office, how
        self.laptops: dict[str, Laptop] = {}
        self._unwritten: dict[str, OSError] = {}
        self._keys: list[Key] = [office.issuer.key, *([how.recovery] if how.recovery else [])]

    @contextmanager
    def stopped(self, taken: FolderTaken, left: list[str]) -> Iterator[list[str]]:
        """Tell what is in where the office's disk refuses; whoever works takes out of `left` the
        files that were read.

        Raises:
            OfficeDiskRefuses
        """
        try:
            yield left
        except (DiskFull, OSError) as error:
            if not self.how.dry_run:
                taken.laptops = [laptop.count() for laptop in self.laptops.values()]
            taken.left = left
            told = disk_refuses(len(left), taken.laptops)
            told.taken = taken
            raise told from error

    def prepare(self, files: Iterable[Path]) -> None:
        """Bring up to date what the answers carry along, the newest list; say how much there is."""
        expect(sum(map(size_of, files)))
        if not self.how.dry_run:
            refresh_trust(self.office)

    def read(self, path: Path) -> Laptop:
        """Take one file in; raises as `import_bundle`, and what the office's disk raised as it is:
        the file's own is `BundleGone`.
        """
        work = _Taking(self)
        try:
            head = read_file(path, self._keys, work.take)
        except BundleUnreadable as error:
            if work.laptop is None:
                raise
            if isinstance(error, BundleGone):
                work.laptop.taken.pulled_out = True
            else:
                work.laptop.taken.is_cut = True
        except BundleForeign as error:
            if work.has_begun or not self._is_sealed_to_us(path):
                raise
            raise BundleUnreadable from error  # what says how it is sealed is cut or damaged
        else:
            if head.kind != "bundle" or work.laptop is None:
                raise BundleForeign
        if work.has_erased:
            work.laptop.taken.erased_in.append(str(path))
        return work.laptop

    def _is_sealed_to_us(self, path: Path) -> bool:
        head = head_of(path)
        is_ours = head.kind == "bundle" and head.office == self.office.public.office
        return is_ours and (head.kid == self.office.issuer.kid or self.how.recovery is not None)

    def finish(self) -> list[BundleTaken]:
        """Say what became of all, now that every file was read."""
        for laptop in self.laptops.values():
            if self.how.dry_run:
                while foresee_waiting(self.office, laptop):
                    pass
                foresee_stopped(self.office, laptop)
            else:
                held = [one for one, outcome in laptop.outcomes.items() if outcome == "held"]
                laptop.outcomes |= known_entries(self.office, held)
                stopped = count_after_revocation(self.office, laptop.outcomes)
                laptop.taken.after_revocation = stopped
        return [laptop.count() for laptop in self.laptops.values()]

    def answer(self, laptop: Laptop, path: Path) -> bool:
        """Write the answer for a laptop; return whether there is one now."""
        if self.how.dry_run:
            return False
        notices = laptop.taken.notices
        given = Given(
            laptop.hello, laptop.receipts, laptop.photos, notices, laptop.parts, laptop.lacking
        )
        content = answer_to(self.office, laptop.taken.sender, given)
        try:
            replace_privately(path, content)
        except OSError as error:
            self._unwritten[path.name] = error
            return False
        return True

    def refuse_unwritten(self, taken: list[BundleTaken]) -> None:
        """Say which answers could not be written, once all else is done.

        Raises:
            AnswerUnwritten: some could not.
        """
        if self._unwritten:
            names, error = ", ".join(self._unwritten), next(iter(self._unwritten.values()))
            new, known = sum(one.new for one in taken), sum(one.known for one in taken)
            raise AnswerUnwritten(name=names, new=new, known=known) from error


@dataclass(slots=True)
class _Taking:
    """One file, member by member."""

    work: _Import
    laptop: Laptop | None = None
    has_begun: bool = False
    has_erased: bool = False

    @property
    def office(self) -> Office:
        return self.work.office

    def take(self, member: Member) -> None:
        self.has_begun = True
        if self.laptop is None:
            self._open(member)
        elif member.name == BATCH:
            self._with_refusals(self.laptop, self._take_batch, member)
        elif member.name.startswith(PHOTO):
            self._with_refusals(self.laptop, self._take_photo, member)
        elif member.name == NOTICES:
            self._with_refusals(self.laptop, self._take_notices, member)
        count_on(len(member.content))

    def _open(self, member: Member) -> None:
        """Prove whose bundle it is before anything of it is believed."""
        stated, signature = manifest_of(member)
        if stated.get("office") != self.office.public.office:
            raise BundleForeign
        sender = sender_of(self.office, str(stated.get("device")))
        message = canonical_bytes(stated)
        if sender is None:
            raise BundleForeign
        told = stated.get("keys")
        sender.learn(self.office.public.office, told if isinstance(told, list) else [])
        if not sender.is_by(lambda key: is_signed(key, BUNDLE, message, signature)):
            raise BundleUnreadable
        try:
            hello = Hello.model_validate(stated["hello"])
            parts = frozenset(map(str, stated.get("parts", ())))
            lacking = tuple(map(str, stated.get("lacking", ())))[:MOST_LACKING]
        except (KeyError, TypeError, ValidationError) as error:
            raise BundleUnreadable from error
        if hello.device != sender.id:  # its signer would hear how another laptop stands
            raise BundleForeign
        self.laptop = self.work.laptops.setdefault(
            sender.id, Laptop(BundleTaken(sender), hello, parts)
        )
        self.laptop.hello, self.laptop.parts, self.laptop.lacking = hello, parts, lacking
        self.laptop.taken.sender.keys = sender.keys

    def _with_refusals(self, laptop: Laptop, work: Any, member: Member) -> None:
        """A part that is refused is counted, and the rest goes on."""
        try:
            work(laptop, member)
        except Refused as refused:
            laptop.taken.refused[refused.problem.code] += 1

    def _take_batch(self, laptop: Laptop, member: Member) -> None:
        batch = read_batch(
            unpack(member.content, "gzip", MAX_UNPACKED),
            office=self.office.public.office,
            device=laptop.taken.sender.id,
            public_keys=laptop.taken.sender.keys,
        )
        hashes = [line.hash for line in batch.lines]
        laptop.known |= known_entries(self.office, set(hashes) - laptop.outcomes.keys()).keys()
        self.has_erased = self.has_erased or names_erased(self.office, batch)
        if self.work.how.dry_run:
            foresee(self.office, laptop, batch)
            return
        lock = DeviceLock(laptop.taken.sender.id)
        receipt = self.office.ingest.receive(batch, lock, self.office.server_epoch)
        refresh_if_unlisted(self.office, laptop.taken.sender.id)
        laptop.receipts.append((hashes, receipt))
        laptop.outcomes |= dict.fromkeys(hashes, "accepted")
        laptop.outcomes |= {other.hash: other.outcome for other in receipt.others}

    def _take_photo(self, laptop: Laptop, member: Member) -> None:
        taken, name = laptop.taken, member.name.removeprefix(PHOTO)
        if not is_hash(name) or hashlib.sha256(member.content).hexdigest() != name:
            raise Refused(400, "photo_damaged")
        if self.work.how.dry_run:
            taken.photos += name not in laptop.photos
            laptop.photos[name] = False
            return
        try:
            place = photo_place(self.office, name)
        except Refused as refused:
            if refused.status != 410:
                taken.photos_unwanted += 1
                return
            laptop.photos[name] = True
            return
        if is_photo_complete(self.office, name):
            taken.photos_known += name not in laptop.photos
        else:
            add_whole(self.office, name, member.content, place.offset)
            taken.photos += 1
        laptop.photos[name] = False

    def _take_notices(self, laptop: Laptop, member: Member) -> None:
        try:
            plain = unpack(member.content, "gzip", MAX_UNPACKED)
            message = ReofferRequest.model_validate_json(plain)
        except ValidationError as error:
            raise Refused(400, "message_unreadable") from error
        sender = laptop.taken.sender.id
        laptop.taken.notices += len(message.notices)
        if not self.work.how.dry_run:
            note_if_set_back(self.office, sender, message)
            with self.office.database.writing() as connection:
                DeviceLock(sender)(connection)
                take_back(self.office, connection, sender, message)
