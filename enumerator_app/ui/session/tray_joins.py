"""The tray of papers, joined to the page where people are registered and to the settings."""

from collections.abc import Callable
from functools import partial

from enumerator_app.ui.printing.tray import Tray
from enumerator_app.ui.registration.page import RegistrationPage
from enumerator_app.ui.session.settings_page import SettingsPage
from enumerator_app.ui.shell import MainWindow


def join_tray(
    tray: Tray,
    registration: RegistrationPage,
    settings: SettingsPage,
    window: MainWindow,
    count: Callable[[], None],
) -> None:
    """Let every save count, Ctrl+P print, and the tray say what the printer does."""
    registration.committed.connect(tray.look)
    registration.tray_opened.connect(tray.press)
    settings.printer_changed.connect(tray.look)
    tray.page_asked.connect(partial(window.open_page, "printing"))
    tray.handed_over.connect(count)
    tray.changed.connect(lambda: registration.presenter.update(tray_words=tray.words()))
    tray.look()
