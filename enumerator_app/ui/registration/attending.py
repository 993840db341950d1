"""Somebody who is here already came: noted for the visit, without a second record."""

from typing import TYPE_CHECKING
from uuid import uuid4

from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.form import NO_PHONE, Form, nik_digits
from enumerator_app.ui.registration.state import SameCard
from enumerator_app.ui.registration.visiting import Visiting

if TYPE_CHECKING:
    from uuid import UUID


class Attending:
    """Notes attendance under the form's ticket, and takes it back with the form."""

    def __init__(self, laptop: LaptopPort, visiting: Visiting) -> None:
        self._laptop, self._visiting = laptop, visiting
        self._last: tuple[UUID, Form] | None = None
        self._stranger: tuple[UUID, int, Form] | None = None

    def note(self, form: Form, card: SameCard) -> bool:
        """Note that this known person came; for a worker thread. False without a visit."""
        standing = self._visiting.standing
        if standing is None:
            return False
        if card.subject is None:
            return self._note_stranger(form, standing.visit.id)
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
        return True

    def _note_stranger(self, form: Form, visit: "UUID") -> bool:
        """Note somebody whom only the district's list knows."""
        checked = self._laptop.brought.district.check(nik_digits(form))
        who, ticket = uuid4(), form.value("ticket")
        table = self._laptop.visits.table
        table.attend_stranger(who, visit=visit, district=checked.version, ticket=ticket)
        self._stranger = (who, checked.version, form)
        self._visiting.served(form)
        return True

    def take_back(self) -> None:
        """The form came back: this was somebody else after all."""
        last, self._last = self._last, None
        stranger, self._stranger = self._stranger, None
        if stranger is not None:
            self._take_stranger_back(*stranger)
        if last is not None:
            subject, form = last
            table = self._laptop.visits.table
            self._visiting.not_served(form)
            self._visiting.write(lambda visit: table.attend(subject, visit=visit, present=False))

    def _take_stranger_back(self, who: "UUID", district: int, form: Form) -> None:
        table, ticket = self._laptop.visits.table, form.value("ticket")
        self._visiting.not_served(form)
        self._visiting.write(
            lambda visit: table.attend_stranger(
                who, visit=visit, district=district, ticket=ticket, present=False
            )
        )
