"""The first page: within cover against registered against the target; where and when. No names.

Each sentence is one template filled with the numbers of one reading, so that they agree.
"""

import csv
from functools import cache
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date, shown_time
from enumerator_app.domain.reference import load_places
from enumerator_app.resource_files import resource_path
from enumerator_app.texts import Language
from sync.server.figures.counting import VillageCount
from sync.server.figures.overview import Money, Overview, ZeroVillage, overview
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.batch_pages import month_words
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.frame import day_and_date
from sync.server.web.overview_charts import lead_bar, trend
from sync.server.web.site import Site
from sync.server.web.words import Words

MEASURES: Final = ("registered", "enrolled", "covered")
_CLASSES: Final = 5  # 0-19, 20-39, 40-59, 60-79, 80-100: fixed, so that weeks compare
_COLUMNS: Final = 5
_ZERO_SHOWN: Final = 6
_SECOND_HALVES: Final = ("gembong", "bungin", "mangu", "jaya")
_AROUND: Final = (("sea", 1, 1), ("city", 1, 3), ("east", 5, 2), ("east", 5, 6), ("south", 5, 7))


def add_overview(site: Site) -> None:
    """Hang the first page onto the site, and its tables."""

    @site.get("/", right=Right.see_overview)
    def first_page(request: Request, visitor: Visitor) -> Response:
        measure = request.query_params.get("measure", MEASURES[0])
        seen = overview(site.office, visitor.districts)
        words = page_words(seen, measure if measure in MEASURES else MEASURES[0], visitor.language)
        return site.render(visitor, "overview.html", active="overview", **words)

    @site.get("/overview.{kind}", right=Right.see_overview)
    def table(request: Request, visitor: Visitor) -> Response:
        seen = overview(site.office, visitor.districts)
        return send_table(site, request, visitor, _district_table(seen, visitor.language))

    @site.get("/zero.{kind}", right=Right.see_overview)
    def zero(request: Request, visitor: Visitor) -> Response:
        seen = overview(site.office, visitor.districts)
        if number := seen.parts.broken.get("zero"):  # a table without its visits would mislead
            return site.say(visitor, "bug", 500, number=number)
        return send_table(site, request, visitor, _zero_table(seen, visitor.language))

    @site.get("/trend.{kind}", right=Right.see_overview)
    def days(request: Request, visitor: Visitor) -> Response:
        seen = overview(site.office, visitor.districts)
        return send_table(site, request, visitor, _trend_table(seen, Words(visitor.language)))


def _trend_table(seen: Overview, words: Words) -> Table:
    header = [words(name) for name in ("trend_day", "registered", "trend_mean")]
    rows = ([shown_date(one.day), str(one.n), str(round(one.mean))] for one in seen.pace.days)
    return Table("harian", header, rows)


def page_words(seen: Overview, measure: str, language: Language) -> dict[str, Any]:
    """Return what the template shows."""
    words, parts = Words(language), seen.parts
    nothing: dict[str, Any] = {}
    return {
        "facts": _facts(seen, words),
        "partial": _partial(seen, words),
        "broken": parts.broken,
        "covered": words.n(seen.total.covered),
        "share_said": _share_said(seen, words),
        "money": _money(seen.money, words) if seen.money else None,
        "bar": parts.make("bar", lambda: lead_bar(seen, words), nothing),
        "parts": _parts(seen, words),
        "map": parts.make("map", lambda: _map(seen, measure, words), nothing),
        "trend": parts.make("trend", lambda: trend(seen, words), nothing),
        "zero": parts.make("zero", lambda: _zero(seen, words), nothing),
        "downloads": table_links("/overview"),
        "zero_downloads": table_links("/zero"),
        "trend_downloads": table_links("/trend"),
        "rows": _district_rows(seen, words),
        "sums": _row(seen.total, words),
    }


def _facts(seen: Overview, words: Words) -> str:
    heard = seen.laptops.heard_at
    if "laptops" in seen.parts.broken:
        return words("facts_unknown", today=_day(seen, words))
    if heard is None:
        return words("facts_silent", today=_day(seen, words))
    at = instant_from_text(heard)
    if day_in_wib(at) == seen.today:
        return words("facts_heard", today=_day(seen, words), time=shown_time(at))
    return words(
        "facts_heard_on", today=_day(seen, words), day=day_and_date(at, words.language),
        time=shown_time(at),
    )  # fmt: skip


def _day(seen: Overview, words: Words) -> str:
    return f"{words(f'day_{seen.today.weekday()}')} {shown_date(seen.today)}"


def _partial(seen: Overview, words: Words) -> str:
    """Say that numbers of today are not all here yet; silent if every laptop was heard, or none."""
    laptops = seen.laptops
    if not laptops.silent or laptops.silent == laptops.active:
        return ""
    return words("partial_do", n=words.n(laptops.silent), total=words.n(laptops.active))


def _share_said(seen: Overview, words: Words) -> str:
    total = seen.total
    if total.target is None:
        said = words("share_registered", share=words.share(total.covered, total.registered, 1),
                     n=words.n(total.registered))  # fmt: skip
    else:
        said = words("share_target", share=words.share(total.covered, total.target, 1),
                     n=words.n(total.target))  # fmt: skip
    change = total.covered - total.covered_before
    way = "up" if change > 0 else "down" if change < 0 else "same"
    moved = words(f"share_{way}", n=words.n(abs(change)), date=f"{seen.before:%d-%m}")
    return f"{said} {moved}"


def _money(money: Money, words: Words) -> dict[str, str]:
    left = money.seats - money.taken
    more = words("money_left", n=words.n(left), sum=words.sum(money.budget - money.cost))
    if money.waiting:
        more = words("money_waiting", n=words.n(money.waiting), left=words.n(left))
    return {
        "label": words("money_label", year=money.first_year, n=words.n(money.taken)),
        "sum": words.sum(money.cost),
        "of": words("money_of", budget=words.sum(money.budget)),
        "more": more,
    }


def _parts(seen: Overview, words: Words) -> list[dict[str, str]]:
    """Return the increments of the bar: together they are the target, or all who are registered."""
    total = seen.total
    found = [_part("covered", "", total.covered, words, _until(seen, words))]
    waiting = total.enrolled - total.covered
    found.append(_part("waiting", "+", waiting, words, _waits(total, words)))
    checking = total.registered - total.enrolled
    found.append(_part("checking", "+", checking, words, _checks(total, words)))
    if seen.missing is not None:
        zero = words("part_zero", n=words.n(len(seen.zero))) if seen.zero else words("part_no_zero")
        found.append(_part("missing", "", seen.missing, words, zero))
    return found


def _part(kind: str, sign: str, n: int, words: Words, why: str) -> dict[str, str]:
    return {"kind": kind, "said": f"{sign}{words.n(n)} {words(f'part_{kind}')}", "why": why}


def _until(seen: Overview, words: Words) -> str:
    """Say whose dates these are, and what speaks for cover by them: months that were paid."""
    said = words("part_covered_by", date=shown_date(seen.today))
    if seen.paid is None:
        return f"{said} {words('paid_none')}"
    month = month_words(seen.paid.month, words.language)
    return f"{said} {words('paid_last', month=month, n=words.n(seen.paid.people))}"


def _waits(total: VillageCount, words: Words) -> str:
    """Say when those who were accepted are covered, and whose dates are over."""
    said = []
    if total.to_come:
        said.append(words("waits_from", n=words.n(total.to_come), date=_shown(total.next_cover)))
    if total.over:
        said.append(words("waits_over", n=words.n(total.over)))
    rest = total.enrolled - total.covered - total.to_come - total.over
    if rest:
        said.append(words("waits_dates", n=words.n(rest)))
    return _sentence(said) if said else words("waits_nobody")


def _sentence(parts: list[str]) -> str:
    """Return parts as one sentence; names of offices keep their capitals."""
    joined = ", ".join(parts)
    return f"{joined[:1].upper()}{joined[1:]}."


def _shown(day: str | None) -> str:
    return "-".join(reversed(day.split("-"))) if day else ""


def _checks(total: VillageCount, words: Words) -> str:
    """Say where those who are not accepted lie; the numbers are the part."""
    said = [
        words(f"checks_{state}", n=words.n(total.states[state]))
        for state in ("submitted", "verified", "registered", "returned", "waiting_nik", "refused")
        if total.states[state]
    ]
    return _sentence(said) if said else words("checks_nobody")


@cache
def grid() -> dict[str, tuple[int, int]]:
    """Return column and row of each kecamatan on the map of tiles."""
    with resource_path("places", "kecamatan_grid.csv").open(encoding="utf-8") as file:
        return {
            row["district_code"].replace(".", ""): (int(row["column"]), int(row["row"]))
            for row in csv.DictReader(file)
        }


def places_of(codes: list[str]) -> dict[str, tuple[int, int]]:
    """Return column and row of each; places off the map follow in rows below."""
    known = grid()
    last = max(row for _, row in known.values())
    beside = [code for code in codes if code not in known]
    found = {code: known[code] for code in codes if code in known}
    for n, code in enumerate(beside):
        found[code] = (n % _COLUMNS + 1, last + 1 + n // _COLUMNS)
    return found


def shade(part: int, whole_: int | None) -> int:
    """Return 0 for "no data", else 1 to 5 for the fifth that the share lies in."""
    if not whole_:
        return 0
    return min(part * _CLASSES // whole_ + 1, _CLASSES)


def _map(seen: Overview, measure: str, words: Words) -> dict[str, Any]:
    names = {one.code: one.name for one in load_places().districts}
    places = places_of(list(seen.districts))
    zero = dict.fromkeys(seen.districts, 0)
    for one in seen.zero:
        zero[one.village.district_code] = zero.get(one.village.district_code, 0) + 1
    tiles = [
        {
            "column": places[code][0],
            "row": places[code][1],
            "name": _soft(names.get(code, code)),
            "shade": shade(getattr(one, measure), one.target),
            "share": words.share(getattr(one, measure), one.target)
            if one.target
            else words("no_target"),
            "zero": words.n(zero[code]) if one.target and zero[code] else "",
            "address": f"/people?district={code}",
        }
        for code, one in sorted(seen.districts.items(), key=lambda pair: places[pair[0]][::-1])
    ]
    chosen = [
        {
            "label": words(f"measure_{one}"),
            "address": "/" if one == MEASURES[0] else f"/?measure={one}",
            "is_active": one == measure,
        }
        for one in MEASURES
    ]
    around = [{"name": words(f"around_{n}"), "column": c, "row": r} for n, c, r in _AROUND]
    return {
        "heading": _map_heading(seen, measure, names, words),
        "measured": words(f"measured_{measure}"),
        "choices": chosen,
        "tiles": tiles,
        "around": around if len(tiles) >= len(grid()) else [],
        "has_targets": seen.total.target is not None,
    }


def _soft(name: str) -> str:
    """Return a long name with the place where it may break."""
    for second in _SECOND_HALVES:
        if name.endswith(second):
            return f"{name.removesuffix(second)}\u00ad{second}"
    return name


def _map_heading(seen: Overview, measure: str, names: dict[str, str], words: Words) -> str:
    """State the finding: who has least of its target; without targets, that there are none."""
    known = [one for one in seen.districts.values() if one.target]
    if not known:
        return words("map_no_target")
    least = min(known, key=lambda one: (getattr(one, measure) / (one.target or 1), one.code))
    share = words.share(getattr(least, measure), least.target or 0)
    return words("map_least", name=names.get(least.code, least.code), share=share)


def _zero(seen: Overview, words: Words) -> dict[str, Any]:
    n = len(seen.zero)
    return {
        "heading": words("zero_heading", n=words.n(n)) if n else words("zero_none"),
        "rows": [_zero_row(one, words) for one in seen.zero[:_ZERO_SHOWN]],
        "all": [_zero_row(one, words) for one in seen.zero],
        "more": n > _ZERO_SHOWN,
        "has_targets": seen.total.target is not None,
    }


def _zero_row(one: ZeroVillage, words: Words) -> dict[str, str]:
    visit = ""
    if one.visit:
        visit = words(
            "zero_visit", day=words(f"short_day_{one.visit.day.weekday()}"),
            date=one.visit.day.strftime("%d-%m"),
        )  # fmt: skip
        visit += f", {one.visit.device}" if one.visit.device else ""
    return {
        "code": one.village.code,
        "village": one.village.name,
        "district": one.village.district_name,
        "target": words.n(one.target) if one.target is not None else "",
        "visit": visit,
    }


_SHOWN_COUNTS: Final = ("registered", "submitted", "enrolled", "covered")


def _district_rows(seen: Overview, words: Words) -> list[dict[str, str]]:
    names = {one.code: one.name for one in load_places().districts}
    return [
        {"code": code, "name": names.get(code, code), **_row(one, words)}
        for code, one in seen.districts.items()
    ]


def _row(one: VillageCount, words: Words) -> dict[str, str]:
    counts = {name: words.n(getattr(one, name)) for name in _SHOWN_COUNTS}
    target = words.n(one.target) if one.target is not None else ""
    share = words.share(one.registered, one.target) if one.target else ""
    return {"target": target, **counts, "share": share}


def _district_table(seen: Overview, language: Language) -> Table:
    words = Words(language)
    header = [words("column_code"), words("district"), words("column_target")]
    header += [words(name) for name in _SHOWN_COUNTS]
    names = {one.code: one.name for one in load_places().districts}
    rows = [
        [code, names.get(code, code), "" if one.target is None else str(one.target)]
        + [str(getattr(one, name)) for name in _SHOWN_COUNTS]
        for code, one in seen.districts.items()
    ]
    return Table("kecamatan", header, iter(rows))


def _zero_table(seen: Overview, language: Language) -> Table:
    words = Words(language)
    header = [
        words("column_code"), words("village"), words("district"), words("column_target"),
        words("column_visit"), words("column_laptop"),
    ]  # fmt: skip
    rows = [
        [
            one.village.code, one.village.name, one.village.district_name,
            "" if one.target is None else str(one.target),
            one.visit.day.isoformat() if one.visit else "", one.visit.device if one.visit else "",
        ]
        for one in seen.zero
    ]  # fmt: skip
    return Table("desa-nol", header, iter(rows))
