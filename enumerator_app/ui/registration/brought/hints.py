"""Looks behind the typing: is this person on the village's list, known in the district, is there
a place? Answers stand beside the form and never stop anybody.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from enumerator_app.domain.invitations import parse_invitation, shown_invitation
from enumerator_app.texts import text
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.brought.seeking import (
    Seeking,
    is_end_of,
    is_name_part,
    is_search,
    lines_for,
    only_one,
)
from enumerator_app.ui.registration.brought.state import BroughtView, ListedPage, Standing
from enumerator_app.ui.registration.brought.words import (
    DISTRICT_KEY,
    chosen_standing,
    district_card,
    district_words,
    listed_row,
    progress_words,
    seat_words,
)
from enumerator_app.ui.registration.form import (
    Form,
    digits_again,
    is_local_nik,
    is_typed_again,
    nik_digits,
    with_value,
)
from enumerator_app.ui.registration.page_port import FormPage
from enumerator_app.ui.registration.state import Notice, SameCard

if TYPE_CHECKING:
    from enumerator_app.storage.worklists import ListedLine

WAIT_MS: Final = 120
_ASKS: Final = ("nik", "name", "village_code", "birth_date")


class ShowsCards(Protocol):
    """Where people who may be the same are shown."""

    def show(self, source: str, cards: tuple[SameCard, ...]) -> None: ...


@dataclass(frozen=True)
class _Found:
    view: BroughtView
    cards: tuple[SameCard, ...] = ()
    invited: "ListedLine | None" = None
    unknown_code: str = ""


class BroughtHints(QObject):
    """Asks what the office gave, once the typing has settled for a moment."""

    committed = Signal()  # something was said of a listed person

    def __init__(
        self, laptop: LaptopPort, page: FormPage, same: ShowsCards, *, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._laptop, self._page, self._same = laptop, page, same
        self.seeking = Seeking(laptop, page, self, parent=self)
        self._lane, self._panel, self._saying = Latest(self), Latest(self), Latest(self)
        self._form: Form | None = None
        self._asked: tuple[str, ...] = ()
        self._typed = ""
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._ask)

    def look(self, form: Form) -> None:
        """Look soon, unless nothing that says who it is has changed."""
        question = (form.form_id, form.listed, *(form.value(name) for name in _ASKS))
        if question != self._asked:
            if self._form is None or self._form.form_id != form.form_id:
                self._page.update(brought=self._page.state.brought.of_nobody)
            self._asked, self._form = question, form
            self._lane.forget()
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    # --- beside the form

    def _ask(self) -> None:
        form = self._form
        if form is not None:
            self._lane.ask(lambda: self._find(form), lambda found: self._take(form, found), _no)

    def _find(self, form: Form) -> _Found:
        """Ask the lists. Runs beside the window."""
        code = parse_invitation(form.value("nik")) or parse_invitation(form.value("name"))
        if code is not None:
            line = self._laptop.brought.worklists.by_code(code)
            return _Found(self._view(form, ()), invited=line, unknown_code="" if line else code)
        hits = () if form.listed else lines_for(self._laptop, form)
        return _Found(self._view(form, hits), self._cards(form))

    def _view(self, form: Form, hits: tuple["ListedLine", ...]) -> BroughtView:
        brought, village = self._laptop.brought, form.value("village_code")
        chosen = brought.worklists.by_code(form.listed) if form.listed else None
        return BroughtView(
            hits=tuple(map(listed_row, hits)),
            enter_takes=is_search(form.value("nik")) and only_one(hits, village) is not None,
            chosen=chosen_standing(form, chosen) if chosen else None,
            list_=progress_words(brought.worklists.progress(village)) if village else None,
            seats=seat_words(brought.seats.of(village)) if village else None,
            has_kk=brought.policy.now().kk_number != "off",
            district=None if self._laptop.is_practice else self._district(form),
        )

    def _district(self, form: Form) -> Standing | None:
        return district_words(self._laptop.brought.district.check(nik_digits(form)))

    def _cards(self, form: Form) -> tuple[SameCard, ...]:
        """Return who the district knows by this NIK, unless this laptop knows better who it is."""
        digits = nik_digits(form)
        check = self._laptop.brought.district.check(digits) if digits else None
        if check is None or check.answer != "known" or self._laptop.search(digits, limit=1):
            return ()
        return (district_card(form, check),)

    def _take(self, form: Form, found: _Found) -> None:
        if self._page.state.form.form_id != form.form_id:
            return
        self._same.show(DISTRICT_KEY, found.cards)
        if found.view != self._page.state.brought:
            self._page.update(brought=found.view)
        if found.invited is not None:
            self.begin_from(found.invited)
        elif found.unknown_code:
            code = shown_invitation(found.unknown_code)
            words = Notice("look", text("listed.unknown_code", code=code))
            self._page.update(notice=words)

    # --- choosing

    def choose(self, code: str) -> None:
        """Begin the form from a line of the list."""
        self._saying.ask(
            lambda: self._laptop.brought.worklists.by_code(code),
            lambda line: self.begin_from(line) if line is not None else None,
            self._page.saving.say_failed,
        )

    def choose_first(self) -> None:
        """Begin the form from the hit that stands beside it (Alt+D)."""
        hits = self._page.state.brought.hits
        if hits:
            self.choose(hits[0].code)

    def let_go(self) -> None:
        """The person here is not the one of the list: the values stay, the line does not."""
        self._page.change(replace(self._page.state.form, listed=""))

    def begin_from(self, line: "ListedLine") -> None:
        """Fill the form from this line; the cursor goes to what still comes from the KTP."""
        form = self._page.state.form
        if form.subject is not None or self._page.state.is_busy:
            return
        begun = with_listed(form, line)
        self._page.update(panel="")
        self._page.change(begun)
        is_sure = is_typed_again(begun)
        again = "sex" if is_sure else "nik_again"
        self._page.send_cursor(again if nik_digits(begun) else "nik")

    # --- the panel

    def search(self, typed: str) -> None:
        """Show the lines that a text may mean; without one, those of the village."""
        self._typed = typed
        village = self._page.state.form.value("village_code")
        self._panel.ask(
            lambda: self._listed_page(typed, village),
            lambda page: self._page.update(listed_page=page),
            self._page.saving.say_failed,
        )

    def say(self, code: str, answer: str) -> None:
        """Note what came of somebody; `open` takes it back."""
        village = self._page.state.form.value("village_code")
        self._saying.ask(
            lambda: self._said(code, answer, village), self._on_said, self._page.saving.say_failed
        )

    def _said(self, code: str, answer: str, village: str) -> ListedPage:
        lists = self._laptop.brought.worklists
        lists.take_back(code) if answer == "open" else lists.say(code, answer)  # type: ignore[arg-type]
        line = lists.by_code(code)
        name = line.person.name.title() if line else ""
        page = self._listed_page(self._typed, village)
        return replace(page, said=text(f"listed.said.{answer}", name=name))

    def _on_said(self, page: ListedPage) -> None:
        self._page.update(listed_page=page)
        self._asked = ()
        self.look(self._page.state.form)
        self.committed.emit()

    def _listed_page(self, typed: str, village: str) -> ListedPage:
        lists = self._laptop.brought.worklists
        rows = tuple(map(listed_row, lists.find(typed, village)))
        progress = progress_words(lists.progress(village)) if village else None
        has_list = bool(rows) or bool(typed.strip()) or progress is not None
        return ListedPage(rows, progress.sentence if progress else "", has_list)


def with_listed(form: Form, line: "ListedLine") -> Form:
    """Return the form begun from a line of the list; what else was typed stays.

    The birth date is left to be confirmed from the KTP where the NIK is known: a date out of the
    same list would be held against nothing. Who was found by the last digits, which stood on the
    KTP, need not read them a second time.
    """
    from enumerator_app.services.brought import prefilled  # noqa: PLC0415 - heavy before the unlock

    given = prefilled(line.person)
    typed = form.value("nik")
    if "nik" in given:
        given.pop("birth_date", None)
        if nik_digits(form):
            del given["nik"]  # the KTP is in the hand: what was typed from it stays
    elif parse_invitation(typed) or is_name_part(typed) or is_end_of(line.person.nik, typed):
        given["nik"] = ""
    if parse_invitation(form.value("name")) and not line.person.name:
        given["name"] = ""
    for name, value in given.items():
        if name in ("nik", "name", "village_code") or not form.value(name):
            form = with_value(form, name, value)
    form = replace(form, listed=line.person.code)
    is_read_from_ktp = is_end_of(line.person.known_nik, typed) and is_local_nik(form)
    return with_value(form, "nik_again", digits_again(form)) if is_read_from_ktp else form


def _no(_error: Exception) -> None:
    return None
