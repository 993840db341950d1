"""Where the cursor stands and how long it stays: kept with the form, shown to nobody.

The place comes back after a power cut. The times become the paradata of the record: whole seconds
a section, no content.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from enumerator_app.ui.registration.form import Form
from enumerator_app.ui.registration.page_port import FormPage

LONGEST_STAY_S: Final = 120.0
"""A longer stay is an interruption: it counts as this much."""

_SECTIONS: Final = {
    "nik": "nik", "nik_again": "nik", "document_seen": "nik", "name": "name", "sex": "birth",
    "birth_place": "birth", "birth_date": "birth", "mother_name": "mother", "kk_number": "kk",
    "address": "address", "rt_rw": "address", "village": "address", "phone": "phone",
    "works_now": "work", "works_since": "work", "heir": "heirs", "photo": "photo",
    "consent": "consent", "consent_witness": "consent", "witness_role": "consent",
    "save": "consent",
}  # fmt: skip
_OTHERS: Final = "group"


def section_of(place: str) -> str:
    """Return the section of a control by its object name, such as `form.heir.0.name`."""
    name = place.removeprefix("form.").partition(".")[0]
    return _SECTIONS.get(name, _OTHERS)


class Whereabouts:
    """Notes each move of the cursor in the form that is open."""

    def __init__(self, page: FormPage, clock: Callable[[], float] = time.monotonic) -> None:
        self._page, self._clock = page, clock
        self._place, self._since = "", clock()

    def begin(self, place: str) -> None:
        """Another form is open: what was before does not count for it."""
        self._place, self._since = place, self._clock()

    def arrive(self, place: str, cursor: int) -> None:
        """The cursor moved within a field, or to another."""
        form = self._page.state.form
        if (form.place, form.cursor) != (place, cursor):
            self._page.note(replace(self.counted(form), place=place, cursor=cursor))
        self._place = place

    def counted(self, form: Form) -> Form:
        """Return the form with the time up to now counted for the section the cursor is in."""
        now = self._clock()
        stayed = round(min(now - self._since, LONGEST_STAY_S) * 1000)
        self._since = now
        if not self._place:
            return form
        section = section_of(self._place)
        spent = {**form.spent_ms, section: form.spent_ms.get(section, 0) + stayed}
        return replace(form, spent_ms=spent)
