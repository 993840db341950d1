"""Laptops and the people who hold them: the worst first, a code for a new one, stopping one.

No worker's data is here: codes, counts and the numbers of records that did not arrive.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.instants import (
    WIB,
    instant_from_text,
    shown_date,
    shown_moment,
    shown_time,
)
from enumerator_app.domain.reference import load_places
from sync.server.devices import OneTimeCode, add_device, revoke_device
from sync.server.figures.laptops import (
    LONGEST_S,
    QUIET_DAYS,
    Laptop,
    Speeds,
    find_laptop,
    laptops,
    missing_serials,
    speeds,
    to_look_at,
)
from sync.server.operators import Operator, operators_of, remove_operator
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web import drawing
from sync.server.web.device_keys import add_device_keys, keys_on
from sync.server.web.device_tables import add_device_tables, device_links
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.forms import Form
from sync.server.web.frame import Count
from sync.server.web.letting_in import add_letting_in, kept_on
from sync.server.web.site import Site
from sync.server.web.words import Words

SHOWN: Final = 12
MOST_MISSING: Final = 200
_MOST_WORDS: Final = 60
_LEAST_S, _MOST_S = 60, LONGEST_S
_MOST_SHARE: Final = 10
_FAR: Final = 1.5
"""So many times the middle of all is far from it."""


def add_devices(site: Site) -> None:
    """Hang the laptops' pages and deeds onto the site."""
    site.count("devices", lambda visitor: _count(site, visitor))

    @site.get("/devices", right=Right.field)
    def devices(_: Request, visitor: Visitor) -> Response:
        return _page(site, visitor)

    @site.get("/devices.{kind}", right=Right.field)
    def table(request: Request, visitor: Visitor) -> Response:
        found = laptops(site.office, visitor.districts)
        return send_table(site, request, visitor, _table(found, Words(visitor.language)))

    @site.get("/staff.{kind}", right=Right.field)
    def staff(request: Request, visitor: Visitor) -> Response:
        found = speeds(site.office, visitor.districts)
        return send_table(site, request, visitor, _staff_table(found, Words(visitor.language)))

    @site.post("/devices/new", right=Right.field)
    def new(visitor: Visitor, form: Form) -> Response:
        label = form.values.get("label", "").strip()[:_MOST_WORDS]
        if not label:
            return _page(site, visitor, problem=Words(visitor.language)("device_label_needed"))
        made = add_device(site.office, label, by=visitor.account)
        return _code_once(site, visitor, made, label)

    _add_one(site)


def _add_one(site: Site) -> None:
    """Hang one laptop's page and deeds."""

    @site.get("/devices/{code}", right=Right.field)
    def device(request: Request, visitor: Visitor) -> Response:
        asked = request.query_params.get("let-in", "")
        return _device(site, visitor, request.path_params["code"], let_in=asked)

    add_device_tables(site)
    _add_endings(site)


def _add_endings(site: Site) -> None:
    """Hang the deeds that end a laptop's work, and let in what it had saved."""

    @site.post("/devices/{code}/revoke", right=Right.field)
    def revoke(visitor: Visitor, form: Form) -> Response:
        code = form.path["code"]
        if _find(site, visitor, code) is None:
            return site.missing(visitor)

        def deed() -> Response:
            revoke_device(site.office, code, by=visitor.account)
            return site.go(f"/devices/{code}")

        def again(said: str) -> Response:
            return _device(site, visitor, code, problem=said)

        return site.with_code(visitor, form.values.get("code", ""), deed, again)

    def show(visitor: Visitor, code: str, problem: str) -> Response:
        return _device(site, visitor, code, let_in_problem=problem)

    def tell(visitor: Visitor, code: str, problem: str) -> Response:
        return _device(site, visitor, code, problem=problem, title="key_not_changed")

    _add_replacing(site)
    add_letting_in(site, show)
    _add_operators(site)
    add_device_keys(site, tell)


def _add_replacing(site: Site) -> None:
    """Hang the deed that gives a laptop's work to a new one."""

    @site.post("/devices/{code}/replace", right=Right.field)
    def replace(visitor: Visitor, form: Form) -> Response:
        one = _find(site, visitor, form.path["code"])
        if one is None:
            return site.missing(visitor)

        def deed() -> Response:
            made = add_device(site.office, one.label, by=visitor.account, replaces=one.code)
            return _code_once(site, visitor, made, one.label)

        def again(said: str) -> Response:
            return _device(site, visitor, one.code, replace_problem=said)

        return site.with_code(visitor, form.values.get("replace_code", ""), deed, again)


def _add_operators(site: Site) -> None:
    """Hang the deed that ends somebody's work at a laptop."""

    @site.post("/devices/{code}/operators/{id}/remove", right=Right.field)
    def remove(visitor: Visitor, form: Form) -> Response:
        code = form.path["code"]
        if _find(site, visitor, code) is None:
            return site.missing(visitor)

        def deed() -> Response:
            remove_operator(site.office, code, form.path["id"], by=visitor.account)
            return site.go(f"/devices/{code}")

        def again(said: str) -> Response:
            return _device(site, visitor, code, problem=said, title="operator_not_removed")

        return site.with_code(visitor, form.values.get("code", ""), deed, again)


def _code_once(site: Site, visitor: Visitor, made: OneTimeCode, label: str) -> Response:
    return site.render(
        visitor, "device_code.html", active="devices", made=made, label=label,
        until=shown_moment(instant_from_text(made.expires_at)),
    )  # fmt: skip


def _count(site: Site, visitor: Visitor) -> Count:
    """Return how many laptops need somebody; only for who may do something about it."""
    if not visitor.may(Right.field):
        return Count(0)
    return Count(to_look_at(site.office, visitor.districts), is_urgent=True)


def _page(site: Site, visitor: Visitor, problem: str = "") -> Response:
    words = Words(visitor.language)
    found = laptops(site.office, visitor.districts)
    return site.render(
        visitor,
        "devices.html",
        active="devices",
        status=422 if problem else 200,
        facts=_facts(found, site.office.clock(), words),
        worst=_worst(found, words),
        rows=[_row(one, site.office.clock(), words) for one in found],
        shown=SHOWN,
        rest=words.n(max(len(found) - SHOWN, 0)),
        staff=_staff(speeds(site.office, visitor.districts), words),
        downloads=table_links("/devices"),
        staff_downloads=table_links("/staff"),
        problem=problem,
    )


def _facts(found: list[Laptop], now: datetime, words: Words) -> str:
    active = [one for one in found if one.state == "active"]
    today = now.astimezone(WIB).date()
    heard = sum(one.last_seen is not None and one.last_seen.astimezone(WIB).date() == today
                for one in active)  # fmt: skip
    look = sum(one.needs_somebody for one in active)
    said = words("devices_facts", n=words.n(len(active)), heard=words.n(heard))
    return f"{said} {words('devices_look', n=words.n(look)) if look else words('devices_no_look')}"


def _worst(found: list[Laptop], words: Words) -> dict[str, str] | None:
    """Return what is said of the laptop that somebody must call about first."""
    one = next((one for one in found if one.needs_somebody), None)
    if one is None:
        return None
    if one.copies:
        said, more = words("worst_copied", code=one.code), words("worst_copied_do")
    elif one.quiet_days >= QUIET_DAYS:
        said = words("worst_quiet", code=one.code, n=one.quiet_days)
        more = words("worst_quiet_do", date=_day(one.last_seen or one.enrolled_at))
    elif one.missing:
        said = words("worst_missing", code=one.code, n=words.n(one.missing))
        more = words("worst_missing_do")
    else:
        said, more = words("worst_key", code=one.code), words("worst_key_do")
    call = words("worst_call", name=one.operator) if one.operator else ""
    return {"said": said, "more": f"{more} {call}".strip(), "address": f"/devices/{one.code}"}


def _row(one: Laptop, now: datetime, words: Words) -> dict[str, Any]:
    kind, said = _state(one, words)
    days = (now - one.last_seen).days if one.last_seen else None
    return {
        "code": one.code,
        "operator": one.operator or one.label,
        "districts": _districts(one),
        "seen": shown_moment(one.last_seen) if one.last_seen else words("device_never"),
        "ago": words("device_days_ago", n=days) if days else "",
        "people": words.n(one.people),
        "missing": words.n(one.missing),
        "photos": words.n(one.photos),
        "kind": kind,
        "state": said,
    }


def _state(one: Laptop, words: Words) -> tuple[str, str]:
    if one.state != "active":
        by = one.replaced_by
        return "ended", words("device_replaced", code=by) if by else words("device_revoked")
    if one.copies:
        return "stop", words("device_copied")
    if one.quiet_days >= QUIET_DAYS:
        return "look", words("device_quiet", n=one.quiet_days)
    if one.keys_waiting or one.missing:
        missing = words("device_missing", n=words.n(one.missing))
        return "look", words("device_key_waits") if one.keys_waiting else missing
    if one.photos or one.held:
        return "ok", words("device_photos", n=words.n(one.photos or one.held))
    return "ok", words("device_sent")


def _districts(one: Laptop) -> str:
    names = {district.code: district.name for district in load_places().districts}
    first = [names.get(code, code) for code in one.districts[:2]]
    more = len(one.districts) - len(first)
    return ", ".join(first) + (f" +{more}" if more > 0 else "")


def _day(at: datetime) -> str:
    return shown_date(at.astimezone(WIB).date())


def _staff(found: Speeds, words: Words) -> dict[str, Any]:
    """Return the rows beside the middle of all; far from it means somebody should train there."""
    share = 100 * found.returned / found.people if found.people else 0.0
    middle = found.seconds
    return {
        "middle": words.n(middle) if middle is not None else "",
        "share": words.share(found.returned, found.people, 1),
        "at": shown_time(found.at),
        "rows": [
            {
                "operator": one.operator,
                "code": one.code,
                "people": words.n(one.people),
                "seconds": words.n(one.seconds) if one.seconds is not None else "",
                "seconds_dot": _seconds_dot(one.seconds, middle),
                "share": words.share(one.returned, one.people, 1),
                "share_dot": _share_dot(100 * one.returned / one.people, share),
            }
            for one in found.each
        ],
    }  # fmt: skip


def _seconds_dot(seconds: int | None, middle: int | None) -> Any:
    if seconds is None or middle is None:
        return ""
    far = seconds > _FAR * middle
    return drawing.dot(seconds, middle, _LEAST_S, max(2 * middle, 200), is_far=far)


def _share_dot(share: float, middle: float) -> Any:
    return drawing.dot(share, middle, 0, _MOST_SHARE, is_far=share > _FAR * middle > 0)


def _find(site: Site, visitor: Visitor, code: str) -> Laptop | None:
    return find_laptop(site.office, code.upper(), visitor.districts)


def _device(
    site: Site, visitor: Visitor, code: str, problem: str = "", let_in: str = "",
    let_in_problem: str = "", replace_problem: str = "", title: str = "device_not_revoked",
) -> Response:  # fmt: skip
    one = _find(site, visitor, code)
    if one is None:
        return site.missing(visitor)
    words = Words(visitor.language)
    missing = missing_serials(site.office, one.code, MOST_MISSING) if one.missing else []
    return site.render(
        visitor,
        "device.html",
        active="devices",
        status=422 if problem or let_in_problem or replace_problem else 200,
        row=_row(one, site.office.clock(), words),
        label=one.label,
        since=_day(one.enrolled_at),
        last_number=f"{one.last_number:05d}" if one.last_number else "",
        missing=[f"{serial:05d}" for serial in missing],
        more_missing=words.n(one.missing - len(missing)) if one.missing > len(missing) else "",
        held=words.n(one.held),
        copies=words.n(one.copies),
        is_active=one.state == "active",
        replaces=one.replaces,
        replaced_by=one.replaced_by,
        problem=problem,
        let_in_problem=let_in_problem,
        replace_problem=replace_problem,
        **kept_on(site.office, one.code, words, let_in),
        problem_title=words(title),
        people=_people(operators_of(site.office, one.id), words),
        downloads=device_links(one.code),
        **keys_on(site.office, visitor, one.code, words),
    )


def _people(found: list[Operator], words: Words) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "name": one.name or words("operator_without_name", id=one.id[-8:]),
            "entries": words.n(one.entries),
            "ended": shown_moment(instant_from_text(one.removed_at)) if one.removed_at else "",
        }
        for one in found
    ]


def _table(found: list[Laptop], words: Words) -> Table:
    header = [
        words(f"device_column_{name}")
        for name in ("code", "operator", "label", "state", "seen", "people", "last", "missing",
                     "held", "photos", "copies")
    ]  # fmt: skip

    def rows() -> Iterator[list[str]]:
        for one in found:
            yield [
                one.code, one.operator, one.label, _state(one, words)[1],
                shown_moment(one.last_seen) if one.last_seen else "", str(one.people),
                str(one.last_number), str(one.missing), str(one.held), str(one.photos),
                str(one.copies),
            ]  # fmt: skip

    return Table("laptop", header, rows())


def _staff_table(found: Speeds, words: Words) -> Table:
    header = [
        words(f"staff_column_{name}") for name in ("name", "code", "people", "seconds", "share")
    ]
    rows = (
        [one.operator, one.code, str(one.people), "" if one.seconds is None else str(one.seconds),
         str(one.returned)]
        for one in found.each
    )  # fmt: skip
    return Table("petugas", header, rows)
