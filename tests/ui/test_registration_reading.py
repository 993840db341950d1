"""The form for those who hear it or see badly: names, order, no meaning by colour alone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from enumerator_app.texts import set_language
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Theme, install_theme
from enumerator_app.ui.kit.audit import faults
from tests.ui.open_laptops import new_laptop
from tests.ui.table import NIK, of_the_group, open_table

ROW_PX = 20
ORDER = (
    "nik", "nik_again", "name", "sex", "birth_place", "birth_date", "mother_name", "address",
    "rt_rw", "phone", "works_now", "works_since", "heir.0.relation", "heir.0.name", "heir.0.born",
)  # fmt: skip


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    of_the_group(laptop, occupation="Buruh tani", programmes="JKK+JKM", consent_method="group")
    yield laptop
    laptop.close()


@pytest.fixture(params=[("id", 100), ("id", 200), ("en", 100), ("en", 200)], ids=str)
def table(request, qtbot, shown, qapp, laptop):
    language, percent = request.param
    set_language(language)
    install_theme(qapp, Theme(motion=False, text_percent=percent))
    table = open_table(qtbot, shown, laptop)
    table.view.resize(1286 if percent == 100 else 1366, 712)
    yield table
    table.page.stop()
    set_language("id")
    assert finish_jobs(table.page)


def test_every_control_has_a_name_that_is_read_out(table):
    table.page.presenter.turn_paper()
    for kind in (QLineEdit, QComboBox, QAbstractButton):
        for control in table.view.findChildren(kind):
            if control.isVisibleTo(table.view) and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                assert control.accessibleName(), control.objectName()
    table.page.presenter.turn_paper()


def test_enter_goes_through_the_form_as_it_is_read(table):
    table.view.form.focus_place("nik")
    visited = [table.place()]
    while table.place() not in ("form.photo", "form.consent"):
        table.key(Qt.Key.Key_Return)
        if table.place() != visited[-1]:
            visited.append(table.place())
        if len(visited) > len(ORDER):
            break
    seen = [f"form.{place}" for place in ORDER[:13]]
    assert visited[:13] == seen
    tops = [top_of(table, place) for place in visited[:13]]
    if table.view.queue.isVisible():
        tops = tops[4:]  # NIK and name stand in one column, what belongs to each beside it
    assert tops == sorted(tops)


def top_of(table, name):
    """Return where a control stands: its row, then its place in the row."""
    form = table.view.form
    control = next(w for w in QApplication.allWidgets() if w.objectName() == name and w.isVisible())
    spot = control.mapTo(form, QPoint(0, 0))
    return (spot.y() // ROW_PX, spot.x())


def test_what_is_wrong_is_said_in_words_and_with_a_mark(table):
    table.type(NIK + "0008", enter=False)
    table.view.form.focus_place("name")
    assert table.sentences()
    line = table.view.form.fields["nik_again"].line
    assert line.state().value == "error"  # a painted octagon, not a colour alone
    assert line.accessibleDescription()


def test_nothing_is_cut_while_somebody_is_typed(table):
    table.view.form.focus_place("nik")
    table.type(NIK + "0003", enter=False)
    table.type("siti maemunah")
    table.until(lambda: faults(table.view) == [])
    table.page.presenter.edit("works_now", "ill")
    table.until(lambda: faults(table.view) == [])
    table.page.presenter.edit("nik", "-")
    table.until(lambda: faults(table.view) == [])
    table.page.presenter.help()
    table.until(lambda: faults(table.view) == [])
