"""What follows from the rest of the page's state."""

from dataclasses import replace
from datetime import date

from enumerator_app.domain.places import Places
from enumerator_app.ui.registration.checks import is_nik_sure, is_nik_whole
from enumerator_app.ui.registration.form import Form, filled_count
from enumerator_app.ui.registration.group_words import group_words
from enumerator_app.ui.registration.heir_words import heir_order_words
from enumerator_app.ui.registration.queue import aside_rows
from enumerator_app.ui.registration.spoken import spoken
from enumerator_app.ui.registration.state import RegistrationState
from enumerator_app.ui.worker_words import kind_and_place_words


def derived(
    state: RegistrationState, places: Places, aside: tuple[Form, ...], today: date
) -> RegistrationState:
    """Return the state with everything that is said of its form worked out anew."""
    form = state.form
    said = spoken(form, today)
    return replace(
        state,
        village=kind_and_place_words(form.value("village_code"), places),
        group=group_words(form, state.visit),
        filled=filled_count(form),
        nik_whole=is_nik_whole(form, state.checks),
        nik_sure=is_nik_sure(form, state.checks),
        question=said.question if said is not None else "",
        heir_order=heir_order_words(form),
        aside=aside_rows(aside),
    )
