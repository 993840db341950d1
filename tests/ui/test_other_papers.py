"""Other sheets on a real file, by real keys, onto a real (PDF) printer."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app import BUILT_ON
from enumerator_app.cards.reading import read_codes_from_pdf
from enumerator_app.domain.tickets import parse_ticket
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.paper_orders import KINDS
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Banner, Button, Text, install_theme, theme_for
from enumerator_app.ui.other_papers.page import OtherPapersPage
from enumerator_app.ui.other_papers.state import OtherPapersState, file_name
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.shell import MainWindow
from tests.ui.open_laptops import new_laptop, registered

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NOON = datetime.combine(BUILT_ON + timedelta(days=8), datetime.min.time(), UTC).replace(hour=5)


class Answers:
    """Answers the system's dialogs as a person would."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "printer.pdf"
        self.file: Path | None = folder / "saved.pdf"
        self.printers = True

    def has_printer(self) -> bool:
        return self.printers

    def ask_printer(self, _parent: object, _kind: str) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.output))
        return printer

    def ask_file(self, _parent: object, _kind: str, _today: date) -> Path | None:
        return self.file


class Desk:
    def __init__(self, qtbot, page, view, answers, laptop):
        self.qtbot, self.page, self.view = qtbot, page, view
        self.answers, self.laptop = answers, laptop

    @property
    def state(self) -> OtherPapersState:
        return self.page.presenter.state

    def until(self, claim):
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=20_000)

    def settled(self):
        """Wait until nothing is read, drawn, printed or written any more."""
        mind = self.page.presenter
        self.until(lambda: not self.state.work and mind.reading.is_idle and mind.drawing.is_idle)

    def drawn(self):
        self.until(lambda: self.state.preview.drawing == "ready")
        self.settled()

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget() or self.view, key, modifier)

    def type_words(self, words):
        QTest.keyClicks(QApplication.focusWidget(), words)

    def choose(self, kind):
        """Walk down the list to a kind."""
        self.view.kinds.setFocus(Qt.FocusReason.TabFocusReason)
        self.key(Qt.Key.Key_Home)
        for _ in range(KINDS.index(kind)):
            self.key(Qt.Key.Key_Down)
        assert self.state.kind == kind
        self.settled()

    def words(self):
        for _ in range(4):
            QApplication.sendPostedEvents()
            QApplication.processEvents()
        return [label.text() for label in self.view.findChildren(Text) if label.isVisible()]

    def button(self, name):
        return self.view.findChild(Button, f"other_papers.{name}")


@pytest.fixture
def laptop(tmp_path):
    made = new_laptop(tmp_path)
    made.store._file.now = lambda: NOON
    yield Laptop(made.store, lambda: NOON)
    made.close()


@pytest.fixture
def open_desk(qtbot, shown, tmp_path):
    opened = []
    private = tmp_path / "private"
    private.mkdir()

    def open_it(laptop, *, battery=lambda: None):
        owner, answers = QObject(), Answers(tmp_path)
        page = OtherPapersPage(
            laptop,
            folder=private,
            clock=lambda: NOON,
            battery=battery,
            dialogs=answers,
            parent=owner,
        )
        page.owner = owner
        view = page.build()
        view.resize(1286, 712)
        shown(view)
        view.setFocus()
        desk = Desk(qtbot, page, view, answers, laptop)
        opened.append(desk)
        desk.until(lambda: desk.state.known.slips)
        return desk

    yield open_it
    for desk in opened:
        desk.page.stop()
        assert finish_jobs(desk.page)
    assert list(private.iterdir()) == []


def pages(path):
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def visit(laptop, tickets=12):
    return laptop.visits.open(
        village="Karangharja", groups=[GroupDraft("Poktan Sri Mukti")], tickets=tickets
    )


def test_slips_of_the_open_visit_are_drawn_and_saved_by_keys_alone(laptop, open_desk):
    visit(laptop)
    desk = open_desk(laptop)
    desk.drawn()
    assert "Karangharja" in " ".join(desk.words())
    assert text("other_papers.page_of", n=1, total=2) in desk.words()
    desk.key(Qt.Key.Key_Return)  # from the list into the first field
    desk.key(Qt.Key.Key_A, CTRL)
    desk.type_words("25")
    desk.key(Qt.Key.Key_Return)
    desk.key(Qt.Key.Key_A, CTRL)
    desk.type_words("14")
    desk.settled()
    desk.drawn()
    assert desk.state.pages == 3
    desk.key(Qt.Key.Key_S, CTRL)
    desk.settled()
    slips = [parse_ticket(code).number for code in read_codes_from_pdf(desk.answers.file)]
    assert sorted(slips) == list(range(14, 39))
    assert text("other_papers.saved", n=3, name="saved.pdf") == desk.state.said


def test_an_invitation_asks_for_its_day_first(laptop, open_desk):
    visit(laptop)
    desk = open_desk(laptop)
    desk.choose("invitation")
    assert desk.state.wrong == "day"
    assert text("other_papers.wrong.day") not in desk.words()
    desk.key(Qt.Key.Key_Return)
    desk.type_words("04-01-2027")
    desk.until(lambda: desk.state.preview.drawing == "failed")
    said = text("errors.nobody_expected", place="Karangharja")
    assert desk.state.trouble == said  # a practice laptop has no list


def test_every_kind_can_be_drawn_printed_and_has_a_name_for_its_file(laptop, open_desk):
    visit(laptop)
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)
    for kind in (kind for kind in KINDS if kind != "invitation"):
        desk.choose(kind)
        desk.drawn()
        expected = desk.state.pages
        desk.key(Qt.Key.Key_P, CTRL)
        desk.until(lambda: desk.state.said)
        desk.settled()
        assert pages(desk.answers.output) == expected
        assert file_name(kind, date(2026, 11, 22)).endswith("-2026-11-22.pdf")


def test_without_a_visit_minutes_say_so_and_nothing_can_be_printed(laptop, open_desk):
    desk = open_desk(laptop)
    assert text("other_papers.no_visit") in desk.words()
    desk.choose("minutes")
    desk.until(lambda: desk.state.preview.drawing == "failed")
    assert desk.state.trouble == text("errors.no_visit")
    assert not desk.button("print").isEnabled()
    assert desk.view.findChild(Banner).isVisible()
    desk.choose("form")
    desk.drawn()
    assert not desk.state.trouble


def test_a_number_that_is_none_is_said_beside_its_field(laptop, open_desk):
    desk = open_desk(laptop)
    desk.drawn()
    desk.key(Qt.Key.Key_Return)
    desk.key(Qt.Key.Key_A, CTRL)
    desk.type_words("banyak")
    assert desk.state.wrong == "count"
    assert text("other_papers.wrong.count") in desk.words()
    assert not desk.button("print").isEnabled()


def test_the_two_numbers_stand_level_while_one_of_them_is_wrong(laptop, open_desk):
    desk = open_desk(laptop)
    desk.drawn()
    boxes = [desk.view.fields[part].line for part in ("count", "start")]
    for typed in ("12", "5000"):
        desk.view.fields["count"].setFocus()
        desk.key(Qt.Key.Key_A, CTRL)
        desk.type_words(typed)
        desk.settled()
        tops = [box.mapTo(desk.view, box.rect().topLeft()).y() for box in boxes]
        assert tops[0] == tops[1], typed
    assert desk.state.wrong == "count"
    assert "Angka dari 1 sampai 2.000." in desk.words()


def test_slips_never_go_further_than_their_last_number(laptop, open_desk):
    desk = open_desk(laptop)
    for count, start, wrong in ((2000, 1, None), (2000, 2, "start"), (1, 2000, None)):
        desk.page.presenter.type_part("count", str(count))
        desk.page.presenter.type_part("start", str(start))
        assert desk.state.wrong == wrong, (count, start)
    desk.page.presenter.type_part("count", "1")


def test_pages_are_turned_by_keys(laptop, open_desk):
    visit(laptop, tickets=31)
    desk = open_desk(laptop)
    desk.drawn()
    for at in (1, 2, 3, 3):
        desk.key(Qt.Key.Key_Right, ALT)
        desk.settled()
        assert desk.state.preview.at == at
    desk.key(Qt.Key.Key_Left, ALT)
    desk.settled()
    assert desk.state.preview.at == 2


def test_sheets_for_the_family_are_for_those_recorded_today(laptop, open_desk):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    registered(laptop, "ROKAYAH", "3216114411780007")
    desk = open_desk(laptop)
    desk.choose("family")
    desk.drawn()
    assert desk.state.pages == 4
    desk.key(Qt.Key.Key_Return)
    desk.type_words(text("other_papers.whose.blank").split("|")[1])
    desk.drawn()
    assert desk.state.pages == 20


def test_forms_that_were_saved_are_not_printed_twice(laptop, open_desk):
    desk = open_desk(laptop)
    desk.choose("form")
    desk.drawn()
    desk.key(Qt.Key.Key_S, CTRL)
    desk.until(lambda: desk.state.said)
    desk.drawn()
    first = read_codes_from_pdf(desk.answers.file)
    desk.key(Qt.Key.Key_S, CTRL)
    desk.settled()
    desk.drawn()
    assert set(first).isdisjoint(read_codes_from_pdf(desk.answers.file))


def test_at_twice_the_text_a_sheet_that_is_not_in_sight_can_be_printed(laptop, open_desk, qapp):
    install_theme(qapp, theme_for(1366, 768, contrast="light", text_percent=200, motion=False))
    visit(laptop)
    desk = open_desk(laptop)
    desk.drawn()
    assert not desk.view._paper.isVisible()
    assert desk.button("print").isEnabled()
    desk.key(Qt.Key.Key_B, CTRL)
    assert desk.view._paper.isVisible()
    desk.drawn()
    assert desk.state.pages == 2


def test_escape_leads_back_to_the_cards(laptop, open_desk, qtbot):
    desk = open_desk(laptop)
    desk.drawn()
    with qtbot.waitSignal(desk.page.page_asked) as asked:
        desk.key(Qt.Key.Key_Escape)
    assert asked.args == ["printing"]


def test_a_low_battery_stops_sheets_and_previews(laptop, open_desk):
    desk = open_desk(laptop, battery=lambda: Battery(15, is_plugged=False))
    desk.settled()
    assert desk.state.trouble == text("printing.battery", n=15)
    assert not desk.button("print").isEnabled()


def test_without_a_printer_the_page_says_what_to_do(laptop, open_desk):
    desk = open_desk(laptop)
    desk.drawn()
    desk.answers.printers = False
    desk.key(Qt.Key.Key_P, CTRL)
    assert desk.state.trouble == text("printing.no_printer")


# The ways there, in the whole window


@pytest.fixture
def window(qtbot, shown, laptop):
    window = MainWindow(Preferences(), motion=False)
    pages = LaptopPages(laptop, window, lambda: None, battery=lambda: None, parent=window)
    window.resize(1366, 768)
    pages.show("printing")
    shown(window)
    window.pages = pages
    yield window
    pages.stop()
    assert finish_jobs(pages)


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def test_from_the_cards_by_ctrl_o_and_back_by_escape(window, qtbot):
    qtbot.waitUntil(lambda: window.pages.printing.presenter.state.phase == "ready")
    press(window, Qt.Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: window.open_key == "other_papers")
    press(window, Qt.Key.Key_Down)
    assert window.pages.other_papers.presenter.state.kind == "invitation"
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.open_key == "printing")


def test_from_the_recap_of_a_visit_to_its_minutes(window, laptop, qtbot):
    visit(laptop)
    window.open_page("visit")
    mind = window.pages.visit.presenter
    qtbot.waitUntil(lambda: mind.state.kind == "running")
    mind.ending.ask_close()
    qtbot.waitUntil(lambda: mind.state.kind == "closing")
    mind.ending.close()
    qtbot.waitUntil(lambda: mind.state.kind == "closed")
    qtbot.waitUntil(lambda: window.findChild(Button, "visit.minutes").isVisible())
    press(window, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: window.open_key == "other_papers")
    state = window.pages.other_papers.presenter.state
    assert state.kind == "minutes"
    qtbot.waitUntil(lambda: window.pages.other_papers.presenter.state.pages == 1)
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.open_key == "visit")


def test_from_sending_to_the_hand_over(window, laptop, qtbot):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    window.open_page("sending")
    qtbot.waitUntil(lambda: window.findChild(Button, "sending.handover").isVisible())
    press(window, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: window.open_key == "other_papers")
    assert window.pages.other_papers.presenter.state.kind == "handover"
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.open_key == "sending")
