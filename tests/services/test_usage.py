"""A command written wrongly, as another program writes it: both programs, both languages."""

import json
import os
import subprocess
import sys
from argparse import Namespace

import pytest

from enumerator_app.commands import running as on_laptop
from enumerator_app.domain.errors import FileUnreadable
from sync.server.commands import running as at_office


def run(program, *words):
    env = {**os.environ, "ENUMERATOR_LANGUAGE": "id"}
    line = [sys.executable, "-W", "error", "-m", program, *words]
    return subprocess.run(line, capture_output=True, text=True, check=False, env=env)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("enumerator_app", ("cards", "--all", "--output", "x.pdf", "--layout", "nope", "--json")),
        ("enumerator_app", ("--json", "nope")),
        ("sync.server", ("device", "--json")),
    ],
)
@pytest.mark.parametrize(
    ("language", "begins"),
    [("id", "Perintah ini belum bisa dijalankan"), ("en", "This command cannot run yet")],
)
def test_a_wrong_line_with_json_answers_an_error_object(program, words, language, begins):
    done = run(program, *words, "--language", language)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"], error["data_safe"]) == (2, "usage_wrong", True)
    assert error["message"].startswith(begins)


def unheard(program, *words):
    """Run a command whose answer nobody reads; return its exit code and what it complained of."""
    line = [sys.executable, "-W", "error", "-m", program, *map(str, words)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as begun:
        begun.stdout.close()
        said = begun.stderr.read()
    return begun.returncode, said


@pytest.mark.parametrize("form", [("--json",), pytest.param((), marks=pytest.mark.slow)])
def test_a_reader_that_left_is_no_fault_of_the_program(tmp_path, form):
    secret = tmp_path / "sandi.txt"
    secret.write_text("padi kuning sawah hujan pagi\n", encoding="utf-8")
    home = ("--home", tmp_path / "kantor", "--passphrase-file", secret, *form)
    founded = ("init", "--regency", "32.16", "--admin", "Kantor Uji")
    assert unheard("sync.server", *home, *founded) == (at_office.UNHEARD, "")
    assert unheard("sync.server", *home, "status") == (at_office.UNHEARD, "")  # it was founded


def test_a_failure_that_nobody_reads_keeps_its_code(tmp_path):
    words = ("status", "--home", tmp_path, "--passphrase-file", tmp_path / "none", "--json")
    assert unheard("enumerator_app", *words) == (FileUnreadable.exit_code, "")


@pytest.mark.parametrize("program", [on_laptop, at_office])
def test_a_bug_answers_an_error_object_that_promises_no_save(program, monkeypatch, capsys):
    def broken(_options):
        raise ZeroDivisionError("SITI")

    monkeypatch.setattr(program, "_command", lambda _options: broken)
    monkeypatch.setattr(program, "_use_language", lambda _language: None)
    monkeypatch.setattr(program, "_log_to_standard_error", lambda: None, raising=False)
    assert program.run(Namespace(language="en", json=True)) == 1
    said = capsys.readouterr()
    error = json.loads(said.out)["error"]
    assert error.keys() == {"code", "message", "data_safe", "number"}
    assert (error["code"], error["data_safe"]) == ("bug", False)
    assert error["number"] in error["message"]
    assert f"bug {error['number']} ZeroDivisionError" in said.err
    assert "SITI" not in said.out + said.err


def test_without_json_standard_output_stays_empty_and_the_usage_is_said():
    done = run("enumerator_app", "cards", "--layout", "nope")
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: enumerator cards" in done.stderr
    assert "Perintah ini belum bisa dijalankan" in done.stderr
