"""One open laptop: everything that the window and the command line may ask of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from enumerator_app.domain.checking import Checked, draft_of
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.places import Places
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.registration import Registration, RegistrationDraft
from enumerator_app.services.auto_sending import AutoSend
from enumerator_app.services.brought import Brought
from enumerator_app.services.carrying import Carrying
from enumerator_app.services.checking import Checking
from enumerator_app.services.keeping_time import KeepingTime
from enumerator_app.services.letterhead import kept_setting
from enumerator_app.services.likeness import PossibleSame, possible_same
from enumerator_app.services.looking import Counts, DayCount, WorkerDetail, counts, detail, week
from enumerator_app.services.papers import Papers
from enumerator_app.services.photo_batch import PhotoBatch
from enumerator_app.services.printing import Printed, Printing, PrintOrder
from enumerator_app.services.registering import Registered, Registering
from enumerator_app.services.sync_log import SyncLog
from enumerator_app.services.syncing import Syncing
from enumerator_app.services.table_export import TableExport
from enumerator_app.services.upkeep import Upkeep
from enumerator_app.services.visits import Visits
from enumerator_app.storage.records import LastSync, Problem, Saved
from enumerator_app.storage.searching import Filter
from enumerator_app.storage.store import Store
from enumerator_app.storage.sync_log import How
from enumerator_app.storage.worker import ListedWorker
from sync.client.progress import Progress, SyncResult

PRACTICE = "practice"


def utc_now() -> datetime:
    return datetime.now(UTC)


class Laptop:
    """Use cases on one store. All but `check` may touch the disk: not for the UI thread.

    Every method raises `KnownError` where the world fails.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime] = utc_now) -> None:
        self.store = store
        self.registering = Registering(store, clock)
        self.printing = Printing(store, clock)
        self.checking = Checking(store, clock)
        self.upkeep = Upkeep(store)
        self.table_export = TableExport(store)
        self.photo_batch = PhotoBatch(store, self.registering)
        self.sync_log = SyncLog(store, clock)
        self.carrying = Carrying(store, self.sync_log)
        self.keeping = KeepingTime(store)
        self.syncing = Syncing(store, self.keeping, self.sync_log)
        self.auto_send = AutoSend(store, clock)
        self.brought = Brought(store, clock)
        self.visits = Visits(store, self.registering, clock)
        self.papers = Papers(store, self.visits.book, clock)
        self._clock = clock
        self._seen: dict[UUID, str] = {}

    # Who and where

    @property
    def operator_name(self) -> str:
        return self.store.operator.name

    @property
    def device_code(self) -> str:
        return self.store.identity().device_code

    @property
    def regency(self) -> str:
        return self.store.identity().regency

    @property
    def is_practice(self) -> bool:
        return self.setting(PRACTICE) == "yes"

    @property
    def places(self) -> Places:
        return load_places()

    # At the table

    def check(self, draft: RegistrationDraft) -> Checked:
        return self.registering.check(draft)

    def possible_same(self, draft: RegistrationDraft) -> tuple[PossibleSame, ...]:
        return possible_same(self.store, self.registering.as_typed(draft))

    def register(
        self, draft: RegistrationDraft, *, photo: bytes | None = None, draft_id: str | None = None
    ) -> Registered:
        return self.registering.register(draft, photo=photo, draft_id=draft_id)

    def undo(self, subject: UUID) -> RegistrationDraft:
        return self.registering.undo(subject)

    def correct(
        self, subject: UUID, draft: RegistrationDraft, *, photo: bytes | None = None
    ) -> Registered:
        """Save a correction of what `draft_of` gave; what the office changed since is merged."""
        done = self.registering.correct(subject, draft, photo=photo, seen=self._seen.get(subject))
        if done.entry_hash:
            self._seen.pop(subject, None)
        return done

    def withdraw(self, subject: UUID, reason: str) -> Saved:
        return self.store.withdraw(subject, reason)

    def keep_draft(self, form_id: str, values: Mapping[str, Any]) -> None:
        self.store.keep_draft(form_id, values)

    def drafts(self) -> dict[str, dict[str, Any]]:
        return {draft.form_id: dict(draft.payload) for draft in self.store.drafts()}

    def drop_draft(self, form_id: str) -> None:
        self.store.drop_draft(form_id)

    # Looking

    def search(
        self,
        text: str,
        *,
        states: Sequence[Any] = (),
        village: str = "",
        day: date | None = None,
        custody: Sequence[Any] = (),
        unanswered: bool = False,
        limit: int = 50,
        after: Any = None,
    ) -> tuple[ListedWorker, ...]:
        narrowed = Filter(tuple(states), village or None, day, tuple(custody), unanswered)
        return tuple(self.store.search(text, narrowed=narrowed, limit=limit, after=after))

    def find(self, number: str) -> ListedWorker | None:
        record = self.store.find(number)
        return record.worker if record else None

    def detail(self, subject: UUID) -> WorkerDetail:
        found = detail(self.store, subject)
        still = self.registering.open_warnings(found.worker, found.registration)
        return replace(found, open=still)

    def draft_of(self, subject: UUID) -> RegistrationDraft:
        """Return what a correction starts from."""
        self.keeping.must_be_here(subject)
        record = self.store.record(subject)
        self._seen[subject] = record.revision
        return draft_of(record.registration)

    def registration(self, subject: UUID) -> Registration:
        return self.store.registration(subject)

    def thumbnail(self, sha256: str) -> bytes | None:
        return self.store.thumbnail(sha256)

    def photo(self, sha256: str) -> bytes | None:
        return self.store.photo(sha256) or self.store.thumbnail(sha256)

    def counts(self) -> Counts:
        return counts(self.store, day_in_wib(self._clock()))

    def week(self) -> tuple[DayCount, ...]:
        today = day_in_wib(self._clock())
        return week(self.store, today - timedelta(days=6), today)

    def tasks(self) -> tuple[ListedWorker, ...]:
        return tuple(self.store.tasks())

    # Papers

    def to_print(self) -> tuple[ListedWorker, ...]:
        return self.printing.waiting()

    def everyone(self) -> tuple[ListedWorker, ...]:
        return tuple(self.store.to_print("all"))

    def preview_cards(
        self, subjects: Sequence[UUID], *, sheet: str, first_position: int = 0, printer: str = ""
    ) -> bytes:
        order = PrintOrder(sheet=sheet, first_position=first_position, printer=printer)
        return self.printing.preview(subjects, order)

    def print_cards(
        self,
        subjects: Sequence[UUID] | None,
        output: Path,
        *,
        sheet: str,
        first_position: int = 0,
        reprint_reason: str = "",
        on_progress: Callable[[int, int], object] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Printed:
        chosen = [w.subject for w in self.to_print()] if subjects is None else list(subjects)
        order = PrintOrder(sheet=sheet, first_position=first_position, reason=reprint_reason)
        return self.printing.print_cards(
            chosen, output, order, on_progress=on_progress, cancelled=cancelled
        )

    # Custody

    def sync(
        self,
        report: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        how: How = "key",
    ) -> SyncResult:
        return self.syncing.run(report, cancelled, how)

    def last_sync(self) -> LastSync | None:
        return self.store.last_sync()

    def doctor(self) -> list[Problem]:
        return self.store.doctor()

    def setting(self, name: str, default: str = "") -> str:
        return kept_setting(self.store, name) or default

    def set_setting(self, name: str, value: str) -> None:
        self.store.set_setting(name, value)

    def close(self) -> None:
        self.carrying.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
