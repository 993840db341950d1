"""A laptop that the office has stopped says so on every page, and prints nothing, until it may."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.domain.errors import LaptopStopped
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.printing import PrintOrder
from enumerator_app.services.sync_log import outcome_words
from enumerator_app.texts import text
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Button, Text
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.sending.state import Amount, amounts
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.shell import MainWindow
from enumerator_app.ui.shell.state import Part
from tests.services.test_papers import whole
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced
from tests.ui.open_laptops import registered

LONG_MS = 30_000


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = founded(tmp_path_factory.mktemp("office"))
    office.start()
    yield office
    office.stop()


@pytest.fixture
def laptop(office, tmp_path):
    with Laptop(enrolled_laptop(office, tmp_path / "laptop")) as laptop:
        yield laptop


@pytest.fixture
def window(qtbot, shown, laptop):
    window = MainWindow(Preferences(), motion=False)
    pages = LaptopPages(laptop, window, lambda: None, battery=lambda: None, parent=window)
    window.resize(1366, 768)
    pages.show("sending")
    shown(window)
    window.pages, window.until = (
        pages,
        lambda claim: qtbot.waitUntil(lambda: bool(claim()), timeout=LONG_MS),
    )
    yield window
    pages.stop()
    assert finish_jobs(pages)


def stopped(office, laptop):
    """Two people are at the office; it stops the laptop, which registers one more."""
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    registered(laptop, "ROKAYAH", "3216114411780007")
    really_synced(laptop.store)
    office.ask("device", "revoke", laptop.device_code)
    registered(laptop, "KARSIH", "", document_seen="suket")


def send(window):
    window.open_page("sending")
    window.until(lambda: window.findChild(Button, "sending.send").isVisible())
    window.findChild(Button, "sending.send").click()
    window.until(lambda: not window.pages.sending.is_sending)
    settled(window)


def settled(window):
    pages = window.pages
    lanes = (pages._counting, pages.sending.presenter._counting, pages.home.presenter._counting)
    window.until(lambda: all(lane.is_idle for lane in lanes))


def words(window):
    for _ in range(4):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
    return [label.text() for label in window.findChildren(Text) if label.isVisible()]


def strip(window):
    return window._frame.strip.parts[Part.NOT_SENT].spoken()


def test_the_page_never_says_that_the_office_took_what_it_only_keeps(office, laptop, window):
    stopped(office, laptop)
    send(window)

    said = words(window)
    whole = " ".join(said)
    assert text("sending.locked") in said
    assert "Boleh ditutup" not in whole
    assert text("sending.kept", n=1) in whole
    assert text("sending.locked_do") in whole
    assert text("sending.agree") not in whole
    assert text("sending.undecided", n=1) in whole, "as the command says it"
    assert amounts(window.pages.sending.presenter.state)[0] == Amount(2, 3)
    assert window.findChild(Button, "sending.send").isVisible(), "it may be asked again"
    assert text("shell.stopped") in strip(window)
    (note,) = laptop.sync_log.read()
    assert note.outcome == "locked"
    assert outcome_words(note) == text("sync_log.locked", pushed=1, pending=0)

    window.open_page("home")
    settled(window)
    assert text("home.task_stopped") in words(window)


def test_it_is_remembered_without_a_line_and_ends_when_the_office_says_so(office, laptop, window):
    stopped(office, laptop)
    send(window)
    port = office.stop()
    try:
        assert laptop.store.stopped_at() is not None
        send(window)
        said = " ".join(words(window))
        assert text("sending.locked") in said
        assert "Kantor belum terhubung." in said
        assert "Lanjutkan pendataan" not in said, "not with this laptop"
        assert text("shell.stopped") in strip(window)
    finally:
        office.start(port)

    laptop.store.keep_locked(locked=False, at="2026-11-28T00:00:00.000Z")
    window.pages.count()
    settled(window)
    assert laptop.store.stopped_at() is None
    assert text("shell.stopped") not in strip(window)


def test_no_card_and_no_slip_comes_out(office, laptop, window, tmp_path):
    stopped(office, laptop)
    send(window)
    (subject, *_) = [worker.subject for worker in laptop.to_print()]
    order = PrintOrder(sheet="a4-5-fold")
    for ask in (
        lambda: laptop.printing.print_cards([subject], tmp_path / "slip.pdf", order),
        lambda: laptop.printing.preview([subject], order),
        lambda: laptop.printing.hand_over([subject]),
    ):
        with pytest.raises(LaptopStopped):
            ask()
    assert not (tmp_path / "slip.pdf").exists()

    window.open_page("printing")
    mind = window.pages.printing.presenter
    window.until(lambda: mind.state.phase == "ready" and mind.state.trouble)
    assert text("errors.laptop_stopped") in " ".join(words(window))
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert not mind.state.may_print
    assert not mind.state.work.kind


def test_the_hand_over_sheet_says_it_and_names_whom_the_office_only_keeps(office, laptop, tmp_path):
    stopped(office, laptop)
    really_synced(laptop.store)
    late = laptop.search("KARSIH")[0].number
    laptop.papers.handover(tmp_path / "handover.pdf")
    said = whole(tmp_path / "handover.pdf")
    assert "Kantor menghentikan laptop ini." in said
    assert "Diterima kantor: 2" in said
    kept = said.partition("Disimpan di kantor, belum berlaku: 1")[2]
    assert str(late) in kept.partition("Belum diterima kantor: 0")[0]
    assert "Semua" not in said.partition("Diterima kantor: 2")[0]
