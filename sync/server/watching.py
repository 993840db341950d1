"""What an operator's instruments may see of the server: counts and times, and nobody's name.

With several processes each keeps its counts in a folder, and any of them adds them up.
"""

import os
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from starlette.routing import Route

from sync.server.beside import failing
from sync.server.office import Office
from sync.server.standing import standing

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
KIND: Final = "text/plain; version=0.0.4; charset=utf-8"
_TIMES_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_NOT_ASKED_FOR: Final = "other"
_GAUGES: Final = {
    "registrations": "People on record.",
    "entries": "Journal entries received.",
    "held": "Entries that wait for one before them.",
    "photos_missing": "Photos that records name and that are not here.",
    "cases": "Open cases and quarantined records.",
    "devices": "Laptops.",
}

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
log = structlog.get_logger()


class Meters:
    """The counts of one process."""

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._requests = Counter(
            "district_requests", "Requests answered.", ("route", "status"), registry=self._own
        )
        self._seconds = Histogram(
            "district_request_seconds", "Time until the answer was out.", ("route",),
            buckets=_TIMES_S, registry=self._own,
        )  # fmt: skip

    def note(self, route: str, status: int, seconds: float) -> None:
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def page(self, office: Office) -> bytes:
        """Return all counts as Prometheus reads them; what stands now is read now."""
        requests = self._own
        if SHARED in os.environ:
            requests = CollectorRegistry()
            multiprocess.MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
        return generate_latest(requests) + generate_latest(_of_now(office))


class Watched:
    """Counts, times and logs each request of an application: route, status, milliseconds."""

    def __init__(self, app: Application, meters: Meters) -> None:
        self.app = app
        self.meters = meters
        self._patterns: dict[Any, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        if not self._patterns:
            self._patterns = _patterns(scope)
        # The pattern, never the address: an address could name somebody.
        route = self._patterns.get(scope.get("endpoint"), _NOT_ASKED_FOR)
        self.meters.note(route, status, seconds)
        log.info(
            "request", method=scope["method"], route=route, status=status,
            ms=round(seconds * 1000, 1),
        )  # fmt: skip


def _patterns(scope: Mapping[str, Any]) -> dict[Any, str]:
    return {route.endpoint: route.path for route in scope["app"].routes if isinstance(route, Route)}


def _of_now(office: Office) -> CollectorRegistry:
    registry = CollectorRegistry()
    found = standing(office)
    for name, about in _GAUGES.items():
        Gauge(f"district_{name}", about, registry=registry).set(found[name])
    Gauge("district_recovering", "1 while laptops are awaited after a restore.",
          registry=registry).set(int(found["recovering"]))  # fmt: skip
    Gauge("district_issuing_key_days_left", "Days until cards can no longer be sealed.",
          registry=registry).set(found["issuing_key"]["days_left"])  # fmt: skip
    bugs = Gauge("district_beside_bugs", "Bugs in a row in work beside the answers.", ("work",),
                 registry=registry)  # fmt: skip
    for name, n in failing().items():
        bugs.labels(name).set(n)
    return registry
