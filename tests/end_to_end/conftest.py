"""What the tests of whole jobs share."""

from collections.abc import Iterator

import pytest

from enumerator_app.demo import programs
from tests import processes


@pytest.fixture(scope="session", autouse=True)
def without_loading_each_program() -> Iterator[None]:
    """Programs are forked; `test_fortnight` starts its own as anybody would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programs, "subprocess", processes)
        yield
