"""The way through the form: few keys, one meaning each, and no key taken for an answer."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.tickets import FormNumber
from enumerator_app.texts import catalogue
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.registration.form_fields import make_fields
from enumerator_app.ui.registration.remembered import read_shared
from enumerator_app.ui.workers.state import person_detail
from tests.ui.open_laptops import OPERATOR, new_laptop, opened_again
from tests.ui.table import NIK, of_the_group, open_table


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    of_the_group(laptop, occupation="Buruh tani", programmes="JKK+JKM", consent_method="group")
    yield laptop
    laptop.close()


@pytest.fixture
def table(qtbot, shown, laptop):
    table = open_table(qtbot, shown, laptop)
    yield table
    table.page.stop()
    assert finish_jobs(table.page)


def whole_nik(table):
    table.type(NIK + NIK[-4:], enter=False)


def test_a_whole_nik_and_its_last_digits_lead_on_by_themselves(table):
    table.type(NIK, enter=False)
    assert table.place() == "form.nik_again"
    table.type("0003", enter=False)
    assert table.place() == "form.name"


def test_last_digits_that_differ_keep_the_cursor(table):
    table.type(NIK + "0008", enter=False)
    assert table.place() == "form.nik_again"


def test_an_enter_out_of_habit_behind_a_whole_answer_skips_no_field(table):
    table.type(NIK)
    assert table.place() == "form.nik_again"
    table.key(Qt.Key.Key_Return)
    assert table.place() == "form.name"


def test_birth_and_sex_are_confirmed_aloud_with_one_key(table, laptop):
    whole_nik(table)
    table.type("siti maemunah")
    assert table.state.question == "Lahir 12 Maret 1974, perempuan?"
    table.type("y", enter=False)
    form = table.state.form
    assert (form.value("birth_date"), form.value("sex")) == ("12-03-1974", "P")
    assert table.place() == "form.birth_place"
    table.type("bekasi")
    assert table.place() == "form.mother_name"
    finish(table)
    (worker,) = laptop.search("maemunah")
    assert laptop.registration(worker.subject).date_source == "confirmed"


def finish(table):
    table.type("ruminah")
    table.type("Kp. Pulo Asem")
    table.type("3/1")
    table.type("-b", enter=False)
    table.key(Qt.Key.Key_Return)
    table.key(Qt.Key.Key_Return)
    table.key(Qt.Key.Key_Return)
    table.type("y")
    table.until(lambda: table.state.saved is not None)


def test_nothing_is_asked_aloud_while_the_last_digits_are_open(table):
    table.type(NIK, enter=False)
    assert table.state.question == ""


def test_a_date_typed_from_the_ktp_is_marked_as_such(table, laptop):
    whole_nik(table)
    table.type("siti maemunah")
    table.type("p", enter=False)
    table.type("bekasi")
    table.type("21031974", enter=False)
    finish(table)
    (worker,) = laptop.search("maemunah")
    assert laptop.registration(worker.subject).date_source == "ktp"


def test_a_date_changed_after_it_was_confirmed_is_no_longer_confirmed(table):
    whole_nik(table)
    table.type("siti maemunah")
    table.type("y", enter=False)
    table.view.form.focus_place("birth_date")
    table.key(Qt.Key.Key_Backspace)
    table.type("4", enter=False)
    assert table.state.form.value("date_source") == ""


def test_the_nik_of_somebody_whose_date_is_none_asks_nothing(table):
    wrong = "3216137203740003"  # day 72 - 40 = 32
    table.type(wrong + "0003", enter=False)
    assert table.state.question == ""


def test_a_birth_place_used_before_comes_after_two_letters(table):
    table.fill()
    table.save_and_wait()
    whole_nik(table)
    table.type("karsih")
    table.type("p", enter=False)
    table.type("be")
    assert table.state.form.value("birth_place") == "BEKASI"
    assert table.place() == "form.birth_date"


def test_a_third_letter_means_another_birth_place(table):
    table.fill()
    table.save_and_wait()
    table.view.form.focus_place("birth_place")
    table.type("bek", enter=False)
    assert table.state.form.value("birth_place") == "BEK"


def test_a_deleted_offer_does_not_come_back(table):
    table.fill()
    table.save_and_wait()
    table.view.form.focus_place("birth_place")
    table.type("b", enter=False)
    table.key(Qt.Key.Key_Backspace)
    assert table.state.form.value("birth_place") == "B"


def test_the_last_kampung_is_two_keys_away(table):
    table.fill()
    table.save_and_wait()
    table.view.form.focus_place("address")
    table.key(Qt.Key.Key_Down)
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert table.state.form.value("address") == "Kp. Pulo Asem"
    assert table.place() == "form.rt_rw"


def test_a_letter_where_the_year_of_work_stands_begins_the_family(table):
    table.view.form.focus_place("works_now")
    table.type("ba", enter=False)
    assert table.place() == "form.heir.0.name"
    assert table.state.form.heirs[0].relation == "child"
    assert table.state.form.value("works_since") == ""


def test_a_digit_where_the_work_is_asked_begins_the_year(table):
    table.view.form.focus_place("works_now")
    table.type("2001", enter=False)
    assert table.state.form.value("works_since") == "2001"


def test_a_parent_is_two_keys(table):
    table.view.form.focus_place("heir.0")
    table.type("o", enter=False)
    QTest.keyClicks(QApplication.activePopupWidget(), "o")
    assert table.state.form.heirs[0].relation == "parent"
    assert table.place() == "form.heir.0.name"
    assert "orang tua" in table.state.heir_order


def test_the_order_of_heirs_is_said_while_they_are_typed(table):
    table.view.form.focus_place("heir.0")
    table.type("a", enter=False)
    table.type("endah")
    table.type("12+", enter=False)
    assert table.state.heir_order == (
        "Menurut aturan, yang pertama berhak: suami, istri, atau anak. Calon beasiswa: Endah."
    )
    assert table.view.form.heirs._order.isVisible()


def test_a_grown_child_is_no_candidate_and_a_key_turns_the_answer(table):
    table.view.form.focus_place("heir.0")
    table.type("a", enter=False)
    table.type("endah")
    table.type("23", enter=False)
    assert table.state.form.heirs[0].scholarship == ""
    table.type("b", enter=False)
    assert table.state.form.heirs[0].scholarship == "yes"
    assert table.state.form.heirs[0].born == "23"


def test_an_undone_text_is_as_before_the_typing(table):
    table.view.form.focus_place("mother_name")
    table.type("ruminah", enter=False)
    table.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert table.state.form.value("mother_name") == ""


def test_the_cursor_is_in_the_same_letter_of_the_same_field_after_a_power_cut(
    qtbot, shown, tmp_path
):
    laptop = new_laptop(tmp_path)
    of_the_group(laptop)
    table = open_table(qtbot, shown, laptop)
    whole_nik(table)
    table.type("siti maemunah", enter=False)
    for _ in range(4):
        table.key(Qt.Key.Key_Left)
    table.until(lambda: any(kept.get("cursor") == 9 for kept in laptop.drafts().values()))
    table.page.presenter.attach(None)  # no stop: the power went out
    assert finish_jobs(table.page)
    laptop.close()
    laptop = opened_again(tmp_path)
    again = open_table(qtbot, shown, laptop)
    again.until(lambda: not again.state.form.is_empty)
    assert again.place() == "form.name"
    assert QApplication.focusWidget().cursorPosition() == 9
    again.type("x", enter=False)
    assert again.state.form.value("name") == "SITI MAEMXUNAH"
    again.page.stop()
    assert finish_jobs(again.page)
    laptop.close()


def test_an_heir_half_typed_has_the_cursor_back(qtbot, shown, tmp_path):
    laptop = new_laptop(tmp_path)
    of_the_group(laptop)
    table = open_table(qtbot, shown, laptop)
    table.view.form.focus_place("heir.0")
    table.type("a", enter=False)
    table.type("en", enter=False)
    table.page.stop()
    assert finish_jobs(table.page)
    again = open_table(qtbot, shown, laptop)
    again.until(lambda: not again.state.form.is_empty)
    assert again.place() == "form.heir.0.name"
    again.type("d", enter=False)
    assert again.state.form.heirs[0].name == "END"
    again.page.stop()
    assert finish_jobs(again.page)
    laptop.close()


def test_seconds_of_each_section_are_in_the_record_and_nothing_else(table, laptop):
    whereabouts = table.page.presenter.whereabouts
    whereabouts._clock = Steps()
    whereabouts.begin("form.nik")
    table.fill()
    table.save_and_wait()
    (worker,) = laptop.search("maemunah")
    seconds = laptop.registration(worker.subject).paradata
    assert set(seconds) == {
        "nik", "name", "birth", "mother", "address", "phone", "work", "heirs", "photo", "consent",
    }  # fmt: skip
    assert all(isinstance(value, int) and value >= 1 for value in seconds.values())


class Steps:
    """A clock that is a second later each time somebody looks."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 1.0
        return self.now


def test_a_correction_keeps_the_seconds_of_the_first_time(table, laptop):
    table.page.presenter.whereabouts._clock = Steps()
    table.fill()
    table.save_and_wait()
    subject = table.state.saved.subject
    before = laptop.registration(subject).paradata
    table.page.presenter.saving.correct(subject)
    table.until(lambda: table.state.is_correcting)
    table.page.presenter.edit("mother_name", "RUMINAH BT. SAIN")
    table.save()
    table.until(lambda: not table.state.is_correcting)
    assert laptop.registration(subject).paradata == before


def test_who_is_ill_gets_a_witness_with_a_role(table, laptop):
    whole_nik(table)
    table.type("siti maemunah")
    table.type("y", enter=False)
    table.type("bekasi")
    table.type("ruminah")
    table.type("Kp. Pulo Asem")
    table.type("3/1")
    table.type("-s", enter=False)
    table.key(Qt.Key.Key_Return)
    assert table.place() == "form.consent_witness"
    table.type("karta")
    table.type("m", enter=False)
    table.key(Qt.Key.Key_Return)
    table.key(Qt.Key.Key_Return)
    table.type("y")
    table.until(lambda: table.state.saved is not None)
    (worker,) = laptop.search("maemunah")
    record = laptop.registration(worker.subject)
    assert (record.works_now, record.consent_witness, record.witness_role) == (
        "ill",
        "KARTA",
        "mandor",
    )


def test_one_person_of_a_group_gives_a_thumbprint_and_the_next_does_not(table, laptop):
    table.fill()
    table.type("yj", enter=False)  # the group's yes is taken back, a thumbprint noted
    assert table.place() == "form.consent_witness"
    table.type("karta")
    table.type("k", enter=False)
    assert table.place() == "form.photo"
    table.key(Qt.Key.Key_Return)
    assert "cap jempol" in table.view._said.text()
    table.key(Qt.Key.Key_Return)
    table.until(lambda: table.state.saved is not None)
    record = laptop.registration(table.state.saved.subject)
    assert (record.consent_method, record.consent_witness) == ("thumbprint", "KARTA")
    assert record.witness_role == "ketua kelompok"
    assert table.state.form.value("consent_own") == ""
    assert table.state.form.value("consent_method") == "group"


def test_help_speaks_of_the_field_and_then_of_all_keys(table):
    table.page.help()
    assert "16 angka" in table.state.notice.sentence
    table.page.help()
    assert "Alt+Z" in table.state.notice.detail
    table.page.help()
    assert table.state.notice is None
    table.view.form.focus_place("heir.0")
    table.page.help()
    assert "beasiswa" in table.state.notice.sentence + table.state.notice.detail


def test_every_field_has_a_tip_and_help_of_its_own(qapp):
    keys = catalogue()
    for field in (*make_fields(), "heir", "photo", "consent"):
        assert f"form.tip.{field}" in keys, field
        assert f"form.help.{field}" in keys or field in ("consent_witness", "witness_role"), field


def test_a_form_on_paper_keeps_its_day_and_number_and_the_next_its_day(table, laptop):
    table.key(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert table.place() == "form.paper_number"
    number = FormNumber("A07", date(2026, 11, 20), 3).shown
    table.type(number)
    table.type("20112026", enter=False)
    assert table.place() == "form.nik"
    whole_nik(table)
    table.type("siti maemunah")
    assert table.state.question == ""  # nobody is there to say it
    table.type("p", enter=False)
    table.type("bekasi")
    table.type("12031974", enter=False)
    finish(table)
    record_id = table.state.saved.subject
    record = laptop.registration(record_id)
    assert record.ticket == number
    assert day_in_wib(record.registered_at) == date(2026, 11, 20)
    assert day_in_wib(record.consent_at) == date(2026, 11, 20)
    assert (record.consent_method, record.date_source) == ("paper", "paper")
    assert table.place() == "form.paper_number"
    assert table.state.form.value("paper_date") == "20-11-2026"
    assert table.state.form.value("paper_number") == ""
    detail = laptop.detail(record_id)
    (step, *_) = person_detail(detail, None, laptop.places, date(2026, 11, 28)).steps[::-1]
    assert number in step.sentence
    assert "20-11-2026" in step.detail
    assert OPERATOR in step.detail


def test_a_paper_without_a_readable_day_is_not_saved(table, laptop):
    table.key(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    table.view.form.focus_place("nik")
    table.fill()
    table.save_in_vain()
    assert table.place() == "form.paper_date"
    assert laptop.counts().registrations == 0


def test_typing_from_paper_ends_with_its_key_and_in_another_session(table, laptop):
    for _ in range(2):
        table.key(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert table.place() == "form.nik"
    assert not table.view.paper.isVisible()
    assert "from_paper" not in read_shared(laptop)


def test_income_is_one_key_and_its_amount_is_seen(table):
    table.key(Qt.Key.Key_F6)
    field = table.view.group.fields["monthly_income"]
    assert field.line.placeholderText() == "A 1,0  B 1,2  C 1,4 juta"
    field.setFocus(Qt.FocusReason.TabFocusReason)
    table.type("b", enter=False)
    assert field.text() == "1.200.000"
    assert table.state.form.value("monthly_income") == "1.200.000"
    field.line.selectAll()
    table.type("850000", enter=False)
    assert table.state.form.value("monthly_income") == "850000"


def test_who_comes_first_by_law_is_said_once(table):
    table.fill()
    table.view.form.heirs.focus_first()
    shown = [w.text() for w in table.view.findChildren(QLabel) if w.isVisibleTo(table.view)]
    assert sum(table.state.heir_order in words for words in shown) == 1


def test_what_the_save_does_not_go_through_with_is_counted_apart(table):
    table.type("32161352")
    table.save_in_vain()
    lines = table.sentences()
    heading = [w.text() for w in table.view.findChildren(QLabel) if w.isVisibleTo(table.view)]
    errors = table.state.checks.count("error")
    assert errors
    rest = len(lines) - errors
    assert f"{errors} belum bisa · {rest} lagi" in heading
