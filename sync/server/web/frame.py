"""What stands around every page: the rail with its counts, who is signed in, the language.

A place in the rail is shown to whoever may open its page. Its address is its name; the overview is
the first page.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from enumerator_app.domain.instants import WIB, shown_date, shown_time
from enumerator_app.domain.reference import load_places
from enumerator_app.resource_files import resource_path
from enumerator_app.texts import Language, text
from sync.server.office import Office
from sync.server.web.icons import icon
from sync.server.web.numbers import whole

_DATE: Final = re.compile(r"\b\d\d-\d\d-\d{4}\b[.,:;]?")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the rail."""

    name: str
    icon: str

    @property
    def address(self) -> str:
        return "/" if self.name == "overview" else f"/{self.name}"


@dataclass(frozen=True, slots=True)
class Count:
    """What waits in a place; urgent: somebody must look."""

    n: int
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """Who is signed in, by name and the word for the role; `leave` is where signing out is sent."""

    name: str
    role: str
    leave: str = ""


RAIL: Final[tuple[tuple[str, tuple[Place, ...]], ...]] = (
    ("", (Place("overview", "squares-four"),)),
    (
        "queue",
        (Place("visits", "clipboard-text"), Place("decide", "git-diff")),
    ),
    (
        "people",
        (
            Place("people", "table"),
            Place("service", "identification-card"),
        ),
    ),
    (
        "insurer",
        (
            Place("batches", "paper-plane-tilt"),
            Place("updates", "calendar-check"),
        ),
    ),
    (
        "office",
        (
            Place("devices", "laptop"),
            Place("lists", "list-bullets"),
            Place("letters", "envelope-simple"),
            Place("pairs", "users"),
            Place("accounts", "user-gear"),
            Place("audit", "clock-counter-clockwise"),
        ),
    ),
)


def rail(
    active: str,
    language: Language,
    *,
    pages: Collection[str],
    counts: Mapping[str, Count],
) -> list[dict[str, Any]]:
    """Return the groups of places whose addresses are in `pages`."""
    groups = []
    for title, places in RAIL:
        shown = [p for p in places if p.address in pages]
        if shown:
            items = [_item(place, active, language, counts.get(place.name)) for place in shown]
            word = text(f"web.rail_group_{title}", language) if title else ""
            groups.append({"title": word, "places": items})
    return groups


def _item(place: Place, active: str, language: Language, count: Count | None) -> dict[str, Any]:
    return {
        "address": place.address,
        "icon": place.icon,
        "label": text(f"web.rail_{place.name}", language),
        "is_active": place.name == active,
        "count": whole(count.n, language) if count and count.n else "",
        "is_urgent": bool(count and count.is_urgent),
    }


def frame(
    office: Office,
    language: Language,
    *,
    groups: list[dict[str, Any]],
    who: Who | None = None,
    csrf: str = "",
    keys: bool = True,
    switch: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Return everything that base.html and the macros ask for."""
    regency = load_places().regency(office.public.regency)
    return {
        "language": language,
        "regency": short_regency(regency.name if regency else office.public.regency),
        "rail": groups,
        "who": who,
        "csrf": csrf,
        "keys": keys,
        "switch": switch or [],
        "printed_at": moment(office.clock(), language),
        "t": lambda key, **values: text(f"web.{key}", language, **values),
    }


def short_regency(name: str) -> str:
    """Return `Kab. Bekasi` for `Kabupaten Bekasi`."""
    return name.replace("Kabupaten ", "Kab. ", 1)


def day_and_date(at: datetime, language: Language) -> str:
    """Return `Kamis 08-04-2027`."""
    local = at.astimezone(WIB).date()
    return f"{text(f'web.day_{local.weekday()}', language)} {shown_date(local)}"


def moment(at: datetime, language: Language) -> str:
    """Return `Kamis 08-04-2027 16.40`."""
    return f"{day_and_date(at, language)} {shown_time(at)}"


def dated(said: str) -> Markup:
    """Return a sentence in which no date breaks at the end of a line."""
    return Markup(_DATE.sub(r'<span class="nowrap">\g<0></span>', str(escape(said))))  # noqa: S704 - it was escaped


@cache
def templates() -> Environment:
    """Return the templates; `icon` is known in each of them."""
    environment = Environment(
        loader=FileSystemLoader(resource_path("web")),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["icon"] = icon
    environment.filters["dated"] = dated
    return environment
