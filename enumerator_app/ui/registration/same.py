"""People who may be the one in the form, from every list that was asked, and what is said of them.

A list (this laptop, the district's) shows its cards under its own name with `show`; the pane asks
about the first that was not answered yet.
"""

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from enumerator_app.texts import text
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.form import Form, with_other_person
from enumerator_app.ui.registration.likeness import LikenessSearch
from enumerator_app.ui.registration.page_port import FormPage
from enumerator_app.ui.registration.queue import called
from enumerator_app.ui.registration.state import SameCard, Tone

LAPTOP: Final = "laptop"
Attend = Callable[[Form, SameCard], bool]
"""Notes that they came; False where there is no visit to note it in."""


class GivesUp(Protocol):
    """What empties the form and can bring it back."""

    def give_up(self, tone: Tone, words: str) -> None: ...
    def say_failed(self, error: Exception) -> None: ...


class SamePeople(QObject):
    """Holds the cards of all lists. `note_attendance` is called on a worker thread."""

    attended = Signal(object)  # the SameCard, once that was noted

    def __init__(
        self, laptop: LaptopPort, page: FormPage, saving: GivesUp, *, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page, self._saving = page, saving
        self._asked_for = ""
        self._cards: dict[str, tuple[SameCard, ...]] = {}
        self._search = LikenessSearch(laptop, lambda cards: self.show(LAPTOP, cards), self)
        self.note_attendance: Attend | None = None

    def look(self, form: Form) -> None:
        """Look for this person soon, unless nothing that says who it is has changed."""
        if form.form_id != self._asked_for:
            self._asked_for, self._cards = form.form_id, {}
        self._search.look(form)

    def stop(self) -> None:
        """Look for nobody any more."""
        self._search.stop()

    def show(self, source: str, cards: tuple[SameCard, ...]) -> None:
        """Show what one list found; it replaces what that list found before."""
        self._cards[source] = cards
        self._show()

    def answer(self, key: str, answer: str) -> None:
        """Take what is said of a card that is shown: an `Answer`."""
        card = next((card for card in self._page.state.same if card.key == key), None)
        if card is None:
            return
        if answer == "other":
            self._page.change(with_other_person(self._page.state.form, key))
            self._show()
        elif answer == "attend":
            self._attend(card)
        else:
            self._saving.give_up("note", text("form.same_cancelled"))

    def _attend(self, card: SameCard) -> None:
        """Nobody is registered twice: that they came is noted, and the form empties."""
        form, note = self._page.state.form, self.note_attendance
        if note is None:
            self._on_attended(card, noted=False)
        else:
            start_job(
                self,
                lambda: note(form, card),
                lambda noted: self._on_attended(card, noted=bool(noted)),
                self._saving.say_failed,
            )

    def _on_attended(self, card: SameCard, *, noted: bool) -> None:
        elsewhere = "form.same_noted_elsewhere" if noted else "form.same_elsewhere"
        key = "form.same_noted" if card.number else elsewhere
        words = text(key, number=card.number, name=_called(card.name))
        self._saving.give_up("received", words)
        self.attended.emit(card)

    def _show(self) -> None:
        others = self._page.state.form.other_person
        found = {card.key: card for cards in self._cards.values() for card in cards}
        same = tuple(card for card in found.values() if card.key not in others)
        if same != self._page.state.same:
            self._page.update(same=same)


def _called(name: str) -> str:
    """Return a name as people are called; of whom no name is known, the words for that."""
    return name if name == text("district.somebody") else called(name)
