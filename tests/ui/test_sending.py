"""Sending to a real office: "Boleh ditutup" comes from its answer, and nothing is lost before."""

import contextlib
import re
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Event

import pytest
from PIL import Image
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.domain.instants import WIB
from enumerator_app.domain.registration import RegistrationDraft
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.readiness import readiness
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import text
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Button, Text
from enumerator_app.ui.ready.state import Around, ready_rows
from enumerator_app.ui.sending import presenter
from enumerator_app.ui.sending.back_part import BackPart
from enumerator_app.ui.sending.held import Held
from enumerator_app.ui.sending.page import SendingPage
from enumerator_app.ui.sending.state import (
    Amount,
    SendingState,
    advanced,
    amounts,
    changes,
    log_steps,
    mark_of,
    rate_words,
    receipt_words,
    started,
    steps,
    verdict,
)
from sync.client.progress import Progress, SyncResult
from sync.server.devices import add_device
from tests.server.offices import address, new_office, serving
from tests.storage.laptops import ENROLMENT, person, reopened
from tests.storage.laptops import new_laptop as a_laptop
from tests.sync_client.bad_ways import silent_office
from tests.sync_client.places import Place, enrolled
from tests.sync_client.real_office import enrolled_laptop, founded
from tests.ui.open_laptops import PERSON, new_laptop, registered, village_of

AT = datetime(2026, 11, 22, 9, 9, 0, tzinfo=UTC)
LEVEL = SyncResult(
    pushed=3, outcomes={"accepted": 3}, photos=0, pulled=0, pending=0, heads_agree=True,
    digest_ok=True, requests=4, bytes_up=1, bytes_down=1,
)  # fmt: skip
LONG_MS = 30_000


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Return an office whose server runs; every test brings its own laptop."""
    office = founded(tmp_path_factory.mktemp("office"))
    office.start()
    yield office
    office.stop()


@pytest.fixture
def laptop(office, tmp_path):
    with Laptop(enrolled_laptop(office, tmp_path / "laptop")) as laptop:
        yield laptop


class Desk:
    def __init__(self, qtbot, page, view):
        self.qtbot, self.page, self.view = qtbot, page, view

    @property
    def state(self):
        return self.page.presenter.state

    def until(self, claim, timeout=LONG_MS):
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=timeout)

    def send(self):
        self.view.send_asked.emit()
        self.until(lambda: not self.page.is_sending)
        self.until(lambda: self.page.presenter._counting.is_idle)

    def refresh(self):
        self.page.refresh()
        self.until(lambda: self.page.presenter._counting.is_idle)

    def words(self):
        """Return what can be read, once every layout that was asked for has been made."""
        for _ in range(4):
            QApplication.sendPostedEvents()
            QApplication.processEvents()
        return [label.text() for label in self.view.findChildren(Text) if label.isVisible()]

    def button(self, name):
        return self.view.findChild(Button, f"sending.{name}")


@pytest.fixture
def open_desk(qtbot, shown):
    opened = []

    def open_it(laptop, **given):
        owner = QObject()
        page = SendingPage(laptop, parent=owner, **given)
        page.owner = owner
        view = shown(page.build())
        view.setFocus()
        desk = Desk(qtbot, page, view)
        opened.append(desk)
        desk.until(lambda: desk.page.presenter._counting.is_idle)
        return desk

    yield open_it
    for desk in opened:
        desk.page.stop()
        assert finish_jobs(desk.page)


def test_slips_that_are_halted_are_said_before_sending_and_before_leaving(
    open_desk, laptop, tmp_path, office
):
    """Two copies of one laptop sent: slips of what came after wait, and nothing else does."""
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    laptop.sync(lambda _: None, lambda: False)
    assert before_leaving(laptop) == []
    shutil.copytree(tmp_path / "laptop", tmp_path / "copy")
    registered(laptop, "ROKAYAH", "3216114411780007")
    laptop.sync(lambda _: None, lambda: False)
    with Laptop(reopened(tmp_path / "copy")) as copy:
        registered(copy, "KARSIH", "", document_seen="suket")
        copy.sync(lambda _: None, lambda: False)
    desk = open_desk(laptop)
    assert text("sending.halted") not in desk.words()
    desk.send()
    assert text("sending.halted") in desk.words()
    good = text("sending.halted_good", last="00001")
    assert [words for words in desk.words() if words.startswith(good)]
    assert before_leaving(laptop) == [("Bukti baru", "check", "Berhenti dulu")]
    assert readiness(laptop, AT).held_back == 2  # of both copies; the first was before
    office.ask("device", "revoke", laptop.device_code)
    desk.send()
    assert text("sending.halted") not in desk.words()
    assert before_leaving(laptop) == [("Laptop ini", "stop", "Dihentikan kantor")]


def test_a_restored_office_lets_the_laptop_back_in_by_a_code_typed_here(open_desk, tmp_path):
    place = Place(tmp_path, new_office(tmp_path / "office", None))
    with closing(place):
        place.back_up_office()
        place.store = enrolled(place.office, tmp_path / "laptop")
        place.register(1, 2)
        place.sync()
        place.put_office_back()
        _, port = address(place.store.identity().server_url)
        with serving(place.office, port):
            desk = open_desk(Laptop(place.store))
            field = desk.view.findChild(BackPart).code
            assert not field.isVisible()
            desk.send()
            assert (desk.state.trouble, desk.state.is_unknown) == (
                text("errors.laptop_unknown"), True,
            )  # fmt: skip
            assert QApplication.focusWidget() is field.line
            for code, said in (
                ("0000-0000-0000-0000", text("errors.enrolment_code_refused")),
                (add_device(place.office, "Laptop kembali").code, ""),
            ):
                field.line.setText(code)
                QTest.keyClick(field.line, Qt.Key.Key_Return)
                desk.until(
                    lambda said=said: not desk.page.is_sending and desk.state.trouble == said
                )
            desk.until(lambda: desk.state.may_close)
            assert not field.isVisible()
            assert len(place.at_office()) == 2


def before_leaving(laptop):
    """Return what the page before leaving says of what the office holds against the laptop."""
    rows = ready_rows(readiness(laptop, AT), Around(None, False, False), AT, is_practice=False)
    return [(row.title, row.mark, row.word) for row in rows if row.key in {"laptop", "slips"}]


def face(shade):
    sink = BytesIO()
    Image.new("RGB", (360, 480), (shade, 90, 120)).save(sink, "JPEG")
    return sink.getvalue()


def photographed(laptop, count):
    for number in range(count):
        values = {
            **PERSON,
            "name": f"ORANG {chr(65 + number)}",
            "nik": "",
            "document_seen": "suket",
            "village_code": village_of(laptop, "Karangharja"),
        }
        saved = laptop.register(RegistrationDraft(values, ()), photo=face(10 + 20 * number))
        assert saved.number is not None


def test_after_the_offices_answer_the_laptop_may_be_closed(open_desk, laptop, office):
    before = office.ask("status")["registrations"]
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    registered(laptop, "ROKAYAH", "3216114411780007")
    desk = open_desk(laptop)
    assert "Boleh ditutup" not in desk.words()

    desk.send()

    assert desk.state.may_close
    assert "Boleh ditutup" in desk.words()
    assert "2 dari 2 data diterima kantor." in desk.words()
    assert office.ask("status")["registrations"] == before + 2
    assert laptop.counts().pending == 0


def test_enter_starts_and_the_focus_goes_on_to_the_lock(open_desk, laptop):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    desk.until(lambda: desk.state.may_close)

    assert QApplication.focusWidget() is desk.button("lock")
    with desk.qtbot.waitSignal(desk.page.lock_asked):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def test_the_receipt_names_laptop_and_hour_of_the_offices_answer(open_desk, laptop):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)

    desk.send()

    receipt = receipt_words(desk.state)
    assert laptop.device_code in receipt
    assert text("sending.agree") in receipt
    assert laptop.last_sync().at == desk.state.last_at


def test_a_second_time_there_is_nothing_to_send_and_that_is_said(open_desk, laptop):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)
    desk.send()

    desk.send()

    assert desk.state.may_close
    assert "Tidak ada catatan baru yang perlu dikirim." in receipt_words(desk.state)


def test_an_office_that_is_away_is_said_in_words_and_nothing_is_lost(open_desk, laptop, office):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)
    port = office.stop()
    try:
        desk.send()
    finally:
        office.start(port)

    assert desk.state.phase == "failed"
    assert text("errors.server_unreachable") in desk.words()
    assert "Belum semua sampai" in desk.words()
    assert "Jangan ditutup dulu" not in desk.words(), "nothing runs, and it may be tried later"
    assert desk.state.held.pending == 1
    assert laptop.counts().registrations == 1

    there = office.ask("status")["registrations"]
    desk.send()
    assert desk.state.may_close
    assert office.ask("status")["registrations"] == there + 1


def test_stopping_in_the_middle_keeps_what_arrived_and_the_next_time_goes_on(
    open_desk, laptop, office, monkeypatch
):
    monkeypatch.setattr(presenter, "REPORT_S", 0)  # six photos are gone within one usual report
    photographed(laptop, 6)
    desk = open_desk(laptop)
    stopping = stop_at_first_photo(desk)

    desk.send()
    QObject.disconnect(stopping)

    assert desk.state.phase == "stopped"
    assert not desk.state.may_close
    assert "Boleh ditutup" not in desk.words()
    assert desk.state.held.pending == 0
    waiting = desk.state.held.photos_pending
    assert 0 < waiting < 6

    desk.send()
    assert desk.state.may_close
    assert desk.state.held.photos_pending == 0
    assert desk.state.result.photos == waiting


def stop_at_first_photo(desk):
    """Ask the job to end as a person would, but exactly when one photo has gone."""

    def on_report(step):
        if step.stage == "photos" and step.done >= 1 and desk.page.is_sending:
            desk.page.presenter._job.requestInterruption()

    # Called in the job's own thread, before the engine goes on.
    direct = Qt.ConnectionType.DirectConnection
    return desk.page.presenter._reported.connect(on_report, direct)


def test_while_it_runs_the_answer_is_not_to_close_and_escape_stops(open_desk, laptop):
    photographed(laptop, 3)
    desk = open_desk(laptop)
    may_go_on = Event()
    desk.page.presenter._reported.connect(
        lambda _step: may_go_on.wait(20), Qt.ConnectionType.DirectConnection
    )

    desk.view.send_asked.emit()
    desk.until(lambda: desk.state.phase == "sending" and desk.button("stop").isVisible())
    assert "Jangan ditutup dulu" in desk.words()
    QTest.keyClick(desk.view, Qt.Key.Key_Escape)
    assert desk.state.is_stopping
    assert not desk.button("stop").isEnabled()
    may_go_on.set()

    desk.until(lambda: not desk.page.is_sending)
    assert desk.state.phase == "stopped"
    assert laptop.counts().registrations == 3
    assert QApplication.focusWidget() is desk.button("send"), "the disabled one took it along"


def test_stop_for_now_and_closing_end_a_sync_that_waits_for_an_answer(open_desk, tmp_path):
    home = tmp_path / "laptop"
    with silent_office() as (url, has_come, ends):
        with contextlib.closing(a_laptop(home, enrolled=False)) as store:
            store.set_identity(replace(ENROLMENT, server_url=url))
            store.register(person(1))
        with Laptop(reopened(home)) as laptop:
            desk = open_desk(laptop)
            desk.view.send_asked.emit()
            desk.until(has_come.is_set)
            desk.view.stop_asked.emit()
            desk.until(lambda: not desk.page.is_sending, timeout=5_000)
            assert desk.state.phase == "stopped"
            assert desk.state.held.pending == 1

            desk.view.send_asked.emit()
            desk.page.stop()
            assert finish_jobs(desk.page, timeout_ms=5_000)
    assert ends == ["closed"]


def test_leaving_the_page_does_not_stop_the_sending(open_desk, laptop, office, shown):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)
    desk.view.send_asked.emit()

    again = shown(desk.page.build())
    desk.until(lambda: not desk.page.is_sending)

    assert desk.state.may_close
    titles = [label.text() for label in again.findChildren(Text) if label.isVisible()]
    assert "Boleh ditutup" in titles


def test_a_visit_that_was_opened_since_waits_and_may_be_sent(open_desk, laptop):
    """Nobody new, and yet the office lacks something: the page may not say that all is there."""
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop)
    desk.send()
    assert desk.state.may_close

    laptop.visits.open(
        village="Karangharja", groups=[GroupDraft("Poktan Sri Mukti", "Odih", "Buruh tani")]
    )
    desk.refresh()

    assert laptop.counts().pending == 0
    assert not desk.state.may_close
    assert "Boleh ditutup" not in desk.words()
    assert text("sending.ready_entries", n=1) in desk.words()
    assert desk.button("send").isVisible()

    desk.send()
    assert "Boleh ditutup" in desk.words()


def test_the_receipt_stays_what_it_was_and_goes_when_something_new_is_saved(open_desk, laptop):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    registered(laptop, "ROKAYAH", "3216114411780007")
    desk = open_desk(laptop)
    desk.send()
    receipt = receipt_words(desk.state)
    assert text("sending.receipt_people", n=2) in receipt
    desk.refresh()
    assert receipt_words(desk.state) == receipt
    assert "Boleh ditutup" in desk.words()

    registered(laptop, "KARSIH", "", document_seen="suket")
    desk.refresh()

    said = " ".join(desk.words())
    assert text("sending.title") in desk.words()
    assert text("sending.agree") not in said, "that was said of what was here before"
    assert "Itu data dari" not in said
    assert text("sending.step_closing_done") not in said
    assert desk.button("send").isVisible()


def test_the_log_stands_clear_of_what_changed(open_desk, laptop):
    """Its heading stood on the line above as if it belonged there."""
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    desk = open_desk(laptop, log=lambda: log_steps(laptop.sync_log.read()))
    desk.send()
    desk.words()
    heading = next(
        one for one in desk.view.findChildren(Text) if one.text() == text("sync_log.title")
    )
    changes = desk.view._changes
    top, bottom = (
        one.mapTo(desk.view, QPoint(0, height)).y()
        for one, height in ((heading, 0), (changes, changes.height()))
    )
    assert top - bottom >= 16


@pytest.mark.parametrize("years", [-7, 3])
def test_the_log_is_dated_by_the_office_where_the_clock_is_wrong(
    office, open_desk, tmp_path, years
):
    wrong = datetime.now(UTC) + timedelta(days=365 * years)
    with Laptop(enrolled_laptop(office, tmp_path / "laptop"), clock=lambda: wrong) as laptop:
        registered(laptop, "SITI MAEMUNAH", "3216135203740003")
        desk = open_desk(laptop, log=lambda: log_steps(laptop.sync_log.read()))
        desk.send()

        (note,), (line,) = laptop.sync_log.read(), desk.state.log
        assert abs(note.at - datetime.now(UTC)) < timedelta(hours=1)
        assert {line.words, f"{note.at.astimezone(WIB):%d-%m %H.%M}"} <= set(desk.words())
        desk.page.stop()
        assert finish_jobs(desk.page)


def test_others_are_told_that_something_changed(open_desk, laptop, qtbot):
    desk = open_desk(laptop)

    with qtbot.waitSignal(desk.page.changed, timeout=LONG_MS):
        desk.view.send_asked.emit()


def test_a_practice_laptop_cannot_send(open_desk, tmp_path):
    with new_laptop(tmp_path / "practice") as laptop:
        registered(laptop, "SITI MAEMUNAH", "3216135203740003")
        desk = open_desk(laptop)

        desk.view.send_asked.emit()

        assert not desk.page.is_sending
        assert not desk.button("send").isEnabled()
        assert text("sending.practice") in desk.words()
        assert laptop.counts().pending == 1
        desk.page.stop()
        assert finish_jobs(desk.page)


def test_the_recap_holds_the_days_numbers_and_nobodys_name(open_desk, laptop, office):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    registered(laptop, "KARSIH", "", document_seen="suket")
    desk = open_desk(laptop)
    desk.send()

    QTest.keyClick(
        desk.view,
        Qt.Key.Key_C,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )

    copied = QApplication.clipboard().text()
    assert copied.startswith(f"{laptop.device_code} ")
    assert "2 didata hari ini. 2 dari 2 diterima kantor. 1 menunggu NIK." in copied
    assert "SITI" not in copied
    assert desk.button("copy").words() == "Sudah disalin"


# What may be said, by the state alone


def state_of(phase, **changed):
    return replace(SendingState(device="A07", closed_at=AT), phase=phase, **changed)


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (state_of("done", held=Held(5), result=LEVEL), "Boleh ditutup"),
        (state_of("done", held=Held(5, 1), result=LEVEL), "Jangan ditutup dulu"),
        (state_of("done", held=Held(5), result=None), "Jangan ditutup dulu"),
        (
            state_of("stopped", held=Held(5), result=replace(LEVEL, heads_agree=False)),
            "Jangan ditutup dulu",
        ),
        (state_of("stopped", held=Held(5), is_stopping=True), "Dihentikan"),
        (state_of("stopped", held=Held(5, 2), is_stopping=True), "Belum semua sampai"),
        (state_of("failed", held=Held(5, 2)), "Belum semua sampai"),
        (state_of("failed", held=Held(5)), "Belum tersambung"),
        (state_of("sending", held=Held(5)), "Jangan ditutup dulu"),
    ],
)  # fmt: skip
def test_only_an_answer_of_the_office_allows_closing(state, title):
    assert verdict(state)[0] == title
    assert (mark_of(state) == "received") == (title == "Boleh ditutup")


def test_photos_that_follow_do_not_keep_the_laptop_open_but_are_said():
    held = Held(39, 0, 27)
    state = state_of("done", held=held, after=held, result=LEVEL, stage="closing")

    assert verdict(state) == (
        "Boleh ditutup", "39 dari 39 data diterima kantor. 27 foto menyusul.",
    )  # fmt: skip
    assert "27 foto menyusul" in [step.words for step in steps(state)]
    assert "27 foto dikirim saat" in receipt_words(state)


def test_bars_show_this_sync_while_it_runs_and_everything_before_and_after():
    before = SendingState(held=Held(100, 40, 12))
    running = advanced(started(before), Progress("entries", 10, 44), 1.0, AT)

    assert amounts(before) == (Amount(60, 100), Amount(0, 12))
    assert amounts(running) == (Amount(10, 44), Amount(0, 12))
    assert amounts(replace(running, phase="failed", held=Held(100, 31, 12)))[0] == Amount(69, 100)
    over = replace(running, phase="done", held=Held(100, 0, 5), result=replace(LEVEL, photos=7))
    assert amounts(over) == (Amount(100, 100), Amount(7, 12))


def test_each_step_says_when_it_ended_and_one_is_now():
    state = started(SendingState(held=Held(5, 5)))
    state = advanced(state, Progress("hello"), 0.1, AT)
    state = advanced(state, Progress("entries", 0, 5), 0.2, AT + timedelta(seconds=2))
    state = advanced(state, Progress("entries", 5, 5), 0.3, AT + timedelta(seconds=5))

    shown = [(step.mark, step.when) for step in steps(state)]

    assert shown[:3] == [("received", "16.09.02"), ("now", "sekarang"), ("empty", "")]


def test_rate_and_time_left_are_a_dash_until_they_can_be_known():
    state = started(SendingState(held=Held(1000, 1000)))
    assert rate_words(state)[:2] == ("-", "-")

    state = advanced(state, Progress("entries", 100, 1000, 200_000), 10.0, AT)

    assert rate_words(state) == ("20 kB/dtk", "kira-kira 1 menit", "0,2 MB")


def test_what_changed_is_what_the_office_decided_meanwhile():
    before = Held(60, 5, 0, 3, 10)
    state = state_of("done", before=before, after=Held(60, 0, 0, 4, 14), result=LEVEL)

    assert [(step.mark, step.when) for step in changes(state)] == [
        ("covered", "4 orang"), ("check", "1 orang"),
    ]  # fmt: skip


def test_a_sync_that_stopped_early_is_not_dated_by_an_older_one():
    ended = (("hello", AT + timedelta(days=1)),)
    state = state_of("stopped", held=Held(5, 2), result=replace(LEVEL, pending=2), ended=ended)

    assert "23-11-2026" in receipt_words(state)


def test_a_sending_that_was_stopped_before_anything_went_claims_nothing():
    """Four entries are about three people, none of them arrived, and nobody asked for news."""
    empty = replace(LEVEL, pushed=0, pending=4, heads_agree=False)
    state = state_of(
        "stopped", held=Held(3, 3), before=Held(3, 3), result=empty, is_stopping=True,
        stage="hello", ended=(("hello", AT),),
    )  # fmt: skip

    assert verdict(state)[1] == text("sending.still_here", n=3)
    assert text("sending.receipt_nothing") not in receipt_words(state)
    assert text("sending.disagree") not in receipt_words(state)
    assert text("sending.no_changes") not in [change.words for change in changes(state)]
    assert "empty" not in [step.mark for step in steps(state)], "that did not happen"


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_said_of_halted_slips_speaks_of_the_key_and_of_no_copies(language):
    """A laptop that was put back to before its confirmed key is halted, and nobody saw two."""
    said = ["sending.halted", "ready.slips_halted_advice", "commands.sync_cards_halted"]
    words = [text(key, language) for key in said]
    words.append(text("errors.cards_halted", language, number="1"))
    for one in words:
        assert not re.search("salinan|cop(y|ies)", one)
        assert re.search("kunci|key", one)
