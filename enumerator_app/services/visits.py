"""What is done with a visit: open it, say its groups and its consent, close it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from enumerator_app.domain.errors import VillageUnknown
from enumerator_app.domain.instants import day_in_wib, instant_to_text
from enumerator_app.domain.places import Places
from enumerator_app.domain.reference import load_consent_texts, load_places
from enumerator_app.domain.registration import Programme
from enumerator_app.domain.tickets import check_most, ticket_words
from enumerator_app.domain.typed import one_line
from enumerator_app.domain.visits import (
    GroupConsent,
    Visit,
    VisitGroup,
    check_code,
    counts_from_body,
    group_id,
    visit_id,
)
from enumerator_app.services.registering import Registering
from enumerator_app.services.visit_standing import Clock, VisitBook, VisitStanding
from enumerator_app.services.visit_table import VisitTable
from enumerator_app.storage.store import Store
from enumerator_app.storage.visits import VisitTally

_LAST: Final = "visit.last"


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A group as typed; empty values are left for the form."""

    name: str
    foreman: str = ""
    occupation: str = ""
    workplace: str = ""
    monthly_income: int | None = None
    programmes: tuple[Programme, ...] = ("JKK", "JKM")


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What a close should be told of first: people and papers, no names."""

    unprinted: int = 0
    drafts: int = 0
    unsent: int = 0
    waiting: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.unprinted or self.drafts or self.unsent or self.waiting)


class Visits:
    """The visits of one laptop. All but pure questions may touch the disk."""

    def __init__(self, store: Store, registering: Registering, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self.book = VisitBook(store, clock)
        self.table = VisitTable(store, self.book, registering, clock)

    @property
    def places(self) -> Places:
        return load_places()

    def open(
        self,
        *,
        village: str,
        place: str = "",
        day: date | None = None,
        groups: Sequence[GroupDraft] = (),
        tickets: int = 0,
    ) -> VisitStanding:
        """Open a visit, or go on with the one of this place and day; its groups are joined.

        Raises:
            TooManySlips: `tickets` is more than slips go.
            VillageUnknown: `village` is no village here, neither by name nor by code.
        """
        check_most(tickets)
        code = self.places.read_village(village)
        if self.places.village(code) is None:
            raise VillageUnknown(village=one_line(village))
        day, place = day or day_in_wib(self._clock()), one_line(place)
        identity = visit_id(self._store.device, day=day, village_code=code, place=place)
        known = self._store.visit(identity)
        before = (
            known.visit if known else Visit(id=identity, village_code=code, place=place, day=day)
        )
        named = _joined(before.groups, [_group(identity, group) for group in groups])
        changed = {"groups": named, "tickets": max(tickets, before.tickets)}
        kept = self._store.keep_visit(before.model_copy(update=changed))
        self._store.set_setting(_LAST, f"{code}\n{place}")
        return self.book.standing_of(kept)

    def last_place(self) -> tuple[str, str]:
        """Return village code and place of the visit opened last; empty on a new laptop."""
        code, _, place = (self._store.setting(_LAST) or "").partition("\n")
        return code, place

    def last_groups(self) -> tuple[GroupDraft, ...]:
        """Return the groups of the visit opened last, to begin the next one with."""
        known = self._store.visits()
        return tuple(_draft(group) for group in known[0].visit.groups) if known else ()

    def add_group(self, visit: UUID, group: GroupDraft) -> VisitStanding:
        """Add a group, or change the one of that name; it is the current one from now on."""
        kept = self.book.kept(visit)
        made = _group(visit, group)
        groups = _joined(kept.visit.groups, [made])
        self._store.keep_visit(kept.visit.model_copy(update={"groups": groups}))
        self.book.remember(visit, group=str(made.id))
        return self.book.standing(visit)

    def set_tickets(self, visit: UUID, tickets: int) -> VisitStanding:
        """Keep how far the slips go. Raises `TooManySlips`."""
        check_most(tickets)
        kept = self.book.kept(visit)
        self._store.keep_visit(kept.visit.model_copy(update={"tickets": tickets}))
        return self.book.standing(visit)

    def choose_group(self, visit: UUID, group: UUID) -> VisitStanding:
        self.book.remember(visit, group=str(group))
        return self.book.standing(visit)

    def note_consent(self, visit: UUID, *, witness: str, witness_role: str) -> VisitStanding:
        """Note that the explanation was read to everybody, and who saw it."""
        consent = GroupConsent(
            at=self._clock(),
            text_version=load_consent_texts()[-1].version,
            explained_by=self._store.operator.name,
            witness=one_line(witness),
            witness_role=one_line(witness_role),
        )
        kept = self.book.kept(visit)
        self._store.keep_visit(kept.visit.model_copy(update={"consent": consent}))
        return self.book.standing(visit)

    def left_over(self, visit: UUID) -> LeftOver:
        """Return what is unfinished: to be said before a close, never to forbid it."""
        standing, counts = self.book.standing(visit), self._store.counts()
        return LeftOver(
            unprinted=standing.tally.unprinted,
            drafts=self._drafts(),
            unsent=counts.pending,
            waiting=standing.queue.waiting or len(standing.queue.later),
        )

    def _drafts(self) -> int:
        return sum(draft.form_id.startswith("form:") for draft in self._store.drafts())

    def close(self, visit: UUID) -> VisitStanding:
        """Journal the end with its counts; again, with nothing new since, writes nothing.

        Raises:
            VisitUnknown: no such visit is on this laptop.
        """
        standing = self.table.resume(visit)
        counted = counts_from_body(standing.closing or {})
        if not standing.is_open and counted == standing.counts:
            return standing

        def make(tally: VisitTally, head: str | None) -> dict[str, Any]:
            counts = tally.counts(len(standing.queue.no_show))
            return {
                "counts": counts.as_dict(),
                "no_show_tickets": [ticket_words(n) for n in standing.queue.no_show],
                "worked_s": standing.worked_s,
                "closed_at": instant_to_text(self._clock()),
                "code": check_code(visit, head, counts),
            }

        return self.book.standing_of(self._store.close_visit(visit, make))


def _group(visit: UUID, draft: GroupDraft) -> VisitGroup:
    return VisitGroup(
        id=group_id(visit, draft.name),
        name=one_line(draft.name),
        foreman=one_line(draft.foreman),
        occupation=one_line(draft.occupation),
        workplace=one_line(draft.workplace) or one_line(draft.name),
        monthly_income=draft.monthly_income,
        programmes=draft.programmes,
    )


def _draft(group: VisitGroup) -> GroupDraft:
    return GroupDraft(
        group.name,
        group.foreman,
        group.occupation,
        group.workplace,
        group.monthly_income,
        group.programmes,
    )


def _joined(before: Sequence[VisitGroup], new: Sequence[VisitGroup]) -> tuple[VisitGroup, ...]:
    """Return the groups in their order; a new one of the same name takes the old one's place."""
    groups = {group.id: group for group in before}
    groups |= {group.id: group for group in new}
    return tuple(groups.values())
