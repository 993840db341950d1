"""Icons as outlines: the same Phosphor glyphs (MIT, inside the package qtawesome) as in the app.

A page writes the outline itself, so nothing is fetched for a sign, and it takes the text's colour.
"""

import json
from functools import cache
from threading import Lock
from typing import Final

from fontTools.misc.transform import Transform
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from sync.server.web.assets import package_folder

BOX: Final = 256
"""Width and height of the square that outlines are drawn in."""

_DRAWING: Final = Lock()  # the font reads its file as it draws: two pages at once would disturb it


@cache
def _font() -> tuple[TTFont, dict[str, str]]:
    folder = package_folder("qtawesome") / "fonts"
    written = (folder / "phosphor-charmap-1.3.0.json").read_text(encoding="utf-8")
    return TTFont(folder / "phosphor-1.3.0.ttf", lazy=True), json.loads(written)


@cache
def icon(name: str) -> str:
    """Return the outline of a glyph as the `d` of an SVG path.

    Raises:
        KeyError: the font has no glyph of that name. That is a bug.
    """
    with _DRAWING:
        return _drawn(name)


def _drawn(name: str) -> str:
    font, charmap = _font()
    glyphs = font.getGlyphSet()
    glyph = font.getBestCmap()[int(charmap[name], 16)]
    scale = BOX / font["head"].unitsPerEm
    top = font["hhea"].ascent * scale
    pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.0f}")
    glyphs[glyph].draw(TransformPen(pen, Transform(scale, 0, 0, -scale, 0, top)))
    return str(pen.getCommands())
