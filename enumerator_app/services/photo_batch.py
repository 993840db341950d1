"""A folder of pictures from any camera, matched to people by the slip that each holds up.

Nothing is saved while matching. A picture that fits nobody, or more than one, is named with the
reason and left for people; the same folder again saves nothing twice.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from enumerator_app.domain.errors import FileUnreadable, PhotoUnreadable
from enumerator_app.domain.tickets import NO_PLACE, Ticket, parse_ticket, place_key, ticket_words
from enumerator_app.services.photos import MAX_RAW_BYTES, codes_in_photo, prepare_photo
from enumerator_app.services.registering import Registering
from enumerator_app.storage.store import Store
from enumerator_app.storage.ticketed import Ticketed
from enumerator_app.storage.worker import ListedWorker

MOST_FILES: Final = 5_000
_OPEN: Final = ("registered", "waiting_nik")
_HEIC: Final = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")

Reason = Literal[
    "",
    "already",
    "heic",
    "too_large",
    "unreadable",
    "no_slip",
    "two_slips",
    "nobody",
    "several",
    "again",
    "has_other",
    "closed",
]
"""Why a picture is not saved; "" if it can be. Sentences at `photos.reason.*`."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the folder. `fresh` is what it would be kept as."""

    path: Path
    reason: Reason = ""
    ticket: str = ""
    worker: ListedWorker | None = None
    fresh: bytes = b""

    @property
    def is_left(self) -> bool:
        """Is it something that a person has to look at?"""
        return self.reason not in ("", "already")


class PhotoBatch:
    """Matches and saves pictures for the people of one store."""

    def __init__(self, store: Store, registering: Registering) -> None:
        self._store, self._registering = store, registering

    def look(
        self,
        folder: Path,
        *,
        on_progress: Callable[[int, int], object] = lambda _done, _all: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[Picture, ...]:
        """Return every picture of the folder with whom it shows, or why that is not known.

        Raises:
            FileUnreadable: the folder cannot be read, or holds more than `MOST_FILES` files.
        """
        paths = _files(folder)
        found = []
        for done, path in enumerate(paths):
            on_progress(done, len(paths))
            if cancelled():
                break
            found.append(self._looked_at(path))
        on_progress(len(found), len(paths))
        return tuple(_alone(found))

    def save(self, picture: Picture) -> bool:
        """Keep one matched picture with its person; False if that was done before.

        Raises:
            DiskFull, NotSaved, PhotoUnreadable: nothing was saved.
        """
        assert picture.worker is not None
        subject = picture.worker.subject
        if self._is_kept(picture.fresh, self._store.record(subject).worker):
            return False
        self._registering.take_photo(subject, picture.path.read_bytes())
        return True

    def _looked_at(self, path: Path) -> Picture:
        try:
            raw = _raw(path)
            slips = {slip for code in codes_in_photo(raw) if (slip := parse_ticket(code))}
            if len(slips) != 1:
                return Picture(path, "two_slips" if slips else "no_slip")
            return self._matched(path, slips.pop(), raw)
        except _RefusedError as refused:
            return Picture(path, refused.reason)
        except (OSError, PhotoUnreadable):
            return Picture(path, "unreadable")

    def _matched(self, path: Path, slip: Ticket, raw: bytes) -> Picture:
        ticket = ticket_words(slip.number)
        people = [one for one in self._store.with_ticket(slip.number) if self._is_of(slip, one)]
        if len(people) != 1:
            return Picture(path, "several" if people else "nobody", ticket)
        worker = self._store.record(people[0].subject).worker
        fresh = prepare_photo(raw).jpeg
        return Picture(path, self._why_not(worker, fresh), ticket, worker, fresh)

    def _why_not(self, worker: ListedWorker, fresh: bytes) -> Reason:
        if self._is_kept(fresh, worker):
            return "already"
        is_asked = worker.state == "returned" and worker.returned_field == "photo"
        if worker.state not in _OPEN and not is_asked:
            return "closed"
        return "has_other" if worker.photo and not is_asked else ""

    def _is_kept(self, fresh: bytes, worker: ListedWorker) -> bool:
        return bool(worker.photo) and self._store.photo(worker.photo or "") == fresh

    def _is_of(self, slip: Ticket, person: Ticketed) -> bool:
        if slip.place_key == NO_PLACE:
            return True
        visit = self._store.visit(person.visit) if person.visit else None
        place, day = person.village_code, person.day
        if visit is not None:
            place, day = visit.visit.village_code, visit.visit.day
        return slip.place_key == place_key(place, day)


class _RefusedError(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__()
        self.reason = reason


def _files(folder: Path) -> Sequence[Path]:
    """Return the files below a folder by name; hidden ones are nobody's pictures."""
    try:
        found = sorted(
            path
            for path in folder.rglob("*")
            if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
        )
    except OSError as error:
        raise FileUnreadable(name=folder.name) from error
    if not folder.is_dir() or len(found) > MOST_FILES:
        raise FileUnreadable(name=folder.name)
    return found


def _raw(path: Path) -> bytes:
    if path.stat().st_size > MAX_RAW_BYTES:
        raise _RefusedError("too_large")
    raw = path.read_bytes()
    if raw[4:12] in _HEIC:
        raise _RefusedError("heic")
    return raw


def _alone(found: Iterable[Picture]) -> Iterable[Picture]:
    """Leave pictures to people of whom there are several for one person."""
    pictures = list(found)
    shown = Counter(_subject(p) for p in pictures if p.worker and p.reason == "")
    for picture in pictures:
        is_again = picture.reason == "" and shown[_subject(picture)] > 1
        yield replace(picture, reason="again") if is_again else picture


def _subject(picture: Picture) -> UUID | None:
    return picture.worker.subject if picture.worker else None
