"""The description of the wire: whole, and kept by a real server for requests made from it."""

import shutil
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import jsonschema
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from sync.server.application import create_application
from sync.server.describing import DESCRIBED, description
from sync.server.devices import add_device
from sync.server.home import Home
from sync.server.office import Office, open_office
from tests.server.laptops import Laptop
from tests.server.offices import serving

SOURCE: dict[str, Any] = description()
schema = schemathesis.openapi.from_dict(SOURCE)


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory, sqlite_template) -> Iterator[Laptop]:
    folder = tmp_path_factory.mktemp("described") / "office"
    shutil.copytree(sqlite_template, folder)
    office = open_office(Home(folder), None)
    with serving(office) as place:
        laptop = Laptop(place)
        assert laptop.enrol(add_device(office, "Laptop").code).status == 200
        laptop.start_epoch()
        laptop.register()
        laptop.push(laptop.journal)
        yield laptop
    office.close()


def test_every_route_of_laptops_is_described_and_nothing_else(sqlite_office: Office):
    wire = {
        (method, route.path)
        for route in create_application(sqlite_office).routes
        if isinstance(route, Route) and route.path.startswith("/v1/")
        for method in (route.methods or ()) - {"HEAD"} or {"HEAD"}
    }
    ours = {one for one in wire if "{rest" not in one[1]}
    assert ours - {("GET", "/v1/openapi.json"), ("GET", "/v1/ca")} == set(DESCRIBED)


def test_the_schemas_are_schemas():
    for name, one in SOURCE["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(one)
        assert one["type"] == "object", name


@schema.parametrize()
@settings(
    max_examples=8, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_a_real_server_answers_as_described(case, enrolled: Laptop):
    response = signed(case, enrolled)
    assert response.status_code < 500, response.text
    assert response.elapsed.total_seconds() < 5
    case.validate_response(
        response,
        checks=[status_code_conformance, content_type_conformance, response_schema_conformance],
    )


def signed(case: Any, laptop: Laptop) -> requests.Response:
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
        return line.send(prepared, timeout=20)


def test_the_description_itself_is_served(enrolled: Laptop):
    line = HTTPConnection(*enrolled.place, timeout=20)
    line.request("GET", "/v1/openapi.json")
    assert b'"openapi":"3.1.0"' in line.getresponse().read()
    line.close()
