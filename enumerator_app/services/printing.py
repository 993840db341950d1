"""Papers of workers: who gets which one, its seal, and that it was printed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from enumerator_app.cards.calibration import write_calibration
from enumerator_app.cards.claims import CardClaims, short_name
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.seal import seal
from enumerator_app.cards.sheets import render_cards
from enumerator_app.domain.errors import (
    CardsHalted,
    LaptopStopped,
    NoPaperForState,
    PaperOfOtherLaptop,
)
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.numbers import device_code_of, serial_of
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.states import WITHOUT_PAPER
from enumerator_app.services.letterhead import paper_letterhead
from enumerator_app.services.print_runs import HandedOver, PrintRuns
from enumerator_app.services.printers import Printers
from enumerator_app.services.today import laptop_day
from enumerator_app.services.verifying import halted_after
from enumerator_app.storage.store import Store
from enumerator_app.storage.worker import CardKind, ListedWorker
from enumerator_app.texts import current_language
from sync.protocol.device import DeviceIdentity
from sync.protocol.signing import key_id, public_hex

PROVISIONAL_DAYS: Final = 183
UNSTATED: Final = "unstated"
_ISSUE_LIMIT: Final = 999


@dataclass(frozen=True, slots=True)
class Printed:
    cards: int
    pages: int
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOrder:
    """How papers are printed. `printer` moves them as that printer needs it.

    `reason`: why some are printed again. With `keep_waiting` nobody is journalled as printed, only
    remembered as on the way, until `Printing.runs` is told which came out.
    """

    sheet: str
    first_position: int = 0
    printer: str = ""
    reason: str = ""
    keep_waiting: bool = False


class Printing:
    """Draws the papers of workers on one laptop."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self.printers = Printers(store)
        self.runs = PrintRuns(store)

    def preview(self, subjects: Sequence[UUID], order: PrintOrder) -> bytes:
        """Return the sheets as a PDF, without marking anything as printed."""
        pages = BytesIO()
        render_cards(
            self._contents(self._with_paper(subjects)),
            pages,
            order.sheet,
            settings=self.settings(order.printer),
            first_position=order.first_position,
        )
        return pages.getvalue()

    def print_cards(
        self,
        subjects: Sequence[UUID],
        output: Path,
        order: PrintOrder,
        *,
        on_progress: Callable[[int, int], object] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Printed:
        """Write the sheets and journal that they were printed; a cancelled run marks nothing.

        Raises:
            LaptopStopped: the office has stopped this laptop; nothing was written.
            NoPaperForState: one of them gets no paper any more; nothing was written.
            CardsHalted: a slip would be sealed by a key that two copies of this laptop share.
            PaperOfOtherLaptop: a slip of a number that another laptop gave; nothing was written.
            PaperNotWritten: the output cannot be written; nothing was marked.
        """
        workers = self._with_paper(subjects)
        pages = render_cards(
            self._contents(workers),
            output,
            order.sheet,
            settings=self.settings(order.printer),
            first_position=order.first_position,
            on_progress=_of_all(on_progress, len(workers)),
            cancelled=cancelled,
        )
        if cancelled is not None and cancelled():
            return Printed(0, pages, output)
        if order.keep_waiting:
            self.hand_over(subjects, order.reason)
        else:
            self.runs.journal(self._reasons(workers, order.reason))
        return Printed(len(workers), pages, output)

    def waiting(self) -> tuple[ListedWorker, ...]:
        """Return who waits for a paper, also for a copy that did not come out."""
        copies = [paper.subject for paper in self.runs.wanted_again()]
        return tuple(self._store.to_print("new", copies=copies))

    def hand_over(self, subjects: Sequence[UUID], reason: str = "") -> None:
        """Remember that these papers went to a printer; `runs.settle` says what came of it."""
        workers = self._with_paper(subjects)
        self.runs.hand_over(workers, self._reasons(workers, reason))

    def workers(self, papers: Sequence[HandedOver]) -> tuple[ListedWorker, ...]:
        """Return whose papers these are, in their order."""
        return tuple(self._store.workers([paper.subject for paper in papers]))

    def calibration(self, output: Path | BinaryIO, *, two_sided: bool = False) -> int:
        """Write the page that says how far a printer misses the middle; return its pages."""
        return write_calibration(output, settings=self.settings(), two_sided=two_sided)

    def settings(self, printer: str = "") -> PaperSettings:
        """Return the office's part of the papers, and how far this printer needs them moved."""
        letterhead, moved = paper_letterhead(self._store), self.printers.placement(printer)
        office = letterhead.settings
        return PaperSettings(
            regency_name=office.regency_name,
            posko_phone=office.posko_phone,
            insurer_phone=office.insurer_phone or "175",
            ask_by=office.ask_by,
            logo=letterhead.logo,
            language=current_language(),
            offset_x_mm=moved.right / 10,
            offset_y_mm=moved.down / 10,
            back_offset_x_mm=moved.back_right / 10,
            back_offset_y_mm=moved.back_down / 10,
        )

    def _reasons(self, workers: Sequence[ListedWorker], given: str) -> dict[UUID, str]:
        """Return why each paper is printed again: as said now, or when it did not come out."""
        before = {paper.subject: paper.reason for paper in self.runs.wanted_again()}
        return {w.subject: _reason(w, given or before.get(w.subject, "")) for w in workers}

    def halted_after(self) -> int | None:
        """Return the last serial whose slips count while the office looks at two copies."""
        return halted_after(self._store)

    def held_back(self) -> int:
        """Return how many slips wait for what the office says about two copies."""
        last = self.halted_after()
        waiting = () if last is None else self.waiting()
        return sum(_is_halted(worker, last) for worker in waiting)

    def is_stopped(self) -> bool:
        """Whether the office has stopped this laptop: its papers would be found not to count."""
        return self._store.stopped_at() is not None

    def _with_paper(self, subjects: Sequence[UUID]) -> list[ListedWorker]:
        if self.is_stopped():
            raise LaptopStopped
        workers = self._store.workers(subjects)
        for worker in workers:
            if worker.state in WITHOUT_PAPER:
                raise NoPaperForState(number=worker.number)
        self._require_own_seals(workers)
        return workers

    def _require_own_seals(self, workers: Iterable[ListedWorker]) -> None:
        last, own = halted_after(self._store), self._store.identity().device_code
        for worker in workers:
            if worker.card is None and device_code_of(worker.number) != own:
                raise PaperOfOtherLaptop(number=worker.number)
            if _is_halted(worker, last):
                raise CardsHalted(number=worker.number)

    def _contents(self, workers: Iterable[ListedWorker]) -> Iterator[CardContent]:
        identity = self._store.identity()
        today = laptop_day(self._store, self._clock).day
        for worker in workers:
            yield self._content(worker, identity, today)

    def _content(self, worker: ListedWorker, identity: DeviceIdentity, today: date) -> CardContent:
        village = load_places().village(worker.village_code)
        active = worker.card is not None
        return CardContent(
            kind="active" if active else "provisional",
            name=worker.name,
            number=worker.number,
            village=village.name if village else worker.village_code,
            village_kind=village.kind if village else "desa",
            district=village.district_name if village else "",
            registered_on=day_in_wib(worker.registered_at),
            programmes=worker.programmes,
            photo=self._portrait(worker.photo) if worker.photo else None,
            seal=worker.card or _provisional_seal(worker, identity, today),
            printed_on=today,
            kpj=worker.kpj if active else None,
            cover_from=worker.cover_from if active else None,
            cover_to=worker.cover_to if active else None,
            copy=_copy(worker, "active" if active else "provisional"),
        )

    def _portrait(self, sha256: str) -> bytes | None:
        """Return the picture; the small one where the large one has left for the office."""
        return self._store.photo(sha256) or self._store.thumbnail(sha256)


def _provisional_seal(worker: ListedWorker, identity: DeviceIdentity, today: date) -> str:
    claims = CardClaims(
        number=worker.number,
        issue=min(worker.issue + 1, _ISSUE_LIMIT),
        kind="provisional",
        district=worker.village_code[:6],
        short_name=short_name(worker.name),
        birth_year=worker.birth_date.year if worker.birth_date else None,
        photo_prefix=(worker.photo or "")[:8],
        cover_from=None,
        cover_to=None,
        issued_on=today,
        expires_on=today + timedelta(days=PROVISIONAL_DAYS),
    )
    return seal(claims, identity.signing_key, key_id(public_hex(identity.signing_key)))


def _is_halted(worker: ListedWorker, last: int | None) -> bool:
    """Whether a slip for this person would not count; a card is the office's and always does."""
    return last is not None and worker.card is None and serial_of(worker.number) > last


def _reason(worker: ListedWorker, given: str) -> str:
    """Return why this person's paper is printed again; nothing for the first of its kind."""
    kind: CardKind = "provisional" if worker.card is None else "active"
    return given or UNSTATED if _copy(worker, kind) > 1 else ""


def _copy(worker: ListedWorker, kind: CardKind) -> int:
    """Return which copy of this kind of paper it is; the first card after a slip is no copy."""
    return worker.issue + 1 if worker.printed_kind == kind else 1


def _of_all(
    on_progress: Callable[[int, int], object] | None, total: int
) -> Callable[[int], None] | None:
    if on_progress is None:
        return None
    tell = on_progress

    def report(done: int) -> None:
        tell(done, total)

    return report
