"""People who may be the one in the form, looked for behind the typing."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from PySide6.QtCore import QObject, QTimer

from enumerator_app.domain.duplicates import weightiest
from enumerator_app.domain.instants import day_in_wib, shown_date
from enumerator_app.domain.nik import compact_digits
from enumerator_app.domain.places import Places
from enumerator_app.texts import text
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.ports import LaptopPort, PossibleSame
from enumerator_app.ui.registration.form import Form, draft_of
from enumerator_app.ui.registration.state import SameCard
from enumerator_app.ui.worker_words import place_words

WAIT_MS: Final = 250
_SAYS_WHO: Final = (
    "nik",
    "name",
    "birth_date",
    "mother_name",
    "phone",
    "village_code",
    "sex",
    "rt_rw",
)
_SHORTEST_NAME: Final = 3
_REASONS_SHOWN: Final = 4


class LikenessSearch(QObject):
    """Asks the laptop once what says who somebody is has settled; answers with cards."""

    def __init__(
        self, laptop: LaptopPort, found: Callable[[tuple[SameCard, ...]], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._laptop, self._found = laptop, found
        self._lane = Latest(self)
        self._form: Form | None = None
        self._asked: tuple[str, ...] = ()
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._ask)

    def look(self, form: Form) -> None:
        """Look for this person soon, unless nothing that says who it is has changed."""
        question = (form.form_id, *(form.value(name) for name in _SAYS_WHO))
        if question == self._asked:
            return
        self._asked, self._form = question, form
        self._lane.forget()
        if _says_enough(form):
            self._timer.start()
        else:
            self._timer.stop()
            self._found(())

    def stop(self) -> None:
        """Look for nobody any more."""
        self._timer.stop()

    def _ask(self) -> None:
        form = self._form
        if form is not None:
            self._lane.ask(lambda: self._cards(form), self._found, lambda _error: self._found(()))

    def _cards(self, form: Form) -> tuple[SameCard, ...]:
        """Ask the laptop, and read the faces. Runs beside the window."""
        people = self._laptop.possible_same(draft_of(form))
        return tuple(
            _card(form, person, self._laptop.places, self._face(person)) for person in people
        )

    def _face(self, person: PossibleSame) -> bytes | None:
        return self._laptop.thumbnail(person.photo) if person.photo else None


def _says_enough(form: Form) -> bool:
    has_nik = len(compact_digits(form.value("nik"))) == 16
    has_name = len(form.value("name").strip()) >= _SHORTEST_NAME
    return has_nik or (has_name and bool(form.value("birth_date")))


def _card(form: Form, person: PossibleSame, places: Places, face: bytes | None) -> SameCard:
    recorded = shown_date(day_in_wib(person.registered_at))
    where = place_words(person.village, places)
    told = (_born(person.birth_date), text("form.same_recorded", date=recorded, village=where))
    return SameCard(
        key=str(person.subject),
        name=person.name,
        lines=tuple(line for line in told if line),
        reasons=reason_words(person.reasons),
        this_nik=compact_digits(form.value("nik")),
        that_nik=person.nik,
        face=face,
        subject=person.subject,
        number=person.number,
    )


def reason_words(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the sentences of the reasons that say most, those first."""
    shown = weightiest(codes, _REASONS_SHOWN)
    return tuple(text(f"findings.reasons.{code}") for code in shown)


def _born(day: date | None) -> str:
    return text("form.same_born", date=shown_date(day)) if day else ""
