"""The gallery shows every control, whole, in each contrast, text size and language."""

import pytest
from PySide6.QtGui import QImage

from enumerator_app.texts import set_language
from enumerator_app.ui.kit import Button, Field, Pane, Text, install_theme
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.kit.gallery import draw_gallery, gallery_theme, main, show_sheet
from enumerator_app.ui.kit.gallery_sheets import SHEETS


def lasting(found):
    """Every sheet shows the same key in many states; that one fault is what a gallery is for."""
    return [line for line in found if not line.startswith("the key")]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
@pytest.mark.parametrize("contrast", ["light", "sun"])
@pytest.mark.parametrize("text_percent", [100, 125, 200])
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_control_is_cut_small_or_covered(sheet, contrast, text_percent, language, qapp, qtbot):
    set_language(language)
    theme = gallery_theme(contrast, text_percent)
    install_theme(qapp, theme)
    page = show_sheet(sheet, theme)
    qtbot.addWidget(page)
    assert lasting(faults(page)) == []


def test_a_page_forced_into_too_little_room_is_found_out(qtbot):
    words = Text("Penyimpanan penuh. Isian ini BELUM tersimpan.")
    page = Pane(words, Field("Nama"), Button("Simpan"))
    qtbot.addWidget(page)
    page.show()
    assert faults(page) == []
    page.layout().setEnabled(False)
    page.setMinimumSize(0, 0)
    page.resize(120, 60)
    found = "\n".join(faults(page))
    assert "does not fit" in found
    assert "outside the window" in found


def test_two_buttons_with_one_key_are_found_out(shown):
    page = shown(Pane(Button("Simpan", key="Ctrl+S"), Button("Simpan semua", key="Ctrl+S")))
    assert faults(page) == ["the key Ctrl+S stands on 2 buttons"]


@pytest.mark.slow
def test_the_command_draws_each_sheet_into_its_folder(qapp, tmp_path, capsys):
    assert main(["--output", str(tmp_path / "pictures")]) == 0
    drawn = sorted(tmp_path.glob("pictures/*.png"))
    assert len(drawn) == len(SHEETS) * 2 * 2 * 2
    assert capsys.readouterr().out.startswith(f"{len(drawn)} ")
    assert all(QImage(str(path)).width() == 1366 for path in drawn)


def test_the_gallery_can_be_drawn_in_one_language(qapp, tmp_path):
    assert len(draw_gallery(tmp_path, languages=["en"])) == len(SHEETS) * 4
