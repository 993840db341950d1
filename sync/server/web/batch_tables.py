"""The tables of the insurer's lists to take away: the lists, why rows were refused, open rows."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from enumerator_app.texts import text
from sync.server.batches.answers import refusals
from sync.server.batches.keeping import list_batches
from sync.server.batches.listed import list_open
from sync.server.office import Office
from sync.server.people.agreed_lists import TABLE
from sync.server.people.audit import audit
from sync.server.people.mass_exports import needs_second
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.branch_choice import branch_words
from sync.server.web.downloads import KINDS, Table, send_table
from sync.server.web.exports import second_person_page
from sync.server.web.site import Site
from sync.server.web.words import Words

_LISTED: Final = ("row", "name", "birth_date", "number", "nik", "status", "kpj", "reason")
_LISTED_COLUMNS: Final = (
    "batches_step_reply", "batches_row", "batches_person", "batches_born", "batches_number",
    "people_nik", "batches_result", "service_kpj", "batches_raw", "people_reason",
    "batches_perhaps",
)  # fmt: skip
_ASKED: Final = "listed=1"


def add_batch_tables(site: Site) -> None:
    """Hang the tables; they are about the whole regency, as their pages are."""
    office = site.office

    @site.get("/batches.{kind}", right=Right.hand_over, whole=True)
    def lists(request: Request, visitor: Visitor) -> Response:
        return send_table(site, request, visitor, _lists(office, Words(visitor.language)))

    @site.get("/batches/{batch}/reasons.{kind}", right=Right.hand_over, whole=True)
    def reasons(request: Request, visitor: Visitor) -> Response:
        name = request.path_params["batch"]
        if not list_batches(office, of=name):
            return site.missing(visitor)
        table = _reasons(office, name, Words(visitor.language))
        return send_table(site, request, visitor, table)

    @site.get("/batches/listed.{kind}", right=Right.take_reply, whole=True)
    def listed(request: Request, visitor: Visitor) -> Response:
        if request.path_params["kind"] not in KINDS:
            return site.missing(visitor)
        rows = list_open(office)
        if needs_second(office, visitor, TABLE, _ASKED, len(rows)):
            return second_person_page(site, visitor, table=TABLE, asked=_ASKED, rows=len(rows))
        with office.database.writing() as connection:
            audit(office, connection, visitor.account, "listed_table")
        words = Words(visitor.language)
        header, cells = [words(name) for name in _LISTED_COLUMNS], _open_rows(rows, words)
        return send_table(site, request, visitor, Table("balasan-perlu-dilihat", header, cells))


def _lists(office: Office, words: Words) -> Table:
    names = ("name", "of_branch", "made", "month", "sent", "accepted", "refused", "waiting",
             "monthly_head")  # fmt: skip
    rows = (
        [
            one.id, branch_words(office, one.branch, words.language),
            shown_date(day_in_wib(instant_from_text(one.at))), one.month,
            *(str(n) for n in (one.rows, one.accepted, one.refused, one.sent, one.monthly)),
        ]
        for one in list_batches(office)
    )  # fmt: skip
    return Table("kiriman", [words(f"batches_{name}") for name in names], rows)


def _reasons(office: Office, batch: str, words: Words) -> Table:
    header = [words(f"batches_{name}") for name in ("reason", "people", "raw")]
    rows = (
        [words(f"batches_reason_{one.code}"), str(one.n), "; ".join(one.words)]
        for one in refusals(office, batch)
    )
    return Table(f"ditolak-{batch}", header, rows)


def _open_rows(rows: list[dict[str, Any]], words: Words) -> Iterator[list[str]]:
    for one in rows:
        content = {"row": one["row"], **one["content"]}
        why = text(f"insurer.listed_{one['reason']}", words.language)
        perhaps = "; ".join(one["perhaps"])
        cells = [str(content.get(name) or "") for name in _LISTED]
        yield [str(one["reply"]), *cells, why, perhaps]
