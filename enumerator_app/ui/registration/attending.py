"""Somebody who is here already came: noted for the visit, without a second record."""

from typing import TYPE_CHECKING

from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.form import NO_PHONE, Form
from enumerator_app.ui.registration.state import SameCard
from enumerator_app.ui.registration.visiting import Visiting

if TYPE_CHECKING:
    from uuid import UUID


class Attending:
    """Notes attendance under the form's ticket, and takes it back with the form."""

    def __init__(self, laptop: LaptopPort, visiting: Visiting) -> None:
        self._laptop, self._visiting = laptop, visiting
        self._last: tuple[UUID, Form] | None = None

    def note(self, form: Form, card: SameCard) -> None:
        """Note that this known person came; for a worker thread."""
        standing = self._visiting.standing
        if standing is None or card.subject is None:
            return
        typed = form.value("phone")
        self._laptop.visits.table.attend(
            card.subject,
            visit=standing.visit.id,
            ticket=form.value("ticket"),
            phone="" if typed == NO_PHONE else typed,
            photo=form.photo,
        )
        self._last = card.subject, form
        self._visiting.served(form)

    def take_back(self) -> None:
        """The form came back: this was somebody else after all."""
        last, self._last = self._last, None
        if last is not None:
            subject, form = last
            table = self._laptop.visits.table
            self._visiting.not_served(form)
            self._visiting.write(lambda visit: table.attend(subject, visit=visit, present=False))
