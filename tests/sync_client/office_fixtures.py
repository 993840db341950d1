"""An office, a laptop of it, and a way between them that never waits."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sync.client.backoff import Timing
from sync.client.engine import sync
from sync.client.http import HttpTransport
from sync.client.progress import SyncResult
from sync.client.wire import Timeouts
from sync.protocol.signing import public_hex
from tests.faults.cutting_proxy import CuttingProxy, cutting
from tests.sync_client.memory_office import MemoryOffice, serving
from tests.sync_client.memory_store import MemoryStore, new_identity

AT_ONCE = Timing(sleep=lambda _: None)


def enrolled_store(office: MemoryOffice, url: str) -> MemoryStore:
    identity = new_identity(server_url=url, root_key=office.root_key, office=office.office)
    office.add(identity.device, public_hex(identity.signing_key))
    return MemoryStore(identity)


def synced(store, *, url: str | None = None, read_s: float = 5.0, **settings) -> SyncResult:
    """Run one sync with a new connection, as the command line does."""
    identity = store.identity()
    if url is not None:
        identity = type(identity)(**{**_fields(identity), "server_url": url})
    settings = {"report": lambda _: None, "cancelled": lambda: False, "timing": AT_ONCE} | settings
    transport = HttpTransport(identity, store, Timeouts(read_s=read_s), settings["cancelled"])
    try:
        return sync(store, transport, **settings)
    finally:
        transport.close()


def _fields(identity) -> dict:
    return {name: getattr(identity, name) for name in type(identity).__slots__}


@dataclass
class BadLine:
    office: MemoryOffice
    store: MemoryStore
    proxy: CuttingProxy


@contextlib.contextmanager
def bad_line(office: MemoryOffice | None = None, **settings) -> Iterator[BadLine]:
    office = office or MemoryOffice()
    with serving(office) as url, cutting(urlsplit(url).port, **settings) as proxy:
        yield BadLine(office, enrolled_store(office, proxy.url), proxy)
