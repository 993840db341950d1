"""A visit in the real window, its process killed after each part, sent to a real office."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.demo.programs import OfficeProcess, program
from tests.ui.open_laptops import CHEAP, OPERATOR, PASSPHRASE, opened_again

ROOT = Path(__file__).parents[2]


@pytest.fixture
def server(tmp_path):
    (tmp_path / "pass").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    made = program("district-server", "--home", tmp_path / "office", "--passphrase-file",
                   tmp_path / "pass")  # fmt: skip
    made.ask("init", "--regency", "32.16", "--admin", "Admin")
    return made


def killed_after(home, part):
    """Work one part in a window of its own and kill it without a word; return what it said."""
    line = [sys.executable, "-m", "tests.ui.visit_steps", str(home), part]
    said = []
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        for word in process.stdout:
            said.append(word.strip())
            if word == "done\n":
                break
        os.kill(process.pid, signal.SIGKILL)
    assert said[-1:] == ["done"], part
    return said


@pytest.mark.timeout(240)
def test_a_visit_killed_between_its_parts_is_whole_here_and_at_the_office(server, tmp_path):
    home = tmp_path / "home"
    with OfficeProcess(server, tmp_path / "server.log") as serving:
        code = server.ask("device", "add", "Laptop")["code"]
        enrol_laptop(
            home, server_url=serving.url, code=code, operator_name=OPERATOR,
            passphrase=PASSPHRASE, cost=CHEAP,
        ).close()  # fmt: skip

        killed_after(home, "begin")
        killed_after(home, "first")
        with opened_again(tmp_path) as laptop:
            standing = laptop.visits.book.current()
            assert (standing.tally.done, standing.queue.no_show) == (frozenset({1}), (2,))
        assert killed_after(home, "third") == ["003", "done"], "the same ticket, half typed"
        with opened_again(tmp_path) as laptop:
            assert laptop.visits.book.current().paused_at is not None
        killed_after(home, "close")

        with opened_again(tmp_path) as laptop:
            (standing,) = laptop.visits.book.all()
            assert laptop.counts().registrations == 1
            assert laptop.doctor() == []
            assert laptop.sync(lambda _: None, lambda: False).heads_agree
        (seen,) = server.ask("visits")["visits"]
    assert not standing.is_open
    assert seen["counts"] == standing.counts.as_dict()
    assert (seen["code"], seen["code_agrees"]) == (standing.code, True)
    assert seen["registrations"] == 1
