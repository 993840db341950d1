"""HTTP answers whose head was cut are cut answers.

`http.client` takes the end of the line for the end of the head. A head that lost its last fields
then looks like that of another, unsigned answer, which would be taken for an impostor's.
"""

import http.client
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _LineWatch:
    """Reads lines of a head and remembers the last one."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self.last = b""

    def readline(self, limit: int = -1) -> bytes:
        self.last = self._source.readline(limit)
        return self.last

    def close(self) -> None:
        self._source.close()

    def flush(self) -> None:
        self._source.flush()


class WholeHeadResponse(http.client.HTTPResponse):
    """Raises IncompleteRead unless the head ends with its empty line."""

    def begin(self) -> None:
        source = self.fp
        watch = _LineWatch(source)
        self.fp = watch  # type: ignore[assignment]
        try:
            super().begin()
        finally:
            if self.fp is not None:
                self.fp = source
        if watch.last not in {b"\r\n", b"\n"}:
            raise http.client.IncompleteRead(watch.last)


class _PlainConnection(HTTPConnection):
    response_class = WholeHeadResponse


class _TlsConnection(HTTPSConnection):
    response_class = WholeHeadResponse


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class WholeHeadAdapter(HTTPAdapter):
    """Uses such connections, through a proxy too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _PlainPool, "https": _TlsPool}
