"""Fixtures of everything that needs an office; each test has one of its own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sync.server.devices import add_device
from sync.server.home import Home
from sync.server.office import Office, open_office
from tests.server.laptops import Laptop
from tests.server.offices import new_office, serving
from tests.server.postgres import PostgresServer, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an office on SQLite that no test works in: tests copy it."""
    folder = tmp_path_factory.mktemp("template") / "sqlite"
    new_office(folder, None).close()
    return folder


@pytest.fixture(scope="session")
def postgres_template(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer
) -> tuple[Path, str]:
    folder, url = tmp_path_factory.mktemp("template") / "postgresql", postgres.new_database()
    new_office(folder, url).close()
    return folder, url


@pytest.fixture
def sqlite_office(tmp_path: Path, sqlite_template: Path) -> Iterator[Office]:
    shutil.copytree(sqlite_template, tmp_path / "office")
    made = open_office(Home(tmp_path / "office"), None)
    yield made
    made.close()


@pytest.fixture
def postgres_office(
    tmp_path: Path, postgres: PostgresServer, postgres_template: tuple[Path, str]
) -> Iterator[Office]:
    folder, template = postgres_template
    shutil.copytree(folder, tmp_path / "office")
    url = postgres.new_database(template)
    made = open_office(Home(tmp_path / "office"), url)
    yield made
    made.close()
    postgres.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest) -> Office:
    """An office with nothing in it, on each database."""
    name = {"sqlite": "sqlite_office", "postgresql": "postgres_office"}[request.param]
    made: Office = request.getfixturevalue(name)
    return made


@pytest.fixture
def place(office: Office) -> Iterator[tuple[str, int]]:
    with serving(office) as where:
        yield where


@pytest.fixture
def new_laptop(office: Office, place: tuple[str, int]) -> Callable[[], Laptop]:
    def make() -> Laptop:
        laptop = Laptop(place)
        answer = laptop.enrol(add_device(office, "Laptop uji").code)
        assert answer.status == 200, answer.body
        laptop.start_epoch()
        return laptop

    return make


@pytest.fixture
def laptop(new_laptop: Callable[[], Laptop]) -> Laptop:
    return new_laptop()


@pytest.fixture
def laptop_on() -> Iterator[Callable[[Office], Laptop]]:
    """Enrols a laptop at an office that the test names, which is served until the test ends."""
    with ExitStack() as served:

        def make(office: Office) -> Laptop:
            laptop = Laptop(served.enter_context(serving(office)))
            assert laptop.enrol(add_device(office, "Laptop uji").code).status == 200
            laptop.start_epoch()
            return laptop

        yield make
