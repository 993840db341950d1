"""Starts Qt, shows the first page, and only then lets the rest be loaded."""

import os
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from enumerator_app.ui.garbage import keep_garbage_here
from enumerator_app.ui.qt_words import QtWords
from enumerator_app.ui.session.doors import Doors
from enumerator_app.ui.session.session import WindowSession


def application() -> QApplication:
    """Return the one application object, made with the style that all platforms share."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # Which optional sound and video libraries are missing is of no use to anyone who reads this.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")
    made = QApplication(sys.argv[:1])
    made.setApplicationName("tani-pendata")
    made.setStyle("Fusion")
    made.installTranslator(QtWords(made))
    keep_garbage_here(made)
    return made


def run_window(doors: Doors) -> int:
    """Show the window until it is closed; return the exit code."""
    running = application()
    session = WindowSession(doors)
    session.window.show()
    QTimer.singleShot(0, session.warm_up)
    code = running.exec()
    session.close()
    return code
