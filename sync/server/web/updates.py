"""The page of the monthly update: who enters, who leaves, who turns 65, what the month costs."""

from datetime import date
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_moment
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, text
from sync.server.batches.months import month_text, months_after, next_month, read_month
from sync.server.covering.paying import count_covered, list_payments, record_payment
from sync.server.covering.unpaying import UNDO_WITHIN, undo_payment
from sync.server.covering.updating import (
    Unusual,
    Update,
    gap_before,
    keep_update,
    kept_changes,
    kept_update,
    monthly_update,
    what_is_unusual,
    write_update,
)
from sync.server.office import Office
from sync.server.papers.cover_papers import update_paper
from sync.server.papers.wishes import scratch
from sync.server.people.audit import audit
from sync.server.people.mass_exports import needs_second
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.trust import refresh_trust
from sync.server.web.batch_pages import month_words, shown_day
from sync.server.web.downloads import KINDS, Table, send_table, table_links
from sync.server.web.exports import second_person_page
from sync.server.web.forms import Form
from sync.server.web.long_work import do_or_begin, work_notes
from sync.server.web.months_after_restore import months_missing, months_unreadable
from sync.server.web.numbers import whole
from sync.server.web.site import PAGE_HEADERS, Site
from sync.server.web.words import problem_words

_ACTIVE: Final = "updates"
_SHOWN: Final = 50
_MOST_DIGITS: Final = 9
_DONE: Final = frozenset({"paid", "undone"})
_PAYMENT_COLUMNS: Final = (
    "updates_month", "batches_people", "updates_amount", "updates_noted", "unstop_who",
)  # fmt: skip


def add_updates(site: Site) -> None:
    """Hang the page; it is about the whole regency, so people with some kecamatan have none."""

    @site.get("/updates", right=Right.hand_over, whole=True)
    def updates(request: Request, visitor: Visitor) -> Response:
        month = _month(site, request.query_params.get("month", ""))
        asked = request.query_params.get("done", "")
        stayed = request.query_params.get("stayed", "")
        is_number = stayed.isascii() and stayed.isdigit() and len(stayed) <= _MOST_DIGITS
        return _show(
            site, visitor, month, done=asked if asked in _DONE else "",
            stayed=int(stayed) if is_number else 0,
        )  # fmt: skip

    _add_deeds(site)
    _add_files(site)


def _add_deeds(site: Site) -> None:
    office = site.office

    @site.post("/updates/count", right=Right.hand_over, whole=True)
    def count(visitor: Visitor, form: Form) -> Response:
        month = _month(site, form.values.get("month", ""))

        def work() -> str:
            keep_update(office, monthly_update(office, month))
            return f"/updates?month={month_text(month)}"

        return do_or_begin(site, visitor, "count", count_covered(office), work)

    @site.post("/updates/paid", right=Right.hand_over, whole=True)
    def paid(visitor: Visitor, form: Form) -> Response:
        month = _month(site, form.values.get("month", ""))
        with_stopped = form.values.get("with_stopped", "") == "1"
        try:
            if what_is_unusual(office, month):
                site.confirm(visitor, form.values.get("code", ""))
        except KnownError as error:
            said = problem_words(error.code, error.parameters, visitor.language)
            return _show(site, visitor, month, problem=said)

        def work() -> str:
            record_payment(
                office, month, officer=visitor.name, account=visitor.account,
                with_stopped=with_stopped,
            )  # fmt: skip
            keep_update(office, monthly_update(office, month))
            refresh_trust(office)
            return f"/updates?month={month_text(month)}&done=paid"

        return do_or_begin(site, visitor, "paid", 2 * count_covered(office), work)

    @site.post("/updates/undo", right=Right.hand_over, whole=True)
    def undo(visitor: Visitor, form: Form) -> Response:
        month, name = _month(site, form.values.get("month", "")), form.values.get("payment", "")

        def work() -> str:
            undone = undo_payment(office, name, officer=visitor.name, account=visitor.account)
            keep_update(office, monthly_update(office, month))
            refresh_trust(office)
            return f"/updates?month={month_text(month)}&done=undone&stayed={undone.stayed}"

        return do_or_begin(site, visitor, "unpaid", 2 * count_covered(office), work)


def _add_files(site: Site) -> None:
    office = site.office

    @site.get("/updates/{month}.pdf", right=Right.hand_over)
    def paper(request: Request, visitor: Visitor) -> Response:
        if visitor.districts is not None:
            return site.missing(visitor)
        month = _month(site, request.path_params["month"])
        found = monthly_update(office, month)
        if refused := _second(site, visitor, found):
            return refused
        with scratch(office.home) as folder:
            update_paper(office, found, folder / "letter.pdf", visitor.language)
            content = (folder / "letter.pdf").read_bytes()
        return _send(site, visitor, month, ("paper_update", "pdf", "application/pdf"), content)

    _add_tables(site)


def _add_tables(site: Site) -> None:
    office = site.office

    @site.get("/updates/payments.{kind}", right=Right.hand_over, whole=True)
    def payments(request: Request, visitor: Visitor) -> Response:
        header = [text(f"web.{name}", visitor.language) for name in _PAYMENT_COLUMNS]
        rows = (
            [one["month"], str(one["people"]), str(one["amount"]),
             shown_moment(instant_from_text(one["at"])), one["officer"]]
            for one in list_payments(office)
        )  # fmt: skip
        return send_table(site, request, visitor, Table("pembayaran", header, rows))

    @site.get("/updates/{month}.{kind}", right=Right.hand_over)  # after the other files
    def table(request: Request, visitor: Visitor) -> Response:
        kind = request.path_params["kind"]
        if visitor.districts is not None or kind not in KINDS:
            return site.missing(visitor)
        month = _month(site, request.path_params["month"])
        found = monthly_update(office, month)
        if refused := _second(site, visitor, found):
            return refused
        with scratch(office.home) as folder:
            path = folder / f"list.{kind}"
            write_update(found, path, visitor.language)
            content = path.read_bytes()
        return _send(site, visitor, month, ("update_table", kind, KINDS[kind]), content)


def _second(site: Site, visitor: Visitor, found: Update) -> Response | None:
    """Return the page that asks a second person, where the file would name many people."""
    asked, rows = f"month={found.month}", len(found.changes)
    if not needs_second(site.office, visitor, _ACTIVE, asked, rows):
        return None
    return second_person_page(site, visitor, table=_ACTIVE, asked=asked, rows=rows)


def _send(
    site: Site, visitor: Visitor, month: date, kind: tuple[str, str, str], content: bytes
) -> Response:
    deed, suffix, media = kind
    with site.office.database.writing() as connection:
        audit(site.office, connection, visitor.account, deed, month_text(month))
    shown = f'attachment; filename="pemutakhiran-{month_text(month)}.{suffix}"'
    headers = {**PAGE_HEADERS, "Content-Disposition": shown}
    return Response(content, headers=headers, media_type=media)


def _show(
    site: Site, visitor: Visitor, month: date, *, done: str = "", stayed: int = 0, problem: str = ""
) -> Response:
    office, language = site.office, visitor.language
    return site.render(
        visitor, "updates.html", active=_ACTIVE, status=422 if problem else 200, done=done,
        stayed=whole(stayed, language) if stayed else "", problem=problem,
        works=work_notes(office, _ACTIVE, language),
        missing=months_missing(office, language),
        unreadable=months_unreadable(office, language), **updates_page(office, month, language),
    )  # fmt: skip


def _month(site: Site, typed: str) -> date:
    if not typed:
        return next_month(day_in_wib(site.office.clock()))
    return read_month(typed)


def updates_page(office: Office, month: date, language: Language) -> dict[str, Any]:
    found = kept_update(office, month)
    written = month_text(month)
    compared = found.get("month_before", "") if found else ""
    unusual = what_is_unusual(office, month)
    return {
        "month": written,
        "unusual": _unusual_words(unusual, written, language) if unusual else "",
        "month_words": month_words(written, language),
        "compared": month_words(compared, language) if compared else "",
        "gap": ", ".join(month_words(one, language) for one in gap_before(month, compared)),
        "before": month_text(months_after(month, -1)),
        "after": month_text(months_after(month, 1)),
        "counted": shown_moment(instant_from_text(found["at"])) if found else "",
        "title": _title(found, written, language),
        "sums": _sums(found, language) if found else None,
        "lists": _lists(office, found, month, language) if found else [],
        "is_open": bool(found and found["people"] > found["already_paid"]),
        "stopped": found.get("stopped", 0) if found else 0,
        "not_extended": found.get("not_extended", 0) if found else 0,
        "is_paid": bool(found and found["already_paid"]),
        "downloads": table_links(f"/updates/{written}") if found else [],
        "payment_downloads": table_links("/updates/payments"),
        "payments": [_payment(office, one, language) for one in list_payments(office)],
    }


def _unusual_words(unusual: Unusual, month: str, language: Language) -> str:
    words = month_words(month, language)
    parts = [text("web.updates_to_come", language, month=words)] if unusual.is_to_come else []
    if unusual.gap:
        gap = ", ".join(month_words(one, language) for one in unusual.gap)
        parts.append(text("web.updates_gap", language, months=gap))
    return " ".join(parts)


def _title(found: dict[str, Any] | None, month: str, language: Language) -> str:
    words = month_words(month, language)
    if found is None:
        return text("web.updates_title_count", language, month=words)
    n, total = whole(found["people"], language), f"Rp{whole(found['total'], language)}"
    return text("web.updates_title", language, month=words, n=n, sum=total)


def _sums(found: dict[str, Any], language: Language) -> dict[str, Any]:
    rupiah = {
        name: f"Rp{whole(abs(found[name]), language)}"
        for name in ("before", "left", "entered", "changed", "total")
    }
    sign = "−" if found["changed"] < 0 else "+"  # noqa: RUF001 - the minus of the pages
    return {
        "sum": text("web.updates_sum", language, sign=sign, **rupiah),
        "tallies": [
            {"n": whole(found[name], language), "kind": kind, "word": text(f"web.{key}", language)}
            for name, kind, key in (
                ("people", "covered", "updates_people"),
                ("enters", "ok", "updates_enters"),
                ("leaves", "ended", "updates_leaves"),
                ("soon", "look", "updates_soon"),
            )
        ],
        "already": whole(found["already_paid"], language),
    }


def _lists(
    office: Office, found: dict[str, Any], month: date, language: Language
) -> list[dict[str, Any]]:
    lists = []
    for kind in ("leaves", "soon", "enters"):
        rows = kept_changes(office, month, kind, limit=_SHOWN, offset=0)
        lists.append(
            {
                "title": text(f"web.updates_list_{kind}", language, n=whole(found[kind], language)),
                "none": text(f"web.updates_none_{kind}", language),
                "rows": [_row(row, kind, language) for row in rows],
                "more": max(found[kind] - _SHOWN, 0),
                "kind": kind,
            }
        )
    return lists


def _row(row: Any, kind: str, language: Language) -> dict[str, str]:
    village = load_places().village(row.village_code)
    key = f"end_{row.effect}" if kind == "leaves" else f"change_{kind}_why"
    day = {"leaves": row.cover_to, "enters": row.cover_from}.get(kind) or row.birth_date
    return {
        "id": row.id,
        "name": row.name or "-",
        "number": row.number or "-",
        "kpj": row.kpj or "-",
        "village": village.name if village else row.village_code,
        "why": text(f"insurer.{key}", language),
        "day": shown_day(day),
    }


def _payment(office: Office, one: dict[str, Any], language: Language) -> dict[str, Any]:
    return {
        "id": one["id"],
        "of": one["month"],
        "month": month_words(one["month"], language),
        "at": shown_moment(instant_from_text(one["at"])),
        "officer": one["officer"],
        "people": whole(one["people"], language),
        "amount": whole(one["amount"], language),
        "is_fresh": office.clock() - instant_from_text(one["at"]) <= UNDO_WITHIN,
    }
