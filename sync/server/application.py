"""The web application of one office, and serving it until a signal."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from enumerator_app.domain.errors import KnownError
from sync.server.beside import failing
from sync.server.describing import DESCRIPTION_PATH, description
from sync.server.office import Office
from sync.server.routes import add_routes
from sync.server.tls import authority_pem
from sync.server.watching import KIND, Meters, Watched
from sync.server.web.pages import add_pages

_STOP_WITHIN_S: Final = 10
_LOOPBACK: Final = ("127.0.0.1", "::1")


def create_application(office: Office) -> FastAPI:
    app = FastAPI(title="District server", openapi_url=None, docs_url=None, redoc_url=None)
    meters = Meters()
    app.add_middleware(Watched, meters=meters)
    add_pages(app, office)

    @app.get(DESCRIPTION_PATH)
    def described() -> JSONResponse:
        return JSONResponse(description())

    @app.get("/v1/ca")
    def authority() -> Response:
        return Response(authority_pem(office.home), media_type="application/x-pem-file")

    @app.get("/health")
    def health() -> JSONResponse:
        try:
            with office.database.reading() as connection:
                is_recovering = office.is_recovering(connection)
        except KnownError as error:
            return JSONResponse({"ok": False, "code": error.code}, 503)
        fields = {
            "server_epoch": office.server_epoch, "recovering": is_recovering,
            "failing": sorted(failing()),
        }  # fmt: skip
        return JSONResponse({"ok": True, **fields})

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        if not _is_from_here(request):
            return Response(status_code=404)
        return Response(meters.page(office), media_type=KIND)

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, __: Exception) -> Response:
        """Cut in the middle of a request: nobody is there to read an answer, and all is well."""
        return Response(status_code=400)

    add_routes(app, office)
    return app


def _is_from_here(request: Request) -> bool:
    """Return whether an instrument on this machine asks, and nobody through a proxy."""
    is_near = request.client is not None and request.client.host in _LOOPBACK
    return is_near and not any(name in request.headers for name in ("forwarded", "x-forwarded-for"))


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
