"""The page of the office's papers: each with its choices and a button that downloads it.

Papers name people: somebody with some kecamatan gets those of their own villages, visits and
people, and none about the whole regency. What is chosen travels in the body of a request, never in
an address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import structlog
from fastapi import Request, Response
from sqlalchemy import select

from enumerator_app.domain.errors import (
    KnownError,
    NumberUnknown,
    VillageUnknown,
    VisitUnknown,
)
from enumerator_app.domain.instants import WIB, day_in_wib, instant_from_text, shown_date
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, text
from sync.server.deciding import find_by_number
from sync.server.documents import read_document
from sync.server.letterhead import NAME as LETTERHEAD
from sync.server.office import Office
from sync.server.papers.batch_paper import list_batches
from sync.server.papers.kinds import KINDS
from sync.server.papers.people import village_code
from sync.server.papers.wishes import Made, Wish, scratch
from sync.server.people.audit import audit
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.tables import SUBJECT_ROWS
from sync.server.visits import full_id, newest_visits
from sync.server.web.days import typed_day
from sync.server.web.forms import Form
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
from sync.server.web.site import PAGE_HEADERS, Site
from sync.server.web.words import problem_words

MOST_BYTES: Final = 16 * 1024
OF_THE_REGENCY: Final = frozenset({"cover-letter", "decree", "daily-recap"})
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


def add_letters(site: Site) -> None:
    """Hang the page of the papers onto the site, and what its buttons ask for."""

    @site.get("/letters", right=Right.letters)
    def letters(_: Request, visitor: Visitor) -> Response:
        return site.render(
            visitor, "letters.html", active="letters", **letters_page(site.office, visitor, Asked())
        )

    @site.post("/letters/{kind}", right=Right.letters, most=MOST_BYTES)
    def letter(visitor: Visitor, form: Form) -> Response:
        kind = form.path["kind"]
        if kind not in kinds_for(visitor):
            return site.missing(visitor)
        asked = read_form(kind, form.values)
        try:
            done = make_letter(site.office, visitor, asked)
        except KnownError as error:
            problem = problem_words(error.code, error.parameters, visitor.language)
            page = letters_page(site.office, visitor, replace(asked, problem=problem))
            return site.render(visitor, "letters.html", active="letters", status=422, **page)
        name = {"Content-Disposition": f'attachment; filename="{done.name}"'}
        return Response(done.content, headers={**PAGE_HEADERS, **name}, media_type=done.media_type)


def kinds_for(visitor: Visitor) -> frozenset[str]:
    """Return the kinds of papers that somebody with these kecamatan may have."""
    return frozenset(FORMS) - (frozenset() if visitor.districts is None else OF_THE_REGENCY)


def letters_page(office: Office, visitor: Visitor, asked: Asked) -> dict[str, Any]:
    """Return what the template shows."""
    now, language = office.clock(), visitor.language
    visits, batches = _visits(office, visitor), _batches(office, language)
    kinds = kinds_for(visitor)
    options = {"visit": visits, "batch": batches}
    return {
        "sections": [
            {
                "name": section.name,
                "forms": [_form(form, options, asked, now.astimezone(WIB).date(), language)
                          for form in section.forms if form.kind in kinds],
            }
            for section in SECTIONS if kinds & {form.kind for form in section.forms}
        ],
        "villages": [
            {"name": village.name, "district": village.district_name}
            for village in load_places().villages if visitor.sees(village.code)
        ],
        "has_letterhead": read_document(office, LETTERHEAD) is not None,
        "asked": asked,
    }  # fmt: skip


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
        value = values.get(name, shown_date(today) if name == "day" else "")
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


def _visits(office: Office, visitor: Visitor) -> list[dict[str, str]]:
    found = []
    for visit in newest_visits(office, _MOST_VISITS, visitor.districts):
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


def read_form(kind: str, sent: Mapping[str, str]) -> Asked:
    """Return what a form of this kind sent: its own fields, nothing else."""
    form = FORMS[kind]
    names = (*form.fields, *form.more)
    return Asked(kind, {name: sent[name][:_MOST_WORDS].strip() for name in names if name in sent})


def make_letter(office: Office, visitor: Visitor, asked: Asked) -> Download:
    """Write the paper that was asked for, and return it; nothing of it stays on the disk.

    Raises:
        KnownError: why there is none.
    """
    _require_scope(office, visitor, asked)
    with _AT_A_TIME, scratch(office.home) as folder:
        path = folder / f"{asked.kind}.pdf"
        done = KINDS[asked.kind](office, _wish(office, asked, visitor.language), path)
        log.info("paper", kind=asked.kind, rows=done.rows, pages=done.pages)
        download = _download(asked.kind, done, path)
    with office.database.writing() as connection:
        audit(office, connection, visitor.account, f"paper_{asked.kind}", None)
    return download


def _require_scope(office: Office, visitor: Visitor, asked: Asked) -> None:
    """Raise, for what lies in other kecamatan, what is raised for what is not there."""
    if visitor.districts is None:
        return
    values, table = asked.values, SUBJECT_ROWS.c
    if (village := values.get("village")) and not visitor.sees(village_code(village)):
        raise VillageUnknown(village=village)
    if visit := values.get("visit"):
        query = (
            select(table.village_code).distinct().where(table.visit_id == full_id(office, visit))
        )
        with office.database.reading() as connection:
            villages = connection.execute(query).scalars().all()
        if not villages or not all(map(visitor.sees, villages)):
            raise VisitUnknown(visit=visit)
    number = values.get("number")
    if number and not visitor.sees(find_by_number(office, number).village_code):
        raise NumberUnknown(number=number)


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
            wish[name] = typed_day(value)
        elif name not in DATES and (name not in CHOICES or value in CHOICES[name]):
            wish[name] = value
    return Wish(**wish)
