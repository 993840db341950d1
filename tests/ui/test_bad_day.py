"""A bad day at the table: the battery, a question forgotten, an address as it is told."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from enumerator_app.domain.errors import AddressNotAllowed, EnrolmentCodeRefused
from enumerator_app.domain.findings import Finding, describe
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import set_language, text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.first_start.presenter import FirstStartPresenter
from enumerator_app.ui.first_start.state import Step
from enumerator_app.ui.first_start.steps import StepLine
from enumerator_app.ui.first_start.view import FirstStartView
from enumerator_app.ui.kit import Mark, MarkKind
from enumerator_app.ui.kit.notices import Banner
from enumerator_app.ui.registration.form import correction_form, form_from_kept, kept_values
from enumerator_app.ui.workers.state import phone_words
from sync.client.wire import full_address
from tests.paper_office import portrait
from tests.storage.laptops import new_laptop as stored_laptop
from tests.ui.open_laptops import new_laptop, registered
from tests.ui.table import ALT, NIK, of_the_group, open_table
from tests.ui.test_corrections import sent_back
from tests.ui.visit_day import SHIFT, Day


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    of_the_group(laptop, programmes="JKK+JKM", consent_method="group")
    yield laptop
    laptop.close()


@pytest.fixture
def table(qtbot, shown, laptop):
    table = open_table(qtbot, shown, laptop)
    yield table
    table.page.stop()


def nobody_was_asked(table):
    """Type who somebody is, and agree for them; what only they can say is missing."""
    table.type(NIK)
    table.type(NIK[-4:], enter=False)
    table.type("siti maemunah")
    table.page.presenter.send_cursor("consent")
    table.until(lambda: table.place() == "form.consent")
    table.type("y", enter=False)


def test_who_was_not_asked_does_not_go_without_one_question(table, laptop):
    nobody_was_asked(table)
    table.save_in_vain()
    assert laptop.counts().registrations == 0
    assert table.place() == "form.sex"
    said = f"{table.state.notice.sentence} {table.state.notice.detail}"
    for name in ("sex", "birth_date", "works_now"):
        assert text(f"form.unasked.{name}") in said
    table.save_and_wait()
    assert laptop.counts().registrations == 1


def test_whoever_was_asked_everything_is_saved_at_once(table, laptop):
    table.fill()
    table.save_and_wait()
    assert laptop.counts().registrations == 1


def test_no_visit_is_called_closed_that_was_not_open(qtbot, laptop):
    day = Day(qtbot, laptop, battery=lambda: Battery(5, is_plugged=False))
    day.until(lambda: day.form.alarm)
    assert day.form.alarm == text("battery.stop", n=5)
    assert day.visit.notice == ""
    assert day.window.open_key != "visit"
    day.close()


def test_a_charged_battery_takes_its_words_back(qtbot, laptop):
    group = GroupDraft("Poktan Sri Mukti", "Odih", "Buruh tani")
    laptop.visits.open(village="Karangharja", place="Balai Desa", groups=[group], tickets=5)
    battery = [Battery(5, is_plugged=False)]
    day = Day(qtbot, laptop, battery=lambda: battery[0])
    day.until(lambda: day.visit.notice == text("battery.close", n=5))
    battery[0] = Battery(5, is_plugged=True)
    day.pages.joins.battery.look()
    assert day.visit.notice == ""
    assert day.form.alarm == ""
    day.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kantor.contoh.id:8443", "https://kantor.contoh.id:8443"),
        (" kantor.contoh.id/ ", "https://kantor.contoh.id"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://192.0.2.9", "http://192.0.2.9"),
        ("", ""),
    ],
)
def test_an_address_is_taken_as_the_letter_and_the_example_write_it(typed, meant):
    assert full_address(typed) == meant


@pytest.mark.parametrize(
    ("error", "place"),
    [
        (EnrolmentCodeRefused(), "first_start_code"),
        (AddressNotAllowed(url="ftp://kantor"), "first_start_server"),
    ],
)
def test_the_cursor_stands_in_what_the_office_did_not_take(qtbot, shown, error, place):
    def refuse(*_asked):
        raise error

    presenter = FirstStartPresenter(refuse, refuse, find_printers=list, find_cameras=list)
    view = shown(FirstStartView())
    presenter.attach(view)
    for field in (view.office.server, view.office.code, view.office.operator):
        qtbot.keyClicks(field.line, "kantor")
    qtbot.keyClick(view.office.operator.line, Qt.Key.Key_Return)
    presenter._on_passphrase("lahan rubah kemah senja tikar")
    qtbot.waitUntil(lambda: presenter.state.step is Step.OFFICE and presenter.state.problem != "")
    assert QApplication.focusWidget().objectName() == place


def test_the_list_of_keys_is_read_from_its_beginning_in_large_letters(qtbot, laptop):
    set_language("en")
    day = Day(qtbot, laptop, language="en", percent=200)
    day.window.setFixedSize(1366, 768)
    day.key(Qt.Key.Key_F2)
    day.until(lambda: QApplication.focusWidget().objectName() == "form.nik")
    title = text("form.help.keys_title")
    day.until(lambda: day.form.form.value("village_code"))  # the page has read what was left
    for _ in range(2):
        before = day.form.notice
        day.key(Qt.Key.Key_F1, SHIFT)
        day.until(lambda before=before: day.form.notice != before)
    assert day.form.notice.sentence == title
    day.until(lambda: beginning_of(day.window, title) == 0)
    day.close()
    set_language("id")


def beginning_of(window, words):
    """Return how many pixels of a banner are cut off above; None while it is not there."""
    for banner in window.findChildren(Banner):
        if banner.isVisible() and banner.accessibleName().startswith(words):
            seen = banner.visibleRegion().boundingRect()
            return seen.top() if seen.height() else None
    return None


def test_why_there_is_no_photo_is_asked_from_any_field(table):
    table.type(NIK, enter=False)
    table.key(Qt.Key.Key_Minus, ALT)
    menu = QApplication.activePopupWidget()
    assert next(one.text() for one in menu.actions()) == text("form.no_photo.later")
    menu.actions()[0].trigger()
    menu.close()
    assert table.state.form.value("no_photo_reason") == "later"


def test_nobody_with_a_photo_is_told_that_none_is_all_right(table):
    table.fill()
    without = describe(Finding("no_photo", "note", "photo"))
    assert without.startswith(tuple(table.sentences()))
    table.page.presenter.set_photo(portrait(1))
    assert not without.startswith(tuple(table.sentences()))


def test_a_telephone_nobody_asked_for_is_not_called_missing(table, laptop):
    nobody_was_asked(table)
    table.save_in_vain()
    assert not any(line.place == "phone" for line in table.state.checks.lines)
    table.save_and_wait()
    (worker,) = laptop.search("maemunah")
    detail = laptop.detail(worker.subject)
    assert phone_words(detail.registration) == text("people.phone_unasked")


def test_a_correction_asks_for_four_digits_again_where_four_were_asked(table, laptop):
    saved = registered(laptop, "KARSIH", NIK)
    form = correction_form(saved.subject, laptop.draft_of(saved.subject))
    assert form.value("nik_again") == NIK[-4:]


def test_beside_a_correction_at_the_table_stand_the_words_of_the_office(qtbot, shown, tmp_path):
    laptop = Laptop(stored_laptop(tmp_path / "home"))
    sent_back(laptop, (("SARMAN", NIK, "mother_name", "Nama ibu tidak sama dengan KK."),))
    of_the_group(laptop)
    table = open_table(qtbot, shown, laptop)
    (worker,) = laptop.search("sarman")
    table.page.presenter.saving.correct(worker.subject)
    table.until(lambda: table.state.is_correcting and table.state.checks.lines)
    first = table.state.checks.lines[0]
    assert first.place == "mother_name"
    said = f"{first.sentence} {first.advice}"
    assert "Nama ibu tidak sama dengan KK." in said
    assert text("fields.mother_name") in said
    kept = form_from_kept("f", kept_values(table.state.form), None)
    assert kept.returned == table.state.form.returned, "the laptop went off in the middle"
    table.page.stop()
    laptop.close()


def test_the_office_is_not_ticked_before_it_has_answered(qtbot, shown):
    line = shown(StepLine())
    line.show_step(Step.PASSPHRASE)
    assert MarkKind.OK not in [mark.kind for mark in line.findChildren(Mark)]
    line.show_step(Step.DEVICES)
    assert [mark.kind for mark in line.findChildren(Mark)].count(MarkKind.OK) == 2


def test_the_tip_goes_with_the_cursor_to_the_consent(table):
    nobody_was_asked(table)
    said = [label.text() for label in table.view.checks.findChildren(QLabel)]
    assert text("form.tip.consent") in said


def test_the_document_chosen_later_leads_on_to_what_is_still_missing(table):
    table.type("-")
    table.page.presenter.send_cursor("name")
    table.until(lambda: table.place() == "form.name")
    table.type("karsih")
    table.check()
    line = next(line for line in table.state.checks.lines if line.place == "document_seen")
    assert line.key
    table.key(getattr(Qt.Key, f"Key_{line.key}"), ALT)
    table.until(lambda: table.place() == "form.document_seen")
    table.type(text("form.option.document_seen.suket").split("|")[1], enter=False)
    table.until(lambda: table.place() == "form.sex")
