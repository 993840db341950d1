"""The web application of one office, and serving it until a signal."""

import errno
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from enumerator_app.domain.errors import PortInUse
from sync.server.errors import AddressUnusable
from sync.server.office import Office
from sync.server.routes import add_routes
from sync.server.tls import authority_pem
from sync.server.web.pages import add_pages

_STOP_WITHIN_S: Final = 10


def create_application(office: Office) -> FastAPI:
    app = FastAPI(title="District server", openapi_url=None, docs_url=None, redoc_url=None)
    add_pages(app, office)

    @app.get("/v1/ca")
    def authority() -> Response:
        return Response(authority_pem(office.home), media_type="application/x-pem-file")

    @app.get("/health")
    def health() -> JSONResponse:
        with office.database.reading():
            return JSONResponse({"ok": True, "server_epoch": office.server_epoch})

    add_routes(app, office)
    return app


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one.

    Raises:
        PortInUse, AddressUnusable
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP: only then does asyncio switch off the delay that holds small answers for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise PortInUse(port=port) from error
        raise AddressUnusable(host=host, port=port) from error
    return listener


def serve(
    app: FastAPI, listener: socket.socket, *, certificate: tuple[str, str] | None = None
) -> None:
    """Answer requests until SIGTERM or SIGINT; requests that run are finished first."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_STOP_WITHIN_S,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=64 * 1024,
        ssl_certfile=certificate[0] if certificate else None,
        ssl_keyfile=certificate[1] if certificate else None,
        lifespan="off",
    )
    _Server(config).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends with its own return after a signal, where uvicorn would raise the signal again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in signals}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
