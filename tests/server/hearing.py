"""The server's log as a test hears it, whatever ran in this process before."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.testing import capture_logs


@contextmanager
def heard() -> Iterator[list[Any]]:
    """Yield what is logged from here on, from the level of a running server.

    A logger that was used after a command had set logging up keeps the settings of then: it is
    made to look for them anew.
    """
    before = structlog.get_config()
    for name, module in list(sys.modules.items()):
        if name.startswith("sync.") and hasattr(module, "log"):
            vars(module.log).pop("bind", None)  # where the lazy logger keeps what it found
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    try:
        with capture_logs() as log:
            yield log
    finally:
        structlog.configure(**before)
