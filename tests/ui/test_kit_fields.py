"""Typing into the fields as an enumerator does."""

import pytest
from PySide6.QtCore import Qt

from enumerator_app.texts import set_language
from enumerator_app.ui.kit import Aside, Field, FieldState, Option, Role, SegmentsField, key_words
from enumerator_app.ui.kit import typing_formats as formats


@pytest.fixture
def nik(shown):
    return shown(Field("NIK", typing=formats.NIK, role=Role.SECTION))


def test_sixteen_keys_make_a_grouped_nik_and_report_each_state_once(nik, qtbot):
    heard = []
    nik.edited.connect(heard.append)
    qtbot.keyClicks(nik.line, "3216135203740003")
    assert nik.text() == "321613 520374 0003"
    assert nik.plain() == "3216135203740003"
    assert len(heard) == 16
    assert heard[6] == "321613 5"


def test_a_letter_in_the_nik_stays_for_the_rules_to_say(nik, qtbot):
    qtbot.keyClicks(nik.line, "32161352O374")
    assert nik.plain() == "32161352O374"


def test_backspace_takes_the_digit_before_a_gap(nik, qtbot):
    qtbot.keyClicks(nik.line, "3216135")
    qtbot.keyClick(nik.line, Qt.Key.Key_Backspace)
    assert nik.text() == "321613"
    qtbot.keyClicks(nik.line, "99")
    nik.line.setCursorPosition(7)
    qtbot.keyClick(nik.line, Qt.Key.Key_Backspace)
    assert nik.plain() == "3216199"


def test_a_digit_set_in_the_middle_leaves_the_cursor_behind_it(nik, qtbot):
    qtbot.keyClicks(nik.line, "321613520374")
    nik.line.setCursorPosition(3)
    qtbot.keyClicks(nik.line, "9")
    assert nik.text() == "321961 352037 4"
    assert nik.line.cursorPosition() == 4


def test_undo_takes_back_what_was_typed_in_the_field(nik, qtbot):
    qtbot.keyClicks(nik.line, "3216135")
    for _ in range(8):
        qtbot.keyClick(nik.line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(nik.plain()) < 7


def test_pasted_digits_are_grouped_too(nik, qtbot, qapp):
    qapp.clipboard().setText("3216135203740003")
    qtbot.keyClick(nik.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert nik.text() == "321613 520374 0003"


def test_names_come_out_in_the_capitals_of_the_ktp(shown, qtbot):
    name = shown(Field("Nama", typing=formats.CAPITALS))
    qtbot.keyClicks(name.line, "Siti Maemunah")
    assert name.text() == "SITI MAEMUNAH"


def test_the_aside_key_answers_only_in_an_empty_field(shown, qtbot):
    phone = shown(Field("Nomor HP", typing=formats.PHONE, aside=Aside("tidak ada", "-")))
    with qtbot.waitSignal(phone.aside_chosen):
        qtbot.keyClicks(phone.line, "-")
    assert phone.text() == ""
    qtbot.keyClicks(phone.line, "0812")
    with qtbot.assertNotEmitted(phone.aside_chosen):
        qtbot.keyClicks(phone.line, "-")


def test_enter_asks_for_the_next_field(shown, qtbot):
    field = shown(Field("Nama"))
    with qtbot.waitSignal(field.entered):
        qtbot.keyClick(field.line, Qt.Key.Key_Return)


def test_rt_and_rw_are_filled_up_when_the_field_is_left(shown, qtbot):
    field = shown(Field("RT / RW", typing=formats.RT_RW))
    heard = []
    field.edited.connect(heard.append)
    field.line.setFocus()
    qtbot.keyClicks(field.line, "3/1")
    field.line.clearFocus()
    assert field.text() == "003 / 001"
    assert heard[-1] == "003 / 001"


def test_a_finding_is_seen_and_read_out_with_the_field(shown):
    field = shown(Field("NIK"))
    height = field.sizeHint().height()
    field.set_state(FieldState.ERROR, "NIK baru 15 angka. Seharusnya 16.")
    assert field.hint() == "NIK baru 15 angka. Seharusnya 16."
    assert field.line.accessibleDescription() == "NIK baru 15 angka. Seharusnya 16."
    assert field.sizeHint().height() > height
    field.set_state(FieldState.OK)
    assert field.sizeHint().height() == height


def test_showing_what_already_stands_there_leaves_the_cursor_alone(shown, qtbot):
    field = shown(Field("Nama"))
    qtbot.keyClicks(field.line, "SITI")
    field.line.setCursorPosition(2)
    field.set_text("SITI")
    assert field.line.cursorPosition() == 2


@pytest.fixture
def works(shown):
    options = [
        Option("working", "Bekerja", "B"),
        Option("ill", "Sedang sakit", "S"),
        Option("stopped", "Berhenti", "H"),
    ]
    return shown(SegmentsField("Masih bekerja sekarang?", options))


def test_a_letter_chooses_while_the_answers_have_the_focus(works, qtbot):
    with qtbot.waitSignal(works.chosen) as heard:
        qtbot.keyClicks(works.segments, "s")
    assert heard.args == ["ill"]
    assert works.value() == "ill"


def test_nothing_is_chosen_until_somebody_chose(works):
    assert works.value() is None


def test_arrows_go_from_answer_to_answer_and_stop_at_the_ends(works, qtbot):
    for _ in range(5):
        qtbot.keyClick(works.segments, Qt.Key.Key_Right)
    assert works.value() == "stopped"
    for _ in range(5):
        qtbot.keyClick(works.segments, Qt.Key.Key_Left)
    assert works.value() == "working"


def test_a_click_on_an_answer_chooses_it(works, qtbot):
    works.resize(480, works.sizeHint().height())
    middle = works.segments.rect().center()
    qtbot.mouseClick(works.segments, Qt.MouseButton.LeftButton, pos=middle)
    assert works.value() == "ill"


def test_showing_a_choice_reports_nothing(works, qtbot):
    with qtbot.assertNotEmitted(works.chosen):
        works.set_value("ill")
    assert works.value() == "ill"
    works.set_value(None)
    assert works.value() is None


def test_letters_with_ctrl_or_alt_belong_to_the_page(works, qtbot):
    qtbot.keyClick(works.segments, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert works.value() is None


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_space_key_has_a_name_in_both_languages(language, qapp):
    set_language(language)
    assert key_words("Ctrl+Return") == "Ctrl+Enter"
    assert key_words("Space") == {"id": "Spasi", "en": "Space"}[language]
    assert key_words("-") == "-"
