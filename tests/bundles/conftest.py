"""An office of this process for the tests of flash drives."""

import pytest

from sync.server.devices import add_device
from tests.server.fixtures import sqlite_office, sqlite_template  # noqa: F401 - found by import
from tests.server.offices import serving


class Served:
    def __init__(self, office, url):
        self.office, self.url = office, url

    def ask(self, *words):
        return {"code": add_device(self.office, words[2]).code}


@pytest.fixture
def office(sqlite_office):  # noqa: F811 - the fixture
    with serving(sqlite_office) as (host, port):
        yield Served(sqlite_office, f"http://{host}:{port}")
