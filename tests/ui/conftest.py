"""What every test of the window can count on: one theme, no motion, a window that has the focus."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from enumerator_app.ui.garbage import keep_garbage_here
from enumerator_app.ui.kit import Theme, install_theme


@pytest.fixture(autouse=True)
def plain_theme(qapp: QApplication) -> Iterator[None]:
    """Light, 100 %, nothing moves; whatever a test chose instead is forgotten."""
    keep_garbage_here(qapp)  # no worker thread may take a test's window down
    install_theme(qapp, Theme(motion=False))
    yield
    install_theme(qapp, Theme(motion=False))


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """Widgets let go are really gone before the next test: no event loop runs here to do it."""
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[QWidget], QWidget]:
    """Show a widget as the active window; without a window manager it must be asked for."""

    kept: list[QWidget] = []

    def show(widget: QWidget) -> QWidget:
        kept.append(widget)
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show
