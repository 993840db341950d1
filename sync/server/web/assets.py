"""The files that pages need, all from this machine: styles, keys, fonts cut to what is written.

The whole family is 300 kB a weight; Latin letters, digits and the few signs of the pages are 14 kB.
They are cut from the package's own files when first asked for, which takes a tenth of a second.
"""

import gzip
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from enumerator_app.resource_files import resource_path

_FILES: Final = {
    "style.css": "text/css; charset=utf-8",
    "door.css": "text/css; charset=utf-8",
    "print.css": "text/css; charset=utf-8",
    "keys.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
FONTS: Final = {
    "regular.woff": "SourceSansPro-Regular.ttf",
    "semibold.woff": "SourceSansPro-Semibold.ttf",
    "bold.woff": "SourceSansPro-Bold.ttf",
}
_LATIN: Final = (*range(0x20, 0x7F), *range(0xA0, 0x180))
_SIGNS: Final = (
    0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x20AC,  # dashes and quotes
    0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2713, 0x25B2, 0x25BC, 0x25A0,  # arrows and shapes
    0x2264, 0x2265,
)  # fmt: skip
_FEATURES: Final = ("kern", "liga", "locl", "ccmp", "mark", "mkmk", "tnum")
_A_DAY: Final = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
_PACKED: Final = {**_A_DAY, "Content-Encoding": "gzip"}


def add_assets(app: FastAPI) -> None:
    """Hang the files onto the application; they hold nothing about anybody."""

    @app.get("/static/{name}")
    def static(request: Request, name: str) -> Response:
        if name not in _FILES:
            return Response(status_code=404)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(_packed(name), headers=_PACKED, media_type=_FILES[name])
        return Response(_file(name), headers=_A_DAY, media_type=_FILES[name])

    @app.get("/static/fonts/{name}")
    def fonts(name: str) -> Response:
        if name not in FONTS:
            return Response(status_code=404)
        return Response(font(name), headers=_A_DAY, media_type="font/woff")


@cache
def _packed(name: str) -> bytes:
    """Return a file as it travels; nothing in it is secret, so its length tells nobody anything."""
    return gzip.compress(_file(name), mtime=0)


@cache
def _file(name: str) -> bytes:
    return resource_path("web", name).read_bytes()


@cache
def font(name: str) -> bytes:
    """Return one weight as WOFF, cut to the letters and signs that pages write."""
    folder = package_folder("font_source_sans_pro") / "files"
    options = Options(hinting=False, layout_features=list(_FEATURES), notdef_outline=True)
    with TTFont(folder / FONTS[name], lazy=True, recalcTimestamp=False) as whole:
        cutter = Subsetter(options)
        cutter.populate(unicodes=[*_LATIN, *_SIGNS])
        cutter.subset(whole)
        whole.flavor = "woff"
        written = BytesIO()
        whole.save(written)
    return written.getvalue()


def package_folder(name: str) -> Path:
    """Return where a package's files lie, without importing it."""
    found = find_spec(name)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent
