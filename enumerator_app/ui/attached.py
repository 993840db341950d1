"""Whether a presenter's view is still there to be shown something."""

from typing import TypeGuard, TypeVar

from shiboken6 import isValid

View = TypeVar("View")


def is_there(view: View | None) -> TypeGuard[View]:
    """Return whether the view exists: its window may have gone while an answer was on its way."""
    return view is not None and isValid(view)
