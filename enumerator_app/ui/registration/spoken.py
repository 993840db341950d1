"""What a NIK says of birth and sex, as the question that is asked aloud from the KTP.

A proposal that only had to be waved through would take away the one check on six digits. So it is a
question in words, and its key is pressed when the KTP and the person have said the same.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from enumerator_app.domain.instants import shown_date
from enumerator_app.domain.nik import InvalidNik, Nik, birth_date_from_nik
from enumerator_app.texts import text
from enumerator_app.ui.registration.form import Form, is_typed_again, nik_digits, with_value
from enumerator_app.ui.registration.from_paper import is_from_paper

CONFIRMED: Final = "confirmed"
_YOUNGEST: Final = timedelta(days=10 * 365)  # of two centuries, the one in which somebody can work


@dataclass(frozen=True)
class Spoken:
    """Birth and sex as the digits have them."""

    born: date
    sex: Literal["L", "P"]

    @property
    def question(self) -> str:
        day = text(
            "form.spoken.day",
            day=self.born.day,
            month=text(f"papers.month.m{self.born.month}"),
            year=self.born.year,
        )
        return text("form.spoken.question", day=day, sex=text(f"findings.words.sex_{self.sex}"))


def spoken(form: Form, today: date) -> Spoken | None:
    """Return what there is to ask; None before the NIK is sure, and once it was answered."""
    nik = nik_digits(form)
    if is_from_paper(form.values):
        return None  # nobody is there who could say it
    if not nik or not is_typed_again(form) or form.value("birth_date") or form.value("sex"):
        return None
    try:
        born = birth_date_from_nik(nik, not_after=today - _YOUNGEST)
    except InvalidNik:
        return None
    return Spoken(born, Nik(nik).sex)


def with_confirmed(form: Form, said: Spoken) -> Form:
    """Return the form with birth and sex as they were confirmed aloud."""
    dated = with_value(form, "birth_date", shown_date(said.born))
    values = {**dated.values, "sex": said.sex, "date_source": CONFIRMED}
    return replace(dated, values=values)
