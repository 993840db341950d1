"""A damaged file, in the window: rescued by one key, or set aside so that the laptop goes on."""

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from enumerator_app.bootstrap.window import doors_of
from enumerator_app.texts import set_language, text
from enumerator_app.ui.kit import Theme, install_theme
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.unlock.presenter import UnlockPresenter
from enumerator_app.ui.unlock.state import Damage, Mode, OperatorEntry, Surroundings
from enumerator_app.ui.unlock.view import UnlockView
from tests.storage.laptops import OPERATOR, PASSPHRASE, new_laptop, person, reopened

PAGE = 4096


@pytest.fixture
def home(tmp_path):
    path = tmp_path / "laptop"
    with new_laptop(path) as store:
        for i in range(5):
            store.register(person(i))
    return path


@pytest.fixture
def page(shown, home):
    doors = doors_of(home)
    presenter = UnlockPresenter(
        [OperatorEntry(name) for name in doors.operators()], doors.unlock, rescue=doors.rescue
    )
    view = shown(UnlockView(Surroundings()))
    presenter.attach(view)
    view.presenter = presenter
    view.setFocus()
    return view


def overwrite(home, first, count=1):
    path = home / "registrations.db"
    raw = bytearray(path.read_bytes())
    raw[first * PAGE : (first + count) * PAGE] = random.Random(1).randbytes(count * PAGE)
    path.write_bytes(raw)


def page_that_stops_the_opening(home):
    """A page without which the file does not open, while everybody can still be read."""
    whole = (home / "registrations.db").read_bytes()
    for place in range(1, len(whole) // PAGE):
        overwrite(home, place)
        try:
            reopened(home).close()
        except Exception:  # noqa: BLE001  this is the one
            return
        (home / "registrations.db").write_bytes(whole)
    raise AssertionError("no such page")


def type_passphrase(page, qtbot):
    QTest.keyClicks(page.passphrase.secret.line, PASSPHRASE)
    QTest.keyClick(page.passphrase.secret.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.state.mode is Mode.DAMAGED, timeout=20_000)


def test_beyond_rescue_is_set_aside_and_the_laptop_begins_anew(page, qtbot, home):
    overwrite(home, 0, 8)
    type_passphrase(page, qtbot)
    assert page.presenter.state.damage is Damage.FOUND
    QTest.keyClick(page.damaged.rescue, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.state.damage is Damage.BEYOND_RESCUE, timeout=20_000)
    assert page.damaged.problem() == text("errors.beyond_rescue")
    with qtbot.waitSignal(page.presenter.begun_anew, timeout=20_000):
        QTest.keyClick(page.damaged.begin_anew, Qt.Key.Key_Return)
    assert not doors_of(home).has_home()
    assert list(home.glob("set-aside-*/registrations.db"))


def test_one_key_rescues_and_the_day_goes_on(page, qtbot, home):
    page_that_stops_the_opening(home)
    type_passphrase(page, qtbot)
    QTest.keyClick(page.damaged.rescue, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.state.damage is not Damage.FOUND, timeout=20_000)
    if page.presenter.state.damage is Damage.BEYOND_RESCUE:
        pytest.skip("the first such page holds the identity")
    assert "5" in page.damaged.said()
    with qtbot.waitSignal(page.presenter.unlocked, timeout=20_000) as done:
        QTest.keyClick(page.damaged.go_on, Qt.Key.Key_Return)
    with done.args[0] as laptop:
        assert laptop.counts().registrations == 5


def test_two_lost_key_files_offer_the_way_out(home, shown):
    for name in ("keys.json", "keys-second.json"):
        (home / name).write_bytes(b"")
    doors = doors_of(home)
    assert doors.has_home()
    view = shown(UnlockView(Surroundings()))
    presenter = UnlockPresenter([], doors.unlock, rescue=doors.rescue)
    presenter.attach(view)
    assert view.damaged.begin_anew.isVisible()
    assert view.damaged.problem() == text("errors.key_file_damaged")


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("damage", list(Damage))
def test_nothing_is_clipped(shown, qapp, qtbot, percent, language, damage):
    install_theme(qapp, Theme(text_percent=percent, motion=False))
    set_language(language)
    try:
        view = shown(UnlockView(Surroundings(office_phone="0812-0000-0000")))
        presenter = UnlockPresenter([OperatorEntry(OPERATOR)], lambda *_: None)
        presenter.attach(view)
        view.resize(1366, 768)
        words = text("rescue.in_part") if damage is Damage.RESCUED else ""
        presenter._show(mode=Mode.DAMAGED, damage=damage, said=words)
        qtbot.waitUntil(lambda: faults(view) == [], timeout=5_000)
    finally:
        set_language("id")
