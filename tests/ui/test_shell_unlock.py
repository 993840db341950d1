"""Opening the laptop: by passphrase, by the six digits of the day, and not at all."""

import threading

import pytest
from PySide6.QtCore import Qt

from enumerator_app.domain.errors import DatabaseDamaged, WrongPassphrase
from enumerator_app.texts import text
from enumerator_app.ui.kit import Text
from enumerator_app.ui.unlock.caps_lock import caps_lock_from
from enumerator_app.ui.unlock.presenter import QuickUnlock, UnlockPresenter
from enumerator_app.ui.unlock.state import Mode, OperatorEntry, Surroundings
from enumerator_app.ui.unlock.view import UnlockView

CTRL = Qt.KeyboardModifier.ControlModifier
OPERATORS = [OperatorEntry("Nining Suryani", "hari ini 07.21"), OperatorEntry("Agus Permana")]
RIGHT = {"Nining Suryani": "lahan rubah kemah senja tikar", "Agus Permana": "ombak besar di pantai"}


class Laptop:
    """Knows the passphrases, counts the tries and on which thread they came."""

    def __init__(self):
        self.tries = []
        self.threads = set()
        self.wait_s = 0
        self.damaged = False

    def unlock(self, operator, passphrase):
        self.tries.append((operator, passphrase))
        self.threads.add(threading.get_ident())
        if self.damaged:
            raise DatabaseDamaged
        if self.wait_s:
            raise WrongPassphrase(wait_s=self.wait_s)
        if RIGHT[operator] != passphrase:
            raise WrongPassphrase
        return f"open for {operator}"


class Digits:
    """The quick unlock: five tries, then only the passphrase."""

    def __init__(self, operator="", kept=""):
        self.operator, self.kept, self.left = operator, kept, 5

    def port(self):
        return QuickUnlock(lambda: self.operator, self.check, self.keep, lambda: self.left)

    def check(self, digits):
        if digits != self.kept:
            self.left -= 1
            raise WrongPassphrase
        return "open by digits"

    def keep(self, digits):
        self.kept = digits


@pytest.fixture
def laptop():
    return Laptop()


def opened_page(shown, unlock, *, quick=None, operators=OPERATORS):
    surroundings = Surroundings(office_phone="0812-0000-0000", not_sent=19, received=96)
    presenter = UnlockPresenter(operators, unlock, quick=quick, surroundings=surroundings)
    view = shown(UnlockView(surroundings))
    presenter.attach(view)
    view.presenter = presenter
    view.setFocus()
    return view


@pytest.fixture
def page(shown, laptop):
    return opened_page(shown, laptop.unlock)


def type_and_enter(qtbot, page, words):
    line = page.passphrase.secret.line
    qtbot.keyClicks(line, words)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_the_right_passphrase_opens_beside_the_window(page, laptop, qtbot):
    with qtbot.waitSignal(page.presenter.unlocked) as opened:
        type_and_enter(qtbot, page, RIGHT["Nining Suryani"])
    assert opened.args == ["open for Nining Suryani"]
    assert threading.get_ident() not in laptop.threads


def test_the_cursor_is_in_the_passphrase_and_arrows_choose_the_person(page, laptop, qtbot):
    line = page.passphrase.secret.line
    assert line.hasFocus()
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert page.presenter.state.operator == "Agus Permana"
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert page.presenter.state.operator == "Agus Permana"
    with qtbot.waitSignal(page.presenter.unlocked):
        type_and_enter(qtbot, page, RIGHT["Agus Permana"])
    assert laptop.tries == [("Agus Permana", RIGHT["Agus Permana"])]


def test_a_click_on_a_name_chooses_that_person_and_empties_the_field(page, qtbot):
    qtbot.keyClicks(page.passphrase.secret.line, "salah")
    names = page.operators
    place = names.visualRect(names.rows.index(1)).center()
    qtbot.mouseClick(names.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.presenter.state.operator == "Agus Permana"
    assert page.passphrase.secret.text() == ""


def test_a_wrong_passphrase_is_said_kindly_and_what_was_typed_stays(page, qtbot):
    type_and_enter(qtbot, page, "lahan rubah")
    qtbot.waitUntil(lambda: page.passphrase.problem() != "")
    assert page.passphrase.problem() == text("errors.wrong_passphrase")
    assert page.passphrase.secret.text() == "lahan rubah"


def test_after_too_many_tries_the_seconds_are_counted_down(page, laptop, qtbot):
    laptop.wait_s = 2
    type_and_enter(qtbot, page, "lahan rubah")
    # A busy machine may show the first second late.
    sentences = {f"Sandi belum cocok. Tunggu {n} detik. Data tetap aman." for n in (2, 1)}
    qtbot.waitUntil(lambda: page.passphrase.problem() in sentences)
    assert not page.passphrase.open_button.isEnabled()
    tries = len(laptop.tries)
    qtbot.keyClick(page.passphrase.secret.line, Qt.Key.Key_Return)
    assert len(laptop.tries) == tries
    qtbot.waitUntil(page.passphrase.open_button.isEnabled, timeout=5000)
    assert page.passphrase.problem() == ""


def test_any_other_trouble_is_a_sentence_too(page, laptop, qtbot):
    laptop.damaged = True
    type_and_enter(qtbot, page, "lahan rubah")
    qtbot.waitUntil(lambda: page.passphrase.problem() == text("errors.database_damaged"))


def test_an_empty_passphrase_is_not_a_try(page, laptop, qtbot):
    qtbot.keyClick(page.passphrase.secret.line, Qt.Key.Key_Return)
    assert laptop.tries == []


def test_ctrl_t_shows_the_letters_and_hides_them_again(page, qtbot):
    line = page.passphrase.secret.line
    qtbot.keyClicks(line, "lahan")
    assert line.displayText() != "lahan"
    qtbot.keyClick(line, Qt.Key.Key_T, CTRL)
    assert line.displayText() == "lahan"
    qtbot.keyClick(line, Qt.Key.Key_T, CTRL)
    assert line.displayText() != "lahan"


def test_capitals_without_shift_mean_caps_lock(page, qtbot):
    qtbot.keyClicks(page.passphrase.secret.line, "a")
    assert not page.presenter.state.has_caps_lock
    qtbot.keyClick(page.passphrase.secret.line, "A", Qt.KeyboardModifier.NoModifier)
    page.passphrase.secret.line.typed.emit("A", False)
    assert page.presenter.state.has_caps_lock
    assert text("unlock.caps_lock") in visible_words(page)


@pytest.mark.parametrize(
    ("letter", "has_shift", "is_on"),
    [
        ("a", False, False),
        ("A", True, False),
        ("A", False, True),
        ("a", True, True),
        ("9", True, False),
    ],
)
def test_caps_lock_is_told_from_one_letter(letter, has_shift, is_on):
    assert caps_lock_from(letter, has_shift=has_shift) is is_on


def visible_words(page):
    return [label.text() for label in page.findChildren(Text) if label.isVisible()]


def test_who_forgot_is_told_that_the_data_is_safe_and_whom_to_call(page, qtbot):
    page.passphrase.forgotten_wanted.emit()
    words = " ".join(visible_words(page))
    assert text("unlock.forgotten_words") in words
    assert "0812-0000-0000" in words
    qtbot.keyClick(page.forgotten.back, Qt.Key.Key_Escape)
    assert page.presenter.state.mode is Mode.PASSPHRASE
    assert page.passphrase.secret.line.hasFocus()


def test_ctrl_n_explains_how_a_new_operator_comes_in(page, qtbot):
    qtbot.keyClick(page.passphrase.secret.line, Qt.Key.Key_N, CTRL)
    assert text("unlock.new_operator_words") in visible_words(page)


def test_after_the_passphrase_six_digits_may_be_chosen_for_the_day(shown, laptop, qtbot):
    digits = Digits()
    page = opened_page(shown, laptop.unlock, quick=digits.port())
    type_and_enter(qtbot, page, RIGHT["Nining Suryani"])
    line = page.new_digits.secret.line
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClicks(line, "12a345")
    assert not page.new_digits.open_button.isEnabled()
    qtbot.keyClicks(line, "67")
    with qtbot.waitSignal(page.presenter.unlocked) as opened:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert digits.kept == "123456"
    assert opened.args == ["open for Nining Suryani"]


def test_esc_goes_on_without_digits(shown, laptop, qtbot):
    digits = Digits()
    page = opened_page(shown, laptop.unlock, quick=digits.port())
    type_and_enter(qtbot, page, RIGHT["Nining Suryani"])
    qtbot.waitUntil(page.new_digits.secret.line.hasFocus)
    with qtbot.waitSignal(page.presenter.unlocked):
        qtbot.keyClick(page.new_digits.secret.line, Qt.Key.Key_Escape)
    assert digits.kept == ""


def test_after_a_lock_the_sixth_digit_opens(shown, laptop, qtbot):
    page = opened_page(shown, laptop.unlock, quick=Digits("Agus Permana", "123456").port())
    assert page.presenter.state.operator == "Agus Permana"
    assert page.digits.secret.line.hasFocus()
    with qtbot.waitSignal(page.presenter.unlocked) as opened:
        qtbot.keyClicks(page.digits.secret.line, "123456")
    assert opened.args == ["open by digits"]
    assert laptop.tries == []


def test_after_five_wrong_tries_only_the_passphrase_opens(shown, laptop, qtbot):
    digits = Digits("Agus Permana", "123456")
    page = opened_page(shown, laptop.unlock, quick=digits.port())
    line = page.digits.secret.line
    for left in (4, 3, 2, 1):
        page.digits.secret.set_text("")
        qtbot.keyClicks(line, "000000")
        sentence = text("unlock.digits_wrong", n=left)
        qtbot.waitUntil(lambda sentence=sentence: page.presenter.state.problem == sentence)
    page.digits.secret.set_text("")
    qtbot.keyClicks(line, "000000")
    qtbot.waitUntil(lambda: page.presenter.state.mode is Mode.PASSPHRASE)
    assert page.presenter.state.problem == text("unlock.digits_over")
    assert page.passphrase.secret.line.hasFocus()


def test_somebody_else_needs_their_passphrase_even_while_digits_are_kept(shown, laptop, qtbot):
    page = opened_page(shown, laptop.unlock, quick=Digits("Agus Permana", "123456").port())
    qtbot.keyClick(page.digits.secret.line, Qt.Key.Key_Up)
    assert page.presenter.state.operator == "Nining Suryani"
    assert page.passphrase.secret.line.isVisible()


def test_a_new_view_shows_where_the_old_one_stopped(page, laptop, shown, qtbot):
    laptop.wait_s = 60
    type_and_enter(qtbot, page, "lahan")
    qtbot.waitUntil(lambda: page.passphrase.problem() != "")
    again = shown(UnlockView(page.presenter.surroundings))
    page.presenter.attach(again)
    assert again.passphrase.problem().startswith("Sandi belum cocok. Tunggu")


def test_initials_are_those_of_first_and_last_name():
    names = ("Nining Suryani", "Karsih", "Abd. Muis bin Sarkim")
    assert [OperatorEntry(name).initials for name in names] == ["NS", "K", "AS"]
