"""Photos go last, by content, and go on where they stopped."""

from collections.abc import Sequence
from typing import Final

from sync.client.ports import PhotoToSend
from sync.client.run import SyncRun
from sync.client.transport import PhotoAnswer

# A photo whose bytes do not give its hash at the office starts again from 0; that is tried twice.
MOST_RESTARTS: Final = 2


def photos_wanted(run: SyncRun, missing: Sequence[str]) -> list[PhotoToSend]:
    """Return what local marks and the office's list of missing photos ask for, each once."""
    marked = {photo.sha256: photo for photo in run.store.photos_to_send()}
    others = photos_held(run, [sha256 for sha256 in missing if sha256 not in marked])
    return [*marked.values(), *others]


def photos_held(run: SyncRun, missing: Sequence[str]) -> list[PhotoToSend]:
    """Return those of the missing photos that are here."""
    held = ((sha256, run.store.photo(sha256)) for sha256 in missing)
    return [PhotoToSend(sha256, len(raw)) for sha256, raw in held if raw is not None]


def send_photos(run: SyncRun, wanted: Sequence[PhotoToSend]) -> None:
    """Send photos, whatever part of them the office lacks.

    Only the first may lie there in part, since they go one after the other in a fixed order: it
    alone is asked after, unless something fails.
    """
    total, bytes_total = len(wanted), sum(photo.size for photo in wanted)
    bytes_done = 0
    for done, photo in enumerate(wanted):
        run.tell("photos", done, total, bytes_done, bytes_total)
        _send_one(run, photo, ask_first=done == 0)
        bytes_done += photo.size
    if wanted:
        run.tell("photos", total, total, bytes_total, bytes_total)


def _send_one(run: SyncRun, photo: PhotoToSend, *, ask_first: bool) -> None:
    raw = run.store.photo(photo.sha256)
    if raw is None:
        return
    place = PhotoAnswer("open")
    if ask_first:
        place = run.during(lambda: run.transport.photo_place(photo.sha256))
    place = _send_rest(run, photo.sha256, raw, place)
    if place.place == "complete":
        run.tally.photos += 1
    if place.place in {"complete", "erased"}:
        run.store.photo_settled(photo.sha256, erased=place.place == "erased")


def _send_rest(run: SyncRun, sha256: str, raw: bytes, place: PhotoAnswer) -> PhotoAnswer:
    """Send from the office's offset on until it has all, wants none, or keeps starting again."""
    restarts = 0
    while place.place == "open" and restarts <= MOST_RESTARTS:
        before = place.offset
        place = _send_chunk(run, sha256, raw, before)
        restarts += place.place == "open" and place.offset <= before
    return place


def _send_chunk(run: SyncRun, sha256: str, raw: bytes, offset: int) -> PhotoAnswer:
    """Send one chunk; after a fault the office is asked first where it stands."""
    failed = False

    def attempt() -> PhotoAnswer:
        start = offset
        if failed:
            place = run.transport.photo_place(sha256)
            if place.place != "open":
                return place
            start = place.offset
        began = run.clock()
        chunk = raw[start : start + run.chunk_size.bytes]
        answer = run.transport.send_photo(sha256, offset=start, size=len(raw), chunk=chunk)
        run.chunk_size.learn(seconds=run.clock() - began)
        return answer

    def shrink(_: object) -> None:
        nonlocal failed
        failed = True
        run.chunk_size.shrink()

    return run.during(attempt, on_fault=shrink)
