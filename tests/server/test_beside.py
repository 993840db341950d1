"""Work beside the answers: a bug in it is told, and the work goes on."""

import threading

import pytest
from fastapi.testclient import TestClient

from sync.server.application import create_application
from sync.server.beside import MOST_WAIT_S, again_and_again, failing, wait_s
from tests.server.hearing import heard
from tests.server.people import HERE

PATIENCE_S = 30
NAME = "planted_work"
ENOUGH = 1_000  # so that no try waits for the test any more


class Planted:
    """Meets a bug so many times, then goes well; a test waits for what it has done."""

    def __init__(self, bugs: int) -> None:
        self.bugs, self.done = bugs, 0
        self.changed = threading.Condition()
        self.may_go_on = threading.Semaphore(0)

    def __call__(self, _: threading.Event) -> None:
        assert self.may_go_on.acquire(timeout=PATIENCE_S)
        with self.changed:
            self.done += 1
            self.changed.notify_all()
        if self.done <= self.bugs:
            raise ZeroDivisionError("SITI 3216061203850001")

    def wait_for(self, done: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.done >= done, PATIENCE_S)


def test_a_bug_is_logged_without_its_words_and_the_work_is_begun_again(sqlite_office):
    work = Planted(bugs=2)
    client = TestClient(create_application(sqlite_office), base_url=HERE)
    near = TestClient(create_application(sqlite_office), client=("127.0.0.1", 1))
    with heard() as log, again_and_again(NAME, work, 0.001, at_once=True):
        assert client.get("/health").json()["failing"] == []
        work.may_go_on.release(2)
        work.wait_for(2)
        work.may_go_on.release()  # the third goes well: the second bug is on record before it
        work.wait_for(3)
        work.may_go_on.release()
        work.wait_for(4)
        assert NAME not in failing()
        work.may_go_on.release(ENOUGH)
    bugs = [one for one in log if one["event"] == "bug"]
    assert [(one["work"], one["error"]) for one in bugs] == [(NAME, "ZeroDivisionError")] * 2
    assert all(len(one["number"]) == 8 for one in bugs)
    assert "SITI" not in repr(log)
    assert near.get("/metrics").status_code == 200


def test_while_it_fails_health_and_metrics_say_so(sqlite_office):
    work = Planted(bugs=5)
    near = TestClient(create_application(sqlite_office), client=("127.0.0.1", 1))
    with again_and_again(NAME, work, 0.001, at_once=True):
        work.may_go_on.release(2)
        work.wait_for(2)
        work.may_go_on.release()
        work.wait_for(3)  # the second bug is on record once the third try has begun
        assert failing()[NAME] >= 2
        assert near.get("/health").json()["failing"] == [NAME]
        assert f'district_beside_bugs{{work="{NAME}"}}' in near.get("/metrics").text
        work.may_go_on.release(ENOUGH)
    assert NAME not in failing()


@pytest.mark.parametrize(
    ("every_s", "bugs", "expected"),
    [(1, 0, 1), (1, 1, 2), (1, 3, 8), (1, 10, MOST_WAIT_S), (1, 10**6, MOST_WAIT_S),
     (600, 3, 600), (900, 2, 900)],
)  # fmt: skip
def test_the_wait_doubles_up_to_ten_minutes(every_s, bugs, expected):
    assert wait_s(every_s, bugs) == expected
