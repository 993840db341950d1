"""A plugin for pytest: takes the protection away that `PROTECTION_OFF` names, before any test."""

import os
from contextlib import ExitStack
from unittest.mock import patch

import pytest

_taken = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Replace what the control names for the whole run."""
    from tests.faults.protocol_controls import CONTROLS  # noqa: PLC0415 - after the paths are set

    control = CONTROLS[os.environ["PROTECTION_OFF"]]
    for target, substitute in control.off.items():
        _taken.enter_context(patch(target, substitute))
    config.add_cleanup(_taken.close)
