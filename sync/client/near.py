"""Whether the office's network is here: a connection to its address, and not a byte more."""

import socket
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from sync.client.wire import environment_proxies, is_loopback

_WAIT_S: Final = 2.0
_PORTS: Final = {"http": 80, "https": 443}


def is_office_near(server_url: str) -> bool:
    """Return whether something answers where the office should be; who it is a sync will prove.

    Where a proxy is in between, it is the proxy that is asked after.
    """
    proxies = {} if is_loopback(server_url) else environment_proxies(server_url)
    parts = urlsplit(proxies.get(urlsplit(server_url).scheme, server_url))
    port = parts.port or _PORTS.get(parts.scheme, 0)
    with suppress(OSError), socket.create_connection((parts.hostname, port), _WAIT_S):
        return True
    return False
