"""Fixtures: the invented office of `tests.paper_office`."""

from collections.abc import Callable

import pytest

from enumerator_app.cards.content import PaperSettings
from tests.paper_office import SETTINGS, Office, make_office, portrait


@pytest.fixture(scope="session")
def office() -> Office:
    return make_office()


@pytest.fixture(scope="session")
def settings() -> PaperSettings:
    return SETTINGS


@pytest.fixture(scope="session")
def make_portrait() -> Callable[..., bytes]:
    return portrait
