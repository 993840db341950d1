"""The pages of the office, one after the other."""

from collections.abc import Callable
from functools import partial
from typing import Final

from fastapi import FastAPI, Request, Response

from enumerator_app.texts import text
from sync.server.office import Office
from sync.server.web.accounts_page import add_accounts
from sync.server.web.assets import add_assets
from sync.server.web.audit_page import add_audit
from sync.server.web.batches import add_batches
from sync.server.web.decide import add_decide
from sync.server.web.devices import add_devices
from sync.server.web.door import add_door
from sync.server.web.drives import add_drives
from sync.server.web.exports import add_exports
from sync.server.web.frame import frame, templates
from sync.server.web.letters import add_letters
from sync.server.web.lists import add_lists
from sync.server.web.long_work import add_long_work
from sync.server.web.overview import add_overview
from sync.server.web.own_page import add_own
from sync.server.web.pairs_page import add_pairs
from sync.server.web.people import add_people
from sync.server.web.service import add_service
from sync.server.web.site import PAGE_HEADERS, Site, asked_language
from sync.server.web.stopping import add_stopping
from sync.server.web.unstopping import add_unstopping
from sync.server.web.updates import add_updates
from sync.server.web.village_papers import add_village_papers
from sync.server.web.visits import add_visits
from sync.server.web.visits_planned import add_planned_visits

# Each hangs its routes onto the site, with the right that they need.
PAGES: Final[tuple[Callable[[Site], None], ...]] = (
    add_door,
    add_overview,
    add_people,
    add_devices,
    add_drives,
    add_lists,
    add_planned_visits,
    add_village_papers,
    add_visits,
    add_decide,
    add_letters,
    add_batches,
    add_long_work,
    add_pairs,
    add_exports,
    add_accounts,
    add_audit,
    add_own,
    add_service,
    add_stopping,
    add_unstopping,
    add_updates,
)


def add_pages(app: FastAPI, office: Office) -> None:
    """Hang the pages onto the application."""
    site = Site(app, office)
    app.state.site = site
    for add in PAGES:
        add(site)
    add_assets(app)
    app.add_exception_handler(404, partial(_not_there, office))


def _not_there(office: Office, request: Request, error: Exception) -> Response:  # noqa: ARG001 - the framework's shape
    """Say in words that there is no such page; laptops and instruments need no words."""
    if request.method != "GET" or request.url.path.startswith(("/v1/", "/static/")):
        return Response(status_code=404)
    language = asked_language(request)
    values = {
        "title": text("web.say_no_page", language),
        "detail": text("web.say_no_page_do", language),
    }
    page = (
        templates()
        .get_template("said.html")
        .render({**frame(office, language, groups=[]), **values})
    )
    return Response(page, 404, PAGE_HEADERS, "text/html; charset=utf-8")
