"""A test hears the server's log, also of what a command has logged before it."""

import structlog

from sync.server import bugs
from sync.server.commands.running import _log_to_standard_error
from tests.server.hearing import heard


def test_a_logger_that_was_used_before_is_heard():
    before = structlog.get_config()
    try:
        _log_to_standard_error()
        bugs.note_bug(ValueError("SITI"), work="before")
    finally:
        structlog.configure(**before)
    with heard() as log:
        bugs.note_bug(ValueError("SITI"), work="now")
    assert [one["work"] for one in log] == ["now"]
    assert structlog.get_config() == before
