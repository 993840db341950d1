"""Requests made from the description of the wire, signed by a laptop, and what may come back."""

import time
from collections.abc import Mapping
from typing import Any

import requests
import schemathesis
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.server.devices import add_device
from sync.server.office import Office
from tests.server.laptops import Laptop

MOST_WORK_S = 1.0  # of the processor, what little the client does included; others do not count
_CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


def schema_of(description: Mapping[str, Any]) -> Any:
    return schemathesis.openapi.from_dict(dict(description))


def enrolled_laptop(office: Office, place: tuple[str, int]) -> Laptop:
    """Return a laptop that is known, with a person on record."""
    laptop = Laptop(place)
    assert laptop.enrol(add_device(office, "Laptop").code).status == 200
    laptop.start_epoch()
    laptop.register()
    laptop.push(laptop.journal)
    return laptop


def wrong_with(case: Any, laptop: Laptop) -> str:
    """Send the case and return what its answer does wrong; empty if nothing."""
    worked = time.process_time()
    response = _signed(case, laptop)
    worked = time.process_time() - worked
    if response.status_code >= 500:
        return f"{response.status_code} {response.text[:300]}"
    if worked > MOST_WORK_S:
        return f"{worked:.1f} s of work"
    try:
        case.validate_response(response, checks=_CHECKS)
    except (Failure, FailureGroup) as failure:
        return str(failure) or type(failure).__name__
    return ""


def _signed(case: Any, laptop: Laptop) -> requests.Response:
    """Send the case with this laptop's signature over just what goes out."""
    host, port = laptop.place
    parts = case.as_transport_kwargs(base_url=f"http://{host}:{port}")
    wanted = {name: parts.get(name) for name in ("method", "url", "headers", "params", "data")}
    prepared = requests.Request(**wanted, json=parts.get("json")).prepare()
    laptop.counter += 1
    body = prepared.body or b""
    raw = body.encode() if isinstance(body, str) else body
    said = {"counter": laptop.counter, "key": None, "nonce": "0123456789abcdef"}
    prepared.headers.update(laptop.proof(str(prepared.method), prepared.path_url, raw, **said))
    with requests.Session() as line:
        return line.send(prepared, timeout=60)
