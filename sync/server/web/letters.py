"""The page of the office's papers: each with its choices and a button that downloads it.

Papers name people, and nobody signs in yet: the page gives them only to a browser on the server's
own machine. What is chosen travels in the body of a request, never in an address.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from zipfile import ZIP_DEFLATED, ZipFile

import structlog
from fastapi import Request

from enumerator_app.domain.errors import KnownError, UsageWrong
from enumerator_app.domain.instants import WIB, day_in_wib, instant_from_text, shown_date
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, text
from sync.server.documents import read_document
from sync.server.letterhead import NAME as LETTERHEAD
from sync.server.office import Office
from sync.server.papers.batch_paper import list_batches
from sync.server.papers.kinds import KINDS
from sync.server.papers.wishes import Made, Wish, scratch
from sync.server.visits import list_visits
from sync.server.web.letter_forms import (
    CHOICES,
    DATES,
    FORMS,
    NEEDED,
    OWN_LABELS,
    SECTIONS,
    LetterForm,
)
from sync.server.web.numbers import whole

MOST_BYTES: Final = 16 * 1024
_PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_MOST_WORDS: Final = 200
_MOST_VISITS: Final = 200
_AT_A_TIME: Final = Lock()  # a decree is half a minute of work: laptops go on syncing meanwhile
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Download:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed into one form; `problem` is why no paper came of it."""

    kind: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def is_at_the_server(request: Request) -> bool:
    """Return whether a browser on this machine asks, by this machine's own name.

    A page of another site cannot: its browser sends that site's name as host or origin. What a
    proxy passed on comes from who knows where.
    """
    if any(name in request.headers for name in _PASSED_ON):
        return False
    client = request.client.host if request.client else ""
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    origin = request.headers.get("origin")
    came_from = urlsplit(origin).hostname or "" if origin else named
    return all(_is_loopback(place) for place in (client, named, came_from))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def letters_page(office: Office, language: Language, asked: Asked) -> dict[str, Any]:
    """Return what the template shows."""
    now = office.clock()
    visits, batches = _visits(office), _batches(office, language)
    options = {"visit": visits, "batch": batches}
    return {
        "language": language,
        "regency": _regency(office),
        "sections": [
            {
                "name": section.name,
                "forms": [_form(form, options, asked, now.astimezone(WIB).date(), language)
                          for form in section.forms],
            }
            for section in SECTIONS
        ],
        "villages": [
            {"name": village.name, "district": village.district_name}
            for village in load_places().villages
        ],
        "has_letterhead": read_document(office, LETTERHEAD) is not None,
        "asked": asked,
        "t": lambda key, **values: text(f"web.{key}", language, **values),
    }  # fmt: skip


def _regency(office: Office) -> str:
    regency = load_places().regency(office.public.regency)
    return regency.name if regency else office.public.regency


def _form(
    form: LetterForm,
    options: Mapping[str, list[dict[str, str]]],
    asked: Asked,
    today: date,
    language: Language,
) -> dict[str, Any]:
    is_it = asked.kind == form.kind
    values = asked.values if is_it else {}

    def shown(name: str) -> dict[str, Any]:
        value = values.get(name, today.isoformat() if name == "day" else "")
        given = options.get(name) or [
            {"value": one, "label": text(f"web.letters_{name}_{one}", language)}
            for one in CHOICES.get(name, ())
        ]
        return {
            "name": name,
            "label": text(f"web.letters_{OWN_LABELS.get((form.kind, name), name)}", language),
            "id": f"{form.kind}-{name}",
            "value": value,
            "options": given if name in CHOICES or name in options else [],
            "is_date": name in DATES,
            "is_needed": name in NEEDED.get(form.kind, ()),
        }

    return {
        "kind": form.kind,
        "key": form.kind.replace("-", "_"),
        "fields": [shown(name) for name in form.fields],
        "more": [shown(name) for name in form.more],
        "is_open": is_it and any(values.get(name) for name in form.more if name != "day"),
        "problem": asked.problem if is_it else "",
    }


def _visits(office: Office) -> list[dict[str, str]]:
    found = []
    for visit in list_visits(office)[:_MOST_VISITS]:
        day = str(visit.said.get("day") or "")
        shown = shown_date(date.fromisoformat(day)) if day else visit.id[:8]
        place = str(visit.said.get("place") or "")
        label = f"{shown} {place} ({visit.registrations})"
        found.append({"value": visit.id, "label": " ".join(label.split())})
    return [{"value": "", "label": "-"}, *found]


def _batches(office: Office, language: Language) -> list[dict[str, str]]:
    found = []
    for batch in list_batches(office):
        day = shown_date(day_in_wib(instant_from_text(batch["at"])))
        people = whole(batch["rows"], language)
        label = text("web.letters_batch_label", language, day=day, n=people, id=batch["id"])
        found.append({"value": batch["id"], "label": label})
    return found or [{"value": "", "label": text("web.letters_no_batch", language)}]


def read_form(kind: str, raw: bytes) -> Asked:
    """Return what a form of this kind sent: one value each of its own fields, nothing else."""
    form = FORMS[kind]
    sent = parse_qs(raw.decode("utf-8", "replace"), max_num_fields=40)
    names = (*form.fields, *form.more)
    return Asked(
        kind, {name: sent[name][0][:_MOST_WORDS].strip() for name in names if name in sent}
    )


def make_letter(office: Office, asked: Asked, language: Language) -> Download:
    """Write the paper that was asked for, and return it; nothing of it stays on the disk.

    Raises:
        KnownError: why there is none.
    """
    with _AT_A_TIME, scratch(office.home) as folder:
        path = folder / f"{asked.kind}.pdf"
        done = KINDS[asked.kind](office, _wish(office, asked, language), path)
        log.info("paper", kind=asked.kind, rows=done.rows, pages=done.pages)
        return _download(asked.kind, done, path)


def _download(kind: str, done: Made, path: Path) -> Download:
    if "table" not in done.more:
        return Download(f"{kind}.pdf", "application/pdf", path.read_bytes())
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for one in (path, Path(done.more["table"])):
            file.write(one, one.name)
    return Download(f"{kind}.zip", "application/zip", packed.getvalue())


def _wish(office: Office, asked: Asked, language: Language) -> Wish:
    wish: dict[str, Any] = {"day": day_in_wib(office.clock()), "language": language}
    for name, value in asked.values.items():
        if name in DATES and value:
            wish[name] = _day(value, name)
        elif name not in DATES and (name not in CHOICES or value in CHOICES[name]):
            wish[name] = value
    return Wish(**wish)


def _day(written: str, name: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise UsageWrong(detail=name) from error


def problem_words(error: KnownError, language: Language) -> str:
    return text(f"errors.{error.code}", language, **error.parameters)
