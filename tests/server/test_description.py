"""The description of the wire: whole, and kept by a real server for requests made from it."""

import shutil
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, settings
from starlette.routing import Route

from sync.server.application import create_application
from sync.server.describing import DESCRIBED, description
from sync.server.home import Home
from sync.server.office import Office, open_office
from tests.server.described_cases import enrolled_laptop, schema_of, wrong_with
from tests.server.laptops import Laptop
from tests.server.offices import serving

SOURCE: dict[str, Any] = description()
schema = schema_of(SOURCE)


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory, sqlite_template) -> Iterator[Laptop]:
    folder = tmp_path_factory.mktemp("described") / "office"
    shutil.copytree(sqlite_template, folder)
    office = open_office(Home(folder), None)
    with serving(office) as place:
        yield enrolled_laptop(office, place)
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
    """In small; many more are those of `make faults-ci` and `make faults`."""
    assert wrong_with(case, enrolled) == ""


def test_the_description_itself_is_served(enrolled: Laptop):
    line = HTTPConnection(*enrolled.place, timeout=20)
    line.request("GET", "/v1/openapi.json")
    assert b'"openapi":"3.1.0"' in line.getresponse().read()
    line.close()
