"""The first page counts what is really there, and says what comes next."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.domain.errors import DatabaseDamaged
from enumerator_app.services.visits import GroupDraft
from enumerator_app.storage.seats import keep_seats
from enumerator_app.texts import text
from enumerator_app.ui.home.page import HomePage
from enumerator_app.ui.home.state import home_state
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Button, Text
from tests.ui.open_laptops import new_laptop, registered
from tests.ui.test_corrections import sent_back

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CTRL = Qt.KeyboardModifier.ControlModifier
NUMBERS = {
    "registrations": 0,
    "pending": 0,
    "entries_pending": 0,
    "received": 0,
    "photos_pending": 0,
    "to_correct": 0,
    "waiting_print": 0,
    "waiting_nik": 0,
    "today": 0,
    "by_state": {},
    "is_stopped": False,
}


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    yield laptop
    laptop.close()


@pytest.fixture
def open_home(qtbot, shown, laptop):
    pages = []

    def open_it():
        owner = QObject()
        page = HomePage(laptop, parent=owner)
        page.owner = owner
        pages.append(page)
        view = shown(page.build())
        view.setFocus()
        qtbot.waitUntil(lambda: page.presenter.state.is_ready)
        return page, view

    yield open_it
    for page in pages:
        page.stop()
        assert finish_jobs(page)


def words_of(view):
    """Return what can be read, once every layout that was asked for has been made."""
    for _ in range(4):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
    return [label.text() for label in view.findChildren(Text) if label.isVisibleTo(view)]


def counted(last_at=None, **numbers):
    last = SimpleNamespace(at=last_at, heads_agree=True) if last_at else None
    return home_state(SimpleNamespace(**(NUMBERS | numbers)), (), (), last, NOW)


def test_a_new_laptop_says_that_nothing_waits_and_points_at_the_first_person(open_home):
    page, view = open_home()

    assert [figure.number for figure in page.presenter.state.figures] == [0, 0, 0, 0]
    assert page.presenter.state.tasks == ()
    assert "Tidak ada yang menunggu. Tekan F2 untuk orang pertama." in words_of(view)


def test_who_was_registered_is_counted_when_the_page_is_opened_again(open_home, laptop, qtbot):
    page, _ = open_home()
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    registered(laptop, "KARSIH", "", document_seen="suket")

    page.refresh()

    qtbot.waitUntil(lambda: page.presenter.state.figures[0].number == 2)
    assert [figure.number for figure in page.presenter.state.figures] == [2, 2, 0, 1]
    titles = [task.title for task in page.presenter.state.tasks]
    assert titles == ["2 bukti atau kartu menunggu cetak", "1 orang menunggu NIK"]


def test_what_the_office_sent_back_is_named_by_its_fields(open_home, laptop):
    sent_back(laptop)

    page, _ = open_home()

    task = page.presenter.state.tasks[0]
    assert task.page == "corrections"
    assert "kantor" in task.title
    assert task.detail
    assert task.detail == task.detail[:1].upper() + task.detail[1:]


def test_a_practice_laptop_does_not_remind_of_sending(open_home, laptop):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")

    page, view = open_home()

    assert page.presenter.state.reminder == ""
    assert "Laptop latihan, tidak ada yang dikirim" in words_of(view)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("home.register", "registration"), ("home.explain", "benefits"), ("home.send", "sending")],
)
def test_each_button_names_its_page(open_home, qtbot, name, wanted):
    page, view = open_home()

    with qtbot.waitSignal(page.page_asked) as asked:
        QTest.mouseClick(view.findChild(Button, name), Qt.MouseButton.LeftButton)

    assert asked.args == [wanted]


def test_the_benefits_open_by_their_key(open_home, qtbot):
    page, view = open_home()

    with qtbot.waitSignal(page.page_asked) as asked:
        QTest.keyClick(view, Qt.Key.Key_M, CTRL)

    assert asked.args == ["benefits"]


def test_ready_to_leave_opens_by_its_key_while_a_visit_is_open(open_home, laptop, qtbot):
    laptop.visits.open(
        village="Karangharja", groups=[GroupDraft("Sri Mukti", "Odih", "Buruh tani")], tickets=12
    )
    page, view = open_home()
    assert page.presenter.state.visit is not None

    with qtbot.waitSignal(page.page_asked) as asked:
        QTest.keyClick(view, Qt.Key.Key_B, CTRL)

    assert asked.args == ["ready"]


def test_a_task_opens_its_page(open_home, laptop, qtbot):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    page, view = open_home()

    with qtbot.waitSignal(page.page_asked) as asked:
        QTest.mouseClick(view.findChild(Button, "home.printing"), Qt.MouseButton.LeftButton)

    assert asked.args == ["printing"]


def test_a_file_that_cannot_be_read_is_said_and_what_was_counted_stays(open_home, laptop, qtbot):
    registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    page, view = open_home()

    page.presenter._on_failed(DatabaseDamaged())

    assert page.presenter.state.figures[0].number == 1
    assert page.presenter.state.trouble == text("errors.database_damaged")
    with qtbot.waitSignal(view.again_asked):
        again = next(b for b in view.findChildren(Button) if b.words() == text("home.again"))
        QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.presenter.state.trouble)


def test_whoever_came_further_has_also_come_this_far():
    state = counted(
        registrations=100,
        received=90,
        pending=10,
        by_state={"registered": 40, "verified": 30, "submitted": 20, "enrolled": 10},
    )

    assert [(part.arrived, part.on_the_way) for part in state.journey] == [
        (90, 10), (60, 0), (30, 0), (10, 0),
    ]  # fmt: skip


def test_whom_bpjs_refused_was_checked_and_submitted_all_the_same():
    state = counted(registrations=8, received=8, by_state={"enrolled": 7, "refused": 1})

    assert [part.arrived for part in state.journey] == [8, 8, 8, 7]


@pytest.mark.parametrize(
    ("hours_ago", "words"),
    [
        (1, "Pengingat 23 jam lagi."),
        (23.9, "Pengingat 1 jam lagi."),
        (24, "Lebih dari sehari. Kirim begitu ada wifi kantor."),
    ],
)
def test_the_reminder_counts_the_hours_of_one_day(hours_ago, words):
    state = counted(last_at=NOW - timedelta(hours=hours_ago), registrations=5, pending=5)

    assert state.reminder == words


def test_nothing_pending_needs_no_reminder():
    state = counted(last_at=NOW - timedelta(days=9), registrations=5, received=5)

    assert state.reminder == "Semua data sudah diterima kantor."


def test_the_last_send_is_a_day_and_a_time_of_west_java():
    state = counted(last_at=datetime(2026, 11, 20, 18, 12, tzinfo=UTC), registrations=1)

    assert state.last_send == "Terakhir dikirim Sabtu 21-11, 01.12"


def test_today_in_the_chart_is_the_day_of_west_java():
    late = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # already the 22nd there
    days = tuple(SimpleNamespace(day=date(2026, 11, day), saved=2, received=1) for day in (21, 22))
    state = home_state(SimpleNamespace(**NUMBERS), days, (), None, late)

    assert [(day.is_today, day.received, day.saved) for day in state.week] == [
        (False, 1, 1), (True, 1, 1),
    ]  # fmt: skip


def test_a_field_that_this_version_does_not_know_is_left_unnamed():
    returned = tuple(
        SimpleNamespace(returned_field=name) for name in ("birth_date", "new_field", "nik")
    )
    numbers = SimpleNamespace(**(NUMBERS | {"to_correct": 3}))

    state = home_state(numbers, (), returned, None, NOW)

    assert state.tasks[0].detail == "Tanggal lahir, NIK"


def test_lists_and_places_of_villages_stand_on_the_page(laptop, open_home):
    told = {
        "at": "2026-11-22T03:00:00.000Z",
        "villages": {
            "3216132001": {
                "seats": 40, "confirmed": 12, "waiting": 0, "programmes": "JKK+JKM",
                "starts_on": "2027-01-01", "ends_on": "2027-12-31", "months": 12, "monthly": 16800,
            }
        },
    }  # fmt: skip
    laptop.store._file.write(lambda connection: keep_seats(connection, told))
    page, view = open_home()
    (line,) = page.presenter.state.villages.lines
    assert (line.name, line.seat_words) == ("Karangharja", "Kuota tinggal 28")
    # 12 places, a year at Rp16.800 a month.
    assert line.cost_words == "12 dipastikan kantor, biaya Rp2.419.200"
    shown = {words.text() for words in view.findChildren(Text)}
    assert "Menurut kantor per 22-11; kuota di sini perkiraan." in shown


def test_slips_that_were_printed_are_counted_as_numbers_and_not_as_people(open_home, laptop):
    laptop.visits.open(village="Karangharja", tickets=1234)
    _, view = open_home()
    said = words_of(view)
    assert "1.234 nomor belum dipanggil." in said
    assert "Nomor belum dipanggil" in said
    assert "1.234" in said
    assert not [words for words in said if "orang menunggu" in words or "antre" in words.split()]


def test_without_printed_slips_only_numbers_that_come_back_are_shown(open_home, laptop):
    laptop.visits.open(village="Karangharja")
    _, view = open_home()
    said = words_of(view)
    assert "Kembali nanti" in said
    assert not [words for words in said if "belum dipanggil" in words]
