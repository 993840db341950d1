"""What is done at the table during a visit: tickets, attendance, a rest."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from enumerator_app.domain.checking import draft_of
from enumerator_app.domain.instants import instant_to_text
from enumerator_app.domain.registration import RegistrationDraft
from enumerator_app.domain.ticket_queue import TicketAnswer
from enumerator_app.services.registering import Registering
from enumerator_app.services.visit_standing import (
    Clock,
    VisitBook,
    VisitStanding,
    answers_in,
    instant_in,
    seconds_of,
    uuid_in,
)
from enumerator_app.storage.store import Store


class VisitTable:
    """The acts of one table; each is on the disk when it returns."""

    def __init__(
        self, store: Store, book: VisitBook, registering: Registering, clock: Clock
    ) -> None:
        self._store, self._book = store, book
        self._registering, self._clock = registering, clock

    def answer(self, visit: UUID, ticket: int, answer: TicketAnswer | None) -> VisitStanding:
        """Say what became of a ticket that was called; None takes an answer back."""
        self._book.kept(visit)

        def change(progress: Mapping[str, Any]) -> Mapping[str, Any]:
            answers = dict(answers_in(progress))
            answers.pop(ticket, None)
            if answer is not None:
                answers[ticket] = answer
            return {**progress, "answers": {str(n): said for n, said in answers.items()}}

        said = {"ticket": ticket, "answer": answer}
        self._store.change_progress(visit, change, ("ticket", said))
        return self._book.standing(visit)

    def attend(
        self,
        number: str | UUID,
        *,
        visit: UUID | None = None,
        ticket: str = "",
        phone: str = "",
        photo: bytes | None = None,
        present: bool = True,
    ) -> VisitStanding:
        """Note that somebody who is here already came: no second record, no seat.

        A telephone number or a photo that is new becomes a correction of the record.

        Raises:
            NumberUnknown: nobody of that number is on this laptop.
            NoVisit, VisitUnknown: there is no visit to note it in.
        """
        kept = self._book.kept(visit) if visit else self._book.kept_open()
        record = self._store.record(number)
        subject = record.worker.subject
        group = kept.visit.group(uuid_in(kept.progress.get("group")))
        self._store.note_attendance(
            kept.visit.id,
            subject,
            group=group.id if group else None,
            ticket=ticket,
            present=present,
        )
        if phone or photo:
            self._update(subject, draft_of(record.registration), phone, photo)
        return self._book.standing(kept.visit.id)

    def attend_stranger(
        self, who: UUID, *, visit: UUID, district: int, ticket: str = "", present: bool = True
    ) -> VisitStanding:
        """Note that somebody came whom only the district's list knows: no record, no seat.

        Raises:
            VisitUnknown: there is no such visit.
        """
        kept = self._book.kept(visit)
        self._store.note_stranger(
            kept.visit.id, who, district=district, ticket=ticket, present=present
        )
        return self._book.standing(kept.visit.id)

    def _update(
        self, subject: UUID, draft: RegistrationDraft, phone: str, photo: bytes | None
    ) -> None:
        values = dict(draft.values)
        is_new = bool(phone) and phone != values.get("phone")
        if is_new:
            values |= {"phone": phone, "phone_owner": "self"}
        if is_new or photo:
            changed = RegistrationDraft(values, draft.heirs, draft.paradata)
            self._registering.correct(subject, changed, photo=photo)

    def pause(self, visit: UUID) -> VisitStanding:
        """Stop the time of the table."""
        if not self._book.kept(visit).progress.get("paused_at"):
            began = instant_to_text(self._clock())
            rest = {"began_at": began, "ended_at": None}
            self._book.remember(visit, ("rest", rest), paused_at=began)
        return self._book.standing(visit)

    def resume(self, visit: UUID) -> VisitStanding:
        progress = self._book.kept(visit).progress
        paused = instant_in(progress.get("paused_at"))
        if paused is not None:
            ended = self._clock()
            rested = int(progress.get("rested_s", 0)) + seconds_of(ended - paused)
            rest = {"began_at": progress["paused_at"], "ended_at": instant_to_text(ended)}
            self._book.remember(visit, ("rest", rest), paused_at=None, rested_s=rested)
        return self._book.standing(visit)
