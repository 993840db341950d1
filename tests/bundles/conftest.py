"""An office of this process for the tests of flash drives."""

from tests.server.fixtures import sqlite_office, sqlite_template  # noqa: F401 - found by import
