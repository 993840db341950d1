"""Every page of the frame, in every state, contrast, text size, window and language: all whole."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication

from enumerator_app.texts import text
from enumerator_app.ui.first_start.state import Connection, FirstStartState, Step
from enumerator_app.ui.first_start.view import FirstStartView
from enumerator_app.ui.kit import Text
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.settings.state import Offsets, SettingsFacts, SettingsState
from enumerator_app.ui.settings.view import SettingsView
from enumerator_app.ui.shell import MainWindow, Page, ShellState
from enumerator_app.ui.unlock.state import Mode, OperatorEntry, Surroundings, UnlockState
from enumerator_app.ui.unlock.view import UnlockView

SIZES = [(1280, 650), (1366, 768), (1920, 1040)]
OPERATORS = tuple(
    OperatorEntry(name, "terakhir masuk hari ini 07.21")
    for name in ("Nining Suryani", "Agus Permana", "Raden Ajeng Dewi Anggraini Kusumaningrum")
)
SURROUNDINGS = Surroundings(
    office_name="Pemerintah Kabupaten Contoh",
    office_phone="0812-0000-0000",
    device_code="A07",
    version="1.0.0",
    not_sent=1234,
    received=96,
)
CONNECTION = Connection("kantor.contoh.id:8443", "TANI-7F3K", "Nining Suryani")
LONG_PROBLEM = "Kantor belum terhubung. Data aman di sini. Coba flashdisk. " * 2
FACTS = SettingsFacts(
    offsets=Offsets(5, -12),
    operators=OPERATORS,
    operator="Nining Suryani",
    office_name="Dinas Tenaga Kerja Kabupaten Contoh",
    office_address="kantor-pendataan-pekerja.contoh.id:8443",
    office_seen="Jumat 20-11-2026, 16.12",
    device_code="A07",
    last_backup="Jumat 20-11-2026, 16.20",
    version="1.0.0",
)
STRIP = ShellState(
    visit="Balai Desa Karangharja",
    visit_detail="Minggu, 22-11-2026 · 3 kelompok",
    not_sent=12345,
    received=75903,
    to_correct=1203,
    has_stick=True,
    operator="Raden Ajeng Dewi Anggraini",
    badges={"printing": 3, "corrections": 1203, "sending": 12345},
    is_practice=True,
)


def unlock_states():
    plain = UnlockState(operators=OPERATORS)
    yield plain
    yield replace(plain, has_caps_lock=True, problem=text("unlock.wrong_wait", n=300), wait_s=300)
    yield replace(plain, is_busy=True)
    for mode in (Mode.DIGITS, Mode.NEW_DIGITS, Mode.NEW_OPERATOR, Mode.FORGOTTEN):
        yield replace(plain, mode=mode, problem=text("unlock.digits_wrong", n=4))


def first_start_states():
    plain = FirstStartState(connection=CONNECTION)
    yield plain
    yield replace(plain, problem=LONG_PROBLEM)
    yield replace(plain, step=Step.PASSPHRASE, is_busy=True, problem=LONG_PROBLEM)
    yield replace(plain, step=Step.DEVICES)
    yield replace(plain, step=Step.DEVICES, printers=(), cameras=())
    yield replace(plain, step=Step.DEVICES, printers=("EPSON L3210 Series",), cameras=("USB",))


def settings_states(preferences):
    plain = SettingsState(preferences=preferences)
    yield plain
    yield replace(plain, facts=FACTS, busy="backup")
    yield replace(plain, facts=FACTS, is_adding=True, done=text("settings.backed_up"))
    yield replace(plain, facts=FACTS, problem=LONG_PROBLEM)


def settle():
    for _ in range(4):
        QApplication.processEvents()


def faults_of(window, view, state):
    view.render(state)
    settle()
    return [f"{type(view).__name__} {state}: {line}" for line in faults(window)]


def screens():
    """Each text size in each window; what each is met with once is for every run."""
    for place, size in enumerate(SIZES):
        for other, percent in enumerate((200, 100, 125)):
            marks = () if place == other else pytest.mark.slow
            yield pytest.param((percent, size), id=f"{percent}%-{size[0]}x{size[1]}", marks=marks)


@pytest.fixture(params=screens())
def screen(request):
    """The text size in percent, and the window's width and height."""
    return request.param


@pytest.fixture
def made(shown):
    def make(preferences, size):
        window = MainWindow(preferences, motion=False)
        window.resize(*size)
        shown(window)
        settle()
        assert (window.width(), window.height()) == size
        return window

    return make


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("contrast", ["light", "sun"])
def test_all_pages_before_the_lock_are_whole(made, screen, contrast, language):
    text_percent, size = screen
    window = made(Preferences(language, contrast, text_percent), size)
    found = []
    views = []
    for build, states in (
        (lambda: UnlockView(SURROUNDINGS), unlock_states()),
        (FirstStartView, first_start_states()),
    ):
        window.show_front(lambda build=build: views.append(build()) or views[-1])
        for state in states:
            found += faults_of(window, views[-1], state)
    assert found == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("contrast", ["light", "sun"])
def test_the_frame_and_its_settings_are_whole(made, screen, contrast, language):
    text_percent, size = screen
    preferences = Preferences(language, contrast, text_percent)
    window = made(preferences, size)
    views = []

    def build():
        views.append(SettingsView(today=lambda: date(2026, 11, 22)))
        return views[-1]

    places = ["home", "registration", "workers", "printing", "corrections", "sending", "settings"]
    pages = [
        Page(
            key=key, icon="gear", title_key=f"shell.{key}", build=build, at_bottom=key == "settings"
        )
        for key in places
    ]
    window.show_pages(pages, open_key="settings")
    window.render(STRIP)
    found = []
    for state in settings_states(preferences):
        found += faults_of(window, views[-1], state)
    window.frame.palette_list.open()
    settle()
    found += faults(window.frame.palette_list)
    assert found == []


def test_the_audit_finds_a_page_that_was_forced_into_too_little_room(made):
    window = made(Preferences(), (1366, 768))
    view = UnlockView(SURROUNDINGS)
    window.show_front(lambda: view)
    view.render(UnlockState(operators=OPERATORS))
    settle()
    assert faults(window) == []
    for label in view.findChildren(Text):
        label.setFixedWidth(40)
    view.passphrase.open_button.setFixedHeight(30)
    settle()
    found = "\n".join(faults(window))
    assert "px wide and needs" in found
    assert "only 30 px high" in found
