"""A real window over a real laptop, worked by keys: what tests of visits share."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.shell import MainWindow
from tests.ui.table import Table

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


class Day:
    """One window as hands meet it; `locks` counts how often it was locked."""

    def __init__(self, qtbot, laptop, *, language="id", percent=100, battery=lambda: None):
        self.qtbot, self.laptop, self.locks = qtbot, laptop, 0
        self.owner = QObject()
        self.window = MainWindow(Preferences(language, text_percent=percent), motion=False)
        self.pages = LaptopPages(
            laptop, self.window, self._lock, battery=battery, parent=self.owner
        )
        self.pages.show()
        self.window.show()
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    def _lock(self):
        self.locks += 1

    @property
    def form(self):
        return self.pages.registration.presenter.state

    @property
    def visit(self):
        return self.pages.visit.presenter.state

    def until(self, claim):
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=8000)

    def key(self, key, modifier=PLAIN):
        """Press a key where the cursor can be seen: no hand is faster than the screen."""
        self.until(lambda: (at := QApplication.focusWidget()) is None or at.isVisible())
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def type(self, words, *, enter=True):
        QTest.keyClicks(QApplication.focusWidget(), words)
        if enter:
            self.key(Qt.Key.Key_Return)

    def open(self, page):
        self.window.open_page(page)
        self.until(lambda: self.window.open_key == page)

    def table(self):
        """Go to the form, and wait until it knows the visit."""
        self.key(Qt.Key.Key_F2)
        self.until(lambda: self.form.visit is not None)
        self.until(lambda: QApplication.focusWidget().objectName() == "form.nik")

    def ticket(self):
        return self.form.form.value("ticket")

    def fill(self, nik, name):
        """Type a person from the KTP to the consent."""
        Table(self.qtbot, self.pages.registration, None).fill(nik=nik, name=name)

    def save(self):
        """Save and wait for the number."""
        before = self.form.saved
        self.key(Qt.Key.Key_Return, CTRL)
        self.until(lambda: self.form.saved not in (None, before) and not self.form.is_busy)

    def close(self):
        """End as a closed window does."""
        self.pages.stop()
        self.window.close()
        assert finish_jobs(self.owner)
        self.window.deleteLater()
