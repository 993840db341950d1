"""What the page says of an answer by drive: nothing of it is more than is true."""

import os
import sys
from contextlib import closing

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.services.laptop import Laptop
from enumerator_app.texts import text
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Button, Mark, MarkKind, Text
from enumerator_app.ui.sending.page import SendingPage
from enumerator_app.ui.sending.state import mark_of
from enumerator_app.ui.sending.stick_state import nothing_words
from sync.client.carrying import AnswerTaken, write_bundle
from sync.server.bundles import How, import_bundle
from sync.server.devices import revoke_device
from tests.storage.laptops import person, portrait
from tests.sync_client.places import VILLAGE, Place
from tests.ui.test_stick import Plugged

LONG_MS = 20_000


@pytest.fixture(scope="module")
def one_sent(tmp_path_factory):
    """One person was sent, then the laptop was copied; one more was sent by drive."""
    folder = tmp_path_factory.mktemp("one")
    with closing(Place.founded(folder)) as place:
        place.register(0)
        place.sync()
        place.back_up_laptop()
    return folder


@pytest.fixture
def place(one_sent, tmp_path):
    with closing(Place.like(one_sent, tmp_path / "place")) as place:
        yield place


class Desk:
    """The page of one laptop, and a drive that goes to its office and back."""

    def __init__(self, qtbot, shown, place, drive):
        self.qtbot, self.place, self.drive = qtbot, place, drive
        self.owner = QObject()
        self.page = SendingPage(Laptop(place.store), drives=Plugged(drive), parent=self.owner)
        self.view = shown(self.page.build())
        self.view.resize(1286, 712)
        self.settle()

    def settle(self):
        mind, stick = self.page.presenter, self.page.stick
        self.until(lambda: not stick.state.work)
        self.until(lambda: mind._counting.is_idle and stick._looking.is_idle)
        for _ in range(4):
            QApplication.sendPostedEvents()
            QApplication.processEvents()

    def until(self, claim):
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=LONG_MS)

    def button(self, name):
        return self.view.findChild(Button, f"stick.{name}")

    def press(self, name):
        button = self.button(name)
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Return)
        self.settle()

    def answer(self, name):
        return carried(self.place, self.drive, name)

    def read(self, path):
        self.page.stick._drives.answer = path
        self.press("read")

    def take(self, path):
        self.read(path)
        self.press("take")

    def labels(self):
        return [label for label in self.view.findChildren(Text) if label.isVisible()]

    def words(self):
        return [label.text() for label in self.labels()]

    def said(self):
        state = self.page.stick.state
        return state.trouble or state.said

    def close(self):
        self.page.stop()
        assert finish_jobs(self.page)


def carried(place, drive, name):
    """Write a bundle, take it to the office, and return where its answer is."""
    path = drive / f"{name}.tpb"
    write_bundle(place.store, path)
    import_bundle(place.office, path, How(path.with_suffix(".tpa")))
    return path.with_suffix(".tpa")


@pytest.fixture
def drive(tmp_path):
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    return folder


@pytest.fixture
def open_desk(qtbot, shown, place, drive):
    opened = []

    def open_it():
        opened.append(Desk(qtbot, shown, place, drive))
        return opened[-1]

    yield open_it
    for desk in opened:
        desk.close()


def put_back(place):
    """One person more is at the office; the laptop goes back to before."""
    place.register(1)
    place.sync()
    place.put_laptop_back()


def test_who_is_not_back_is_said_until_the_next_drive_brings_them(open_desk, place):
    put_back(place)
    desk = open_desk()
    away, how = text("bundles.lacking", n=1), text("bundles.lacking_do")
    assert away not in desk.words()
    first = desk.answer("satu")
    desk.take(first)
    assert away in desk.said()
    assert {away, how} <= set(desk.words())
    assert mark_of(desk.page.presenter.state) != "received", "green is for everybody"

    desk.read(first)
    assert text("bundles.nothing_new") in desk.said()
    assert away in desk.said()
    assert text("stick.taken_all") not in desk.said()

    second = desk.answer("dua")
    desk.read(second)
    assert text("stick.seen_regained") in desk.words()
    desk.press("take")
    assert text("stick.regained", n=1) in desk.said()
    assert text("sending.agree") in desk.said()
    assert away not in desk.words()
    assert mark_of(desk.page.presenter.state) == "received"
    assert len(place.on_laptop()) == 2


def test_who_is_not_back_is_said_when_the_page_is_opened_another_day(open_desk, place):
    put_back(place)
    desk = open_desk()
    desk.take(desk.answer("satu"))
    desk.close()
    place.store.close()
    place.store = Place.at(place.folder).store
    again = open_desk()
    assert text("bundles.lacking", n=1) in again.words()
    place.sync()
    again.page.refresh()
    again.settle()
    assert text("bundles.lacking", n=1) not in again.words()


def test_both_sides_agree_only_where_the_answer_says_so(open_desk, place):
    place.register(1)
    desk = open_desk()
    first = desk.answer("satu")
    desk.take(first)
    assert text("sending.agree") in desk.said()
    desk.read(first)
    assert desk.said().endswith(text("sending.agree"))
    place.register(2)
    desk.read(first)
    assert text("stick.taken_left", n=1) in desk.said()
    assert text("sending.agree") not in desk.said()
    other = AnswerTaken(nothing_new=True)
    assert nothing_words(other).endswith(text("stick.disagree"))


def test_what_a_stopped_laptop_sent_by_drive_is_not_plainly_received(open_desk, place):
    place.register(1)
    revoke_device(place.office, "A01")
    desk = open_desk()
    answer = desk.answer("satu")
    desk.read(answer)
    assert text("stick.seen_undecided") in desk.words()
    desk.press("take")
    assert text("sending.locked") in desk.words()
    assert text("sending.undecided", n=1) in desk.said()


def marked(desk, words):
    """Return the kind of the mark on the line of these words, if one can be seen there."""
    (label,) = [label for label in desk.labels() if label.text() == words]
    top = label.mapTo(desk.view, QPoint(0, 0)).y()
    kinds = [
        mark.kind for mark in desk.view.findChildren(Mark)
        if mark.isVisible() and abs(mark.mapTo(desk.view, QPoint(0, 0)).y() - top) < 10
        and mark.mapTo(desk.view, QPoint(0, 0)).x() < label.mapTo(desk.view, QPoint(0, 0)).x()
    ]  # fmt: skip
    return kinds[0] if kinds else None


def test_the_mark_of_trouble_stands_beside_the_trouble(open_desk, place):
    place.register(1)
    desk = open_desk()
    answer = desk.answer("satu")
    desk.read(answer)
    assert marked(desk, text("stick.seen_settled")) is MarkKind.RECEIVED
    answer.unlink()
    desk.press("take")
    assert marked(desk, text("errors.bundle_gone")) is MarkKind.CHECK
    assert marked(desk, text("stick.off")) is MarkKind.EMPTY
    assert QApplication.focusWidget() is desk.button("read")


# --- a large drive, or a slow one: what is seen of it, and how it is stopped


class Onlooker(QObject):
    """Sees each state on its way to the view."""

    def __init__(self, view):
        super().__init__(view)
        self.view, self.seen = view, []

    def show_stick(self, state):
        self.seen.append(state)
        self.view.show_stick(state)

    def percents(self, work):
        return [state.percent for state in self.seen if state.work == work]


@pytest.fixture
def people(place):
    """Twelve people with photos wait here: a bundle of 27 members."""
    for n in range(20, 32):
        told = person(n, village_code=VILLAGE, photo=None)
        place.store.register(told, photo=portrait(n, 60_000))


@pytest.mark.usefixtures("people")
def test_how_far_writing_and_reading_are_is_seen(open_desk, place):
    desk = open_desk()
    onlooker = Onlooker(desk.view)
    desk.page.stick.attach(onlooker)
    desk.press("write")
    percents = onlooker.percents("writing")
    assert percents == sorted(percents)
    assert len(set(percents)) > 5
    assert desk.page.stick.state.percent == 0, "it is over"
    (written,) = desk.drive.glob("*.tpb")
    import_bundle(place.office, written, How(written.with_suffix(".tpa")))
    desk.take(written.with_suffix(".tpa"))
    assert max(onlooker.percents("looking")) > 0
    assert max(onlooker.percents("reading")) > 0
    assert place.store.counts().pending == 0


@pytest.mark.usefixtures("people")
def test_a_window_that_closes_leaves_no_half_of_a_file(open_desk, place):
    desk = open_desk()
    before = place.store.counts()
    desk.page.stick.write(desk.view)
    assert finish_jobs(desk.page)
    desk.settle()
    assert list(desk.drive.iterdir()) == []
    assert place.store.counts() == before
    assert desk.said() == text("stick.stopped_writing")


class SlowFile:
    """A file on a drive that gives its content only piece by piece."""

    def __init__(self, path, content):
        path.unlink(missing_ok=True)
        os.mkfifo(path)
        self._left, self._pipe = content, os.open(path, os.O_RDWR)

    def give(self, size=None):
        piece, self._left = self._left[:size], self._left[size:] if size else b""
        os.write(self._pipe, piece)
        if not self._left:
            os.close(self._pipe)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with a name in a folder")
@pytest.mark.parametrize("work", ["looking", "reading"])
def test_reading_from_a_slow_drive_can_be_stopped_and_holds_up_nobody(open_desk, place, work):
    place.register(1)
    desk = open_desk()
    answer = desk.answer("satu")
    content = answer.read_bytes()
    if work == "reading":
        desk.read(answer)
    slow = SlowFile(answer, content)
    slow.give(len(content) // 2)
    asks, stops = ("take", "later") if work == "reading" else ("read", "stop")
    desk.page.stick._drives.answer = answer
    click(desk, asks)
    assert desk.button(asks).is_busy()
    assert desk.button(stops).words() == text("stick.stop")
    place.register(2)  # while it hangs, saving goes on
    before = place.store.counts()
    desk.button(stops).setFocus()
    click(desk, stops)
    click(desk, stops)
    slow.give()
    desk.settle()
    assert desk.said() == text(f"stick.stopped_{work}")
    assert place.store.counts() == before
    assert QApplication.focusWidget() is desk.button("read")
    answer.unlink()
    answer.write_bytes(content)
    desk.take(answer)
    assert text("stick.taken_left", n=1) in desk.said()


def click(desk, name):
    QTest.keyClick(desk.button(name), Qt.Key.Key_Return)
