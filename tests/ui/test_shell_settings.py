"""Settings act at once, say what they did, and never block the window."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from enumerator_app.cards.logo import prepare_logo
from enumerator_app.domain.errors import DiskFull
from enumerator_app.domain.letterhead import Letterhead
from enumerator_app.services.letterhead import OfficeLetterhead
from enumerator_app.texts import text
from enumerator_app.ui.kit import Banner, FieldState, Text
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.session.settings_page import letterhead_lines
from enumerator_app.ui.settings.presenter import SettingsActions, SettingsPresenter
from enumerator_app.ui.settings.state import (
    KeepingFacts,
    Offsets,
    SettingsFacts,
    shown_offset,
    typed_offset,
)
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
        self.papers = {}

    def facts(self):
        return SettingsFacts(
            **self.papers,
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


def picture():
    drawn = BytesIO()
    Image.new("RGB", (300, 200), "red").save(drawn, "PNG")
    return prepare_logo(drawn.getvalue())


def test_what_the_office_set_for_papers_is_shown_to_read(page, laptop, qtbot):
    assert text("settings.letterhead_none") in words_of(page)
    settings = Letterhead(
        government="Pemerintah Kabupaten Bekasi", office="Dinas Ketenagakerjaan",
        posko_phone="0812-1111-2222", complaint_phone="0821-3333-4444", ask_by=date(2027, 1, 31),
    )  # fmt: skip
    kept = OfficeLetterhead(settings, picture(), datetime(2026, 11, 28, 3, tzinfo=UTC))
    laptop.papers = {"letterhead": letterhead_lines(kept), "logo": kept.logo}

    page.presenter.attach(page)

    qtbot.waitUntil(lambda: "0812-1111-2222" in words_of(page))
    words = words_of(page)
    for expected in ("Dinas Ketenagakerjaan", "0821-3333-4444", "31-01-2027", "175"):
        assert expected in words
    assert text("settings.letterhead_none") not in words
    (logo,) = [one for one in page.findChildren(QLabel) if one.pixmap().width() > 1]
    assert logo.isVisible()
    assert logo.accessibleName() == text("settings.letterhead_logo")
    assert logo.pixmap().toImage().pixelColor(5, 5).red() > 250


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


def test_how_long_content_stays_is_chosen_by_one_letter_and_what_left_is_said(page, laptop, qtbot):
    chosen = []
    said = text("keeping.gone", n="12")
    laptop.papers = {"keeping": KeepingFacts(0, (0, 30, 90, 180), (said,))}
    page.presenter._actions = replace(page.presenter._actions, keep_days=chosen.append)
    page.presenter.attach(page)
    qtbot.waitUntil(lambda: said in words_of(page))
    qtbot.keyClicks(page.keeping.days.segments, "2")
    qtbot.waitUntil(lambda: chosen == [90])
