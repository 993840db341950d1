"""One working session on screen: unlock, register, look, print, send, correct, send again."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt

from enumerator_app.ui.session.doors import Doors
from enumerator_app.ui.session.run import application
from enumerator_app.ui.session.session import WindowSession
from enumerator_app.ui.walkthrough.hands import Hands
from enumerator_app.ui.walkthrough.people import PEOPLE, VILLAGE, Typed

_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_SIZE: Final = (1366, 768)


@dataclass(frozen=True, slots=True)
class Walked:
    """What was done: people registered, records corrected, keys pressed, pictures taken."""

    registered: int
    corrected: int
    keys: int
    pictures: tuple[Path, ...]


def walk(doors: Doors, passphrase: str, pictures: Path | None) -> Walked:
    """Do one session in the real window and close it.

    Raises:
        NothingHappened: a page did not come to what a person would wait for.
    """
    application()
    session = WindowSession(doors, motion=False)
    session.window.resize(*_SIZE)
    session.window.show()
    session.window.activateWindow()
    hands = Hands(session.window, pictures)
    try:
        _unlock(hands, session, passphrase)
        registered = _register(hands, session)
        _look(hands, session)
        _send(hands, session, "kirim")
        corrected = _correct(hands, session)
        if corrected:
            _send(hands, session, "kirim-lagi")
    finally:
        session.close()
        session.window.close()
    return Walked(registered, corrected, hands.keys, tuple(hands.taken))


def _unlock(hands: Hands, session: WindowSession, passphrase: str) -> None:
    hands.wait("unlock", lambda: hands.place("unlock_passphrase"))
    hands.picture("01-buka")
    hands.type_in("unlock_passphrase", passphrase)
    hands.press(Qt.Key.Key_Return)
    hands.type_in("unlock_new_digits", "204815")
    hands.picture("02-kunci-cepat")
    hands.press(Qt.Key.Key_Return)
    hands.wait("home", lambda: session.window.open_key == "home")
    hands.wait("home counted", lambda: session.pages.home.presenter.state.is_ready)
    hands.picture("03-beranda")


def _register(hands: Hands, session: WindowSession) -> int:
    hands.press(Qt.Key.Key_F2)
    hands.wait("form", lambda: hands.place("form.nik"))
    hands.press(Qt.Key.Key_F7)
    hands.type_in("form.village", VILLAGE)
    hands.press(Qt.Key.Key_Return)
    for place, person in enumerate(PEOPLE):
        _fill(hands, person)
        if place == 0:
            hands.wait("checks", lambda: session.pages.registration.presenter.state.checks.lines)
            hands.picture("04-daftarkan")
        _save(hands, session, place + 1)
        if place == 0:
            hands.picture("05-tersimpan")
    return len(PEOPLE)


def _fill(hands: Hands, person: Typed) -> None:
    for name, words in person.values.items():
        hands.type_in(f"form.{name}", words)
    for part, words in person.heir.items():
        hands.type_in(f"form.heir.0.{part}", words)
    hands.type_in("form.consent", "Y")


def _save(hands: Hands, session: WindowSession, expected: int) -> None:
    before = _committed(session)
    hands.press(Qt.Key.Key_Return, _CONTROL)
    hands.wait(f"save {expected}", lambda: _committed(session) > before)
    hands.wait("next form", lambda: session.pages.registration.presenter.state.form.is_empty)


def _committed(session: WindowSession) -> int:
    count: int = session.pages.laptop.counts().registrations
    return count


def _look(hands: Hands, session: WindowSession) -> None:
    for key, page, name in (
        (Qt.Key.Key_F3, "workers", "06-data-pekerja"),
        (Qt.Key.Key_F4, "printing", "07-cetak"),
    ):
        hands.press(key)
        hands.wait(page, partial(_is_ready, session, page))
        if page == "workers":
            hands.wait("one worker", lambda: session.pages.workers.presenter.state.detail)
        hands.picture(name)


def _send(hands: Hands, session: WindowSession, name: str) -> None:
    hands.press(Qt.Key.Key_F9)
    hands.wait("sending", lambda: session.window.open_key == "sending")
    presenter: Any = session.pages.sending.presenter
    hands.settle()
    hands.picture(f"08-{name}")
    hands.go_to("sending.send")
    hands.press(Qt.Key.Key_Return)
    over = {"done", "failed", "stopped"}
    hands.wait("answer of the office", lambda: presenter.state.phase in over)
    hands.picture(f"09-{name}-selesai")


def _correct(hands: Hands, session: WindowSession) -> int:
    """Answer what the office sent back: the value stands, or is typed anew."""
    hands.press(Qt.Key.Key_F5)
    hands.wait("corrections", partial(_is_ready, session, "corrections"))
    tasks = session.pages.laptop.tasks()
    if tasks:
        hands.wait("what to correct", lambda: hands.place("fixing.value"))
    hands.picture("10-perbaikan")
    if not tasks:
        return 0
    hands.type_in("fixing.value", "")
    hands.press(Qt.Key.Key_A, _CONTROL)
    hands.type_in("fixing.value", "Bekasi")
    hands.press(Qt.Key.Key_Return, _CONTROL)
    left = len(tasks) - 1
    hands.wait("correction saved", lambda: len(session.pages.laptop.tasks()) == left)
    hands.wait("corrections", lambda: len(session.pages.corrections.presenter.state.rows) == left)
    hands.picture("11-perbaikan-selesai")
    return 1


def _is_ready(session: WindowSession, page: str) -> bool:
    """Say whether a page is open and has read what it shows; a slow machine takes a while."""
    shown = getattr(session.pages, page).presenter.state
    return session.window.open_key == page and shown.phase == "ready"
