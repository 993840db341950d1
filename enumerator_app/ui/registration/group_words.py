"""The values of the group, folded into one line: "Buruh tani · Poktan Sri Mukti · Rp1.000.000"."""

from enumerator_app.domain.typed import NotUnderstood, read_rupiah
from enumerator_app.texts import thousands
from enumerator_app.ui.registration.form import Form
from enumerator_app.ui.registration.visit_line import VisitLine


def group_words(form: Form, visit: VisitLine | None = None) -> str:
    """Return the line; empty while the group has said nothing but its programmes."""
    name = visit.group if visit else ""
    place = form.value("workplace")
    told = (name, form.value("occupation"), place if place != name else "", income_words(form))
    return " · ".join(part for part in (*told, form.value("programmes")) if part)


def income_words(form: Form) -> str:
    """Return the income as money, or as typed if it is none."""
    typed = form.value("monthly_income")
    try:
        return f"Rp{thousands(read_rupiah(typed))}" if typed else ""
    except NotUnderstood:
        return typed
