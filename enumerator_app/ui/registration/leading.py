"""Where the cursor goes next: a whole answer leads on, what is answered is passed over."""

from collections.abc import Callable, Iterable
from typing import Final

from enumerator_app.domain.nik import NIK_DIGITS, compact_digits
from enumerator_app.ui.kit.typing_formats import typed_date
from enumerator_app.ui.registration.form import Form, is_heir_filled, is_typed_again

HEIRS: Final = "heirs"
PHOTO: Final = "photo"
CONSENT: Final = "consent"

_CHOICES: Final = frozenset({"sex", "document_seen", "works_now", "witness_role"})
_YEAR_DIGITS: Final = 4


def leads_on(form: Form, place: str) -> bool:
    """Is the answer at this place whole, so that nobody has to press Enter?"""
    value = form.value(place)
    if place in _CHOICES:
        return bool(value)
    if place in ("nik", "kk_number"):
        return len(compact_digits(value)) == NIK_DIGITS and compact_digits(value).isdecimal()
    if place == "nik_again":
        return is_typed_again(form)
    if place == "birth_date":
        return typed_date(value) is not None
    return place == "works_since" and len(value) == _YEAR_DIGITS


def next_place(
    form: Form, place: str, order: Iterable[str], is_there: Callable[[str], bool]
) -> str:
    """Return where to go from `place`: to the next field without an answer.

    In a correction nothing is passed over: everything is answered there.
    """
    names = list(order)
    for name in names[names.index(place) + 1 :] if place in names else ():
        is_wanted = form.subject is not None or not form.value(name)
        if is_wanted and is_there(name):
            return name
    return _after_fields(form, place)


def _after_fields(form: Form, place: str) -> str:
    if place not in (HEIRS, PHOTO) and (form.subject or not any(map(is_heir_filled, form.heirs))):
        return HEIRS
    if place != PHOTO and form.photo is None and not form.value("no_photo_reason"):
        return PHOTO
    return CONSENT


def needs_witness(form: Form) -> bool:
    """Does somebody have to stand by what this person cannot sign, or by what the family hears?"""
    method = form.value("consent_own") or form.value("consent_method")
    return method in ("thumbprint", "verbal") or form.value("works_now") in ("ill", "stopped")
