"""Enter in the first field: a part of a NIK or of a name takes the one on the list who has it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject

from enumerator_app.domain.invitations import parse_invitation
from enumerator_app.domain.nik import NIK_DIGITS, compact_digits
from enumerator_app.domain.worklist import OPEN
from enumerator_app.texts import text
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.registration.form import Form
from enumerator_app.ui.registration.page_port import FormPage
from enumerator_app.ui.registration.state import Notice

if TYPE_CHECKING:
    from enumerator_app.storage.worklists import ListedLine
    from enumerator_app.ui.ports import LaptopPort

_LEAST_DIGITS: Final = 4
_LEAST_LETTERS: Final = 3


class Begins(Protocol):
    """What begins a form from a line of the list."""

    def begin_from(self, line: "ListedLine") -> None: ...


def is_search(typed: str) -> bool:
    """Can this be a part of a NIK or of a name, and is it neither a whole NIK nor a code?"""
    digits = compact_digits(typed)
    if digits.isdecimal():
        return _LEAST_DIGITS <= len(digits) < NIK_DIGITS
    return is_name_part(typed)


def is_name_part(typed: str) -> bool:
    """Are these letters of a name?"""
    letters = sum(c.isalpha() for c in typed)
    has_digit = any(c.isdigit() for c in typed)
    return letters >= _LEAST_LETTERS and not has_digit and parse_invitation(typed) is None


def is_end_of(nik: str, typed: str) -> bool:
    """Are these the last digits of this NIK, as many as have to come from the KTP?"""
    digits = compact_digits(typed)
    is_part = digits.isdecimal() and _LEAST_DIGITS <= len(digits) < NIK_DIGITS
    return is_part and nik.endswith(digits)


def lines_for(laptop: "LaptopPort", form: Form) -> tuple["ListedLine", ...]:
    """Return who of the list it may be, by the NIK or else by the name. For a worker thread."""
    lists, village = laptop.brought.worklists, form.value("village_code")
    nik, name = form.value("nik"), form.value("name")
    found: tuple[ListedLine, ...] = ()
    digits = compact_digits(nik)
    if is_name_part(nik) or (digits.isdecimal() and len(digits) >= _LEAST_DIGITS):
        found = lists.hits(nik, village)
    if not found and len(name.strip()) >= _LEAST_LETTERS:
        found = lists.hits(name, village)
    return found


def only_one(lines: Sequence["ListedLine"], village: str) -> "ListedLine | None":
    """Return the one line of this village, if it is the only one and nothing came of it yet."""
    here = [line for line in lines if line.person.village_code == village]
    return here[0] if len(here) == 1 and here[0].state == OPEN else None


class Seeking(QObject):
    """Looks when Enter is pressed, so that a fast hand need not wait for the hint."""

    def __init__(
        self, laptop: "LaptopPort", page: FormPage, start: Begins, *, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._laptop, self._page, self._start = laptop, page, start
        self._lane = Latest(self)

    def take_only(self) -> None:
        """Begin the form from the only line; of several, or of none, say so."""
        form = self._page.state.form
        self._lane.ask(
            lambda: lines_for(self._laptop, form),
            lambda lines: self._on_found(form, lines),
            self._page.saving.say_failed,
        )

    def _on_found(self, asked: Form, lines: tuple["ListedLine", ...]) -> None:
        form = self._page.state.form
        typed = form.value("nik")
        if form.form_id != asked.form_id or typed != asked.value("nik"):
            return  # more was typed meanwhile
        line = only_one(lines, form.value("village_code"))
        if line is not None:
            self._start.begin_from(line)
        elif lines or is_name_part(typed):
            words = _why_not(lines, form.value("village_code"))
            self._page.update(notice=Notice("look", words))
        else:
            self._page.send_cursor("nik_again")  # a NIK that is not whole yet: the rules say so


def _why_not(lines: Sequence["ListedLine"], village: str) -> str:
    here = [line for line in lines if line.person.village_code == village]
    if len(here) > 1:
        return text("listed.several")
    if not lines:
        return text("listed.not_there")
    name = lines[0].person.name.title()
    if not here:
        return text("listed.elsewhere", name=name)
    return text("listed.not_open", name=name, what=text(f"listed.state.{here[0].state}"))
