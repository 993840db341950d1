"""A command written wrongly, as another program writes it: both programs, both languages."""

import json
import os
import subprocess
import sys

import pytest


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


def test_without_json_standard_output_stays_empty_and_the_usage_is_said():
    done = run("enumerator_app", "cards", "--layout", "nope")
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: enumerator cards" in done.stderr
    assert "Perintah ini belum bisa dijalankan" in done.stderr
