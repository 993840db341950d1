"""The pages' routes: one page, and the files it needs, all from this machine."""

import gzip
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from enumerator_app.domain.errors import KnownError
from enumerator_app.resource_files import resource_path
from enumerator_app.texts import Language, text
from sync.server.office import Office
from sync.server.web.letter_forms import FORMS
from sync.server.web.letters import (
    MOST_BYTES,
    Asked,
    is_at_the_server,
    letters_page,
    make_letter,
    problem_words,
    read_form,
)
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

    add_letters(app, office)

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


def add_letters(app: FastAPI, office: Office) -> None:
    """Hang the page of the papers onto the application, and what its buttons ask for."""

    @app.get("/letters")
    def letters(request: Request) -> Response:
        if not is_at_the_server(request):
            return _elsewhere(request)
        return _letters(office, _language(request), Asked())

    @app.post("/letters/{kind}")
    async def letter(request: Request, kind: str) -> Response:
        if not is_at_the_server(request) or kind not in FORMS:
            return _elsewhere(request)
        raw = await request.body() if _is_small(request) else b""
        return await run_in_threadpool(_letter, office, _language(request), read_form(kind, raw))


def _is_small(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return length.isdigit() and int(length) <= MOST_BYTES


def _letter(office: Office, language: Language, asked: Asked) -> Response:
    try:
        done = make_letter(office, asked, language)
    except KnownError as error:
        problem = problem_words(error, language)
        return _letters(office, language, replace(asked, problem=problem), status=422)
    name = {"Content-Disposition": f'attachment; filename="{done.name}"'}
    return Response(done.content, headers={**_PAGE_HEADERS, **name}, media_type=done.media_type)


def _letters(office: Office, language: Language, asked: Asked, status: int = 200) -> Response:
    page = _templates().get_template("letters.html").render(letters_page(office, language, asked))
    return Response(page, status, _PAGE_HEADERS, "text/html; charset=utf-8")


def _elsewhere(request: Request) -> Response:
    language = _language(request)
    page = (
        _templates()
        .get_template("elsewhere.html")
        .render(language=language, t=lambda key, **values: text(f"web.{key}", language, **values))
    )
    return Response(page, 403, _PAGE_HEADERS, "text/html; charset=utf-8")


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
