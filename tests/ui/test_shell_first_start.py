"""The first start: three steps, and nothing that was typed is lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from enumerator_app.domain.errors import EnrolmentCodeRefused, PassphraseTooWeak, ServerUnreachable
from enumerator_app.storage.passphrases import check_passphrase
from enumerator_app.texts import text
from enumerator_app.ui.first_start.presenter import FirstStartPresenter
from enumerator_app.ui.first_start.state import Step
from enumerator_app.ui.first_start.view import FirstStartView
from enumerator_app.ui.kit import FieldState, Text
from enumerator_app.ui.passphrase.words import Strength, offered_words, strength, word_list

PASSPHRASE = "lahan rubah kemah senja tikar"


class OfficeLine:
    """Enrols, or fails as the world does."""

    def __init__(self):
        self.asked = []
        self.error = None

    def enrol(self, server, code, operator, passphrase):
        self.asked.append((server, code, operator, passphrase))
        if self.error is not None:
            raise self.error
        return "enrolled"

    def practise(self, operator, passphrase):
        self.asked.append((operator, passphrase))
        return "practising"


@pytest.fixture
def office():
    return OfficeLine()


@pytest.fixture
def page(shown, office):
    presenter = FirstStartPresenter(
        office.enrol,
        office.practise,
        find_printers=lambda: ["EPSON L3210 Series"],
        find_cameras=list,
    )
    view = shown(FirstStartView())
    presenter.attach(view)
    view.presenter = presenter
    view.setFocus()
    return view


def fill_office(page, qtbot):
    step = page.office
    for field, words in (
        (step.server, "kantor.contoh.id:8443"),
        (step.code, "TANI-7F3K"),
        (step.operator, "Nining Suryani"),
    ):
        qtbot.keyClicks(field.line, words)
    qtbot.keyClick(step.operator.line, Qt.Key.Key_Return)


def choose_passphrase(page, qtbot, words=PASSPHRASE):
    form = page.passphrase.form
    qtbot.keyClicks(form.first.line, words)
    qtbot.keyClicks(form.second.line, words)
    qtbot.keyClick(form.second.line, Qt.Key.Key_Return)


def test_three_steps_make_the_laptop_one_of_the_office(page, office, qtbot):
    assert page.office.server.line.hasFocus()
    assert not page.office.go.isEnabled()
    fill_office(page, qtbot)
    assert page.presenter.state.step is Step.PASSPHRASE
    assert page.passphrase.form.first.line.hasFocus()
    choose_passphrase(page, qtbot)
    qtbot.waitUntil(lambda: page.presenter.state.printers is not None)
    assert office.asked == [("kantor.contoh.id:8443", "TANI-7F3K", "Nining Suryani", PASSPHRASE)]
    words = [label.text() for label in page.findChildren(Text) if label.isVisible()]
    assert "Printer: EPSON L3210 Series" in words
    assert text("first_start.camera_none") in words
    with qtbot.waitSignal(page.presenter.finished) as finished:
        qtbot.keyClick(page.devices.go, Qt.Key.Key_Return)
    assert finished.args == ["enrolled"]


def test_a_refused_code_leads_back_to_where_the_code_stands(page, office, qtbot):
    office.error = EnrolmentCodeRefused()
    fill_office(page, qtbot)
    choose_passphrase(page, qtbot)
    qtbot.waitUntil(lambda: page.presenter.state.step is Step.OFFICE)
    assert page.presenter.state.problem == text("errors.enrolment_code_refused")
    assert page.office.code.text() == "TANI-7F3K"


@pytest.mark.parametrize("error", [ServerUnreachable, PassphraseTooWeak])
def test_other_trouble_stays_on_the_step_and_can_be_tried_again(page, office, qtbot, error):
    parameters = {"characters": 15, "words": 5} if error is PassphraseTooWeak else {}
    office.error = error(**parameters)
    fill_office(page, qtbot)
    choose_passphrase(page, qtbot)
    qtbot.waitUntil(lambda: page.presenter.state.problem != "")
    assert page.presenter.state.step is Step.PASSPHRASE
    office.error = None
    qtbot.keyClick(page.passphrase.form.second.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.state.step is Step.DEVICES)


def test_practice_needs_no_code(page, office, qtbot):
    qtbot.keyClick(page.office.server.line, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    choose_passphrase(page, qtbot)
    qtbot.waitUntil(lambda: page.presenter.state.step is Step.DEVICES)
    assert office.asked == [(text("first_start.practice_operator"), PASSPHRASE)]


def test_esc_goes_back_and_what_was_typed_is_still_there(page, qtbot):
    fill_office(page, qtbot)
    qtbot.keyClick(page.passphrase.form.first.line, Qt.Key.Key_Escape)
    assert page.presenter.state.step is Step.OFFICE
    assert page.office.operator.text() == "Nining Suryani"


def test_a_passphrase_must_be_typed_twice_alike(page, qtbot):
    fill_office(page, qtbot)
    form = page.passphrase.form
    qtbot.keyClicks(form.first.line, PASSPHRASE)
    qtbot.keyClicks(form.second.line, PASSPHRASE[:5])
    assert form.second.line.state() is FieldState.PLAIN
    assert not page.passphrase.go.isEnabled()
    qtbot.keyClicks(form.second.line, "x")
    assert form.second.line.state() is FieldState.WARN
    form.second.set_text("")
    qtbot.keyClicks(form.second.line, PASSPHRASE)
    assert form.second.line.state() is FieldState.OK
    assert page.passphrase.go.isEnabled()


def test_other_words_are_offered_on_ctrl_r(page, qtbot):
    fill_office(page, qtbot)
    form = page.passphrase.form
    before = form.offered()
    qtbot.keyClick(form.first.line, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert form.offered() != before
    assert all(word in word_list() for word in form.offered().split())


def test_the_offered_words_are_five_of_the_list():
    numbers = iter(range(0, 5000, 7))
    offered = offered_words(choose=lambda words: words[next(numbers)])
    assert offered.split() == [word_list()[n] for n in (0, 7, 14, 21, 28)]
    assert strength(offered) is Strength.STRONG


def test_the_list_holds_a_thousand_short_words_once_each():
    words = word_list()
    assert len(words) >= 1000
    assert len(set(words)) == len(words)
    assert all(word.isascii() and word.islower() and 4 <= len(word) <= 7 for word in words)


@pytest.mark.parametrize(
    ("passphrase", "found"),
    [
        ("", Strength.NONE),
        ("   ", Strength.NONE),
        ("rahasia", Strength.TOO_SHORT),
        ("aaaaaaaaaaaaaaaaaaaa", Strength.TOO_SHORT),
        ("ombak besar di pantai", Strength.ENOUGH),
        (PASSPHRASE, Strength.STRONG),
    ],
)
def test_strength_is_said_in_one_word(passphrase, found):
    assert strength(passphrase) is found


@given(st.text(st.sampled_from("ab cdefé"), max_size=24))
def test_what_the_form_accepts_is_exactly_what_the_key_file_accepts(passphrase):
    try:
        check_passphrase(passphrase)
    except PassphraseTooWeak:
        accepted = False
    else:
        accepted = True
    assert (strength(passphrase) in (Strength.ENOUGH, Strength.STRONG)) is accepted
