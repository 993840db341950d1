"""The family in words: whom the law puts first, and which child may ask for a scholarship.

The insurer pays the first class of the order that has somebody in it (PP 44/2015 art. 40). The
order names nobody: no one at the table is promised anything.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from enumerator_app.domain.dates import read_birth
from enumerator_app.domain.heirs import first_class, may_ask_scholarship
from enumerator_app.domain.reference import load_heir_order
from enumerator_app.domain.registration import HeirDraft
from enumerator_app.domain.typed import NotUnderstood
from enumerator_app.texts import text
from enumerator_app.ui.registration.form import Form
from enumerator_app.ui.registration.queue import called

YES: Final = "yes"
NO: Final = "no"
_ASKED_BY: Final = ("relation", "born")


def heir_order_words(form: Form) -> str:
    """Return who comes first by law among those typed, and who may ask for a scholarship."""
    place = first_class(form.heirs, load_heir_order())
    if place is None:
        return ""
    words = [text(f"heirs.class_{place}")]
    students = [called(heir.name) for heir in form.heirs if heir.scholarship == YES and heir.name]
    if students:
        words.append(text("form.heir.scholarship", names=", ".join(students)))
    return " ".join(words)


def with_scholarship(form: Form, place: str, today: date) -> Form:
    """Return the form after an edit of `place`: a child of school age is a candidate."""
    if not place.startswith("heir.") or place.rpartition(".")[2] not in _ASKED_BY:
        return form
    number = int(place.split(".")[1])
    heir = form.heirs[number]
    wanted = YES if _is_candidate(heir, today) else ""
    heirs = (*form.heirs[:number], replace(heir, scholarship=wanted), *form.heirs[number + 1 :])
    return replace(form, heirs=heirs)


def with_other_scholarship(form: Form, number: int) -> Form:
    """Return the form with the answer about one child turned round."""
    heir = form.heirs[number]
    turned = replace(heir, scholarship=NO if heir.scholarship == YES else YES)
    return replace(form, heirs=(*form.heirs[:number], turned, *form.heirs[number + 1 :]))


def _is_candidate(heir: HeirDraft, today: date) -> bool:
    if not heir.born:
        return False
    try:
        born_on, born_in = read_birth(heir.born, today=today)
    except NotUnderstood:
        return False
    return may_ask_scholarship(heir.relation, born_on, born_in, today, load_heir_order())
