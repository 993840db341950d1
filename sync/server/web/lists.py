"""Seats and lists of expected people, village by village: how they stand, and new ones."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import Request, Response

from enumerator_app.domain.errors import KnownError
from enumerator_app.texts import text
from sync.server.figures.villages import PAGE, Standings, VillageStanding, village_standings
from sync.server.people.audit import audit
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.quota.keeping import import_quota
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.field_parts import asked_of, district_choices, pages_of, tabs, visit_word
from sync.server.web.forms import Form, Upload
from sync.server.web.site import Site
from sync.server.web.words import Words
from sync.server.worklist.keeping import import_worklist

MOST_FILE: Final = 32 * 1024 * 1024
_SUFFIXES: Final = (".csv", ".xlsx", ".jsonl")
_MOST_NAMED: Final = 20


def add_lists(site: Site) -> None:
    """Hang the page of seats and lists onto the site, and what reads a file."""

    @site.get("/lists", right=Right.field)
    def lists(request: Request, visitor: Visitor) -> Response:
        return _seats_page(site, visitor, *asked_of(request))

    @site.get("/lists.{kind}", right=Right.field)
    def table(request: Request, visitor: Visitor) -> Response:
        district, _ = asked_of(request)
        found = village_standings(site.office, visitor.districts, district)
        return send_table(site, request, visitor, _table(found.rows, Words(visitor.language)))

    @site.post("/lists/seats", right=Right.field, most=MOST_FILE)
    def seats(visitor: Visitor, form: Form) -> Response:
        return _imported(site, visitor, form, "seats")

    @site.post("/lists/people", right=Right.field, most=MOST_FILE)
    def people(visitor: Visitor, form: Form) -> Response:
        return _imported(site, visitor, form, "people")


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a file: a note in its colour, and the rows that could not be used."""

    colour: str
    said: str
    more: str = ""
    rejected: tuple[str, ...] = ()


def _seats_page(
    site: Site, visitor: Visitor, district: str, number: int, said: Said | None = None
) -> Response:
    words = Words(visitor.language)
    first = (number - 1) * PAGE
    found = village_standings(site.office, visitor.districts, district, first=first, most=PAGE)
    asked = f"district={district}" if district else ""
    return site.render(
        visitor,
        "lists.html",
        active="lists",
        status=422 if said and said.colour == "red" else 200,
        tabs=tabs("seats", words),
        facts=_facts(found, words),
        districts=district_choices(visitor, words),
        district=district,
        rows=[_row(one, words) for one in found.rows],
        sums=_sums(found, words) if found.seats.seats else None,
        pages=pages_of("/lists", asked, number, found.villages, len(found.rows), words),
        downloads=table_links("/lists", asked),
        said=said,
    )


def _facts(found: Standings, words: Words) -> str:
    said = []
    if found.seat_villages:
        said.append(
            words(
                "lists_facts_seats", n=words.n(found.seats.seats),
                villages=words.n(found.seat_villages), taken=words.n(found.seats.taken),
                waiting=words.n(found.seats.waiting),
            )
        )  # fmt: skip
    else:
        said.append(words("lists_facts_no_seats"))
    key = "lists_facts_listed" if found.listed else "lists_facts_no_list"
    said.append(words(key, n=words.n(found.listed), villages=words.n(found.listed_villages)))
    return " ".join(said)


def _row(one: VillageStanding, words: Words) -> dict[str, str]:
    seats = one.seats
    return {
        "code": one.village.code,
        "village": one.village.name,
        "district": one.village.district_name,
        "seats": words.n(seats.seats) if seats else "",
        "taken": words.n(seats.taken) if seats else "",
        "waiting": words.n(seats.waiting) if seats else "",
        "left": words.n(seats.left) if seats else "",
        "is_full": "yes" if seats and seats.waiting else "",
        "listed": words.n(one.listed) if one.listed else "",
        "open": words.n(one.open) if one.listed else "",
        "visit": visit_word(one.visit, words),
    }


def _sums(found: Standings, words: Words) -> dict[str, str]:
    names = ("seats", "taken", "waiting", "left")
    return {name: words.n(getattr(found.seats, name)) for name in names}


def _table(rows: list[VillageStanding], words: Words) -> Table:
    names = ("seats", "taken", "waiting", "left", "listed", "open")
    header = [words("column_code"), words("village"), words("district")]
    header += [words(f"lists_column_{name}") for name in names]
    header += [words("column_visit"), words("column_laptop")]

    def cells() -> Iterator[list[str]]:
        for one in rows:
            seats = [str(getattr(one.seats, name)) if one.seats else "" for name in names[:4]]
            yield [
                one.village.code, one.village.name, one.village.district_name, *seats,
                str(one.listed), str(one.open),
                one.visit.day.isoformat() if one.visit else "",
                one.visit.device if one.visit else "",
            ]  # fmt: skip

    return Table("kursi-dan-daftar", header, cells())


def _imported(site: Site, visitor: Visitor, form: Form, kind: str) -> Response:
    """Read a file as the commands do; what could not be used is named by its row."""
    words = Words(visitor.language)
    upload = form.files.get("file")
    if visitor.districts is not None:
        return _seats_page(site, visitor, "", 1, Said("red", words("lists_not_here")))
    if upload is None or not upload.content:
        return _seats_page(site, visitor, "", 1, Said("red", words("lists_no_file")))
    try:
        said = _read(site, upload, kind, words)
    except KnownError as error:
        wrong = Said("red", words("lists_not_read"), words.error(error))
        return _seats_page(site, visitor, "", 1, wrong)
    with site.office.database.writing() as connection:
        audit(site.office, connection, visitor.account, f"imported_{kind}")
    return _seats_page(site, visitor, "", 1, said)


def _read(site: Site, upload: Upload, kind: str, words: Words) -> Said:
    suffix = Path(upload.name).suffix.lower()
    folder = Path(tempfile.mkdtemp(prefix="list-", dir=site.office.home.path))
    try:
        path = folder / f"list{suffix if suffix in _SUFFIXES else '.csv'}"
        path.write_bytes(upload.content)
        if kind == "seats":
            seats = import_quota(site.office, path)
            said = words(
                "lists_seats_read", n=words.n(seats.seats), villages=words.n(seats.villages)
            )
            rejected = seats.rejected
        else:
            people = import_worklist(site.office, path)
            said = words(
                "lists_people_read", n=words.n(people.people), villages=words.n(people.villages),
                new=words.n(people.new),
            )  # fmt: skip
            rejected = people.rejected
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not rejected:
        return Said("green", said)
    named = tuple(
        words(
            "lists_row", n=one.row.number,
            why=text(f"lists.problem.{one.code}", words.language, **one.parameters),
        )
        for one in rejected[:_MOST_NAMED]
    )  # fmt: skip
    more = words("lists_rejected", n=words.n(len(rejected)), shown=words.n(len(named)))
    return Said("amber", said, more, named)
