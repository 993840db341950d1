"""The open visit at the table: the next ticket, answers to it, the group, who came already."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from enumerator_app.domain.ticket_queue import TicketAnswer, TicketQueue, queue_of, ticket_number
from enumerator_app.domain.tickets import NO_PLACE, parse_ticket, place_key, ticket_words
from enumerator_app.domain.typed import NotUnderstood, read_rupiah
from enumerator_app.domain.visits import VisitGroup
from enumerator_app.services.visit_standing import VisitStanding
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import text
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.form import Form, next_form
from enumerator_app.ui.registration.page_port import FormPage
from enumerator_app.ui.registration.state import Notice
from enumerator_app.ui.registration.visit_line import (
    VisitLine,
    dressed,
    tickets_of,
    undressed,
    visit_line,
    with_group,
)


class Visiting(QObject):
    """What was served is known here before the disk says it again: nobody is called twice."""

    changed = Signal()  # counts of other pages are old now

    def __init__(self, laptop: LaptopPort, page: FormPage, *, parent: QObject) -> None:
        super().__init__(parent)
        self._laptop, self._page = laptop, page
        self._reading = Latest(self)
        self._standing: VisitStanding | None = None
        self._group: VisitGroup | None = None
        self._served: set[int] = set()
        self._answers: dict[int, TicketAnswer] = {}

    @property
    def standing(self) -> VisitStanding | None:
        return self._standing

    @property
    def line(self) -> VisitLine | None:
        """Return what is shown of the visit while this form is open."""
        standing, form = self._standing, self._page.state.form
        if standing is None:
            return None
        group = self._group.name if self._group else ""
        return visit_line(standing, self._queue(form), form, group)

    def refresh(self) -> None:
        """Read the open visit anew; what is typed is never touched."""
        book = self._laptop.visits.book
        self._reading.ask(book.current, self._on_read, self._page.saving.say_failed)

    def _on_read(self, standing: VisitStanding | None) -> None:
        before, self._standing = self._standing, standing
        if standing is None or before is None or standing.visit.id != before.visit.id:
            self._served = set()
        self._group = standing.group if standing else None
        self._answers = dict(standing.answers) if standing else {}
        self._dress_again()

    def _dress_again(self) -> None:
        form = self._page.state.form
        if form.is_empty and form.subject is None:
            self._page.update(form=self.dressed(form))
        else:
            self._page.update()

    # --- the form of the next person

    def dressed(self, form: Form) -> Form:
        """Return an empty form with ticket, group and consent of the visit; others as they are."""
        if not form.is_empty or form.subject is not None:
            return form
        standing = self._standing
        if standing is None:
            return undressed(form)
        called = ticket_number(form.value("ticket"))
        if self._page.state.alarm:
            called = None  # nobody new is called while the battery ends
        elif called is None or called in self._gone():
            queue = self._queue(undressed(form))
            called = queue.upcoming[0] if queue.upcoming and standing.visit.tickets else None
        return dressed(form, standing, self._group, called)

    def served(self, form: Form) -> None:
        """The person with this form's ticket is done; who works has no rest."""
        if self._standing is not None and self._standing.paused_at is not None:
            self.write(self._laptop.visits.table.resume)
        number = ticket_number(form.value("ticket"))
        if number is not None:
            self._served.add(number)

    def not_served(self, form: Form) -> None:
        """The save was taken back: the ticket waits again."""
        self._served.discard(ticket_number(form.value("ticket")) or 0)

    def _gone(self) -> set[int]:
        standing = self._standing
        done = set(standing.tally.done) if standing else set()
        waiting = filter(None, map(ticket_number, tickets_of(self._page.aside.forms)))
        return done | self._served | set(waiting)

    def _queue(self, form: Form) -> TicketQueue:
        standing, now = self._standing, ticket_number(form.value("ticket"))
        tickets = standing.visit.tickets if standing else 0
        return queue_of(tickets, self._gone() - {now or 0}, self._answers, now=now)

    # --- answers to a ticket

    def skip(self) -> None:
        """F8: a form that was begun waits; an empty one's ticket comes again after the others."""
        if self._page.state.form.is_empty:
            self.answer("skipped")
        else:
            self._page.aside.set_aside()

    def answer(self, answer: TicketAnswer) -> None:
        """Say what became of the ticket that was called."""
        form = self._page.state.form
        number = ticket_number(form.value("ticket"))
        if number is None or self._page.state.is_busy:
            return
        if not form.is_empty:
            if answer == "later":
                self._page.aside.set_aside()
            return
        self._answers[number] = answer
        self.write(lambda visit: self._laptop.visits.table.answer(visit, number, answer))
        self._page.show_form(next_form(form))
        words = text(f"form.ticket.{answer}", ticket=ticket_words(number))
        self._page.update(notice=Notice("note", words))

    def call(self, number: int) -> None:
        """Call this ticket now: it was scanned, or chosen among those who come back."""
        page, ticket = self._page, ticket_words(number)
        if (
            page.state.is_busy
            or self._standing is None
            or ticket == page.state.form.value("ticket")
        ):
            return
        waiting = next((f for f in page.aside.forms if f.value("ticket") == ticket), None)
        if waiting is not None:
            page.aside.take_back(waiting.form_id)
            return
        if number in self._gone():
            page.update(notice=Notice("look", text("form.ticket.done", ticket=ticket)))
            return
        if self._answers.pop(number, None) is not None:
            self.write(lambda visit: self._laptop.visits.table.answer(visit, number, None))
        form = page.state.form
        if not form.is_empty and not form.value("ticket"):
            page.change(_with_ticket(form, ticket))
            return
        if not form.is_empty:
            page.aside.put(form)
            form = next_form(form)
        page.show_form(_with_ticket(form, ticket))

    def scan(self, code: str) -> None:
        """A slip was held under the scanner."""
        slip, standing = parse_ticket(code), self._standing
        if slip is None or standing is None:
            return
        here = place_key(standing.visit.village_code, standing.visit.day)
        if slip.place_key in (here, NO_PLACE):
            self.call(slip.number)
        else:
            self._page.update(notice=Notice("look", text("form.ticket.elsewhere")))

    # --- the group

    def switch_group(self) -> None:
        """F6: the next group; with one group or none its values are unfolded instead."""
        groups = self._standing.visit.groups if self._standing else ()
        if len(groups) < 2 or self._group is None:
            self._page.choose_panel("group")
            return
        place = [group.id for group in groups].index(self._group.id)
        chosen = self._group = groups[(place + 1) % len(groups)]
        self.write(lambda visit: self._laptop.visits.choose_group(visit, chosen.id))
        form = with_group(self._page.state.form, chosen)
        if form.is_empty:
            self._page.update(form=form)
        else:
            self._page.change(form)

    def keep_group(self) -> None:
        """The group's values were folded: those that follow start from what they say now."""
        group, form = self._group, self._page.state.form
        if group is None or form.value("group_id") != str(group.id):
            return
        try:
            said = _group_said(group, form)
        except NotUnderstood:
            return  # the rules say so under the field
        if with_group(form, group) != form:
            self.write(lambda visit: self._laptop.visits.add_group(visit, said))

    def write(self, work: Callable[[UUID], Any]) -> None:
        """Make a change of the open visit beside the window, then read it anew."""
        standing = self._standing
        if standing is None:
            return

        def done(_answer: object) -> None:
            self._reading.forget()  # what was read before is old now
            self.refresh()
            self.changed.emit()

        start_job(self, lambda: work(standing.visit.id), done, self._page.saving.say_failed)


def _with_ticket(form: Form, ticket: str) -> Form:
    return replace(form, values={**form.values, "ticket": ticket})


def _group_said(group: VisitGroup, form: Form) -> GroupDraft:
    typed = form.value("monthly_income")
    known = [name for name in form.value("programmes").split("+") if name]
    return GroupDraft(
        group.name,
        group.foreman,
        form.value("occupation"),
        form.value("workplace"),
        read_rupiah(typed) if typed else None,
        tuple(known),  # type: ignore[arg-type] # the ticks know no other names
    )
