"""The window around the pages, used by its keys."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from enumerator_app.texts import text
from enumerator_app.ui.kit import STRETCH, Field, Pane, Role, RowContent, Text, current_theme
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.shell import Command, MainWindow, Page, ShellState
from enumerator_app.ui.shell.rail import RailItem
from enumerator_app.ui.shell.state import Part

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLACES = (
    ("home", "house", "F1"),
    ("registration", "user-plus", "F2"),
    ("workers", "users", "F3"),
    ("printing", "printer", "F4"),
    ("corrections", "wrench", "F5"),
    ("sending", "paper-plane-tilt", "F9"),
    ("settings", "gear", ""),
)
BUSY = ShellState(
    visit="Balai Desa Karangharja",
    visit_detail="Minggu, 22-11-2026 · 3 kelompok",
    not_sent=32,
    received=1296,
    to_correct=3,
    has_stick=True,
    operator="Nining Suryani",
    badges={"printing": 3, "corrections": 3, "sending": 32},
)


class Office:
    """Pages that keep what was typed outside their views, and count how often they are built."""

    def __init__(self):
        self.typed = {}
        self.built = []
        self.views = {}

    def pages(self):
        return [
            Page(
                key=key,
                icon=icon,
                title_key=f"shell.{key}",
                shortcut=shortcut,
                build=partial(self.build, key),
                at_bottom=key == "settings",
            )
            for key, icon, shortcut in PLACES
        ]

    def build(self, key):
        self.built.append(key)
        field = Field(text("gallery.name_hint"))
        field.line.setObjectName("name")
        field.set_text(self.typed.get(key, ""))
        field.edited.connect(lambda words: self.typed.__setitem__(key, words))
        title = Text(text(f"shell.{key}"), Role.TITLE)
        view = Pane(title, 16, field, STRETCH, ground="ground", margins=(40, 32, 40, 24))
        view.setFocusProxy(field.line)
        view.line, view.title = field.line, title
        self.views[key] = view
        return view


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def window(office, shown, qtbot):
    made = shown(MainWindow(Preferences(), motion=False))
    made.show_pages(office.pages())
    made.render(BUSY)
    qtbot.waitUntil(office.views["home"].line.hasFocus)
    return made


def test_a_page_is_built_when_it_is_first_opened_and_only_then(window, office, qtbot):
    assert office.built == ["home"]
    for key, name in ((Qt.Key.Key_F2, "registration"), (Qt.Key.Key_F1, "home")):
        qtbot.keyClick(window, key)
        assert window.open_key == name
    assert office.built == ["home", "registration"]


@pytest.mark.parametrize(
    ("key", "name"), [(getattr(Qt.Key, f"Key_{place[2]}"), place[0]) for place in PLACES[:-1]]
)
def test_each_function_key_opens_its_page_and_puts_the_cursor_into_it(
    window, office, qtbot, key, name
):
    with qtbot.waitSignal(window.page_opened) as opened:
        qtbot.keyClick(window, key)
    assert opened.args == [name]
    assert office.views[name].line.hasFocus()


def test_a_click_on_the_rail_opens_a_page(window, qtbot):
    item = next(i for i in window.findChildren(RailItem) if i.page_key == "workers")
    qtbot.mouseClick(item, Qt.MouseButton.LeftButton)
    assert window.open_key == "workers"
    assert item.isChecked()


def test_the_rail_says_how_much_waits(window):
    names = {item.page_key: item.accessibleName() for item in window.findChildren(RailItem)}
    assert names["corrections"] == "Perbaikan, 3 menunggu"
    assert names["home"] == "Beranda"


def test_ctrl_l_asks_for_the_lock_and_before_the_lock_keys_do_nothing(window, office, qtbot):
    with qtbot.waitSignal(window.lock_wanted):
        qtbot.keyClick(window, Qt.Key.Key_L, CTRL)
    window.show_front(lambda: office.build("home"))
    with qtbot.assertNotEmitted(window.lock_wanted), qtbot.assertNotEmitted(window.page_opened):
        qtbot.keyClick(window, Qt.Key.Key_L, CTRL)
        qtbot.keyClick(window, Qt.Key.Key_F3)
        qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    assert window.open_key == ""


def test_sun_contrast_builds_the_page_anew_and_keeps_text_and_cursor(window, office, qtbot):
    line = office.views["home"].line
    qtbot.keyClicks(line, "Siti Maemunah")
    line.setCursorPosition(4)
    qtbot.keyClick(window, Qt.Key.Key_M, CTRL | SHIFT)
    qtbot.waitUntil(lambda: current_theme().contrast == "sun")
    again = office.views["home"].line
    assert again is not line
    assert again.text() == "Siti Maemunah"
    assert again.hasFocus()
    assert again.cursorPosition() == 4
    assert office.built == ["home", "home"]


def test_ctrl_plus_and_minus_walk_through_the_three_text_sizes(window, qtbot):
    seen = []
    window.preferences_changed.connect(lambda preferences: seen.append(preferences.text_percent))
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL)
    qtbot.waitUntil(lambda: current_theme().text_percent == 200)
    qtbot.keyClick(window, Qt.Key.Key_Minus, CTRL)
    qtbot.waitUntil(lambda: current_theme().text_percent == 125)
    assert seen == [125, 200, 125]


def test_another_language_reaches_the_rail_and_the_open_page(window, office, qtbot):
    window.set_preferences(Preferences(language="en"))
    qtbot.waitUntil(lambda: office.views["home"].title.text() == "Home")
    names = [item.accessibleName() for item in window.findChildren(RailItem)]
    assert "Corrections, 3 waiting" in names


def test_a_smaller_window_gets_compact_controls(window, qtbot):
    assert not current_theme().compact
    window.resize(1280, 650)
    qtbot.waitUntil(lambda: current_theme().compact)
    assert current_theme().control_height == 36


def test_the_band_of_practice_takes_room_from_the_pages(window, qtbot):
    window.render(ShellState(is_practice=True))
    qtbot.waitUntil(lambda: current_theme().compact)
    window.render(ShellState())
    qtbot.waitUntil(lambda: not current_theme().compact)


def words_of(window):
    parts = window.frame.strip.parts.values()
    return [part.spoken() for part in parts if part.isVisible()]


def test_the_line_says_what_is_where(window):
    assert words_of(window) == [
        "32 belum dikirim",
        "1.296 diterima kantor",
        "3 perlu diperbaiki",
        "flashdisk aktif",
    ]


def test_photos_that_are_still_here_are_never_called_sent(window):
    window.render(ShellState(not_sent=0, photos_not_sent=33, received=60))
    assert words_of(window)[0] == "33 foto belum dikirim"


def test_nought_is_said_with_its_number(window):
    window.render(ShellState())
    assert words_of(window) == [
        "0 belum dikirim",
        "0 diterima kantor",
        "0 perlu diperbaiki",
        "tanpa flashdisk",
    ]


@pytest.mark.parametrize(
    ("part", "page"),
    [(Part.NOT_SENT, "sending"), (Part.RECEIVED, "workers"), (Part.TO_CORRECT, "corrections")],
)
def test_a_click_on_a_part_opens_the_list_behind_it(window, qtbot, part, page):
    with qtbot.waitSignal(window.part_clicked) as clicked:
        qtbot.mouseClick(window.frame.strip.parts[part], Qt.MouseButton.LeftButton)
    assert clicked.args == [part]
    assert window.open_key == page


def test_nothing_personal_stands_in_the_title_of_the_window(window):
    assert window.windowTitle() == "Pendataan Pekerja Tani"


def test_practice_is_said_on_every_page(window):
    window.render(ShellState(is_practice=True))
    shown_words = [label.text() for label in window.findChildren(Text) if label.isVisible()]
    assert text("shell.practice") in shown_words


def test_at_200_percent_f10_opens_the_places_as_a_menu(window, qtbot):
    window.set_preferences(Preferences(text_percent=200))
    qtbot.waitUntil(lambda: current_theme().text_percent == 200)
    assert not window.frame.rail.isVisible()
    assert words_of(window) == ["32 belum dikirim", "3 perlu diperbaiki"]
    qtbot.keyClick(window, Qt.Key.Key_F10)
    menu = window.findChild(QMenu)
    qtbot.waitUntil(menu.isVisible)
    words = [action.text().split("\t")[0] for action in menu.actions()]
    assert words[:3] == ["Beranda", "Daftarkan", "Data pekerja"]
    menu.actions()[2].trigger()
    menu.close()
    assert window.open_key == "workers"


@pytest.fixture
def finding(office, shown, qtbot):
    done = []
    people = [
        RowContent(key="p1", title="SITI MAEMUNAH", subtitle="3216-A07-00129-M4TX"),
        RowContent(key="p2", title="SITI ROKAYAH", subtitle="3216-A07-00130-7HQ2"),
    ]
    command = Command(
        key="verify",
        icon="shield-check",
        title_key="shell.lock",
        act=partial(done.append, "verify"),
    )
    window = shown(MainWindow(Preferences(), motion=False))
    window.show_pages(
        office.pages(),
        commands=[command],
        find_people=lambda words: [p for p in people if words.upper() in p.title],
    )
    window.done = done
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(window.frame.palette_list.line.hasFocus)
    return window


def titles(window):
    return [content.title for content in window.frame.palette_list.list.shown_rows()]


def test_ctrl_k_finds_a_person_and_enter_opens_them(finding, qtbot):
    palette = finding.frame.palette_list
    qtbot.keyClicks(palette.line, "siti")
    qtbot.waitUntil(lambda: titles(finding) == ["SITI MAEMUNAH", "SITI ROKAYAH"])
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    with qtbot.waitSignal(finding.person_chosen) as chosen:
        qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert chosen.args == ["p2"]
    assert not palette.isVisible()


def test_ctrl_k_finds_a_page_by_its_word(finding, qtbot):
    palette = finding.frame.palette_list
    qtbot.keyClicks(palette.line, "perb")
    assert titles(finding) == ["Perbaikan"]
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert finding.open_key == "corrections"


def test_what_cannot_be_found_is_said_in_a_sentence(finding, qtbot):
    palette = finding.frame.palette_list
    qtbot.keyClicks(palette.line, "zzzz")
    words = [label.text() for label in palette.findChildren(Text) if label.isVisible()]
    assert words == [text("shell.palette_nothing")]


def test_esc_gives_the_cursor_back_to_the_page(finding, office, qtbot):
    qtbot.keyClick(finding.frame.palette_list.line, Qt.Key.Key_Escape)
    assert not finding.frame.palette_list.isVisible()
    assert office.views["home"].line.hasFocus()


@pytest.mark.parametrize(
    "kept", [{"language": "fr"}, {"contrast": "dark"}, {"text_percent": 150}, {"text_percent": "x"}]
)
def test_a_choice_this_version_does_not_know_is_read_as_the_usual_one(kept):
    assert Preferences(**kept) == Preferences()


def test_text_sizes_stop_at_both_ends():
    assert Preferences(text_percent=200).with_text_step(1).text_percent == 200
    assert Preferences().with_text_step(-1).text_percent == 100
