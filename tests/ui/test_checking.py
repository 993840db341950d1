"""Periksa kartu: a scanner's keys, files, drops, a camera; one large word with its reason."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.cards.office_trust import OfficeTrust
from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.services.checking import Checking
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.verifying import TRUST_DOCUMENT
from enumerator_app.storage.self_knowledge import Enrolment
from enumerator_app.texts import set_language
from enumerator_app.ui.checking.answers import AnswerCard
from enumerator_app.ui.checking.page import CheckingPage
from enumerator_app.ui.checking.view import CheckingView
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import install_theme, theme_for
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.shell import MainWindow
from tests.storage.laptops import ENROLMENT, new_laptop
from tests.verifier.corpus import (
    REVOKED,
    TODAY,
    claims,
    mutations,
    sealed,
    table,
    trust_list,
    trust_of,
)

OWN, CARD = sealed(claims()), sealed(claims(43, "Darsono", "active"))


class Film(QObject):
    """A camera that a test holds a picture to."""

    frame_arrived = Signal(QImage)
    is_there = True

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.runs = False

    def start(self) -> None:
        self.runs = True

    def stop(self) -> None:
        self.runs = False


class NoCamera(Film):
    is_there = False


def enrolled(folder: Path, trust: OfficeTrust):
    """A real encrypted laptop that has an office's list."""
    store = new_laptop(folder / "home", enrolled=False)
    fields = {name: getattr(ENROLMENT, name) for name in Enrolment.__dataclass_fields__}
    store.set_identity(Enrolment(**{**fields, "root_key": trust.root_key}))
    store.keep_document(TRUST_DOCUMENT, canonical_bytes(trust.document))
    return store


def at_noon(days: int = 0) -> Callable[[], datetime]:
    moment = datetime(TODAY.year, TODAY.month, TODAY.day, 5, tzinfo=UTC) + timedelta(days=days)
    return lambda: moment


@pytest.fixture
def opened(qtbot, shown, tmp_path, monkeypatch):
    """Open the page on a laptop whose list is so many days old."""
    # The program's own age is the least that today can be: of these codes it is their day.
    monkeypatch.setattr("enumerator_app.services.today.BUILT_ON", TODAY)
    kept = []

    def open_page(days: int = 0, camera=NoCamera, size: QSize | None = None):
        store = enrolled(tmp_path, trust_of(trust_list()))
        owner = QObject()
        page = CheckingPage(Checking(store, at_noon(days)), camera=camera, parent=owner)
        view = page.build()
        if size is not None:
            view.setFixedSize(size)
        shown(view)
        qtbot.waitUntil(lambda: bool(page.presenter.state.list_words))
        kept.append((page, store, owner))
        return page, view

    yield open_page
    for page, store, _owner in kept:
        page.stop()
        assert finish_jobs(page)
        store.close()


def answered(qtbot, page):
    qtbot.waitUntil(lambda: not page.presenter.state.is_busy and bool(page.presenter.state.answers))
    return page.presenter.state.answers


def scanned(qtbot, page, view, code):
    page.presenter.clear()
    QTest.keyClicks(view.code.line, code)
    QTest.keyClick(view.code.line, Qt.Key.Key_Return)
    return answered(qtbot, page)


def picture_of(code: str, folder: Path, name: str = "card.png") -> Path:
    made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    path = folder / name
    Image.fromarray(made.to_image(scale=4, add_quiet_zones=True)).save(path)
    return path


def test_a_scanner_types_a_code_and_the_answer_stands_there(qtbot, opened):
    page, view = opened()
    (answer,) = scanned(qtbot, page, view, OWN)
    assert (answer.word, answer.tone) == ("ASLI", "good")
    assert ("Nomor pendataan", claims().number) in answer.facts
    assert view.code.text() == ""
    assert view.code.line.hasFocus()
    (card,) = view.findChildren(AnswerCard)
    assert card.band.word == answer.word


def test_each_code_of_the_table_has_a_word_of_its_kind(qtbot, opened):
    page, _view = opened()
    for case in table():
        if case.code:
            page.presenter.clear()
            page.presenter.submit(case.code)
            (answer,) = answered(qtbot, page)
            wanted = {"genuine": "good", "not_genuine": "bad", "revoked": "bad"}.get(case.word)
            is_other = case.reason == "other_code"
            assert answer.tone == ("look" if is_other or wanted is None else wanted), case.name
            assert bool(answer.facts) == (
                case.word in {"genuine", "revoked", "superseded", "expired"}
            ), case.name


def test_what_is_pasted_is_judged_at_once_line_by_line(qtbot, opened):
    page, view = opened()
    QGuiApplication.clipboard().setText(f"{OWN}\r\n{CARD}\n")
    view.code.line.paste()
    answers = answered(qtbot, page)
    assert [answer.tone for answer in answers] == ["good", "good"]
    assert page.presenter.state.heading.startswith("2 kode")


def test_a_slip_is_genuine_and_says_that_it_is_no_cover(qtbot, opened):
    page, view = opened()
    (slip,) = scanned(qtbot, page, view, OWN)
    assert slip.strip == "Belum dijamin saat slip dicetak"
    (card,) = scanned(qtbot, page, view, CARD)
    assert card.strip == ""
    assert "31-10-2027" in card.sentence


def test_nothing_unproven_is_shown(qtbot, opened):
    page, _view = opened()
    for code in mutations(40, seed=9):
        if code.strip():
            page.presenter.clear()
            page.presenter.submit(code)
            qtbot.waitUntil(lambda: not page.presenter.state.is_busy)
            for answer in page.presenter.state.answers:
                assert answer.facts == ()
                assert "Siti" not in answer.spoken
                assert answer.tone != "good"


def test_a_picture_a_pdf_and_a_file_that_is_neither(qtbot, opened, tmp_path):
    page, view = opened()
    view.file_given.emit(str(picture_of(OWN, tmp_path)))
    assert answered(qtbot, page)[0].tone == "good"
    sheet = io.BytesIO()
    Image.open(picture_of(CARD, tmp_path)).convert("RGB").save(sheet, "PDF")
    (tmp_path / "card.pdf").write_bytes(sheet.getvalue())
    view.file_given.emit(str(tmp_path / "card.pdf"))
    qtbot.waitUntil(lambda: not page.presenter.state.is_busy)
    assert answered(qtbot, page)[0].facts[0] == ("Nama di kode", "Darsono")
    (tmp_path / "half.png").write_bytes(b"\x89PNG")
    view.file_given.emit(str(tmp_path / "half.png"))
    qtbot.waitUntil(lambda: "tidak bisa dibaca" in page.presenter.state.note)
    Image.new("L", (400, 300), 200).save(tmp_path / "empty.png")
    view.file_given.emit(str(tmp_path / "empty.png"))
    qtbot.waitUntil(lambda: "Tidak ada kode" in page.presenter.state.note)
    assert page.presenter.state.answers == ()


def test_a_picture_may_be_dropped_on_the_page(qtbot, opened, tmp_path):
    page, view = opened()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture_of(OWN, tmp_path)))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(view, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(view, drop)
    assert answered(qtbot, page)[0].tone == "good"


def test_a_code_held_to_the_camera_is_read_and_the_camera_closed(qtbot, opened, tmp_path):
    page, view = opened(camera=Film)
    QTest.keyClick(view, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert page.presenter.state.camera == "live"
    film = page.presenter._camera
    film.frame_arrived.emit(QImage(640, 480, QImage.Format.Format_RGB32))
    qtbot.waitUntil(lambda: page.presenter._looking.is_idle)
    assert page.presenter.state.answers == ()
    film.frame_arrived.emit(QImage(str(picture_of(OWN, tmp_path))))
    assert answered(qtbot, page)[0].tone == "good"
    assert not film.runs
    assert page.presenter.state.camera == "off"


def test_the_camera_does_not_look_on_when_another_page_is_in_front(opened):
    page, view = opened(camera=Film)
    page.presenter.toggle_camera()
    view.hide()
    assert page.presenter.state.camera == "off"
    assert not page.presenter._camera.runs


def test_without_a_camera_it_says_what_else_can_be_done(opened):
    page, _view = opened()
    page.presenter.toggle_camera()
    assert page.presenter.state.note.startswith("Kamera tidak ditemukan")


def test_an_old_list_is_said_above_and_in_the_answer(qtbot, opened):
    page, view = opened(days=44)
    assert "44 hari" in page.presenter.state.list_warning
    (answer,) = scanned(qtbot, page, view, OWN)
    assert (answer.word, answer.tone, answer.is_list_old) == ("SEGEL BENAR", "look", True)


def test_without_a_list_it_says_so_and_judges_nothing(qtbot, shown, tmp_path):
    store = new_laptop(tmp_path / "home")
    owner = QObject()
    page = CheckingPage(Checking(store, at_noon()), parent=owner)
    shown(page.build())
    qtbot.waitUntil(lambda: "Daftar kunci kantor belum ada" in page.presenter.state.trouble)
    page.presenter.submit(OWN)
    qtbot.waitUntil(lambda: not page.presenter.state.is_busy)
    assert page.presenter.state.answers == ()
    page.stop()
    assert finish_jobs(page)
    store.close()


@pytest.mark.parametrize("look", ["light-100-1286-712-id", "sun-100-1286-594-en",
                                  "light-125-1270-712-en", "light-200-1366-704-id",
                                  "sun-200-1366-704-en"])  # fmt: skip
def test_nothing_is_cut_in_any_answer(qtbot, qapp, opened, look):
    contrast, percent, width, height, language = look.split("-")
    set_language(language)
    install_theme(
        qapp, theme_for(1366, 768, contrast=contrast, text_percent=int(percent), motion=False)
    )
    page, view = opened(camera=Film, size=QSize(int(width), int(height)))
    page.presenter.toggle_camera()
    assert settled(view) == []
    page.presenter.close_camera()
    seen = set()
    for case in table():
        if case.reason not in seen and case.code:
            seen.add(case.reason)
            page.presenter.clear()
            page.presenter.submit(case.code)
            answered(qtbot, page)
            assert settled(view) == [], case.name
    page.presenter.submit("\n".join((OWN, CARD, sealed(claims(900, number=REVOKED)))))
    answered(qtbot, page)
    assert settled(view) == []
    set_language("id")


def settled(view):
    for _ in range(4):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
    return faults(view)


@pytest.mark.parametrize("text_percent", [100, 200])
def test_what_a_scanner_types_after_f12_goes_into_the_code(qtbot, shown, tmp_path, text_percent):
    laptop = Laptop(enrolled(tmp_path, trust_of(trust_list())))
    window = MainWindow(Preferences(text_percent=text_percent), motion=False)
    pages = LaptopPages(laptop, window, lambda: None, battery=lambda: None, parent=window)
    pages.show()
    shown(window)
    for key, wanted in ((Qt.Key.Key_F12, "checking"), (Qt.Key.Key_F1, "home")) * 2:
        QTest.keyClick(QApplication.focusWidget(), key)
        qtbot.waitUntil(lambda wanted=wanted: window.open_key == wanted)
        if wanted == "checking":
            QTest.keyClicks(QApplication.focusWidget(), OWN)
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
            qtbot.waitUntil(lambda: bool(pages.checking.presenter.state.answers))
            pages.checking.presenter.clear()
    pages.stop()
    assert finish_jobs(pages)
    laptop.close()


def test_f12_and_the_palette_open_the_page_in_the_window(qtbot, shown, tmp_path):
    laptop = Laptop(enrolled(tmp_path, trust_of(trust_list())))
    window = MainWindow(Preferences(), motion=False)
    pages = LaptopPages(laptop, window, lambda: None, battery=lambda: None, parent=window)
    pages.show()
    shown(window)
    QTest.keyClick(window, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: window.open_key == "checking")
    view = window.findChild(CheckingView)
    qtbot.waitUntil(lambda: bool(pages.checking.presenter.state.list_words))
    QTest.keyClicks(view.code.line, OWN)
    QTest.keyClick(view.code.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(window.findChildren(AnswerCard)))
    QTest.keyClick(window, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: window.open_key == "home")
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.frame.palette_list
    QTest.keyClicks(palette.line, "periksa kartu")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.open_key == "checking")
    pages.stop()
    assert finish_jobs(pages)
    laptop.close()
