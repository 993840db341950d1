"""Every route of the application, for every role, area and nobody: no unintended success.

The routes are read out of the application itself: one that names no right fails here, and so does
one that lets somebody in who has not got it. Pages that come later are looked at without a change.
"""

import re
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from sync.server.application import create_application
from sync.server.devices import add_device
from sync.server.people.rights import Right, Role, rights_of
from sync.server.people.tables import ATTEMPT_ROWS, SESSION_ROWS
from sync.server.table_kit import OFFICE_METADATA
from sync.server.tables import SUBJECT_ROWS
from tests.server.laptops import Laptop, nik
from tests.server.offices import new_office, serving
from tests.server.people import HERE, signed_in

HOME, AWAY = "Tarumajaya", "Setu"
CODE = "3216012001"  # in Tarumajaya
NAME = "PEKERJA TERTANAM"

# Open to everybody: what a browser needs before the door, the door, and what laptops sign.
OPEN = {
    "/health", "/metrics", "/static/{name}", "/static/fonts/{name}",
    "/sign-in", "/sign-in/code", "/sign-in/first", "/sign-in/new", "/sign-in/sample", "/sign-out",
}  # fmt: skip
# What belongs to no kecamatan: accounts and deeds are kept for the office as a whole.
OF_THE_OFFICE = {Right.own, Right.accounts, Right.audit}


@dataclass
class Sample:
    """An office with one person of Tarumajaya, and somebody signed in for each role and area."""

    office: object
    app: object
    people: dict
    ids: dict


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    office = new_office(tmp_path_factory.mktemp("rights") / "office", None)
    with serving(office) as place:
        laptop = Laptop(place)
        laptop.enrol(add_device(office, "Balai desa").code)
        laptop.start_epoch()
        laptop.register(nik=nik(1), name=NAME, village_code=CODE)
        laptop.push(laptop.journal)
    app = create_application(office)
    areas = {"everywhere": (), "home": (HOME,), "away": (AWAY,)}
    people = {
        (role, area): signed_in(
            office, role, login=f"{role}.{area}".replace("_", "."), districts=districts, app=app
        )
        for role in Role
        for area, districts in areas.items()
    }
    with office.database.reading() as connection:
        row = connection.execute(select(SUBJECT_ROWS)).one()
    ids = {
        "number": row.number,
        "kind": "village-notice",
        "month": "2026-11",
        "id": row.id,
        "subject": row.id,
    }
    yield Sample(office, app, people, ids)
    office.close()


def routes(app):
    """Every route with its method, by path."""
    for route in app.router.routes:
        for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
            yield method, route.path


def filled(path, ids):
    """The path with what stands in braces filled; the planted person where nobody says else."""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda part: ids.get(part[1], ids["id"]), path)


def form(ids):
    """Everything that a form might ask for, about the planted person."""
    return {
        "village": CODE, "number": ids["number"], "subject": ids["id"], "id": ids["id"],
        "reason": "uji", "code": "000000", "field": "nik", "search": NAME, "name": NAME,
    }  # fmt: skip


def ask(browser, method, path, ids):
    address = filled(path, ids)
    return browser.get(address) if method == "GET" else browser.post(address, form(ids))


def is_of_laptops(path):
    return path.startswith("/v1/")


def test_every_route_names_its_right_or_is_known_to_be_open(sample):
    declared = sample.app.state.site.needs.rights
    unknown = {
        (method, path)
        for method, path in routes(sample.app)
        if (method, path) not in declared and path not in OPEN and not is_of_laptops(path)
    }
    assert unknown == set()
    assert len(declared) > 15
    assert all(isinstance(right, Right) for right in declared.values())


def test_a_route_without_a_right_would_be_found(sample):
    app = create_application(sample.office)

    @app.get("/planted")
    def planted():
        return "planted"

    declared = app.state.site.needs.rights
    assert ("GET", "/planted") in set(routes(app)) - set(declared)


def contents(office, *but):
    """All rows of all tables, as text."""
    found = {}
    with office.database.reading() as connection:
        for table in OFFICE_METADATA.sorted_tables:
            if table.name not in but:
                rows = connection.execute(text(f'SELECT * FROM "{table.name}"')).all()  # noqa: S608 - the schema's own names
                found[table.name] = sorted(map(repr, rows))
    return found


VOLATILE = (SESSION_ROWS.name, ATTEMPT_ROWS.name)


def test_nobody_gets_in_without_signing_in(sample):
    before = contents(sample.office, *VOLATILE)
    for cookies in ({}, {"session": "x" * 43}, {"__Host-session": "x" * 43}):
        client = TestClient(sample.app, base_url=HERE, cookies=cookies)
        for method, path in sample.app.state.site.needs.rights:
            answer = client.request(
                method, filled(path, sample.ids), headers={"Origin": HERE}, follow_redirects=False
            )
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/sign-in"), path
            assert answer.content == b""
    assert contents(sample.office, *VOLATILE) == before


@pytest.mark.parametrize("role", Role)
def test_a_role_does_what_its_rights_say_and_nothing_else(sample, role):
    declared = sample.app.state.site.needs.rights
    forbidden = {route for route, right in declared.items() if right not in rights_of(role)}
    before = contents(sample.office, *VOLATILE)
    for area in ("everywhere", "home", "away"):
        for method, path in forbidden:
            answer = ask(sample.people[role, area], method, path, sample.ids)
            assert answer.status_code == 403, (method, path)
            assert NAME not in answer.text
    assert contents(sample.office, *VOLATILE) == before
    for method, path in sorted(set(declared) - forbidden):
        if method == "GET":
            answer = ask(sample.people[role, "everywhere"], method, path, sample.ids)
            assert answer.status_code in {200, 303, 404}, (path, answer.text)
            assert not answer.headers.get("location", "").startswith("/sign-in"), path


@pytest.mark.parametrize("role", Role)
def test_people_of_other_kecamatan_do_not_exist(sample, role):
    """Neither shown nor changed: whoever has the right, but another area."""
    declared = sample.app.state.site.needs.rights
    people_tables = ("subject", "entry", "revision", "feed", "case", "visit", "seat", "photo")
    before = {name: contents(sample.office)[name] for name in people_tables}
    for (method, path), right in sorted(declared.items()):
        if right in rights_of(role) and right not in OF_THE_OFFICE:
            answer = ask(sample.people[role, "away"], method, path, sample.ids)
            assert answer.status_code < 500, (method, path, answer.text)
            shown = answer.text.replace(f'value="{NAME}"', "")  # what they typed themselves
            assert NAME not in shown, (method, path)
            assert nik(1) not in answer.text, (method, path)
    after = contents(sample.office)
    assert {name: after[name] for name in people_tables} == before


def test_a_form_without_the_token_or_from_elsewhere_changes_nothing(sample):
    before = contents(sample.office, *VOLATILE)
    for role in Role:
        browser = sample.people[role, "everywhere"]
        for (method, path), right in sample.app.state.site.needs.rights.items():
            if method == "POST" and right in rights_of(role):
                address = filled(path, sample.ids)
                for sent, headers in (
                    ({"csrf": "x"}, {"Origin": HERE}),
                    ({"csrf": ""}, {"Origin": HERE}),
                    ({"csrf": browser.csrf}, {"Origin": "https://evil.example"}),
                    ({"csrf": browser.csrf}, {"Origin": "null"}),
                    ({"csrf": browser.csrf}, {}),
                ):
                    answer = browser.client.post(
                        address, data=sent, headers=headers, follow_redirects=False
                    )
                    assert answer.status_code == 403, (path, sent, headers)
    assert contents(sample.office, *VOLATILE) == before
