"""What the office sent back, corrected one field at a time on a real encrypted file."""

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.services.laptop import Laptop
from enumerator_app.ui.corrections.page import CorrectionsPage
from enumerator_app.ui.jobs import finish_jobs
from tests.storage.laptops import new_laptop
from tests.storage.office_feed import OfficeFeed
from tests.ui.open_laptops import registered

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SENT_BACK = (
    ("NYI IDAH", "3216135203740001", "birth_date", "Di daftar desa lahirnya 1947."),
    ("SARMAN", "3216135203740002", "mother_name", "Nama ibu tidak sama dengan KK."),
    ("OYOH ROHAENI", "3216135203740003", "nik", "NIK ini milik orang lain."),
    ("KARSIH", "3216135203740004", "heirs", "Ahli waris belum jelas."),
)


@pytest.fixture
def laptop(tmp_path):
    laptop = Laptop(new_laptop(tmp_path / "home"))
    yield laptop
    laptop.close()


class Tray:
    def __init__(self, qtbot, page, view):
        self.qtbot, self.page, self.view = qtbot, page, view

    @property
    def state(self):
        return self.page.presenter.state

    def until(self, claim):
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=5000)

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget(), key, modifier)

    def type(self, words):
        QTest.keyClicks(QApplication.focusWidget(), words)

    def check(self):
        mind = self.page.presenter
        mind.check()
        self.until(lambda: mind._checking.is_idle and not self.state.is_busy)

    def choose(self, name):
        row = next(row for row in self.state.rows if row.name == name)
        self.page.presenter.choose(row.subject)
        self.until(lambda: self.state.task and self.state.task.name == name)


def sent_back(laptop, rows=SENT_BACK):
    feed = OfficeFeed()
    for name, nik, field, reason in rows:
        saved = registered(laptop, name, nik)
        feed.accepted(saved)
        feed.add(
            "decision", saved.subject, decision="returned", state="returned", field=field,
            reason=reason, officer="Verifikator", revision=saved.entry_hash, number=saved.number,
        )  # fmt: skip
    laptop.store.apply_page(feed.page())


@pytest.fixture
def tray(qtbot, shown, laptop):
    sent_back(laptop)
    owner = QObject()
    page = CorrectionsPage(laptop, parent=owner)
    page.owner = owner
    view = shown(page.build())
    tray = Tray(qtbot, page, view)
    tray.until(lambda: tray.state.task is not None)
    yield tray
    page.stop()
    assert finish_jobs(page)


def test_a_task_shows_the_offices_words_the_field_and_the_old_value(tray):
    tray.choose("NYI IDAH")
    task = tray.state.task
    assert (task.label, task.old_value) == ("Tanggal lahir", "12-03-1974")
    assert task.office_words == "Di daftar desa lahirnya 1947."
    assert tray.state.position in range(1, 5)
    assert len(tray.state.rows) == 4


def test_a_corrected_date_is_checked_saved_and_the_next_task_is_open(tray, laptop):
    tray.choose("NYI IDAH")
    subject = tray.state.task.subject
    tray.type("12031947")
    tray.check()
    sentences = [line.sentence for line in tray.state.lines]
    assert "Tanggal di NIK 12-03-74, di KTP 12-03-1947." in sentences
    assert "Usia sudah 65." in sentences
    tray.key(Qt.Key.Key_Return, CTRL)
    tray.until(lambda: laptop.registration(subject).birth_date.year == 1947)
    tray.until(lambda: len(tray.state.rows) == 3 and tray.state.task is not None)
    assert tray.state.task.subject != subject
    assert "NYI IDAH" in tray.state.said
    assert laptop.search("nyi idah")[0].state == "registered"


def test_a_mothers_name_is_typed_in_any_case(tray, laptop):
    tray.choose("SARMAN")
    subject = tray.state.task.subject
    tray.view.card.focus_field()
    tray.type("ruminah bt. sain")
    tray.key(Qt.Key.Key_Return)
    tray.until(lambda: laptop.registration(subject).mother_name == "RUMINAH BT. SAIN")


def test_a_nik_is_not_saved_until_its_last_digits_were_typed_twice_alike(tray, laptop):
    tray.choose("OYOH ROHAENI")
    subject = tray.state.task.subject
    tray.view.card.focus_field()
    tray.type("3216135203740099")
    tray.key(Qt.Key.Key_Return)
    assert QApplication.focusWidget().objectName() == "fixing.again"
    tray.type("0098")
    tray.key(Qt.Key.Key_Return)
    tray.until(lambda: tray.state.blocking)
    assert [line.place for line in tray.state.blocking] == ["nik_again"]
    assert laptop.registration(subject).nik == "3216135203740003"
    tray.view.card.typed_again.emit("0099")
    tray.key(Qt.Key.Key_Return, CTRL)
    tray.until(lambda: laptop.registration(subject).nik == "3216135203740099")


def test_31_february_stays_in_the_field(tray, laptop):
    tray.choose("NYI IDAH")
    subject = tray.state.task.subject
    tray.type("31021947")
    tray.key(Qt.Key.Key_Return, CTRL)
    tray.until(lambda: tray.state.blocking)
    assert laptop.registration(subject).birth_date.year == 1974


def test_a_value_that_is_so_on_the_ktp_goes_back_as_it_stands(tray, laptop):
    tray.choose("NYI IDAH")
    subject = tray.state.task.subject
    tray.key(Qt.Key.Key_B, ALT)
    tray.until(lambda: laptop.search("nyi idah")[0].state == "registered")
    record = laptop.registration(subject)
    assert (record.birth_date.year, record.date_source) == (1974, "confirmed")


def test_a_person_who_is_not_here_stays_in_the_list(tray):
    before = tray.state.task.subject
    tray.key(Qt.Key.Key_T, ALT)
    tray.until(lambda: tray.state.task is not None and tray.state.task.subject != before)
    assert len(tray.state.rows) == 4


def test_heirs_are_corrected_in_the_whole_form(tray, qtbot):
    tray.choose("KARSIH")
    with qtbot.waitSignal(tray.page.form_asked) as asked:
        tray.key(Qt.Key.Key_E, CTRL)
    assert asked.args == [str(tray.state.chosen)]


def test_without_tasks_the_page_says_thank_you(qtbot, shown, laptop):
    owner = QObject()
    page = CorrectionsPage(laptop, parent=owner)
    page.owner = owner
    shown(page.build())
    qtbot.waitUntil(lambda: page.presenter.state.phase == "ready")
    assert page.presenter.state.rows == ()
    assert page.presenter.state.task is None
    page.stop()
    assert finish_jobs(page)
