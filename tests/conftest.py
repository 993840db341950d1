"""What every test of this house can count on: Indonesian, no foreign settings, no deadline."""

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from enumerator_app.texts import set_language
from tests.cheap_secrets import make_secrets_cheap

make_secrets_cheap()

# A shared machine may stall for a second at any line; slowness is what `make bench` looks at.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(autouse=True)
def in_indonesian() -> Iterator[None]:
    """The program speaks Indonesian until told otherwise; a test that told it is forgotten."""
    set_language("id")
    yield
    set_language("id")


@pytest.fixture(autouse=True)
def without_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may find the home folder, the proxy or the tokens of who runs it."""
    for name in ("ENUMERATOR_HOME", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no collection of garbage has to walk through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def without_offices_of_before() -> Iterator[None]:
    """FastAPI's caches hold the functions of applications, and so each office that a test had.

    Thousands of them are a gigabyte and more, and each collection walks through all of it.
    """
    yield
    for cached in vars(sys.modules.get("fastapi.dependencies.models", sys)).values():
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()
