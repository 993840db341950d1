"""The pages' routes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from enumerator_app.domain.errors import KnownError
from enumerator_app.texts import Language
from sync.server.office import Office
from sync.server.web.assets import add_assets
from sync.server.web.door import add_door
from sync.server.web.frame import RAIL, frame, rail, templates
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
from sync.server.web.site import Site

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_ADDRESSES: Final = ("/", "/letters")
# Each hangs its routes onto the site, with the right that they need.
PAGES: Final[tuple[Callable[[Site], None], ...]] = (add_door,)


def add_pages(app: FastAPI, office: Office) -> None:
    """Hang the pages onto the application."""

    @app.get("/")
    def first_page(request: Request) -> Response:
        language = _language(request)
        return _page(office, language, "overview", overview(office, language))

    add_letters(app, office)
    site = Site(app, office)
    app.state.site = site
    for add in PAGES:
        add(site)

    add_assets(app)


def add_letters(app: FastAPI, office: Office) -> None:
    """Hang the page of the papers onto the application, and what its buttons ask for."""

    @app.get("/letters")
    def letters(request: Request) -> Response:
        if not is_at_the_server(request):
            return _elsewhere(office, request)
        return _letters(office, _language(request), Asked())

    @app.post("/letters/{kind}")
    async def letter(request: Request, kind: str) -> Response:
        if not is_at_the_server(request) or kind not in FORMS:
            return _elsewhere(office, request)
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
    return _page(office, language, "letters", letters_page(office, language, asked), status)


def _elsewhere(office: Office, request: Request) -> Response:
    return _page(office, _language(request), "letters", {}, 403, template="elsewhere.html")


def _page(
    office: Office,
    language: Language,
    active: str,
    values: dict[str, Any],
    status: int = 200,
    *,
    template: str = "",
) -> Response:
    rights = {place.right for _, places in RAIL for place in places}
    groups = rail(active, language, pages=_ADDRESSES, rights=rights, counts={})
    here = "/" if active == "overview" else f"/{active}"
    for item in (item for group in groups for item in group["places"] if language == "en"):
        item["address"] += "?lang=en"
    switch = [
        {"language": "id", "label": "Indonesia", "address": here},
        {"language": "en", "label": "English", "address": f"{here}?lang=en"},
    ]
    around = frame(office, language, groups=groups, switch=switch)
    page = templates().get_template(template or f"{active}.html").render({**values, **around})
    return Response(page, status, _PAGE_HEADERS, "text/html; charset=utf-8")


def _language(request: Request) -> Language:
    """Indonesian, unless the address asks for English."""
    return "en" if request.query_params.get("lang") == "en" else "id"
