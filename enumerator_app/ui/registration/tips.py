"""What helps in the field that the cursor is in: a sentence beside the form, more with Shift+F1."""

from typing import Final

from enumerator_app.texts import catalogue, text
from enumerator_app.ui.registration.form import is_local_nik, nik_digits
from enumerator_app.ui.registration.state import Notice, RegistrationState

_NOT_WORKING: Final = ("ill", "stopped")


def field_of(place: str) -> str:
    """Return the field of a place or of a control's name: `form.heir.0.name` is the heir."""
    return place.removeprefix("form.").partition(".")[0]


def tip_words(place: str, state: RegistrationState, *, has_camera: bool) -> str:
    """Return the sentence beside the form, by what is known of this person so far."""
    field, form = field_of(place), state.form
    if field == "photo" and not has_camera:
        return text("form.tip.no_camera")
    if field == "sex" and state.question:
        return text("form.tip.sex_question")
    if field in ("works_now", "works_since") and form.value("works_now") in _NOT_WORKING:
        return text("form.tip.say_ill")
    if field == "nik_again" and nik_digits(form) and not is_local_nik(form):
        return text("form.tip.nik_twice")
    key = f"form.tip.{field}"
    return text(key) if key in catalogue() else ""


def help_notice(place: str, shown: Notice | None) -> Notice | None:
    """Return what Shift+F1 shows: help for the field, then all keys, then nothing."""
    field = field_of(place)
    about = Notice("note", text(f"form.help.{_help_of(field)}"), text("form.help.more"))
    keys = Notice("note", text("form.help.keys_title"), text("form.help.keys"))
    return {None: about, about: keys, keys: None}.get(shown, about)


def _help_of(field: str) -> str:
    return field if f"form.help.{field}" in catalogue() else "other"
