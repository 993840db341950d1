"""Registering, correcting and undoing: from what was typed to what is on disk."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.checking import Checked, check_draft, check_registration, draft_of
from enumerator_app.domain.content import content_digest
from enumerator_app.domain.findings import Finding, Source
from enumerator_app.domain.reading import read_draft
from enumerator_app.domain.reference import load_places, load_rulebook
from enumerator_app.domain.registration import Heir, Registration, RegistrationDraft
from enumerator_app.services.form_policy import OfficePolicy
from enumerator_app.services.keeping_time import KeepingTime
from enumerator_app.services.photos import prepare_photo
from enumerator_app.services.today import RuleDay, laptop_day
from enumerator_app.storage.records import PreparedPhoto
from enumerator_app.storage.store import Store
from enumerator_app.storage.worker import ListedWorker

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Registered:
    """What is on disk now. Without a `number` nothing was saved: `findings` hold the error."""

    subject: UUID | None = None
    number: str | None = None
    entry_hash: str | None = None
    saved_at: datetime | None = None
    findings: tuple[Finding, ...] = ()
    already_here: bool = False


class Registering:
    """Checks drafts by the rules and saves what passes, through one store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._policy = OfficePolicy(store)

    def rule_day(self) -> RuleDay:
        return laptop_day(self._store, self._clock)

    def check(
        self,
        draft: RegistrationDraft,
        *,
        source: Source = "form",
        subject: UUID | None = None,
        known_heirs: tuple[Heir, ...] = (),
    ) -> Checked:
        """Return the registration and the findings of a draft."""
        return check_draft(draft, self._context(source, subject, known_heirs))

    def as_typed(self, draft: RegistrationDraft) -> Registration:
        """Return the record in a draft as far as it goes, errors and all, to compare people by."""
        values = read_draft(draft, self._context("form", None, ())).values
        return Registration.model_validate(values)

    def open_warnings(
        self, worker: ListedWorker, registration: Registration
    ) -> tuple[Finding, ...]:
        """Return what a saved record was let through with; nothing once its content has left."""
        if worker.custody == "backed_up":
            return ()
        found = check_registration(registration, self._context("form", worker.subject, ()))
        return tuple(finding for finding in found if finding.severity == "warning")

    def _context(
        self, source: Source, subject: UUID | None, known_heirs: tuple[Heir, ...]
    ) -> CheckContext:
        day = self.rule_day()
        return CheckContext(
            today=day.day,
            today_is_certain=day.is_certain,
            rulebook=load_rulebook(),
            places=load_places(),
            source=source,
            now=self._clock(),
            subject=subject or UUID(int=0),
            known_heirs=known_heirs,
            kk_number=self._policy.now().kk_number,
        )

    def register(
        self,
        draft: RegistrationDraft,
        *,
        source: Source = "form",
        photo: bytes | None = None,
        draft_id: str | None = None,
    ) -> Registered:
        """Save a new worker; returns only after the commit.

        A file's row whose content this laptop holds already is not saved again. At the table the
        same content twice is two records: the enumerator was asked, and the office decides. The
        digest names the photo by the bytes that came in, so a file run again re-encodes nothing. A
        record that came back from the office is known by its small JPEG alone.

        Raises:
            DiskFull, NotSaved: nothing was saved; the draft is still there.
            PhotoUnreadable: the picture cannot be used; nothing was saved.
        """
        subject = uuid7()
        draft = _with_photo(draft, photo)
        checked = self.check(draft, source=source, subject=subject)
        if checked.registration is None:
            return Registered(findings=checked.findings)
        digest = content_digest(checked.registration)
        if source == "file" and self._store.already_holds(digest):
            return Registered(findings=checked.findings, already_here=True)
        prepared = prepare_photo(photo) if photo else None
        if source == "file" and prepared and self._came_back(checked.registration, prepared):
            return Registered(findings=checked.findings, already_here=True)
        saved = self._store.register(
            checked.registration,
            subject=subject,
            content_digest=digest,
            draft_id=draft_id,
            photo=prepared,
            clock="ok" if self.rule_day().is_certain else "uncertain",
        )
        return Registered(
            saved.subject, saved.number, saved.entry_hash, saved.saved_at, checked.findings
        )

    def _came_back(self, registration: Registration, photo: PreparedPhoto) -> bool:
        kept = registration.model_copy(update={"photo": photo.sha256})
        return self._store.already_holds(content_digest(kept)) is not None

    def correct(
        self,
        subject: UUID,
        draft: RegistrationDraft,
        *,
        photo: bytes | None = None,
        seen: str | None = None,
    ) -> Registered:
        """Save a correction of a worker, made from the revision `seen`; heirs keep their ids."""
        prepared = prepare_photo(photo) if photo else None
        KeepingTime(self._store).must_be_here(subject)
        known = self._store.registration(subject)
        checked = self.check(_with_photo(draft, photo), subject=subject, known_heirs=known.heirs)
        if checked.registration is None:
            return Registered(subject, findings=checked.findings)
        saved = self._store.correct(subject, checked.registration, photo=prepared, seen=seen)
        return Registered(subject, saved.number, saved.entry_hash, saved.saved_at, checked.findings)

    def take_photo(self, subject: UUID, raw: bytes) -> Registered:
        """Save a portrait with a record that stays else as it is. Raises as `register` does."""
        KeepingTime(self._store).must_be_here(subject)
        draft = draft_of(self._store.registration(subject))
        values = {**draft.values, "no_photo_reason": ""}
        return self.correct(subject, replace(draft, values=values), photo=raw)

    def undo(self, subject: UUID) -> RegistrationDraft:
        """Withdraw what was just saved and give the form back as it was."""
        draft = draft_of(self._store.registration(subject))
        self._store.withdraw(subject, "undone")
        return draft


def _with_photo(draft: RegistrationDraft, raw: bytes | None) -> RegistrationDraft:
    """Name the picture as it came in; the store names it anew when it keeps the small JPEG."""
    if raw is None:
        return draft
    name = hashlib.sha256(raw).hexdigest()
    return replace(draft, values={**draft.values, "photo": name})
