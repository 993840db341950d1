"""Settings act at once, say what they did, and never block the window."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from enumerator_app.domain.errors import DiskFull
from enumerator_app.texts import text
from enumerator_app.ui.kit import Banner, FieldState, Text
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.settings.presenter import SettingsActions, SettingsPresenter
from enumerator_app.ui.settings.state import Offsets, SettingsFacts, shown_offset, typed_offset
from enumerator_app.ui.settings.view import SettingsView
from enumerator_app.ui.unlock.state import OperatorEntry

CTRL = Qt.KeyboardModifier.ControlModifier
PASSPHRASE = "lahan rubah kemah senja tikar"


class Laptop:
    def __init__(self):
        self.operators = [OperatorEntry("Nining Suryani"), OperatorEntry("Agus Permana", "kemarin")]
        self.offsets = Offsets(5, -12)
        self.written = []
        self.error = None

    def facts(self):
        return SettingsFacts(
            offsets=self.offsets,
            operators=tuple(self.operators),
            operator="Nining Suryani",
            office_name="Kantor contoh",
            device_code="A07",
            version="0.1.0",
        )

    def save_offsets(self, offsets):
        self.offsets = offsets

    def add_operator(self, name, passphrase):
        assert passphrase == PASSPHRASE
        self.operators.append(OperatorEntry(name))

    def write(self, path):
        if self.error is not None:
            raise self.error
        self.written.append(path)

    def actions(self):
        return SettingsActions(
            self.facts, self.save_offsets, self.add_operator, self.write, self.write
        )


@pytest.fixture
def laptop():
    return Laptop()


@pytest.fixture
def page(shown, laptop, qtbot):
    presenter = SettingsPresenter(laptop.actions(), Preferences)
    asked = []

    def choose(_parent, suggested):
        asked.append(suggested)
        return str(Path("flashdisk") / suggested)

    view = shown(SettingsView(choose_path=choose, today=lambda: date(2026, 11, 22)))
    view.resize(1280, 700)
    view.asked, view.presenter = asked, presenter
    presenter.attach(view)
    qtbot.waitUntil(lambda: presenter.state.facts is not None)
    return view


def words_of(page):
    return [label.text() for label in page.findChildren(Text) if label.isVisible()]


def test_the_page_shows_what_is_known_about_this_laptop(page):
    words = words_of(page)
    for expected in ("Kantor contoh", "A07", "0.1.0", "sedang masuk", "kemarin", "belum pernah"):
        assert expected in words
    assert (page.printer.right.text(), page.printer.down.text()) == ("0,5", "-1,2")


@pytest.mark.parametrize(
    ("field", "letter", "wanted"),
    [
        ("language", "e", Preferences(language="en")),
        ("contrast", "m", Preferences(contrast="sun")),
        ("text_size", "3", Preferences(text_percent=200)),
    ],
)
def test_one_letter_changes_how_the_screen_looks(page, qtbot, field, letter, wanted):
    segments = getattr(page.look, field).segments
    with qtbot.waitSignal(page.presenter.preferences_chosen) as chosen:
        qtbot.keyClicks(segments, letter)
    assert chosen.args == [wanted]


def test_an_offset_is_kept_when_its_field_is_left(page, laptop, qtbot):
    right = page.printer.right
    right.line.setFocus()
    right.line.selectAll()
    qtbot.keyClicks(right.line, "1.5")
    qtbot.keyClick(right.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: laptop.offsets == Offsets(15, -12))
    qtbot.waitUntil(lambda: text("settings.offsets_kept") in words_of(page))


def test_what_is_no_distance_is_said_and_not_kept(page, laptop, qtbot):
    right = page.printer.right
    right.line.setFocus()
    right.line.selectAll()
    qtbot.keyClicks(right.line, "dua")
    qtbot.keyClick(right.line, Qt.Key.Key_Return)
    assert right.state() is FieldState.WARN
    assert laptop.offsets == Offsets(5, -12)


@given(st.integers(-100, 100))
def test_an_offset_that_is_shown_reads_back_as_itself(tenths):
    assert typed_offset(shown_offset(tenths)) == tenths


@pytest.mark.parametrize("words", ["", "-", "1,55", "11", "1,2,3", "satu"])
def test_only_millimetres_within_ten_are_offsets(words):
    assert typed_offset(words) is None


def test_a_colleague_types_their_own_passphrase_and_is_listed(page, laptop, qtbot):
    qtbot.keyClick(page, Qt.Key.Key_N, CTRL)
    section = page.operators
    qtbot.waitUntil(section.name.line.hasFocus)
    qtbot.keyClicks(section.name.line, "Dewi Anggraini")
    assert not section.save.isEnabled()
    for secret in (section.form.first, section.form.second):
        qtbot.keyClicks(secret.line, PASSPHRASE)
    qtbot.keyClick(section.form.second.line, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "Dewi Anggraini" in words_of(page))
    assert text("settings.operator_added", name="Dewi Anggraini") in words_of(page)
    assert section.form.first.text() == ""


def test_a_backup_asks_where_and_suggests_a_name_without_people(page, laptop, qtbot):
    qtbot.keyClick(page, Qt.Key.Key_B, CTRL)
    qtbot.waitUntil(lambda: text("settings.backed_up") in words_of(page))
    assert page.asked == ["cadangan-a07-2026-11-22.cadangan"]
    assert laptop.written == [Path("flashdisk/cadangan-a07-2026-11-22.cadangan")]


def test_a_full_disk_is_said_and_nothing_is_claimed(page, laptop, qtbot):
    laptop.error = DiskFull()
    qtbot.keyClick(page, Qt.Key.Key_D, CTRL)
    qtbot.waitUntil(lambda: text("errors.disk_full") in words_of(page))
    assert text("settings.diagnostics_written") not in words_of(page)
    assert page.findChild(Banner).isVisible()
