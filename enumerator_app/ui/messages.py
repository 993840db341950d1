"""An error as a sentence on the screen."""

import logging

from enumerator_app.domain.errors import KnownError
from enumerator_app.texts import text

_log = logging.getLogger(__name__)


def describe(error: Exception) -> str:
    """Return what happened, whether the data is safe, and what to do.

    What is not a `KnownError` is a bug: it is logged with its trace, and the screen says so.
    """
    if isinstance(error, KnownError):
        return text(f"errors.{error.code}", None, **error.parameters)
    _log.error("unexpected", exc_info=error)
    return text("kit.unexpected")
