"""Printing on a real file and a real (PDF) printer: a paper counts once a person saw it."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.cards.reading import read_codes_from_image, read_codes_from_pdf
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Button, EmptyState, Text
from enumerator_app.ui.printing.page import PrintingPage
from enumerator_app.ui.printing.paper_run import Order, draw_side
from enumerator_app.ui.printing.preview_pane import free_places
from enumerator_app.ui.printing.state import (
    PaperRow,
    PrintingState,
    capacity_of,
    next_free,
    on_sheet,
    sheet_count,
    side_words,
    summary_words,
    with_rows,
)
from tests.ui.open_laptops import new_laptop, opened_again, registered

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
PEOPLE = (
    ("SITI MAEMUNAH", "3216135203740003"),
    ("ROKAYAH", "3216114411780007"),
    ("KARSIH", ""),
)


class Answers:
    """Answers the system's dialogs as a person would."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "printer.pdf"
        self.file: Path | None = folder / "saved.pdf"
        self.printers = True
        self.asked: list[str] = []

    def has_printer(self) -> bool:
        return self.printers

    def ask_printer(self, _parent: object, sheet: str) -> QPrinter:
        self.asked.append(sheet)
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.output))
        return printer

    def ask_file(self, _parent: object, today: date) -> Path | None:
        self.asked.append(f"{today:%Y}")
        return self.file


class Desk:
    def __init__(self, qtbot, page, view, answers, laptop):
        self.qtbot, self.page, self.view = qtbot, page, view
        self.answers, self.laptop = answers, laptop

    @property
    def state(self):
        return self.page.presenter.state

    def until(self, claim):
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=20_000)

    def settled(self):
        """Wait until nothing is read, drawn, printed or written any more."""
        mind = self.page.presenter
        lanes = (mind._reading, mind.preview.drawing, mind._keeping, mind._faces)
        self.until(lambda: not self.state.work.kind and all(lane.is_idle for lane in lanes))

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget() or self.view, key, modifier)

    def print_all(self):
        """Press the key and wait until the printer has everything."""
        self.key(Qt.Key.Key_P, CTRL)
        self.until(lambda: self.state.settling is not None)

    def words(self):
        """Return what can be read, once every layout that was asked for has been made."""
        for _ in range(4):
            QApplication.sendPostedEvents()
            QApplication.processEvents()
        return [label.text() for label in self.view.findChildren(Text) if label.isVisible()]

    def button(self, name):
        return self.view.findChild(Button, f"printing.{name}")

    def names(self):
        return [row.name for row in self.state.chosen]

    def waiting(self):
        return [worker.name for worker in self.laptop.to_print()]

    def prints(self, name):
        """Return how often the journal says that this person's paper was printed."""
        worker = self.laptop.search(name)[0]
        timeline = self.laptop.detail(worker.subject).timeline
        return [item for item in timeline if item.kind == "card_printed"]


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    for name, nik in PEOPLE:
        registered(laptop, name, nik, document_seen="KTP" if nik else "suket")
    yield laptop
    laptop.close()


@pytest.fixture
def open_desk(qtbot, shown, tmp_path):
    opened = []

    def open_it(laptop, *, battery=lambda: None):
        owner, answers = QObject(), Answers(tmp_path)
        page = PrintingPage(laptop, battery=battery, dialogs=answers, parent=owner)
        page.owner = owner
        view = page.build()
        view.resize(1286, 712)
        shown(view)
        view.setFocus()
        desk = Desk(qtbot, page, view, answers, laptop)
        opened.append(desk)
        desk.until(lambda: desk.state.phase == "ready")
        return desk

    yield open_it
    for desk in opened:
        desk.page.stop()
        assert finish_jobs(desk.page)


@pytest.fixture
def desk(open_desk, laptop):
    return open_desk(laptop)


def codes_of(desk):
    """Return the codes of everybody's slip, read from the PDF by another reader of PDFs."""
    pdf = desk.answers.output.with_name("other.pdf")
    subjects = [row.subject for row in desk.state.chosen]
    pdf.write_bytes(desk.laptop.preview_cards(subjects, sheet="a4-5-fold"))
    codes = read_codes_from_pdf(pdf)
    assert len(set(codes)) == len(PEOPLE)
    return set(codes)


# Who


def test_whoever_has_no_paper_yet_is_there_and_ticked(desk):
    assert desk.names() == [name for name, _ in PEOPLE]
    assert [row.paper for row in desk.state.rows] == [
        "Bukti pendataan", "Bukti pendataan", "Bukti pendataan, menunggu NIK",
    ]  # fmt: skip


def test_space_unticks_and_what_was_unticked_stays_so_when_read_anew(desk):
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Space)
    registered(desk.laptop, "ENDAH", "3216134101800002")

    desk.page.refresh()
    desk.until(lambda: len(desk.state.rows) == 4)

    assert desk.names() == ["SITI MAEMUNAH", "KARSIH", "ENDAH"]


def test_all_can_be_unticked_and_then_nothing_can_be_printed(desk):
    desk.page.presenter.toggle_all()

    assert desk.names() == []
    assert not desk.button("print").isEnabled()
    assert "Belum ada yang dipilih." in desk.words()


def test_without_anybody_waiting_the_page_says_what_to_do(open_desk, tmp_path):
    with new_laptop(tmp_path / "empty") as laptop:
        desk = open_desk(laptop)

        assert desk.view.findChild(EmptyState) is not None
        assert text("printing.empty") in desk.words()
        with desk.qtbot.waitSignal(desk.page.workers_asked):
            button = desk.view.findChild(EmptyState).findChild(Button)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        desk.page.stop()
        assert finish_jobs(desk.page)


# The sheet in sight


def test_the_preview_is_the_sheet_that_comes_out(desk, tmp_path):
    page = draw_side(desk.laptop, desk.page.presenter.order(), 0, QSize(2480, 3508))
    picture = tmp_path / "preview.png"
    page.image.save(str(picture))

    assert (page.width_mm, page.height_mm) == pytest.approx((210, 297), abs=0.1)
    assert set(read_codes_from_image(picture)) == codes_of(desk)


def test_the_sheet_that_was_chosen_is_chosen_again_the_next_day(desk, open_desk, tmp_path):
    desk.page.presenter.choose_sheet("a4-10")
    desk.settled()
    desk.page.stop()
    assert finish_jobs(desk.page)
    desk.laptop.close()

    with opened_again(tmp_path) as laptop:
        again = open_desk(laptop)
        assert again.state.sheet == "a4-10"
        again.page.stop()
        assert finish_jobs(again.page)


def test_two_sides_are_turned_with_their_words(desk):
    desk.page.presenter.choose_sheet("a4-10")
    desk.settled()
    assert side_words(desk.state) == ("Lembar 1 dari 1, depan", "3 terisi, 7 kosong")

    desk.key(Qt.Key.Key_Right, ALT)

    desk.settled()
    assert side_words(desk.state)[0] == "Lembar 1 dari 1, belakang"
    assert free_places(desk.state) == ()


def test_a_started_sheet_leaves_its_first_places_out(desk):
    desk.page.presenter.choose_first(3)
    desk.settled()

    assert desk.state.sheet_count == 2
    assert side_words(desk.state) == ("Lembar 1 dari 2", "2 terisi, 0 kosong")
    assert [number for _, _, number in free_places(desk.state)] == [1, 2, 3]


# The printer


def test_nothing_is_printed_until_somebody_saw_it(desk):
    codes = codes_of(desk)

    desk.print_all()

    assert desk.answers.asked == ["a4-5-fold"]
    assert desk.waiting() == [name for name, _ in PEOPLE]
    assert "Sudah keluar semua?" in desk.words()
    assert set(read_codes_from_pdf(desk.answers.output)) == codes


def test_after_all_came_out_nobody_waits_and_each_is_noted_once(desk, qtbot):
    desk.print_all()

    with qtbot.waitSignal(desk.page.changed, timeout=20_000):
        desk.key(Qt.Key.Key_Return)

    desk.settled()
    assert desk.waiting() == []
    assert [len(desk.prints(name)) for name, _ in PEOPLE] == [1, 1, 1]
    assert "3 sudah dicetak." in [*desk.words(), desk.state.said]


def test_when_the_printer_stopped_only_the_good_ones_are_noted_and_the_rest_waits(desk):
    desk.print_all()
    desk.key(Qt.Key.Key_B, ALT)
    assert "Kartu terakhir yang jadi?" in desk.words()
    desk.key(Qt.Key.Key_Return)  # the first of the list is the last good one

    desk.until(lambda: desk.state.settling is None)
    desk.settled()

    assert desk.waiting() == ["ROKAYAH", "KARSIH"]
    assert desk.names() == ["ROKAYAH", "KARSIH"]
    assert desk.state.free == 0  # nobody knows what lies on that sheet

    desk.print_all()
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: desk.state.settling is None)
    desk.settled()
    assert [len(desk.prints(name)) for name, _ in PEOPLE] == [1, 1, 1]


def test_the_free_places_of_the_last_sheet_are_offered_and_kept(desk, open_desk, tmp_path):
    desk.key(Qt.Key.Key_S, CTRL)
    desk.settled()
    assert desk.state.free == 3
    registered(desk.laptop, "ENDAH", "3216134101800002")
    desk.page.refresh()
    desk.settled()
    assert any("masih kosong dari tempat 4" in words for words in desk.words())
    desk.page.stop()
    assert finish_jobs(desk.page)
    desk.laptop.close()

    with opened_again(tmp_path) as laptop:
        again = open_desk(laptop)
        again.settled()
        assert (again.state.free, again.state.first) == (3, 0)
        again.page.stop()
        assert finish_jobs(again.page)


def test_when_not_one_is_good_nothing_is_noted(desk):
    desk.print_all()
    desk.key(Qt.Key.Key_B, ALT)

    desk.key(Qt.Key.Key_0, ALT)

    desk.until(lambda: desk.state.settling is None)
    assert len(desk.waiting()) == 3
    assert desk.state.said == text("printing.none_done")


def test_while_papers_are_on_their_way_nothing_about_them_can_change(desk):
    desk.print_all()
    before = desk.state
    mind = desk.page.presenter

    mind.toggle_all()
    mind.choose_sheet("cr80")
    mind.choose_first(2)
    mind.look_again()
    desk.page.refresh()
    desk.settled()

    assert desk.state.ticked == before.ticked
    assert (desk.state.sheet, desk.state.first, desk.state.mode) == ("a4-5-fold", 0, "new")
    assert desk.state.settling == before.settling


def test_the_question_is_still_there_when_the_page_is_built_anew(desk, shown):
    desk.print_all()

    again = shown(desk.page.build())

    titles = [label.text() for label in again.findChildren(Text) if label.isVisible()]
    assert "Sudah keluar semua?" in titles
    desk.page.presenter.work.last_good(None)
    desk.until(lambda: desk.state.settling is None)


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_is_said_and_nothing_is_noted(desk, tmp_path):
    desk.answers.output = tmp_path / "no such folder" / "x.pdf"

    desk.key(Qt.Key.Key_P, CTRL)

    desk.until(lambda: desk.state.trouble)
    assert desk.state.trouble == text("printing.printer_failed")
    assert desk.state.settling is None
    assert len(desk.waiting()) == 3


def test_without_a_printer_the_pdf_is_offered(desk):
    desk.answers.printers = False

    desk.key(Qt.Key.Key_P, CTRL)

    assert desk.state.trouble == text("printing.no_printer")
    assert desk.answers.asked == []


def test_a_low_battery_stops_printing_and_preview(open_desk, laptop):
    desk = open_desk(laptop, battery=lambda: Battery(18, is_plugged=False))

    desk.key(Qt.Key.Key_P, CTRL)

    assert desk.answers.asked == []
    assert desk.state.preview.drawing == "nothing"
    assert "Baterai 18 %" in desk.state.trouble


@pytest.mark.parametrize("battery", [Battery(18, is_plugged=True), Battery(21, is_plugged=False)])
def test_on_mains_or_above_twenty_per_cent_it_prints(open_desk, laptop, battery):
    desk = open_desk(laptop, battery=lambda: battery)

    desk.print_all()

    assert desk.state.trouble == ""
    desk.page.presenter.work.last_good(None)


# The file


def test_a_saved_pdf_holds_everybody_and_counts_as_printed(desk, qtbot):
    with qtbot.waitSignal(desk.page.changed, timeout=20_000):
        desk.key(Qt.Key.Key_S, CTRL)
    desk.settled()

    assert desk.waiting() == []
    assert len(read_codes_from_pdf(desk.answers.file)) == 3
    assert desk.state.said == (
        "3 tersimpan di saved.pdf dan dicatat sudah dicetak. Cetak berkas itu sekarang. "
        "Kalau tidak jadi, pilih lagi dengan Ctrl+R."
    )


def test_without_a_file_name_nothing_happens(desk):
    desk.answers.file = None

    desk.key(Qt.Key.Key_S, CTRL)

    assert desk.state.work.kind == ""
    assert len(desk.waiting()) == 3


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_noted(desk, tmp_path):
    desk.answers.file = tmp_path / "no such folder" / "x.pdf"

    desk.key(Qt.Key.Key_S, CTRL)

    desk.until(lambda: desk.state.trouble)
    assert len(desk.waiting()) == 3


def test_cancelled_saving_leaves_no_file_and_no_note(desk):
    desk.key(Qt.Key.Key_S, CTRL)
    desk.page.presenter.work.cancel()

    desk.settled()
    assert desk.state.said == text("printing.cancelled")
    assert not desk.answers.file.exists()
    assert len(desk.waiting()) == 3


# Once more


def test_a_second_paper_asks_why_and_the_journal_keeps_the_reason(desk):
    desk.key(Qt.Key.Key_S, CTRL)
    desk.settled()
    desk.key(Qt.Key.Key_R, CTRL)
    desk.until(lambda: desk.state.phase == "ready" and desk.state.rows)
    desk.page.presenter.look_for("siti")
    desk.until(lambda: [row.name for row in desk.state.rows] == ["SITI MAEMUNAH"])
    assert desk.state.rows[0].paper == "Bukti pendataan, salinan ke-2"
    desk.page.presenter.toggle(desk.state.rows[0].subject)
    assert not desk.button("print").isEnabled()
    assert "Pilih dulu alasannya." in desk.words()

    desk.page.presenter.choose_reason("lost")
    desk.answers.file = desk.answers.file.with_name("again.pdf")
    desk.key(Qt.Key.Key_S, CTRL)
    desk.until(desk.answers.file.exists)
    desk.settled()

    kept = [item.parameters["reason"] for item in desk.prints("siti")]
    assert sorted(kept) == ["", "lost"]
    assert len(desk.prints("ROKAYAH")) == 1


def test_a_copy_that_jammed_is_in_the_list_and_comes_with_the_reason_that_was_given(desk):
    desk.key(Qt.Key.Key_S, CTRL)
    desk.settled()
    subject = desk.laptop.search("siti")[0].subject
    desk.page.presenter.open_people([subject])
    desk.until(lambda: desk.state.mode == "again" and desk.names() == ["SITI MAEMUNAH"])
    desk.page.presenter.choose_reason("damaged")
    desk.print_all()
    desk.key(Qt.Key.Key_B, ALT)
    desk.key(Qt.Key.Key_0, ALT)
    desk.until(lambda: desk.state.settling is None)

    desk.key(Qt.Key.Key_R, CTRL)
    desk.until(lambda: desk.state.mode == "new" and desk.names() == ["SITI MAEMUNAH"])
    assert desk.state.rows[0].paper == "Bukti pendataan, salinan ke-2"
    desk.print_all()
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: desk.state.settling is None)
    desk.settled()

    kept = [item.parameters["reason"] for item in desk.prints("siti")]
    assert (sorted(kept), desk.waiting()) == (["", "damaged"], [])


def test_who_was_never_printed_is_not_among_the_copies(desk):
    desk.key(Qt.Key.Key_R, CTRL)

    desk.until(lambda: desk.state.phase == "ready")
    assert desk.state.rows == ()
    assert text("printing.none_printed") in desk.words()

    desk.key(Qt.Key.Key_R, CTRL)
    desk.until(lambda: desk.state.mode == "new" and len(desk.state.rows) == 3)


def test_those_who_are_ticked_stay_while_somebody_else_is_looked_for(desk):
    desk.key(Qt.Key.Key_S, CTRL)
    desk.settled()
    desk.page.presenter.look_again()
    desk.until(lambda: len(desk.state.rows) == 3)
    first = desk.state.rows[0]
    desk.page.presenter.toggle(first.subject)

    other = next(name for name, _ in PEOPLE if name != first.name)
    desk.page.presenter.look_for(other)

    desk.until(lambda: [row.name for row in desk.state.rows] == [first.name, other])
    assert desk.names() == [first.name]


def test_one_person_from_another_page_is_alone_on_the_sheet(desk):
    subject = desk.laptop.search("ROKAYAH")[0].subject

    desk.page.open_person(str(subject))

    desk.until(lambda: desk.names() == ["ROKAYAH"])
    desk.settled()
    assert desk.state.mode == "new"
    assert len(desk.state.rows) == 3
    assert desk.view._people.current_key() == str(subject)


def test_one_person_who_withdrew_is_said_to_get_no_paper(desk):
    worker = desk.laptop.search("ROKAYAH")[0]
    desk.laptop.withdraw(worker.subject, "moved")

    desk.page.open_person(str(worker.subject))

    desk.until(lambda: worker.number in desk.state.trouble)
    assert "tidak dapat lembar" in desk.state.trouble
    assert "ROKAYAH" not in [row.name for row in desk.state.rows]


def test_one_person_who_has_a_paper_is_asked_for_the_reason(desk):
    desk.key(Qt.Key.Key_S, CTRL)
    desk.settled()
    subject = desk.laptop.search("ROKAYAH")[0].subject

    desk.page.open_person(str(subject))

    desk.until(lambda: desk.names() == ["ROKAYAH"])
    desk.settled()
    assert desk.state.mode == "again"
    assert not desk.state.may_print


# Sheets and places, by numbers alone


def rows(count):
    return tuple(PaperRow(UUID(int=n + 1), f"ORANG {n}", f"{n}", "", None) for n in range(count))


@given(
    count=st.integers(0, 60),
    name=st.sampled_from(["a4-5-fold", "a4-10", "cr80", "receipt"]),
    data=st.data(),
)
def test_every_card_lies_on_exactly_one_sheet_in_order(count, name, data):
    capacity = capacity_of(name)
    first = data.draw(st.integers(0, capacity - 1))
    everybody = rows(count)

    sheets = [
        on_sheet(everybody, first, capacity, number)
        for number in range(sheet_count(count, first, capacity))
    ]

    assert tuple(row for part in sheets for row in part) == everybody
    assert all(part for part in sheets)
    assert all(len(part) <= capacity for part in sheets)
    order = Order(tuple(row.subject for row in everybody), name, first)
    assert [one.subjects for one in order.sheets()] == [
        tuple(row.subject for row in part) for part in sheets
    ]
    last = len(sheets[-1]) + (first if len(sheets) == 1 else 0) if sheets else first
    assert next_free(count, first, capacity) == last % capacity


def test_new_people_are_ticked_and_gone_ones_are_forgotten():
    one, two, three = rows(3)
    state = PrintingState(phase="ready", rows=(one, two), ticked=frozenset({one.subject}))

    state = with_rows(state, (two, three))

    assert state.ticked == {three.subject}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ticked": frozenset()}, "Belum ada yang dipilih."),
        ({"mode": "again"}, "Pilih dulu alasannya."),
        ({}, "3 orang, 1 lembar. Gratis untuk warga."),
    ],
)
def test_the_words_beside_the_buttons_say_what_comes_or_why_not(changed, words):
    everybody = rows(3)
    ticked = frozenset(row.subject for row in everybody)
    state = PrintingState(**({"phase": "ready", "rows": everybody, "ticked": ticked} | changed))

    assert summary_words(state) == words
