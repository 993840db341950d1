"""Buttons, lists, bars and the saved number do what they show."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit

from enumerator_app.ui.kit import (
    Bar,
    Button,
    ButtonKind,
    Chip,
    Field,
    FocusRing,
    Grid12,
    MarkKind,
    Pane,
    PersonDelegate,
    RowContent,
    RowList,
    SavedBlock,
    ScrollPane,
    Text,
    column,
    row,
)

NUMBER = "3216-A07-00129-M4TX"
CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_key_on_a_button_presses_it(shown, qtbot):
    button = Button("Simpan & cetak", kind=ButtonKind.PRIMARY, key="Ctrl+Return")
    page = shown(column(QLineEdit(), button))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(page.findChild(QLineEdit), key, CTRL)


def test_a_busy_button_and_one_that_is_off_cannot_be_pressed(shown, qtbot):
    button = Button("Simpan", key="Ctrl+S")
    page = shown(column(button))
    width = button.minimumWidth()
    button.set_busy("Menyimpan")
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.keyClick(page, Qt.Key.Key_S, CTRL)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.minimumWidth() == width
    assert button.accessibleName() == "Menyimpan"
    button.set_busy("")
    button.setEnabled(False)
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.keyClick(page, Qt.Key.Key_S, CTRL)


def test_an_ampersand_is_a_letter_and_no_mnemonic(qtbot):
    button = Button("Simpan & cetak")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Simpan & cetak"
    assert button.text() == "Simpan && cetak"
    assert button.shortcut().isEmpty()


def test_enter_on_a_focused_button_presses_that_button(shown, qtbot):
    quiet, primary = Button("Tampilkan"), Button("Buka", key="Return")
    shown(row(quiet, primary))
    quiet.setFocus()
    with qtbot.waitSignal(quiet.clicked), qtbot.assertNotEmitted(primary.clicked):
        qtbot.keyClick(quiet, Qt.Key.Key_Return)


def test_a_key_is_silent_while_its_button_is_on_a_hidden_page(shown, qtbot):
    button = Button("Simpan", key="Ctrl+S")
    hidden = column(button)
    page = shown(column(QLineEdit(), hidden))
    hidden.hide()
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.keyClick(page.findChild(QLineEdit), Qt.Key.Key_S, CTRL)


def test_a_chip_counts_with_dots_and_says_so(qtbot):
    chip = Chip("Semua", count=75903)
    qtbot.addWidget(chip)
    assert chip.accessibleName() == "Semua 75903"
    chip.click()
    assert chip.isChecked()


@pytest.fixture
def people(shown):
    made = RowList(PersonDelegate, name="Orang")
    made.set_rows(
        [
            RowContent(key="a", title="SITI", mark=MarkKind.SAVED, word="Belum dikirim"),
            RowContent(key="b", title="ASEP", subtitle="Karangharja"),
            RowContent(key="c", title="ENAH"),
        ]
    )
    return shown(made)


def test_arrows_move_enter_opens_and_up_at_the_top_leaves(people, qtbot):
    people.select("a")
    with qtbot.waitSignal(people.selected) as moved:
        qtbot.keyClick(people, Qt.Key.Key_Down)
    assert moved.args == ["b"]
    with qtbot.waitSignal(people.opened) as opened:
        qtbot.keyClick(people, Qt.Key.Key_Return)
    assert opened.args == ["b"]
    people.select("a")
    with qtbot.waitSignal(people.left_upwards):
        qtbot.keyClick(people, Qt.Key.Key_Up)


def test_new_rows_keep_the_selected_person(people, qtbot):
    people.select("b")
    with qtbot.assertNotEmitted(people.selected):
        people.set_rows([RowContent(key="z", title="BARU"), RowContent(key="b", title="ASEP")])
    assert people.current_key() == "b"
    people.set_rows([RowContent(key="z", title="BARU")])
    assert people.current_key() == ""


def test_a_row_is_read_out_with_its_state(people):
    index = people.rows.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "SITI, Belum dikirim"


def test_a_bar_tells_assistive_technology_the_certain_part(qtbot):
    bar = Bar(name="Data")
    qtbot.addWidget(bar)
    bar.set_amounts(total=32, solid=21, hatched=11)
    assert (bar.value(), bar.maximum(), bar.accessibleName()) == (21, 32, "Data")
    bar.set_amounts(total=0, solid=0)
    assert bar.value() == 0


def colours_along(bar):
    picture = QImage(bar.size(), QImage.Format.Format_RGB32)
    bar.render(picture)
    middle = picture.height() // 2
    return [picture.pixelColor(x, middle).name().upper() for x in range(picture.width())]


def test_solid_green_ends_where_the_certain_part_ends(qtbot):
    bar = Bar(name="Data")
    qtbot.addWidget(bar)
    bar.resize(300, 12)
    bar.set_amounts(total=60, solid=20, hatched=20)
    colours = colours_along(bar)
    assert set(colours[8:98]) == {"#14532D"}
    assert "#14532D" not in colours[102:]
    assert "#FFD36B" in colours[104:196]
    assert set(colours[204:292]) == {"#DDE4DE"}


def test_the_saved_number_counts_down_and_folds(shown, qtbot):
    block = shown(SavedBlock(seconds=2))
    with qtbot.waitSignal(block.folded, timeout=5000):
        block.show_saved(NUMBER, "Siti Maemunah")
        assert "00129" in [label.text() for label in block.findChildren(Text)]
        assert block.seconds_left() == 2
    assert not block.isVisible()


def test_alt_z_takes_the_save_back_once_and_only_in_time(shown, qtbot):
    block, line = SavedBlock(), QLineEdit()
    shown(column(line, block))
    line.setFocus()
    with qtbot.assertNotEmitted(block.undone):
        qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    block.show_saved(NUMBER, "Siti Maemunah")
    with qtbot.waitSignal(block.undone):
        qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    block.show_saved(NUMBER, "Siti Maemunah")
    block.fold()
    with qtbot.assertNotEmitted(block.undone):
        qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)


def test_ctrl_z_stays_with_the_text(shown, qtbot):
    block, line = SavedBlock(), QLineEdit()
    shown(column(line, block))
    block.show_saved(NUMBER, "Siti Maemunah")
    with qtbot.assertNotEmitted(block.undone):
        qtbot.keyClick(line, Qt.Key.Key_Z, CTRL)


def test_all_rows_of_the_grid_share_their_edges(shown):
    fields = [Field(f"Kolom {n}") for n in range(5)]
    grid = Grid12()
    grid.add_row((fields[0], 5), (fields[1], 3), (fields[2], 4))
    grid.add_row((fields[3], 8), (fields[4], 4))
    shown(grid)
    grid.resize(646, 300)
    assert fields[2].geometry().left() == fields[4].geometry().left()
    assert fields[1].geometry().right() == fields[3].geometry().right()
    assert fields[2].geometry().right() == 645


def test_a_hint_pushes_the_rows_below_it_down(shown, qtbot):
    first, second = Field("Satu"), Field("Dua")
    grid = Grid12()
    grid.add_row((first, 12))
    grid.add_row((second, 12))
    shown(Pane(grid))
    before = second.geometry().top()
    first.set_state(first.state(), "Di NIK 12-03-1974. Cek KTP.")
    qtbot.waitUntil(lambda: second.geometry().top() > before)


def test_one_ring_follows_the_focus_and_goes_with_it(shown, qtbot):
    first, second = QLineEdit(), Button("Simpan")
    page = shown(Pane(first, second, margins=(20, 20, 20, 20)))
    ring = FocusRing(page)
    for control in (first, second):
        control.setFocus()
        assert ring.target() is control
        assert ring.geometry().contains(control.geometry())
    second.clearFocus()
    assert not ring.isVisible()


def test_the_ring_lets_go_of_a_control_that_is_deleted(shown, qtbot):
    line = QLineEdit()
    page = shown(Pane(line, margins=(20, 20, 20, 20)))
    ring = FocusRing(page)
    line.setFocus()
    line.setParent(None)
    line.deleteLater()
    qtbot.waitUntil(lambda: not ring.isVisible())


def test_the_focused_field_is_scrolled_into_sight(shown, qtbot):
    fields = [Field(f"Kolom {n}") for n in range(20)]
    pane = shown(ScrollPane(column(*fields)))
    pane.resize(400, 200)
    fields[15].line.setFocus()
    inside = fields[15].line.mapTo(pane.viewport(), fields[15].line.rect().center())
    assert pane.viewport().rect().contains(inside)


def test_a_wrapped_text_keeps_its_last_line_in_a_full_column(shown):
    words = Text("Salinan terkunci dari semua data. " * 4, wrap=True)
    page = shown(Pane(words, Button("Simpan")))
    page.resize(220, 60)
    assert words.height() >= words.heightForWidth(words.width())
    page.resize(900, 400)
    assert words.minimumHeight() <= 3 * words.fontMetrics().lineSpacing()


def test_what_people_typed_is_never_read_as_markup(qtbot):
    label = Text("<b>Asep</b> & anak")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == "<b>Asep</b> & anak"
