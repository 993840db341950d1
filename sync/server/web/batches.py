"""The page of the insurer's lists: look, hand over, take the answer back."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.numbers import parse_number
from sync.server.awaiting import require_heard
from sync.server.batches.answers import count_listed
from sync.server.batches.branches import looked_at
from sync.server.batches.checking import check_people
from sync.server.batches.covers import Cover, require_fitting
from sync.server.batches.keeping import list_batches
from sync.server.batches.listed import close_listed
from sync.server.batches.recovering import bring_back
from sync.server.batches.trouble import CoverWrong
from sync.server.errors import DayUnreadable, OfficeRecovering
from sync.server.insurer import import_from_insurer, kept_file, write_list
from sync.server.insurer_reply import ReplyRow, read_reply, spaceless
from sync.server.long_work.counting import expect
from sync.server.office import Office
from sync.server.papers.kinds import KINDS
from sync.server.papers.wishes import Wish, scratch
from sync.server.people.agreed_lists import TABLE, ListFor, may_download
from sync.server.people.audit import audit
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.trust import refresh_trust
from sync.server.web.batch_pages import (
    COVER_DAYS,
    batch_page,
    batches_page,
    listed_page,
    reply_page,
)
from sync.server.web.batch_tables import add_batch_tables
from sync.server.web.branch_choice import asked_branch, of_branch
from sync.server.web.days import months_to_choose, typed_day
from sync.server.web.exports import second_person_page
from sync.server.web.forms import Form
from sync.server.web.frame import Count
from sync.server.web.handing_over import add_handing_over, handing_page, read_or_next_month
from sync.server.web.held import add_held
from sync.server.web.lists_after_restore import (
    add_recovery,
    excused_names,
    recovery,
    still_unknown,
)
from sync.server.web.long_work import begin_work, do_or_begin, work_notes
from sync.server.web.site import PAGE_HEADERS, Site
from sync.server.web.words import problem_words

_ACTIVE: Final = "batches"
_MOST_BYTES_AT_ONCE: Final = 60 * 1024  # a reply for about a thousand people
_MOST_REPLY_BYTES: Final = 64 * 1024 * 1024
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def add_batches(site: Site) -> None:
    """Hang the pages of the lists; they are about the whole regency, so scoped people have none."""
    site.count(_ACTIVE, lambda visitor: _waiting(site, visitor))
    _add_looking(site)
    add_held(site)
    add_batch_tables(site)
    _add_replies(site)

    def show(visitor: Visitor, branch: str, said: str) -> Response:
        return _show(site, visitor, "", said, branch=branch)

    add_handing_over(site, show)
    add_recovery(site, show)
    _add_one_list(site)  # last: "/batches/{batch}" would take the other addresses


def _waiting(site: Site, visitor: Visitor) -> Count:
    may = visitor.districts is None and visitor.may(Right.take_reply)
    return Count(count_listed(site.office), is_urgent=True) if may else Count(0)


def _add_looking(site: Site) -> None:
    office = site.office

    @site.get("/batches", right=Right.hand_over, whole=True)
    def batches(request: Request, visitor: Visitor) -> Response:
        branch = asked_branch(request.query_params)
        if branch is None:
            return site.missing(visitor)
        return _show(site, visitor, "", branch=branch)

    @site.post("/batches/check", right=Right.hand_over, whole=True)
    def check(visitor: Visitor, form: Form) -> Response:
        month = read_or_next_month(office, form.values.get("month", ""))
        branch = asked_branch(form.values)
        if branch is None:
            return site.missing(visitor)

        def look() -> str:
            bring_back(office)
            check_people(office, branch, month)
            return of_branch("/batches", branch)

        return do_or_begin(site, visitor, "check", looked_at(office)[branch], look)


def _add_one_list(site: Site) -> None:
    office = site.office

    @site.get("/batches/{batch}", right=Right.hand_over)
    def batch(request: Request, visitor: Visitor) -> Response:
        found = list_batches(office, of=request.path_params["batch"])
        if not found or visitor.districts is not None:
            return site.missing(visitor)
        values = batch_page(office, visitor.language, found[0])
        values["unknown"] = still_unknown(office, found[0].id) if values["is_recovered"] else 0
        values["may_settle"] = values["is_recovered"] and recovery(office, visitor)
        return site.render(visitor, "batch.html", active=_ACTIVE, **values)

    @site.get("/batches/{batch}/file", right=Right.hand_over)
    def file(request: Request, visitor: Visitor) -> Response:
        found = list_batches(office, of=request.path_params["batch"])
        if not found or visitor.districts is not None:
            return site.missing(visitor)
        one = found[0]
        name, asked = one.id, f"list={one.id}"
        wanted = ListFor(one.month, one.branch)
        if not may_download(office, visitor, wanted, one.rows, asked):
            return second_person_page(site, visitor, table=TABLE, asked=asked, rows=one.rows)
        with scratch(office.home) as folder:
            write_list(office, name, folder / "list.xlsx", officer=visitor.name)
        _note(site, visitor, "list_downloaded", name)
        return _download(kept_file(office, name).read_bytes(), f"{name}.xlsx", _XLSX)

    @site.get("/batches/{batch}/letter", right=Right.hand_over)
    def letter(request: Request, visitor: Visitor) -> Response:
        found = list_batches(office, of=request.path_params["batch"])
        if not found or visitor.districts is not None:
            return site.missing(visitor)
        name = found[0].id
        wish = Wish(day=day_in_wib(office.clock()), language=visitor.language, batch=name)
        with scratch(office.home) as folder:
            write_list(office, name, folder / "list.xlsx", officer=visitor.name)
            KINDS["cover-letter"](office, wish, folder / "letter.pdf")
            content = (folder / "letter.pdf").read_bytes()
        _note(site, visitor, "paper_cover-letter", name)
        return _download(content, f"surat-{name}.pdf", "application/pdf")


def _add_replies(site: Site) -> None:
    office = site.office

    @site.post("/batches/reply", right=Right.take_reply, whole=True, most=_MOST_REPLY_BYTES)
    def reply(visitor: Visitor, form: Form) -> Response:
        return _take_reply(site, visitor, form)

    @site.get("/batches/replies/{reply}", right=Right.take_reply)
    def one_reply(request: Request, visitor: Visitor) -> Response:
        values = reply_page(office, visitor.language, request.path_params["reply"])
        if values is None or visitor.districts is not None:
            return site.missing(visitor)
        is_again = request.query_params.get("again") == "1"
        return site.render(visitor, "reply.html", active=_ACTIVE, is_again=is_again, **values)

    @site.get("/batches/listed", right=Right.take_reply, whole=True)
    def listed(_: Request, visitor: Visitor) -> Response:
        return _show_listed(site, visitor, "")

    @site.post("/batches/listed", right=Right.take_reply, whole=True)
    def settle(visitor: Visitor, form: Form) -> Response:
        return _settle_listed(site, visitor, form)


def _take_reply(site: Site, visitor: Visitor, form: Form) -> Response:
    office, sent, branch = site.office, form.files.get("file"), asked_branch(form.values)
    if branch is None:
        return site.missing(visitor)
    suffix = PurePath(sent.name).suffix.lower() if sent else ""
    if sent is None or not sent.content or suffix not in (".xlsx", ".csv"):
        return _show(site, visitor, "reply_no_file", branch=branch, typed=form.values)
    content = sent.content
    try:
        with office.database.reading() as connection:
            require_heard(connection)
        cover = _cover(form)
        if len(content) <= _MOST_BYTES_AT_ONCE:
            rows = _reply_rows(office, content, suffix)
            require_fitting(office, rows, cover)
            if not rows:
                return _show(site, visitor, "reply_empty", branch=branch, typed=form.values)
    except KnownError as error:
        said = _sentence(visitor, error)
        return _show(site, visitor, "", said, branch=branch, typed=form.values)

    def take() -> str:
        rows = _reply_rows(office, content, suffix)
        require_fitting(office, rows, cover)
        expect(len(rows))
        done = import_from_insurer(
            office, rows, cover, officer=visitor.name, account=visitor.account
        )
        refresh_trust(office)
        is_again = not done.accepted and not done.refused and done.unchanged
        return f"/batches/replies/{done.id}{'?again=1' if is_again else ''}"

    if len(content) <= _MOST_BYTES_AT_ONCE:
        return site.go(take())
    return begin_work(site, visitor, "reply", 0, take)


def _reply_rows(office: Office, content: bytes, suffix: str) -> list[ReplyRow]:
    with scratch(office.home) as folder:
        path = folder / f"balasan{suffix}"
        path.write_bytes(content)
        return read_reply(path)


def _settle_listed(site: Site, visitor: Visitor, form: Form) -> Response:
    values = form.values
    place = values.get("row", "")
    if not place.isascii() or not place.isdigit() or len(place) > 9:
        return site.missing(visitor)
    number = None
    if values.get("answer") != "nobody":
        number = parse_number(values.get("number", ""))
        if number is None:
            return _show_listed(site, visitor, "number", typed=values)
    status = values.get("status", "")
    right = {
        "status": status if status in ("accepted", "refused") else "",
        "kpj": spaceless(values.get("kpj", "")),
    }
    try:
        said = close_listed(
            site.office, values.get("reply", ""), int(place), number, _cover(form),
            officer=visitor.name, account=visitor.account, right=right,
        )  # fmt: skip
    except (CoverWrong, DayUnreadable, OfficeRecovering) as error:
        return _show_listed(site, visitor, "", _sentence(visitor, error), values)
    if said not in ("accepted", "refused", "unchanged", "nobody"):
        return _show_listed(site, visitor, said, typed=values)
    refresh_trust(site.office)
    return site.go("/batches/listed")


def _show(
    site: Site,
    visitor: Visitor,
    problem: str,
    said: str = "",
    *,
    branch: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Show the page; `problem` is the name of a sentence about it, `said` a sentence itself."""
    values = batches_page(site.office, visitor, branch)
    today = day_in_wib(site.office.clock())
    return site.render(
        visitor, "batches.html", active=_ACTIVE, status=422 if problem or said else 200,
        problem=problem, said=said, recovery=recovery(site.office, visitor),
        excused=excused_names(site.office),
        works=work_notes(site.office, _ACTIVE, visitor.language),
        handing=handing_page(site.office, visitor, branch),
        months=months_to_choose(values["month"], today, visitor.language),
        typed={name: (typed or {}).get(name, "") for name in COVER_DAYS}, **values,
    )  # fmt: skip


def _show_listed(
    site: Site,
    visitor: Visitor,
    problem: str,
    said: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    values = listed_page(site.office, visitor.language, typed or {})
    status = 422 if problem or said else 200
    return site.render(
        visitor, "batch_listed.html", active=_ACTIVE, status=status, problem=problem, said=said,
        **values,
    )  # fmt: skip


def _sentence(visitor: Visitor, error: KnownError) -> str:
    return problem_words(error.code, error.parameters, visitor.language)


def _cover(form: Form) -> Cover:
    return Cover(*(typed_day(form.values.get(name, "")) for name in COVER_DAYS))


def _note(site: Site, visitor: Visitor, deed: str, subject: str | None) -> None:
    with site.office.database.writing() as connection:
        audit(site.office, connection, visitor.account, deed, subject)


def _download(content: bytes, name: str, kind: str) -> Response:
    headers: dict[str, Any] = {
        **PAGE_HEADERS, "Content-Disposition": f'attachment; filename="{name}"',
    }  # fmt: skip
    return Response(content, headers=headers, media_type=kind)
