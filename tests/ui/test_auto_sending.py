"""When the office's network appears: one quiet line, a sync in a pause, and never anything else."""

import socket
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal

from enumerator_app.services.auto_sending import AtHand
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.session.auto_sending import AGAIN_S, AutoSending
from sync.client.near import is_office_near
from sync.client.progress import SyncResult

DONE = SyncResult(3, {"accepted": 3}, 0, 3, 0, True, True, 5, 900, 900)


class Sending(QObject):
    """Stands for the presenter of the sending page: what it was asked, how it ended."""

    changed = Signal()

    def __init__(self):
        super().__init__()
        self.is_sending = False
        self.begun = []
        self.state = SimpleNamespace(may_close=True, result=DONE, last_at=None, is_stopped=False)

    def send(self, how="key"):
        self.begun.append(how)
        self.is_sending = True

    def end(self):
        self.is_sending = False
        self.changed.emit()


class Around:
    def __init__(self):
        self.seen = AtHand("on", is_near=True, waiting=3)

    def look(self):
        return self.seen


@pytest.fixture
def table(qtbot):
    """A laptop at a table: what it sees, how its keys rest, and what it says."""
    around, sending = Around(), Sending()
    now = SimpleNamespace(at=1000.0, idle=60.0, battery=Battery(80, is_plugged=False), said=[])
    parent = QObject()
    auto = AutoSending(
        around,
        sending,
        battery=lambda: now.battery,
        idle_s=lambda: now.idle,
        clock=lambda: now.at,
        parent=parent,
    )
    auto.said.connect(now.said.append)

    def look():
        auto.look()
        qtbot.waitUntil(lambda: auto._looking.is_idle)

    return SimpleNamespace(around=around, sending=sending, now=now, look=look, keep=parent)


def test_by_itself_it_sends_once_and_says_what_it_did(table):
    table.look()
    assert table.sending.begun == ["alone"]
    assert table.now.said == [text("auto_sending.sending")]
    table.sending.end()
    assert table.now.said[-1] == text("auto_sending.done", n="3", time="")
    table.around.seen = AtHand("on", is_near=False, waiting=0)
    table.look()
    assert table.now.said[-1] == text("auto_sending.done", n="3", time=""), "it stays to be read"
    assert table.sending.begun == ["alone"]


def test_while_somebody_types_it_waits(table):
    table.now.idle = 3.0
    table.look()
    assert table.sending.begun == []
    assert table.now.said == [text("auto_sending.pause")]
    table.now.idle = 25.0
    table.look()
    assert table.sending.begun == ["alone"]


def test_asked_it_only_says_so_with_the_key(table):
    table.around.seen = AtHand("ask", is_near=True, waiting=3)
    table.look()
    assert table.sending.begun == []
    assert table.now.said == [text("auto_sending.ask")]
    assert "F9" in table.now.said[0]
    table.around.seen = AtHand("ask", is_near=False, waiting=3)
    table.look()
    assert table.now.said[-1] == ""


@pytest.mark.parametrize(
    ("battery", "begins"),
    [
        (Battery(19, is_plugged=False), False),
        (Battery(19, is_plugged=True), True),
        (Battery(20, is_plugged=False), True),
        (None, True),
    ],
)
def test_an_emptying_battery_is_left_alone(table, battery, begins):
    table.now.battery = battery
    table.look()
    assert bool(table.sending.begun) is begins
    if not begins:
        assert table.now.said == [text("auto_sending.battery", n=19)]


@pytest.mark.parametrize("seen", [AtHand("off"), AtHand("on", is_near=False, waiting=3)])
def test_off_or_far_away_nothing_is_begun_or_said(table, seen):
    table.around.seen = seen
    table.look()
    assert (table.sending.begun, table.now.said) == ([], [])


def test_after_a_sync_that_did_not_finish_it_says_so_and_rests(table):
    table.look()
    table.sending.state.may_close = False
    table.sending.end()
    assert table.now.said[-1] == text("auto_sending.not_done")
    table.look()
    assert table.sending.begun == ["alone"]
    table.now.at += AGAIN_S + 1
    table.look()
    assert table.sending.begun == ["alone", "alone"]


def test_a_sync_by_key_takes_the_line_away(table):
    table.around.seen = AtHand("ask", is_near=True, waiting=3)
    table.look()
    table.sending.end()
    assert table.now.said[-1] == ""


NEWS_DUE = AtHand("on", is_near=True, is_news_due=True)
NOTHING_NEW = SyncResult(0, {}, 0, 2, 0, True, True, 3, 900, 900)


def test_with_nothing_to_send_the_news_is_fetched_once_while_the_network_is_there(table):
    table.around.seen = NEWS_DUE
    table.sending.state.result = NOTHING_NEW
    table.look()
    assert table.now.said == [text("auto_sending.fetching")]
    table.sending.end()
    assert table.now.said[-1] == text("auto_sending.heard", time="")
    table.now.at += AGAIN_S + 1
    table.look()  # by a clock that jumped it is due for ever
    assert table.sending.begun == ["alone"]
    table.around.seen = AtHand("on", is_near=False, is_news_due=True)
    table.look()
    table.around.seen = NEWS_DUE
    table.look()
    assert table.sending.begun == ["alone", "alone"]


def test_news_that_is_due_never_hinders_sending(table):
    table.around.seen = NEWS_DUE
    table.look()
    table.sending.end()
    table.now.at += AGAIN_S + 1
    table.around.seen = AtHand("on", is_near=True, waiting=1, is_news_due=True)
    table.look()
    assert table.sending.begun == ["alone", "alone"]


def test_whoever_types_hears_nothing_of_news(table):
    table.around.seen, table.now.idle = NEWS_DUE, 3.0
    table.look()
    assert (table.sending.begun, table.now.said) == ([], [])
    table.now.idle = 25.0
    table.look()
    assert table.sending.begun == ["alone"]


def test_asked_it_offers_the_news_in_the_line_alone(table):
    table.around.seen = AtHand("ask", is_near=True, is_news_due=True)
    table.look()
    table.look()
    assert (table.sending.begun, table.now.said) == ([], [text("auto_sending.ask_news")])


def test_of_a_stop_the_line_says_nothing_of_its_own(table):
    table.around.seen = NEWS_DUE
    table.look()
    table.sending.state.may_close, table.sending.state.is_stopped = False, True
    table.sending.end()
    assert table.now.said[-1] == ""


def test_near_is_where_something_answers_at_the_offices_address():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert is_office_near(f"http://127.0.0.1:{port}")
    assert not is_office_near(f"http://127.0.0.1:{port}")
