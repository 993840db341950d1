"""Before the unlock page is painted, nothing that is slow to load may be loaded."""

import json
import subprocess
import sys

PAINT = """
import json, sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.shell import MainWindow
from enumerator_app.ui.unlock.presenter import UnlockPresenter
from enumerator_app.ui.unlock.state import OperatorEntry
from enumerator_app.ui.unlock.view import UnlockView
presenter = UnlockPresenter([OperatorEntry("Nining Suryani")], lambda name, words: None)
window = MainWindow(Preferences(), motion=False)
def build():
    view = UnlockView(presenter.surroundings)
    presenter.attach(view)
    return view
window.show_front(build)
window.show()
application.processEvents()
picture = window.grab()
assert not picture.isNull()
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "sqlcipher3",
    "cryptography",
    "argon2",
    "reportlab",
    "PIL",
    "numpy",
    "requests",
    "qtawesome",
    "enumerator_app.storage",
    "enumerator_app.services",
    "enumerator_app.cards",
    "sync",
    "PySide6.QtPrintSupport",
    "PySide6.QtPdf",
    "PySide6.QtMultimedia",
    "PySide6.QtNetwork",
)


def test_the_unlock_page_is_painted_without_domain_storage_or_services():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PAINT],
        capture_output=True,
        text=True,
        check=True,
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": ""},
        timeout=60,
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    found = [
        name for name in loaded for heavy in HEAVY if name == heavy or name.startswith(f"{heavy}.")
    ]
    assert found == []
    domain = [name for name in loaded if name.startswith("enumerator_app.domain.")]
    assert domain == ["enumerator_app.domain.errors"]
