"""What the shell is given: pages, and commands that have no page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from enumerator_app.ui.kit import RowContent


@dataclass(frozen=True, kw_only=True)
class Page:
    """One place of the rail. `build` makes its view: on the first visit, and anew whenever
    language, contrast, text size or the window's class changed. What must survive that is kept
    outside the view, by its presenter.
    """

    key: str
    icon: str
    title_key: str
    build: Callable[[], QWidget]
    shortcut: str = ""
    at_bottom: bool = False
    on_rail: bool = True


@dataclass(frozen=True, kw_only=True)
class Command:
    """Something that can be done from anywhere, by its key or from Ctrl+K."""

    key: str
    icon: str
    title_key: str
    act: Callable[[], object]
    shortcut: str = ""


FindPeople = Callable[[str], Sequence[RowContent]]


def nobody(_words: str) -> Sequence[RowContent]:
    """Find no people: for a window without an open file."""
    return ()
