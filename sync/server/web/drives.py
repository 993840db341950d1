"""Flash drives of laptops: what they hold, taking them in, and the answers that go back on them.

Drives are of the whole regency: a laptop works in any kecamatan.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import FileResponse

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import instant_from_text, shown_moment
from sync.server import drives
from sync.server.bundle_tally import Unread, note_key
from sync.server.bundles import SUFFIX
from sync.server.drives import Drive, LaptopFound
from sync.server.long_work.running import begin, standing_of
from sync.server.office import Office
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.forms import Form, Limits
from sync.server.web.long_work import AGAIN_S, OF_A_DRIVE, work_page
from sync.server.web.site import PAGE_HEADERS, Site
from sync.server.web.words import Words

_ACTIVE: Final = "devices"
_COLUMNS: Final = ("new", "known", "waiting", "damaged", "photos")
_MOST_BYTES_AT_ONCE: Final = 8_000_000
"""About as much as is taken in within a few seconds."""
_LIMITS: Final = Limits(1024 * 1024 * 1024, within_s=900, files=2000, to_disk=True)


def add_drives(site: Site) -> None:
    """Hang the page of drives, and what is done with one, onto the site."""
    office = site.office

    @site.get("/drives", right=Right.field, whole=True)
    def some(_: Request, visitor: Visitor) -> Response:
        return _page(site, visitor)

    @site.post("/drives/look", right=Right.field, whole=True, limits=_LIMITS)
    def look(visitor: Visitor, form: Form) -> Response:
        brought = [(PurePosixPath(one.name).name, one.path) for one in form.brought]
        bundles = [one for one in brought if one[0].lower().endswith(SUFFIX)]
        if not bundles:
            return _page(site, visitor, "drives_answer" if brought else "drives_no_file")
        return site.go(f"/drives/{drives.keep(office, visitor.account, bundles).id}")

    _add_one(site)


def _add_one(site: Site) -> None:
    """Hang the page of one drive, and its deeds."""
    office = site.office

    @site.get("/drives/{id}", right=Right.field, whole=True)
    def one(request: Request, visitor: Visitor) -> Response:
        drive = drives.find(office, request.path_params["id"], visitor.account)
        if drive is None:
            return site.missing(visitor)
        return _one(site, visitor, drive, work=request.query_params.get("work", ""))

    @site.post("/drives/{id}/take-in", right=Right.field, whole=True)
    def take_in(visitor: Visitor, form: Form) -> Response:
        drive = drives.find(office, form.path["id"], visitor.account)
        if drive is None:
            return site.missing(visitor)
        return _take_in(site, visitor, drive)

    @site.post("/drives/{id}/leave", right=Right.field, whole=True)
    def leave(visitor: Visitor, form: Form) -> Response:
        drive = drives.find(office, form.path["id"], visitor.account)
        if drive is None:
            return site.missing(visitor)
        drives.forget(office, drive)
        return site.go("/drives")

    @site.get("/drives/{id}/answers/{code}", right=Right.field, whole=True)
    def answer(request: Request, visitor: Visitor) -> Response:
        wanted = request.path_params
        drive = drives.find(office, wanted["id"], visitor.account)
        path = drives.answer_of(office, drive, wanted["code"]) if drive else None
        if path is None:
            return site.missing(visitor)
        kind, headers = "application/octet-stream", dict(PAGE_HEADERS)
        return FileResponse(path, headers=headers, media_type=kind, filename=path.name)


def _take_in(site: Site, visitor: Visitor, drive: Drive) -> Response:
    """Take it in at once, or begin it and show how far it is."""
    office = site.office
    if drives.size_of_all(office, drive) > _MOST_BYTES_AT_ONCE:
        name, _ = begin(office, OF_A_DRIVE, visitor.account, 0, lambda: _taken(office, drive))
        return site.go(f"/drives/{drive.id}?work={name}")
    try:
        return site.go(_taken(office, drive))
    except KnownError as error:
        begun = drives.find(office, drive.id, visitor.account) or drive
        return _one(site, visitor, begun, problem=Words(visitor.language).error(error))


def _taken(office: Office, drive: Drive) -> str:
    return f"/drives/{drives.take_in(office, drive).id}"


def _page(site: Site, visitor: Visitor, problem: str = "") -> Response:
    words = Words(visitor.language)
    return site.render(
        visitor, "drives.html", active=_ACTIVE, status=422 if problem else 200,
        problem=words(problem) if problem else "", most=words.n(_LIMITS.files),
        brought=[_line(one, words) for one in drives.brought_by(site.office, visitor.account)],
    )  # fmt: skip


def _line(drive: Drive, words: Words) -> dict[str, Any]:
    codes = sorted(one.device for one in drives.laptops_of(drive))
    return {
        "address": f"/drives/{drive.id}",
        "at": shown_moment(instant_from_text(drive.at)),
        "files": words.n(len(drive.files)),
        "laptops": ", ".join(codes),
        "kind": "ok" if drive.is_taken else "look",
        "state": words(_state(drive)),
    }


def _state(drive: Drive) -> str:
    if not drives.laptops_of(drive):
        return "drive_holds_nothing"
    if drive.is_taken:
        return "drive_taken"
    return "drive_begun" if drive.is_begun else "drive_looked_at"


def _one(
    site: Site, visitor: Visitor, drive: Drive, *, problem: str = "", work: str = ""
) -> Response:
    words, laptops = Words(visitor.language), drives.laptops_of(drive)
    found = standing_of(site.office, work) if work else None
    is_ours = found is not None and (found.kind, found.account) == (OF_A_DRIVE, visitor.account)
    answer = site.render(
        visitor, "drive.html", active=_ACTIVE, id=drive.id, status=422 if problem else 200,
        problem=problem, work=work_page(found, visitor.language) if found and is_ours else None,
        is_other=found is not None and not is_ours and found.state == "running",
        is_begun=drive.is_begun, is_taken=drive.is_taken,
        title=words(_title(drive, laptops), n=len(laptops)),
        facts=words(
            "drive_facts", n=words.n(len(drive.files)),
            at=shown_moment(instant_from_text(drive.at)),
        ),
        columns=[words(f"drive_column_{name}") for name in _COLUMNS],
        rows=[_row(site, drive, one, words) for one in laptops],
        unread=[_unread(one, words) for one in (drive.found.unread if drive.found else [])],
    )  # fmt: skip
    if found is not None and is_ours and found.state == "running":
        answer.headers["Refresh"] = str(AGAIN_S)
    return answer


def _title(drive: Drive, laptops: list[LaptopFound]) -> str:
    if not laptops:
        return "drive_title_none"
    return "drive_title_taken" if drive.is_taken else "drive_title"


def _row(site: Site, drive: Drive, one: LaptopFound, words: Words) -> dict[str, Any]:
    code = one.device
    answer = drives.answer_of(site.office, drive, code)
    return {
        "code": code,
        "label": one.label,
        "counts": [words.n(getattr(one, name)) for name in _COLUMNS],
        "notes": [
            words(f"drive_note_{key}", n=words.n(n), files=", ".join(one.erased_in))
            for key, n in _notes(drive, one)
        ],
        "answer": f"/drives/{drive.id}/answers/{code}" if answer else "",
        "file": answer.name if answer else "",
    }


def _notes(drive: Drive, one: LaptopFound) -> Iterator[tuple[str, int]]:
    for name, n in one.notes:
        yield note_key(name, dry_run=not drive.is_begun), n


def _unread(one: Unread, words: Words) -> dict[str, str]:
    return {"file": one.file, "why": words(f"drive_{one.code}")}
