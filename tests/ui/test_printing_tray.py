"""Papers print in the background while somebody registers, on a real file and a PDF printer."""

from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.cards.reading import read_codes_from_pdf
from enumerator_app.services.printing import PrintOrder
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Text
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.printing.page import PrintingPage
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.shell import MainWindow
from tests.ui.open_laptops import new_laptop, opened_again, registered

PRINTER = "Epson L3210"
CTRL = Qt.KeyboardModifier.ControlModifier


class Printers:
    """A system with one printer, whose paper is a PDF."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.taken, self.asked, self.is_there = folder, 0, 0, True

    def has_printer(self):
        return self.is_there

    def printer_names(self):
        return (PRINTER,) if self.is_there else ()

    def printer_named(self, name, _sheet):
        if name != PRINTER or not self.is_there:
            return None
        self.taken += 1
        return self._on_paper(self.folder / f"sheet{self.taken}.pdf")

    def ask_printer(self, _parent, _sheet):
        self.asked += 1

    def ask_file(self, _parent, _today):
        return None

    def _on_paper(self, path):
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        return printer


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    yield laptop
    laptop.close()


@pytest.fixture
def printers(tmp_path):
    return Printers(tmp_path)


@pytest.fixture
def open_page(laptop, printers):
    opened = []

    def open_it(battery=lambda: None):
        owner = QObject()
        page = PrintingPage(laptop, battery=battery, dialogs=printers, parent=owner)
        page.owner = owner
        opened.append(page)
        return page

    yield open_it
    for page in opened:
        page.stop()
        assert finish_jobs(page)


def people(laptop, first, count):
    for number in range(first, first + count):
        registered(laptop, f"NAMA {'ABCDEFGHIJKLMN'[number]}", "", document_seen="suket")


def prints_by_itself(laptop):
    laptop.printing.printers.choose(PRINTER)
    laptop.printing.printers.set_print_by_themselves(wanted=True)


def idle(qtbot, tray):
    qtbot.waitUntil(lambda: not tray.is_printing and tray._reading.is_idle, timeout=20_000)


def test_the_fifth_paper_sends_a_sheet_to_the_printer_and_notes_nothing(
    laptop, printers, open_page, qtbot, tmp_path
):
    prints_by_itself(laptop)
    tray = open_page().tray
    people(laptop, 0, 4)
    tray.look()
    idle(qtbot, tray)
    assert (printers.taken, tray.state.waiting) == (0, 4)
    people(laptop, 4, 2)
    with qtbot.waitSignal(tray.handed_over, timeout=20_000):
        tray.look()
    idle(qtbot, tray)
    assert printers.taken == 1
    assert len(read_codes_from_pdf(tmp_path / "sheet1.pdf", dpi=300)) == 5
    assert (tray.state.waiting, tray.state.on_the_way) == (1, 5)
    assert tray.words() == text("printing.tray_out", n=5)
    assert laptop.counts().waiting_print == 6  # nobody is noted before a person saw the paper


def test_a_receipt_reaches_the_head_in_pure_black_and_white_dot_for_dot(
    laptop, open_page, qtbot, tmp_path
):
    laptop.printing.printers.choose(PRINTER)
    laptop.set_setting("printing.sheet", "receipt-58")
    people(laptop, 0, 1)
    tray = open_page().tray
    with qtbot.waitSignal(tray.handed_over, timeout=20_000):
        tray.press()
    idle(qtbot, tray)
    with pikepdf.open(tmp_path / "sheet1.pdf") as document:
        bands = [pikepdf.PdfImage(image) for image in document.pages[0].get_images().values()]
        assert {band.width for band in bands} == {58 * 8}
        inks = {
            value for band in bands for value in set(band.as_pil_image().convert("L").tobytes())
        }
        assert inks == {0, 255}
    assert len(read_codes_from_pdf(tmp_path / "sheet1.pdf", dpi=203)) == 1


def test_without_the_setting_nothing_prints_by_itself(laptop, printers, open_page, qtbot):
    laptop.printing.printers.choose(PRINTER)
    people(laptop, 0, 6)
    tray = open_page().tray
    tray.look()
    idle(qtbot, tray)
    assert (printers.taken, tray.state.waiting) == (0, 6)


def test_a_key_prints_what_waits_and_asks_no_dialog(laptop, printers, open_page, qtbot):
    laptop.printing.printers.choose(PRINTER)
    people(laptop, 0, 3)
    tray = open_page().tray
    with qtbot.waitSignal(tray.handed_over, timeout=20_000):
        tray.press()
    idle(qtbot, tray)
    assert (printers.taken, printers.asked, tray.state.on_the_way) == (1, 0, 3)


def test_without_a_chosen_printer_the_key_leads_to_the_page(laptop, open_page, qtbot):
    people(laptop, 0, 1)
    tray = open_page().tray
    with qtbot.waitSignal(tray.page_asked):
        tray.press()


def test_a_low_battery_prints_nothing(laptop, printers, open_page, qtbot):
    prints_by_itself(laptop)
    people(laptop, 0, 5)
    tray = open_page(battery=lambda: Battery(15, is_plugged=False)).tray
    tray.look()
    idle(qtbot, tray)
    assert printers.taken == 0


def test_a_printer_that_is_gone_is_said_once(laptop, printers, open_page, qtbot):
    prints_by_itself(laptop)
    people(laptop, 0, 5)
    printers.is_there = False
    tray = open_page().tray
    tray.look()
    idle(qtbot, tray)
    assert tray.words() == text("printing.tray_gone")


def test_two_sheets_are_asked_about_together_and_only_the_good_ones_are_noted(
    laptop, open_page, qtbot
):
    prints_by_itself(laptop)
    page = open_page()
    people(laptop, 0, 10)
    page.tray.look()
    qtbot.waitUntil(lambda: page.tray.state.on_the_way == 10, timeout=20_000)
    mind = page.presenter
    qtbot.waitUntil(
        lambda: mind.state.settling is not None and len(mind.state.settling.rows) == 10,
        timeout=20_000,
    )
    mind.work.printer_stopped()
    mind.work.last_good(mind.state.settling.rows[6].subject)
    qtbot.waitUntil(lambda: mind.state.settling is None and not mind.state.work.kind)
    idle(qtbot, page.tray)
    assert laptop.counts().waiting_print == 3
    assert [row.name for row in mind.state.chosen] == ["NAMA H", "NAMA I", "NAMA J"]


def test_after_a_power_cut_the_page_asks_what_came_out(tmp_path, qtbot, printers):
    laptop = new_laptop(tmp_path)
    people(laptop, 0, 2)
    subjects = [worker.subject for worker in laptop.everyone()]
    order = PrintOrder(sheet="a4-5-fold", keep_waiting=True)
    laptop.printing.print_cards(subjects, tmp_path / "c.pdf", order)
    laptop.close()
    laptop, owner = opened_again(tmp_path), QObject()
    page = PrintingPage(laptop, battery=lambda: None, dialogs=printers, parent=owner)
    page.refresh()
    qtbot.waitUntil(lambda: page.presenter.state.settling is not None, timeout=20_000)
    assert [row.name for row in page.presenter.state.settling.rows] == ["NAMA A", "NAMA B"]
    page.stop()
    assert finish_jobs(owner)
    laptop.close()


def test_the_window_prints_from_the_registration_page_and_says_so(laptop, printers, shown, qtbot):
    laptop.printing.printers.choose(PRINTER)
    people(laptop, 0, 3)
    window, owner = MainWindow(Preferences(), motion=False), QObject()
    pages = LaptopPages(laptop, window, lambda: None, parent=owner)
    pages.printing.tray._dialogs = printers
    shown(window)
    window.resize(1366, 768)
    pages.show("registration")
    qtbot.waitUntil(lambda: pages.printing.tray._reading.is_idle)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, CTRL)
    said = text("printing.tray_out", n=3)
    qtbot.waitUntil(
        lambda: said in [label.text() for label in window.findChildren(Text)], timeout=20_000
    )
    assert window.open_key == "registration"
    pages.stop()
    assert finish_jobs(owner)
