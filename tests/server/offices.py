"""Real offices for tests: real keys, real schema, a real server on a real socket."""

import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import structlog
import uvicorn

from sync.server.application import create_application
from sync.server.database import Database
from sync.server.home import Home
from sync.server.keys import make_keys
from sync.server.listening import listen
from sync.server.migrations import upgrade
from sync.server.office import Office, create_tables, open_office
from sync.server.tls import make_authority
from sync.server.trust import refresh_trust
from tests.cheap_secrets import CHEAP_OFFICE as CHEAP

# A line for each request is for a server's log, not for the output of a test or of a yardstick.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

PASSPHRASE = "satu dua tiga empat lima"
# Before any day that a test's clock may stand on: a key made today seals no card of yesterday.
KEYS_MADE = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def _empty_database() -> bytes:
    """A file of SQLite with the schema alone: the migrations make it once for a process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        database = Database(path)
        upgrade(database)
        database.close()
        return path.read_bytes()


def new_office(folder: Path, url: str | None) -> Office:
    home, now = Home(folder), KEYS_MADE
    public = make_keys(
        home, regency="3216", admin="Admin", passphrase=PASSPHRASE, now=now, cost=CHEAP
    )
    make_authority(home, public.office, now)
    if url is None:
        home.database_file.write_bytes(_empty_database())
    create_tables(home, public, url)
    office = open_office(home, url)
    refresh_trust(office)
    return office


@contextmanager
def serving(office: Office, port: int = 0) -> Iterator[tuple[str, int]]:
    """Serve the office from a thread; yield host and port."""
    listener = listen("127.0.0.1", port)
    config = uvicorn.Config(
        create_application(office), log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield "127.0.0.1", listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port
