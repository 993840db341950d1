"""Slow work beside the window: its end comes back, in the window's own thread."""

import threading

import pytest
from PySide6.QtCore import QObject

from enumerator_app.domain.errors import ServerUnreachable
from enumerator_app.texts import text
from enumerator_app.ui.jobs import Job, finish_jobs, start_job
from enumerator_app.ui.messages import describe


@pytest.fixture
def owner(qapp):
    made = QObject()
    yield made
    assert finish_jobs(made)


def test_the_answer_arrives_in_the_thread_of_the_window(owner, qtbot):
    heard = []
    start_job(
        owner,
        threading.get_ident,
        lambda worker: heard.append((worker, threading.get_ident())),
        heard.append,
    )
    qtbot.waitUntil(lambda: bool(heard))
    worker, window = heard[0]
    assert window == threading.get_ident()
    assert worker != window


def test_an_error_arrives_as_itself(owner, qtbot):
    heard = []
    error = ServerUnreachable()

    def fail():
        raise error

    start_job(owner, fail, heard.append, heard.append)
    qtbot.waitUntil(lambda: heard == [error])


def test_progress_is_heard_and_an_interruption_stops_after_the_current_item(owner, qtbot):
    reached, go_on = threading.Event(), threading.Event()

    def work(report, cancelled):
        for item in range(1, 100):
            report(item, 100)
            reached.set()
            go_on.wait(5)
            if cancelled():
                return item
        return 100

    job = Job(work, owner)
    progress, answers = [], []
    job.progressed.connect(lambda done, total: progress.append((done, total)))
    job.succeeded.connect(answers.append)
    job.start()
    assert reached.wait(5)
    job.requestInterruption()
    go_on.set()
    qtbot.waitUntil(lambda: answers == [1])
    assert progress == [(1, 100)]


def test_jobs_are_waited_for_before_their_owner_goes(qapp):
    started, seen = threading.Event(), []

    def work(_report, cancelled):
        started.set()
        while not cancelled():
            threading.Event().wait(0.001)
        seen.append("stopped")

    owner = QObject()
    Job(work, owner).start()
    assert started.wait(5)
    assert finish_jobs(owner)
    assert seen == ["stopped"]


def test_a_known_error_is_said_in_its_own_sentence():
    assert describe(ServerUnreachable()) == text("errors.server_unreachable")


def test_a_bug_is_logged_and_said_without_blame(caplog):
    assert describe(ZeroDivisionError()) == text("kit.unexpected")
    assert caplog.records[0].exc_info is not None
