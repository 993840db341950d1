"""A number that nobody has to have: in the form where the office asks for it, and only there."""

import pytest
from PySide6.QtCore import Qt

from enumerator_app.domain.form_policy import FormPolicy
from sync.server.deciding_form import set_form_policy
from tests.ui.table import NIK, open_tables
from tests.ui.test_listed import World


@pytest.fixture
def opened(qtbot, shown, tmp_path):
    """Open the form of a laptop whose office has this policy."""
    world = World(tmp_path)
    with open_tables(qtbot, shown) as open_:

        def synced(kk_number):
            laptop = world.laptop()
            if kk_number:
                set_form_policy(world.office, FormPolicy(kk_number=kk_number))
            laptop.sync(lambda _: None, lambda: False)
            return open_(laptop)

        yield synced
    world.close()


def kk(table):
    return table.view.form.fields["kk_number"]


def codes_said(table):
    return [line.place for line in table.state.checks.lines if line.severity == "warning"]


def test_without_a_word_from_the_office_the_number_is_not_asked(opened):
    table = opened("")
    table.type(NIK[:6], enter=False)
    table.until(lambda: table.state.brought.district)
    assert kk(table).isHidden()
    table.check()
    assert "kk_number" not in codes_said(table)


def test_where_it_is_asked_it_stands_behind_the_mothers_name_and_may_stay_empty(opened):
    table = opened("asked")
    table.until(lambda: not kk(table).isHidden())
    table.view.form.focus_place("mother_name")
    table.type("ruminah")
    assert table.place() == "form.kk_number"
    table.type("3216130101200001", enter=False)
    assert table.place() == "form.address", "sixteen digits lead on"
    table.view.form.focus_place("kk_number")
    line = kk(table).line
    line.selectAll()
    table.key(Qt.Key.Key_Backspace)
    table.type("-", enter=False)
    assert table.state.form.value("kk_number") == "-"
    assert line.placeholderText() == "menyusul"
    assert table.place() == "form.address"
    table.check()
    assert "kk_number" not in codes_said(table)


def test_where_it_is_expected_a_missing_one_is_a_note_and_nobody_is_sent_away(opened):
    table = opened("expected")
    table.until(lambda: not kk(table).isHidden())
    table.view.form.focus_place("kk_number")
    table.type("-", enter=False)
    table.view.form.focus_place("nik")
    table.type(NIK + NIK[-4:], enter=False)
    table.type("siti maemunah")
    table.until(lambda: table.state.question)
    table.type("y", enter=False)
    for words in ("bekasi", "ruminah", "Kp. Pulo Asem", "3/1"):
        table.type(words)
    table.type("-", enter=False)
    table.type("b2001a", enter=False)
    table.type("endah")
    table.type("12")
    if table.place() == "form.photo":
        table.key(Qt.Key.Key_Return)
    table.check()
    assert "kk_number" in codes_said(table)
    table.type("y", enter=False)
    table.save_and_wait()
