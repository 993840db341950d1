"""The flash drive beside the network: a real window, a real folder, a real office that answers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.services.laptop import Laptop
from enumerator_app.texts import set_language, text
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Button, Text, Theme, TickBox, install_theme
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.sending.drives import Drive
from enumerator_app.ui.sending.page import SendingPage
from sync.client.looking import AnswerSeen
from sync.server.bundles import How, import_bundle
from sync.server.devices import add_device
from sync.server.standing import standing
from tests.server.fixtures import sqlite_office, sqlite_template  # noqa: F401 - found by import
from tests.server.offices import serving
from tests.sync_client.real_office import enrolled_laptop
from tests.ui.open_laptops import new_laptop, registered


class Served:
    def __init__(self, office, url):
        self.office, self.url = office, url

    def ask(self, *words):
        return {"code": add_device(self.office, words[2]).code}


class Plugged:
    """The drives that a test plugs in, and what a person chooses in the system's dialogs."""

    def __init__(self, folder):
        self.drives = [Drive(folder, "KINGSTON")]
        self.chosen, self.answer = None, None

    def plugged_in(self):
        return self.drives

    def ask_folder(self, _parent):
        return self.chosen

    def ask_answer(self, _parent, _folder):
        return self.answer


@pytest.fixture
def office(sqlite_office):  # noqa: F811 - the fixture of that name
    with serving(sqlite_office) as (host, port):
        yield Served(sqlite_office, f"http://{host}:{port}")


@pytest.fixture
def laptop(office, tmp_path):
    with Laptop(enrolled_laptop(office, tmp_path / "laptop")) as laptop:
        yield laptop


@pytest.fixture
def drive(tmp_path):
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    return folder


class Desk:
    def __init__(self, qtbot, page, view):
        self.qtbot, self.page, self.view = qtbot, page, view

    @property
    def state(self):
        return self.page.stick.state

    def button(self, name):
        return self.view.findChild(Button, f"stick.{name}")

    def press(self, name):
        button = self.button(name)
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Return)

    def until_said(self):
        self.qtbot.waitUntil(lambda: bool(self.state.said or self.state.trouble), timeout=20_000)

    def until_seen(self):
        self.qtbot.waitUntil(lambda: self.state.seen is not None, timeout=20_000)

    def words(self):
        return [label.text() for label in self.view.findChildren(Text) if label.isVisible()]


@pytest.fixture
def open_desk(qtbot, shown, drive):
    opened = []

    def open_it(laptop):
        owner = QObject()
        page = SendingPage(laptop, drives=Plugged(drive), parent=owner)
        page.owner = owner
        page.stick._clock = lambda: datetime(2026, 11, 22, 9, 9, tzinfo=UTC)
        desk = Desk(qtbot, page, shown(page.build()))
        opened.append(desk)
        qtbot.waitUntil(lambda: page.presenter._counting.is_idle, timeout=20_000)
        return desk

    yield open_it
    for desk in opened:
        desk.page.stop()
        assert finish_jobs(desk.page)


def test_by_keys_alone_there_and_back(open_desk, laptop, office, drive):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)
    desk.press("write")
    desk.until_said()
    path = drive / f"kirim-{laptop.device_code}-22111609.tpb"
    assert path.exists()
    assert f"2 catatan dan 0 foto ada di {path.name}" in desk.state.said
    assert "Belum diterima siapa pun." in desk.state.said
    assert laptop.counts().pending == 1

    answer = path.with_suffix(".tpa")
    import_bundle(office.office, path, How(answer))
    assert standing(office.office)["registrations"] == 1
    desk.page.stick._drives.answer = answer
    desk.press("read")
    desk.until_seen()
    assert QApplication.focusWidget() is desk.button("take")
    assert f"{path.stem}.tpa" in desk.words()
    assert text("stick.seen_first") in desk.words()
    assert not desk.button("write").isVisible()
    assert laptop.counts().pending == 1
    desk.press("later")
    assert QApplication.focusWidget() is desk.button("read")
    assert (desk.state.seen, laptop.counts().pending) == (None, 1)
    assert "belum dibaca" in desk.state.said

    desk.press("read")
    desk.until_seen()
    with desk.qtbot.waitSignal(desk.page.changed, timeout=20_000):
        desk.press("take")
    assert QApplication.focusWidget() is desk.button("read")
    assert "Kantor menerima 2 catatan dan 0 foto." in desk.state.said
    assert laptop.counts().pending == 0
    desk.qtbot.waitUntil(lambda: desk.page.presenter.state.held.pending == 0, timeout=20_000)


def test_what_cannot_be_read_in_is_said_and_never_offered(open_desk, laptop, office, tmp_path):
    """Of another laptop, damaged, and read in before: each in words, with nothing to read in."""
    with Laptop(enrolled_laptop(office, tmp_path / "other")) as other:
        registered(other, "ROKAYAH", "3216114411780007")
        foreign = answered(office, other, tmp_path / "lain.tpb")
    known = answered(office, laptop, tmp_path / "lama.tpb")
    laptop.carrying.take_answer(known)
    damaged = tmp_path / "rusak.tpa"
    damaged.write_bytes(known.read_bytes()[:-40])
    desk = open_desk(laptop)
    for path, said in (
        (foreign, text("errors.bundle_foreign")),
        (damaged, text("errors.bundle_unreadable")),
        (known, " ".join(map(text, ("bundles.nothing_new", "stick.taken_all", "sending.agree")))),
    ):
        desk.page.stick._drives.answer = path
        desk.press("read")
        desk.qtbot.waitUntil(lambda said=said: said in desk.words(), timeout=20_000)
        assert (desk.state.seen, desk.state.work) == (None, "")
        assert desk.button("read").isVisible()


def answered(office, laptop, path):
    """Return the office's answer to what a laptop carries."""
    laptop.carrying.write(path)
    import_bundle(office.office, path, How(path.with_suffix(".tpa")))
    return path.with_suffix(".tpa")


def test_the_keycaps_work_anywhere_on_the_page(open_desk, laptop, drive):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)
    desk.view.setFocus()
    QTest.keyClick(desk.view, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    desk.until_said()
    assert list(drive.glob("*.tpb"))


def test_a_ticked_drive_has_each_save_and_the_line_says_so(open_desk, laptop, drive):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)
    told = []
    desk.page.stick.kept.connect(told.append)
    box = desk.view.findChild(TickBox, "stick.keep")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: desk.state.standing.is_up_to_date, timeout=20_000)
    assert "KINGSTON: setiap simpanan ada juga di flashdisk." in desk.words()
    before = len(list(drive.rglob("*.tpb")))
    registered(laptop, "ROKAYAH", "3216114411780007")
    desk.qtbot.waitUntil(lambda: len(list(drive.rglob("*.tpb"))) == before + 1, timeout=20_000)
    desk.qtbot.waitUntil(lambda: told[-1:] == [True], timeout=20_000)

    drive.rename(drive.with_name("di saku"))
    desk.page.stick.refresh()
    desk.qtbot.waitUntil(lambda: not desk.state.standing.is_there, timeout=20_000)
    assert text("stick.away") in desk.words()
    assert told[-1] is False


def test_a_drive_that_is_put_back_catches_up_by_itself(open_desk, laptop, drive):
    laptop.carrying.keeper._look_every_s = 0.05
    desk = open_desk(laptop)
    QTest.keyClick(desk.view.findChild(TickBox, "stick.keep"), Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: desk.state.standing.is_up_to_date, timeout=20_000)
    away = drive.rename(drive.with_name("di saku"))
    desk.qtbot.waitUntil(lambda: text("stick.away") in desk.words(), timeout=20_000)
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    away.rename(drive)
    said = "KINGSTON: setiap simpanan ada juga di flashdisk."
    desk.qtbot.waitUntil(lambda: said in desk.words(), timeout=20_000)
    assert len(list(drive.rglob("*.tpb"))) == 2


def test_trouble_that_is_over_is_said_no_more(open_desk, laptop, drive):
    desk = open_desk(laptop)
    stone = drive / "tani-pendata"
    stone.write_text("a file in the folder's place")
    QTest.keyClick(desk.view.findChild(TickBox, "stick.keep"), Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: bool(desk.state.keeping_trouble), timeout=20_000)
    assert desk.state.keeping_trouble in desk.words()
    stone.unlink()
    desk.page.refresh()
    said = "KINGSTON: setiap simpanan ada juga di flashdisk."
    desk.qtbot.waitUntil(lambda: said in desk.words(), timeout=20_000)
    assert not [words for words in desk.words() if "tidak bisa ditulis" in words]


def test_a_drive_that_cannot_be_written_is_said_in_words(open_desk, laptop, drive):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)
    drive.rmdir()
    desk.press("write")
    desk.until_said()
    assert "tidak bisa ditulis" in desk.state.trouble
    assert "aman" in desk.state.trouble


def test_nothing_happens_when_nobody_chooses_a_place(open_desk, laptop):
    desk = open_desk(laptop)
    desk.page.stick._drives.drives = []
    desk.press("write")
    desk.press("read")
    assert (desk.state.work, desk.state.said, desk.state.trouble) == ("", "", "")
    box = desk.view.findChild(TickBox, "stick.keep")
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert not box.isChecked()


def test_a_practice_laptop_has_no_office_to_carry_to(open_desk, tmp_path):
    with new_laptop(tmp_path) as practice:
        desk = open_desk(practice)
        assert not desk.view.findChild(Button, "stick.write").isEnabled()
        assert not desk.view.findChild(TickBox, "stick.keep").isEnabled()


@pytest.mark.parametrize("percent", [100, 125, 200])
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_is_clipped(open_desk, laptop, qapp, percent, language):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    install_theme(qapp, Theme(text_percent=percent, motion=False))
    set_language(language)
    try:
        desk = open_desk(laptop)
        desk.view.resize(1286, 712)
        desk.press("write")
        desk.until_said()
        desk.qtbot.waitUntil(lambda: faults(desk.view) == [], timeout=5_000)
        seen = AnswerSeen(1284, 686, 112, 31, 9, 9, 4, 1250, 12, 133, locked=True)
        answer = Path("kirim-A01-22111609-kantor-cikarang.tpa")
        desk.page.stick._show(said="", seen=seen, answer=answer)
        desk.qtbot.waitUntil(lambda: faults(desk.view) == [], timeout=5_000)
    finally:
        set_language("id")
