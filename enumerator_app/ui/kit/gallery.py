"""Every control in every state, as pictures.

One picture a sheet x contrast x text size x language. States that a hand would make (pointed at,
pressed, focused) are set with Qt's own flags, so the pictures come from the real painters.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from enumerator_app.texts import LANGUAGES, Language, set_language, text
from enumerator_app.ui.kit.boxes import STRETCH, Pane, row
from enumerator_app.ui.kit.fonts import Role
from enumerator_app.ui.kit.gallery_sheets import SHEETS, Sheet
from enumerator_app.ui.kit.labels import Text, Tone
from enumerator_app.ui.kit.stylesheet import install_theme
from enumerator_app.ui.kit.theme import Theme, theme_for
from enumerator_app.ui.kit.tokens import CONTRASTS, Contrast

WIDTH_PX = 1366
HEIGHT_PX = 768
TEXT_SIZES = (100, 200)


def draw_gallery(folder: Path, languages: Sequence[Language] = LANGUAGES) -> list[Path]:
    """Draw all sheets into `folder` and return the files; needs a running QApplication."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    folder.mkdir(parents=True, exist_ok=True)
    drawn: list[Path] = []
    for language, contrast, text_percent in product(languages, CONTRASTS, TEXT_SIZES):
        set_language(language)
        theme = gallery_theme(contrast, text_percent)
        install_theme(application, theme)
        for sheet in SHEETS:
            path = folder / f"{sheet.name}_{contrast}_{text_percent}_{language}.png"
            _draw(sheet, theme, path)
            drawn.append(path)
    return drawn


def gallery_theme(contrast: Contrast, text_percent: int) -> Theme:
    return theme_for(
        WIDTH_PX, HEIGHT_PX, contrast=contrast, text_percent=text_percent, motion=False
    )


def show_sheet(sheet: Sheet, theme: Theme) -> QWidget:
    """Build one sheet at its width and show it, high enough for all it holds."""
    heading = row(
        Text(text(f"gallery.{sheet.name}"), Role.TITLE),
        Text(text(f"gallery.{theme.contrast}"), Role.LEAD, Tone.SOFT),
        STRETCH,
        gap=theme.space(12),
    )
    content = sheet.build(theme)
    margin = theme.space(40)
    page = Pane(
        heading, theme.space(20), content, STRETCH,
        ground="ground", margins=(margin, theme.space(24), margin, theme.space(24)),
    )  # fmt: skip
    page.setFixedWidth(WIDTH_PX)
    page.show()
    page.resize(WIDTH_PX, max(HEIGHT_PX, page.box.totalHeightForWidth(WIDTH_PX)))
    QApplication.processEvents()
    sheet.after(page)
    return page


def _draw(sheet: Sheet, theme: Theme, path: Path) -> None:
    page = show_sheet(sheet, theme)
    QApplication.processEvents()
    page.grab().save(str(path))
    page.close()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no event loop does it here


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="gallery", description=__doc__)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(arguments)
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    drawn = draw_gallery(options.output)
    sys.stdout.write(f"{len(drawn)} {options.output}\n")
    del application
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
