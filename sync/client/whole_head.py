"""HTTP answers whose head was cut are cut answers.

`http.client` takes the end of the line for the end of the head. A head that lost its last fields
then looks like that of another, unsigned answer, which would be taken for an impostor's.

Such connections can also be cut from another thread, when nobody waits for the answer any more.
"""

import http.client
import re
import socket
from contextlib import suppress
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


class _Cuttable:
    """A connection that another thread may cut; one that is still being made sends nothing then."""

    sock: Any
    _is_cut = False

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        if self._is_cut:
            self.sock.close()
            raise ConnectionAbortedError

    def cut(self) -> None:
        self._is_cut = True
        if isinstance(self.sock, socket.socket):
            with suppress(OSError):  # below TLS, whose own farewell would wait for the other side
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _PlainConnection(_Cuttable, HTTPConnection):
    response_class = WholeHeadResponse


class TunnelFailed(OSError):
    """A proxy gave no way to the office: its answer's status, None if there was no answer."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        found = re.search(r"failed: (\d{3})\b", str(cause))  # the library says it in words alone
        self.status = int(found.group(1)) if found else None


class _TlsConnection(_Cuttable, HTTPSConnection):
    response_class = WholeHeadResponse

    def _tunnel(self) -> None:
        try:
            super()._tunnel()
        except (OSError, http.client.HTTPException) as error:
            raise TunnelFailed(error) from error


class _CuttablePool:
    """Remembers the connection that it gave out last."""

    _newest: _Cuttable | None = None

    def _get_conn(self, timeout: float | None = None) -> Any:
        self._newest = super()._get_conn(timeout)  # type: ignore[misc]
        return self._newest

    def cut(self) -> None:
        if self._newest is not None:
            self._newest.cut()


class _PlainPool(_CuttablePool, HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(_CuttablePool, HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class WholeHeadAdapter(HTTPAdapter):
    """Uses such connections, through a proxy too; for one request at a time."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def cut(self) -> None:
        """Cut the connection under way, from any thread."""
        for manager in (self.poolmanager, *self.proxy_manager.values()):
            for key in manager.pools.keys():  # noqa: SIM118 - the only way to walk through them
                if (pool := manager.pools.get(key)) is not None:
                    pool.cut()


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _PlainPool, "https": _TlsPool}
