"""From what the laptop knows of lists and places to sentences."""

import re

from enumerator_app.domain.instants import shown_date
from enumerator_app.domain.invitations import shown_invitation
from enumerator_app.domain.nik import shown_nik
from enumerator_app.domain.worklist import OPEN, UNKNOWN_DIGIT, agrees_with_nik
from enumerator_app.services.brought import DistrictCheck
from enumerator_app.storage.seats import VillageSeats
from enumerator_app.storage.worklists import ListedLine, VillageProgress
from enumerator_app.texts import text, thousands
from enumerator_app.ui.registration.brought.state import ListedRow, Standing
from enumerator_app.ui.registration.form import Form, nik_digits
from enumerator_app.ui.registration.state import SameCard

DISTRICT_KEY = "district"


def listed_row(line: ListedLine) -> ListedRow:
    """Return a line as lists show it."""
    person = line.person
    born = person.birth_date
    parts = (
        text("listed.born", date=shown_date(born)) if born else "",
        person.address,
        person.group,
    )
    code = shown_invitation(person.code)
    word = "" if line.state == OPEN else text(f"listed.state.{line.state}")
    detail = " · ".join(part for part in parts if part)
    marks = " · ".join(part for part in (_nik_words(person.nik), code) if part)
    return ListedRow(person.code, person.name, detail, marks, line.state, word)


def _nik_words(nik: str) -> str:
    """Return what is known of a NIK: grouped if whole, else with an ellipsis for the unknown."""
    if UNKNOWN_DIGIT not in nik:
        return f"NIK {shown_nik(nik)}" if nik else ""
    return f"NIK {re.sub(r'[*]+', '…', nik)}"


def chosen_standing(form: Form, line: ListedLine) -> Standing:
    """Return from which line the form was begun, and what differs between it and the KTP."""
    person, digits = line.person, nik_digits(form)
    if digits and person.nik and not agrees_with_nik(person.nik, digits):
        return Standing(text("listed.nik_differs", nik=_nik_words(person.nik)), warns=True)
    said = text("listed.chosen", code=shown_invitation(person.code))
    born = shown_date(person.birth_date) if person.birth_date else ""
    typed = form.value("birth_date")
    if typed and born and typed != born:
        return Standing(text("listed.date_differs", listed=born, typed=typed), warns=True)
    place = text("listed.born_in", place=person.birth_place.title()) if person.birth_place else ""
    stated = ", ".join(part for part in (place, born) if part)
    return Standing(f"{said} {text('listed.chosen_born', born=stated)}" if stated else said)


def progress_words(progress: VillageProgress) -> Standing | None:
    """Return "Daftar desa: 37 dari 120", or nothing where there is no list."""
    if not progress.listed:
        return None
    done, listed = thousands(progress.done), thousands(progress.listed)
    return Standing(text("listed.progress", done=done, listed=listed))


def seat_words(seats: VillageSeats | None) -> Standing | None:
    """Return how many places are left here, as the office said last."""
    if seats is None:
        return None
    if seats.left:
        return Standing(text("seats.left", n=thousands(seats.left)))
    return Standing(text("seats.none", n=thousands(seats.waiting_here)), warns=True)


def district_words(check: DistrictCheck) -> Standing | None:
    """Return how fresh the district's list is, or that nobody was looked for in it."""
    day = f"{check.as_of:%d-%m}" if check.as_of else ""
    if check.answer in ("no_list", "too_old"):
        return Standing(text(f"district.{check.answer}", day=day), warns=True)
    return Standing(text(f"district.{check.answer}", day=day))


def district_card(form: Form, check: DistrictCheck) -> SameCard:
    """Return the card of somebody whom only the district's list knows."""
    day = f"{check.as_of:%d-%m}" if check.as_of else ""
    return SameCard(
        key=DISTRICT_KEY,
        name=form.value("name").strip().upper() or text("district.somebody"),
        lines=(text("district.hit"),),
        reasons=(text("findings.reasons.same_nik"),),
        freshness=text("district.freshness", day=day),
    )
