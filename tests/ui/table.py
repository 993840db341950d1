"""The registration page as hands meet it."""

import json
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.registration.page import RegistrationPage
from tests.ui.open_laptops import village_of

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NIK = "3216135203740003"


class Table:
    """The page as hands meet it: everything goes through the widget that has the focus."""

    def __init__(self, qtbot, page, view):
        self.qtbot, self.page, self.view = qtbot, page, view

    @property
    def state(self):
        return self.page.presenter.state

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget(), key, modifier)

    def type(self, words, *, enter=True):
        for letter in words:
            QTest.keyClicks(QApplication.focusWidget(), letter)  # the cursor may have gone on
        if enter:
            self.key(Qt.Key.Key_Return)

    def place(self):
        return QApplication.focusWidget().objectName()

    def until(self, claim):
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=5000)

    def sentences(self):
        """Return what the right column says, once the rules have spoken about this form."""
        self.check()
        return [line.sentence for line in self.state.checks.lines]

    def check(self):
        rules = self.page.presenter.rules
        rules.speak()
        self.until(lambda: rules.is_idle and not self.state.is_busy)

    def fill(self, nik=NIK, name="siti maemunah", sex="p", born="12031974"):
        """Type a whole person from NIK to consent, as one does from a KTP."""
        self.type(nik)
        self.type(nik[-4:] if nik.startswith("321613") else nik[:6] + nik[-4:], enter=False)
        self.type(name)
        self.type(sex)
        self.type("bekasi")
        self.type(born, enter=False)
        self.type("ruminah")
        self.type("Kp. Pulo Asem")
        self.type("3/1")
        self.type("081234567890")
        self.type("b2001a", enter=False)
        self.type("endah")
        self.type("12")
        if self.place() == "form.photo":
            self.key(Qt.Key.Key_Return)  # none today
        self.type("y", enter=False)

    def save(self):
        self.key(Qt.Key.Key_Return, CTRL)

    def save_in_vain(self):
        """Press save where something is missing, and wait for the cursor to be sent there."""
        wish = self.state.focus
        self.save()
        self.until(lambda: self.state.focus != wish and not self.state.is_busy)

    def save_and_wait(self):
        self.save()
        self.until(lambda: self.state.saved is not None)


def of_the_group(laptop, **values):
    shared = {"village_code": village_of(laptop, "Karangharja"), **values}
    laptop.set_setting("form.shared", json.dumps(shared))


def open_table(qtbot, shown, laptop):
    owner = QObject()
    page = RegistrationPage(laptop, parent=owner)
    page.owner = owner
    view = shown(page.build())
    view.setFocus()
    table = Table(qtbot, page, view)
    table.until(lambda: table.state.form.value("village_code") or table.state.notice)
    return table


@contextmanager
def open_tables(qtbot, shown):
    """Yield what opens the registration page of a laptop; pages and laptops are closed behind."""
    kept = []

    def open_(laptop):
        kept.append((laptop, open_table(qtbot, shown, laptop)))
        return kept[-1][1]

    yield open_
    for laptop, table in kept:
        table.page.stop()
        assert finish_jobs(table.page)
        laptop.close()
