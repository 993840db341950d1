"""The pages' routes: one page, and the files it needs, all from this machine."""

import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from enumerator_app.resource_files import resource_path
from enumerator_app.texts import Language
from sync.server.office import Office
from sync.server.web.overview import overview

POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_FILES: Final = {
    "style.css": "text/css; charset=utf-8",
    "print.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_FONTS: Final = {
    "regular.ttf": "SourceSansPro-Regular.ttf",
    "semibold.ttf": "SourceSansPro-Semibold.ttf",
    "bold.ttf": "SourceSansPro-Bold.ttf",
}
_A_WEEK: Final = {"Cache-Control": "public, max-age=604800", "X-Content-Type-Options": "nosniff"}


def add_pages(app: FastAPI, office: Office) -> None:
    """Hang the pages onto the application."""

    @app.get("/")
    def first_page(request: Request) -> Response:
        language = _language(request)
        page = _templates().get_template("overview.html").render(overview(office, language))
        return Response(page, headers=_PAGE_HEADERS, media_type="text/html; charset=utf-8")

    @app.get("/static/{name}")
    def static(name: str) -> Response:
        found = _file(name)
        if found is None:
            return Response(status_code=404)
        content, kind = found
        return Response(content, headers=_A_WEEK, media_type=kind)

    @app.get("/static/fonts/{name}")
    def fonts(name: str) -> Response:
        if name not in _FONTS:
            return Response(status_code=404)
        headers = {**_A_WEEK, "Content-Encoding": "gzip"}
        return Response(_font(name), headers=headers, media_type="font/ttf")


def _language(request: Request) -> Language:
    """Indonesian, unless the address asks for English."""
    return "en" if request.query_params.get("lang") == "en" else "id"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource_path("web")),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _file(name: str) -> tuple[bytes, str] | None:
    if name not in _FILES:
        return None
    return resource_path("web", name).read_bytes(), _FILES[name]


@cache
def _font(name: str) -> bytes:
    """Return a font file, packed: it halves, and every browser unpacks it."""
    package = find_spec("font_source_sans_pro")
    assert package is not None
    assert package.origin is not None
    return gzip.compress((Path(package.origin).parent / "files" / _FONTS[name]).read_bytes())
