"""The evening after the table: who is not complete, and what windows that are Qt's own say."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from enumerator_app.domain.findings import Finding, describe
from enumerator_app.texts import set_language, text
from enumerator_app.ui.home.page import HomePage
from enumerator_app.ui.home.state import home_state
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.qt_words import QtWords
from enumerator_app.ui.registration.checks import sentence_and_advice
from enumerator_app.ui.shell.state import Part, ShellState
from enumerator_app.ui.shell.strip import TopStrip
from enumerator_app.ui.workers.page import WorkersPage
from tests.ui.open_laptops import new_laptop, registered
from tests.ui.test_workers import Desk

WHOLE, PART = "3216135203740003", "3216114411780007"


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    yield laptop
    laptop.close()


@pytest.fixture
def desk(qtbot, shown, laptop):
    registered(laptop, "SITI MAEMUNAH", WHOLE)
    registered(laptop, "ROKAYAH ENDIN", PART, sex="", works_now="", birth_date="04-11-1978")
    owner = QObject()
    page = WorkersPage(laptop, parent=owner)
    page.owner = owner
    view = shown(page.build())
    view.setFocus()
    desk = Desk(qtbot, page, view)
    desk.until(lambda: desk.state.phase == "ready")
    yield desk
    page.stop()
    assert finish_jobs(page)


def test_who_was_not_asked_everything_does_not_look_like_a_whole_record(desk):
    said = {row.name: row.where for row in desk.state.rows}
    assert "Belum lengkap" in said["ROKAYAH ENDIN"]
    assert "Belum lengkap" not in said["SITI MAEMUNAH"]


def test_whoever_is_not_complete_is_found_and_what_to_ask_stands_there(desk):
    desk.page.presenter.choose_state("unanswered")
    desk.until(lambda: desk.names() == ["ROKAYAH ENDIN"])
    desk.page.presenter.open(desk.state.rows[0].subject)
    desk.until(lambda: desk.state.detail is not None and desk.state.detail.lacking)
    lacking = desk.state.detail.lacking
    assert text("form.unasked.sex") in lacking
    assert text("form.unasked.works_now") in lacking
    assert text("form.unasked.birth_date") not in lacking


def test_a_warning_that_somebody_was_saved_with_stands_in_the_record(desk, laptop):
    saved = registered(laptop, "KARSIH WATI", "3216114511780003")
    desk.page.presenter.open(saved.subject)
    desk.until(lambda: desk.state.detail and desk.state.detail.name == "KARSIH WATI")
    assert "12-03-1974" in desk.state.detail.lacking, "another day than the one in the NIK"


def test_the_window_that_asks_for_a_file_speaks_our_language(qapp, shown):
    words = QtWords()
    qapp.installTranslator(words)
    set_language("id")
    dialog = QFileDialog(None, "Foto", "/", "JPEG (*.jpg)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    shown(dialog)
    said = {one.text() for kind in (QLabel, QPushButton) for one in dialog.findChildren(kind)}
    qapp.removeTranslator(words)
    assert {"&Lihat di:", "&Nama berkas:", "&Jenis berkas:", "&Buka", "Batal"} <= said, said


def test_what_somebody_typed_is_not_taken_apart_into_sentences():
    said = describe(Finding("date_unreadable", "error", "birth_date", {"value": "Kp. Pulo Asem"}))
    sentence, advice = sentence_and_advice(said)
    assert "“Kp. Pulo Asem”" in sentence
    assert advice.startswith("Tulis seperti")


@pytest.mark.parametrize("years", [-2, 2])
def test_a_clock_that_is_years_off_is_said_on_the_first_page(qtbot, shown, laptop, years):
    registered(laptop, "SITI MAEMUNAH", WHOLE)
    wrong = datetime.now(UTC) + timedelta(days=years * 366)
    laptop.registering._clock = lambda: wrong
    owner = QObject()
    page = HomePage(laptop, parent=owner, clock=lambda: wrong)
    shown(page.build())
    qtbot.waitUntil(lambda: page.presenter.state.tasks != ())
    task = page.presenter.state.tasks[0]
    assert f"{wrong:%Y}" in task.title
    assert task.page == "ready"
    page.stop()


def test_the_reminder_counts_no_years_when_the_last_sending_is_in_the_future(laptop):
    registered(laptop, "SITI MAEMUNAH", WHOLE)
    now = datetime.now(UTC)
    last = SimpleNamespace(at=now + timedelta(days=730), heads_agree=True)
    state = home_state(laptop.counts(), laptop.week(), (), last, now, clock_is_sure=False)
    assert state.reminder == text("home.send_soon")


def test_what_could_not_be_counted_is_no_nought(shown):
    strip = shown(TopStrip())
    strip.render(ShellState(is_counted=False))
    said = [strip.parts[part].spoken() for part in (Part.NOT_SENT, Part.RECEIVED, Part.TO_CORRECT)]
    assert not any("0" in words for words in said), said
