"""Finding people and looking at one, on a real encrypted file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.tickets import Ticket, place_key
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Button
from enumerator_app.ui.workers.page import WorkersPage
from enumerator_app.ui.workers.state import PAGE_ROWS, masked_nik, masked_phone
from tests.services.test_photo_batch import keep, scene
from tests.ui.open_laptops import PASSPHRASE, new_laptop, registered, village_of

CTRL = Qt.KeyboardModifier.ControlModifier
PEOPLE = (
    ("SITI MAEMUNAH", "3216135203740003"),
    ("ROKAYAH BT. ENDIN", "3216114411780007"),
    ("KARSIH", ""),
)


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    yield laptop
    laptop.close()


class Desk:
    def __init__(self, qtbot, page, view):
        self.qtbot, self.page, self.view = qtbot, page, view

    @property
    def state(self):
        return self.page.presenter.state

    def until(self, claim):
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=5000)

    def names(self):
        return [row.name for row in self.state.rows]

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget(), key, modifier)

    def type(self, words):
        QTest.keyClicks(QApplication.focusWidget(), words)


@pytest.fixture
def open_desk(qtbot, shown, laptop):
    opened = []

    def open_it():
        owner = QObject()
        page = WorkersPage(laptop, parent=owner)
        page.owner = owner
        view = shown(page.build())
        view.setFocus()
        desk = Desk(qtbot, page, view)
        opened.append(desk)
        desk.until(lambda: desk.state.phase == "ready")
        return desk

    yield open_it
    for desk in opened:
        desk.page.stop()
        assert finish_jobs(desk.page)


@pytest.fixture
def desk(open_desk, laptop):
    for name, nik in PEOPLE:
        registered(laptop, name, nik, document_seen="KTP" if nik else "suket")
    return open_desk()


def test_a_part_of_a_name_finds_the_person_while_it_is_typed(desk):
    desk.type("roka")
    desk.until(lambda: desk.names() == ["ROKAYAH BT. ENDIN"])
    desk.until(lambda: desk.state.detail and desk.state.detail.name == "ROKAYAH BT. ENDIN")


def test_the_last_digits_of_a_nik_find_the_person(desk):
    desk.type("40003")
    desk.until(lambda: desk.names() == ["SITI MAEMUNAH"])


def test_a_search_without_a_match_says_what_to_try_and_escape_shows_all(desk):
    desk.type("zzz")
    desk.until(lambda: desk.state.rows == () and desk.state.phase == "ready")
    assert not desk.view.people.isVisible()
    desk.key(Qt.Key.Key_Escape)
    desk.until(lambda: len(desk.names()) == 3)


def test_the_arrows_lead_into_the_list_and_back(desk):
    desk.key(Qt.Key.Key_Down)
    assert QApplication.focusWidget().objectName() == "people.list"
    desk.key(Qt.Key.Key_Down)
    desk.until(lambda: desk.state.detail and desk.state.detail.name == "ROKAYAH BT. ENDIN")
    desk.key(Qt.Key.Key_Up)
    desk.key(Qt.Key.Key_Up)
    assert QApplication.focusWidget().objectName() == "people.search"


def test_a_chip_shows_who_waits_for_a_nik(desk):
    desk.page.presenter.choose_chip("waiting_nik")
    desk.until(lambda: desk.names() == ["KARSIH"])
    assert dict(desk.state.chip_counts)["waiting_nik"] == 1


def test_chips_narrow_to_what_was_not_sent_and_to_a_day(desk):
    desk.page.presenter.choose_chip("pending")
    desk.until(lambda: desk.state.query.chip == "pending" and len(desk.names()) == 3)
    desk.until(lambda: dict(desk.state.chip_counts).get("pending") == 3)
    desk.page.presenter.choose_day(desk.state.today - timedelta(days=1))
    desk.until(lambda: desk.names() == [])
    desk.page.presenter.choose_day(desk.state.today)
    desk.until(lambda: len(desk.names()) == 3)


def test_the_detail_hides_what_nobody_at_the_table_needs(desk):
    desk.type("maemunah")
    desk.until(lambda: desk.state.detail and desk.state.detail.name == "SITI MAEMUNAH")
    told = {fact.label: fact.value for fact in desk.state.detail.facts}
    assert told["NIK"] == "321613 •••••• 0003"
    assert told["HP"] == "0812 •••• 7890"
    assert told["Desa"] == "Karangharja, Kec. Pebayuran"
    assert desk.state.detail.state.words == "Belum dikirim"


def test_keys_ask_for_a_correction_and_for_a_paper(desk, qtbot):
    desk.type("maemunah")
    desk.until(lambda: desk.state.detail and desk.state.detail.name == "SITI MAEMUNAH")
    subject = str(desk.state.selected)
    with qtbot.waitSignal(desk.page.correct_asked) as asked:
        desk.key(Qt.Key.Key_E, CTRL)
    assert asked.args == [subject]
    with qtbot.waitSignal(desk.page.print_asked) as asked:
        desk.key(Qt.Key.Key_P, CTRL)
    assert asked.args == [subject]


def test_a_record_is_withdrawn_with_its_reason_and_stays_in_sight(desk, laptop):
    desk.type("maemunah")
    desk.until(lambda: desk.state.detail and desk.state.detail.name == "SITI MAEMUNAH")
    desk.key(Qt.Key.Key_D, CTRL)
    assert desk.state.asks_why
    desk.view.detail.withdrawn.emit("wrong_person")
    assert desk.state.leaving == "SITI MAEMUNAH"
    assert laptop.counts().by_state.get("withdrawn", 0) == 0  # nothing is written yet
    desk.page.presenter.withdrawing.finish()  # as the ten seconds do
    desk.until(lambda: laptop.counts().by_state.get("withdrawn") == 1)
    desk.until(lambda: desk.state.detail and desk.state.detail.state.words == "Dibatalkan")
    assert not desk.state.detail.may_correct


def test_the_list_grows_page_by_page(open_desk, laptop):
    for number in range(PAGE_ROWS + 5):
        registered(laptop, f"ORANG {number:03d}", f"3216135203{number:06d}")
    desk = open_desk()
    assert len(desk.state.rows) == PAGE_ROWS
    assert desk.state.has_more
    desk.view.end_neared.emit()
    desk.until(lambda: len(desk.state.rows) == PAGE_ROWS + 5)
    assert desk.view.people.rows.rowCount() == PAGE_ROWS + 5
    assert len(set(desk.names())) == PAGE_ROWS + 5


def test_a_person_chosen_elsewhere_is_open_though_the_page_of_the_list_has_others(
    open_desk, laptop
):
    first = registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    for number in range(PAGE_ROWS):
        registered(laptop, f"ORANG {number:03d}", f"3216135203{number:06d}")
    desk = open_desk()
    desk.page.open_person(str(first.subject))
    desk.until(lambda: desk.state.detail and desk.state.detail.name == "SITI MAEMUNAH")
    desk.page.refresh()
    desk.until(lambda: desk.state.phase == "ready" and desk.state.detail is not None)
    assert desk.state.detail.name == "SITI MAEMUNAH"


def test_only_the_answer_to_the_last_letter_is_shown(desk):
    for typed in ("s", "si", "sit", "k", "ka", "kars"):
        desk.page.presenter.look_for(typed)
        desk.page.presenter.refresh()
    desk.until(lambda: desk.names() == ["KARSIH"])


def test_an_empty_laptop_says_how_to_begin(open_desk):
    desk = open_desk()
    assert desk.state.is_empty_laptop


def test_masking_keeps_what_recognises_and_hides_the_rest():
    assert masked_nik("3216135203740003") == "321613 •••••• 0003"
    assert masked_nik("") == "belum ada"
    assert masked_phone("081234567890") == "0812 •••• 7890"
    assert masked_phone("") == "tidak ada"


def ticked(desk):
    names = {row.subject: row.name for row in desk.state.rows}
    return sorted(names.get(subject, "?") for subject in desk.state.picked)


def test_space_ticks_and_shift_with_an_arrow_ticks_on_the_way(desk):
    desk.key(Qt.Key.Key_Down)
    first = desk.names()[0]
    desk.key(Qt.Key.Key_Space)
    assert ticked(desk) == [first]
    assert desk.view.right.currentWidget() is desk.view.picked
    desk.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert ticked(desk) == sorted(desk.names()[:2])
    desk.key(Qt.Key.Key_Space)
    assert ticked(desk) == [first]
    desk.key(Qt.Key.Key_Escape)
    desk.until(lambda: not desk.state.picked)
    assert desk.view.right.currentWidget() is desk.view.detail


def test_everybody_found_is_ticked_those_not_yet_read_too(open_desk, laptop):
    for number in range(PAGE_ROWS + 5):
        registered(laptop, f"ORANG {number:03d}", f"3216135203{number:06d}")
    desk = open_desk()
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_A, CTRL)
    desk.until(lambda: len(desk.state.picked) == PAGE_ROWS + 5)
    desk.key(Qt.Key.Key_A, CTRL)
    desk.until(lambda: not desk.state.picked)


def test_a_table_is_written_with_keys_after_the_passphrase(desk, tmp_path):
    path = tmp_path / "out.xlsx"
    desk.view.picked.ask_path = lambda _parent, suffix, _day: path.with_suffix(suffix)
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_A, CTRL)
    desk.until(lambda: len(desk.state.picked) == 3)
    desk.key(Qt.Key.Key_S, CTRL)
    desk.until(lambda: desk.state.export.phase == "asking")
    desk.type("salah sekali sandi ini")
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: desk.state.export.problem)
    assert not path.exists()
    desk.type(PASSPHRASE)
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: desk.state.export.phase == "done")
    assert path.exists()
    assert "3 orang" in desk.state.export.said


def test_papers_of_those_who_are_ticked_are_asked_for_together(desk, qtbot):
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_A, CTRL)
    desk.until(lambda: len(desk.state.picked) == 3)
    with qtbot.waitSignal(desk.page.papers_asked) as asked:
        desk.key(Qt.Key.Key_P, CTRL)
    assert set(asked.args[0]) == desk.state.picked


def test_menus_narrow_to_a_state_and_to_what_was_sent(desk, laptop):
    laptop.withdraw(laptop.search("karsih")[0].subject, "asked_for")
    desk.page.presenter.choose_state("withdrawn")
    desk.until(lambda: desk.names() == ["KARSIH"])
    desk.page.presenter.choose_state("")
    desk.page.presenter.choose_custody("received")
    desk.until(lambda: desk.names() == [])
    desk.page.presenter.choose_custody("saved")
    desk.until(lambda: len(desk.names()) == 3)


def test_a_withdrawal_is_undone_with_a_key_and_leaves_no_trace(desk, laptop):
    desk.type("maemunah")
    desk.until(lambda: desk.state.detail and desk.state.detail.name == "SITI MAEMUNAH")
    before = laptop.counts().pending
    desk.key(Qt.Key.Key_D, CTRL)
    desk.view.detail.withdrawn.emit("wrong_person")
    desk.until(lambda: desk.view.findChild(Button, "people.undo").isVisible())
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    desk.until(lambda: not desk.state.leaving)
    assert "tetap seperti semula" in desk.state.said
    desk.page.presenter.withdrawing.finish()
    assert finish_jobs(desk.page)
    assert laptop.counts().by_state.get("withdrawn", 0) == 0
    assert laptop.counts().pending == before


def test_a_withdrawal_is_written_when_the_page_closes_before_its_time(desk, laptop):
    desk.type("maemunah")
    desk.until(lambda: desk.state.detail and desk.state.detail.name == "SITI MAEMUNAH")
    desk.key(Qt.Key.Key_D, CTRL)
    desk.view.detail.withdrawn.emit("wrong_person")
    desk.page.stop()
    assert finish_jobs(desk.page)
    assert laptop.counts().by_state["withdrawn"] == 1


def test_the_history_names_the_fields_of_a_correction(desk, laptop):
    subject = laptop.search("maemunah")[0].subject
    draft = laptop.draft_of(subject)
    changed = replace(draft, values={**draft.values, "mother_name": "ENDAH", "rt": "004"})
    laptop.correct(subject, changed)
    desk.type("maemunah")
    desk.until(lambda: desk.state.detail and len(desk.state.detail.steps) > 1)
    (step,) = [step for step in desk.state.detail.steps if "Diperbaiki" in step.sentence]
    assert step.detail == "Nama ibu kandung, RT"


@pytest.fixture
def camera_folder(laptop, tmp_path):
    """A folder of a camera: two who are here, one of them twice, and one slip of nobody."""
    today = day_in_wib(datetime.now(UTC))
    village = village_of(laptop, "Karangharja")
    for name, nik, ticket in (("SITI MAEMUNAH", "3216135203740003", "001"),
                              ("ROKAYAH BT. ENDIN", "3216135203740005", "002")):  # fmt: skip
        registered(laptop, name, nik, ticket=ticket)
    slips = [Ticket(place_key(village, today), number) for number in (1, 2, 2, 9)]
    for n, slip in enumerate(slips):
        keep(tmp_path / "DCIM", f"{n}.jpg", scene(slip, seed=n, size=(900, 1700)))
    return tmp_path / "DCIM"


def test_pictures_of_a_folder_are_reviewed_side_by_side_before_they_are_saved(
    open_desk, laptop, camera_folder
):
    desk = open_desk()
    desk.view.foot.ask_folder = lambda _parent: camera_folder
    desk.key(Qt.Key.Key_O, CTRL)
    desk.until(lambda: desk.state.photos.phase == "review")
    assert [m.name for m in desk.state.photos.matches] == [
        "SITI MAEMUNAH", "ROKAYAH BT. ENDIN", "ROKAYAH BT. ENDIN", "",
    ]  # fmt: skip
    assert desk.state.photos.ticked == {0}  # of two pictures of one person, somebody chooses
    assert laptop.counts().photos_pending == 0
    desk.until(lambda: QApplication.focusWidget().objectName() == "photos.list")
    for _ in range(2):
        desk.key(Qt.Key.Key_Down)
        desk.key(Qt.Key.Key_Space)
    assert desk.state.photos.ticked == {0, 2}
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: desk.state.photos.phase == "done")
    assert laptop.counts().photos_pending == 2
    assert laptop.search("rokayah")[0].photo is not None
    desk.key(Qt.Key.Key_Escape)
    desk.until(lambda: not desk.state.photos.is_open)
    assert desk.view.right.currentWidget() is desk.view.detail


def test_a_folder_dropped_on_the_page_is_read(open_desk, camera_folder):
    desk = open_desk()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(camera_folder))])
    where, copy = QPointF(20, 20), Qt.DropAction.CopyAction
    for kind in (QDragEnterEvent, QDropEvent):
        place = where.toPoint() if kind is QDragEnterEvent else where
        event = kind(place, copy, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(desk.view, event)
    desk.until(lambda: desk.state.photos.phase == "review")
    assert len(desk.state.photos.matches) == 4
