"""The window around the pages: rail, strip, palette, keys."""

from enumerator_app.ui.shell.pages import Command, Page
from enumerator_app.ui.shell.state import ShellState
from enumerator_app.ui.shell.window import MainWindow

__all__ = ["Command", "MainWindow", "Page", "ShellState"]
