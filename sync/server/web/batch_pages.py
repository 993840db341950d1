"""What the pages of the insurer's lists show; every sentence comes from the same numbers."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import select

from enumerator_app.domain.dates import read_date
from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date, shown_moment
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.typed import NotUnderstood
from enumerator_app.texts import Language, text
from sync.server.awaiting import awaited
from sync.server.batches.answers import count_listed, find_reply, refusals
from sync.server.batches.branches import branches
from sync.server.batches.checking import last_check, load_check_rules, people_checked
from sync.server.batches.keeping import Batch, count_erased, list_batches, unfinished
from sync.server.batches.listed import UNREAD, list_open
from sync.server.batches.months import next_month, read_month
from sync.server.batches.recovering import is_settled
from sync.server.bulk import bound, one_of
from sync.server.office import Office
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.tables import SUBJECT_ROWS
from sync.server.web.branch_choice import branch_tabs, branch_words, of_branch
from sync.server.web.downloads import table_links
from sync.server.web.numbers import whole

_AT_ONCE: Final = 50
_SHOWN_BATCHES: Final = 30
_WORDS_SHOWN: Final = 1
_DIGITS_OF_SUM: Final = 9
_BAR: Final = 520
COVER_DAYS: Final = ("cover_from", "cover_to")


def batches_page(office: Office, visitor: Visitor, branch: str) -> dict[str, Any]:
    language = visitor.language
    found = list_batches(office)
    check = last_check(office, branch)
    answered = [one for one in found if one.accepted or one.refused]
    today = day_in_wib(office.clock())
    waiting = sum(one.sent for one in found)
    return {
        "title": _title(check, waiting, language),
        "facts": _facts(office, branch, check, language),
        "branch": branch,
        "downloads": held_links(branch),
        "all_downloads": table_links("/batches"),
        "tabs": branch_tabs(office, branch, language),
        "check": _check(check, branch, language) if check else None,
        "month": check["month"] if check else f"{next_month(today):%Y-%m}",
        "waiting": whole(waiting, language),
        "is_waiting": waiting > 0,
        "may_take": visitor.may(Right.take_reply),
        "last": _answer(office, answered[0], language) if answered else None,
        "batches": [
            _line(one, language) | {"branch": branch_words(office, one.branch, language)}
            for one in found[:_SHOWN_BATCHES]
        ],
        "listed": count_listed(office),
        "unfinished": unfinished(office),
        "blocked": _blocked(office, language),
    }


def _title(check: dict[str, Any] | None, waiting: int, language: Language) -> str:
    """State the finding: what is ready, else what waits for the insurer, else what to do."""
    if check and check["ready"]:
        month = month_words(check["month"], language)
        ready = whole(check["ready"], language)
        return text("web.batches_title_ready", language, n=ready, month=month)
    if waiting:
        return text("web.batches_title_waiting", language, n=whole(waiting, language))
    return text(f"web.batches_title_{'none' if check else 'look'}", language)


def _facts(office: Office, branch: str, check: dict[str, Any] | None, language: Language) -> str:
    named = branch_words(office, branch, language)
    if check is None:
        return named
    return text(
        "web.batches_facts", language, branch=named, n=whole(check["looked_at"], language),
        more=whole(check["not_approved"], language),
        at=shown_moment(instant_from_text(check["at"])),
    )  # fmt: skip


def _check(check: dict[str, Any], branch: str, language: Language) -> dict[str, Any]:
    effects = load_check_rules().effects
    several = "_branch" if len(branches()) > 1 else ""
    rows = [
        {
            "address": of_branch(f"/batches/held/{code}", branch),
            "name": text(f"insurer.check_{code}", language),
            "n": whole(n, language),
            "kind": "stop" if kind == "held_by" else "look",
            "effect": text(f"web.batches_effect_{code}", language),
        }
        for kind in ("held_by", "noted_by")
        for code, n in check[kind].items()
        if code in effects
    ]
    return {
        "at": shown_moment(instant_from_text(check["at"])),
        "rules": check["rules"],
        "ready": whole(check["ready"], language),
        "is_ready": check["ready"] > 0,
        "noted": whole(check["noted"], language),
        "held": whole(check["held"], language),
        "rows": rows,
        "sum": text(
            f"web.batches_sum{several}", language, ready=whole(check["ready"], language),
            held=whole(check["held"], language), total=whole(check["looked_at"], language),
        ),
        "totals": _totals(
            check["ready"], check["month"], check["monthly"], check["nik_sum"], "", language
        ),
    }  # fmt: skip


def _totals(
    rows: int, month: str, monthly: int, nik_sum: str, sha256: str, language: Language
) -> list[tuple[str, str]]:
    """Return the totals as the covering letter states them."""
    told = [
        (text("web.batches_rows", language), whole(rows, language)),
        (
            text("web.batches_monthly", language, month=month_words(month, language)),
            f"Rp{whole(monthly, language)}",
        ),
        (text("web.batches_nik_sum", language), _grouped_digits(nik_sum) or "-"),
    ]
    shown = print_words(sha256) if sha256 else text("web.batches_no_print", language)
    return [*told, (text("web.batches_print", language), shown)]


def _grouped_digits(number: str) -> str:
    """Return a long sum in groups of three from its end."""
    backwards = number[::-1]
    return " ".join(backwards[at : at + 3] for at in range(0, len(number), 3))[::-1]


def print_words(sha256: str) -> str:
    """Return the beginning of a print in groups of four."""
    return " ".join(sha256[at : at + 4].upper() for at in range(0, 16, 4))


def month_words(month: str, language: Language) -> str:
    if not month:
        return "-"
    first = read_month(month)
    return f"{text(f'papers.month.m{first.month}', language)} {first.year}"


def _answer(office: Office, batch: Batch, language: Language) -> dict[str, Any]:
    """Return what came back for a list: a bar, its sum in words, the reasons."""
    parts: list[dict[str, Any]] = []
    start = 0
    for name, n in (("accepted", batch.accepted), ("refused", batch.refused), ("sent", batch.sent)):
        width = max(round(_BAR * n / batch.rows), 2) if n and batch.rows else 0
        width = min(width, _BAR - start)
        parts.append({"name": name, "x": start, "width": width, "n": whole(n, language)})
        start += width
    numbers = {str(part["name"]): str(part["n"]) for part in parts}
    return {
        "id": batch.id,
        "title": text("web.batches_last", language, id=batch.id, n=whole(batch.rows, language)),
        "parts": parts,
        "numbers": numbers,
        "downloads": table_links(f"/batches/{batch.id}/reasons"),
        "sum": text(
            "web.batches_answer_sum", language, **numbers, total=whole(batch.rows, language)
        ),
        "reasons": [
            {
                "code": one.code,
                "name": text(f"web.batches_reason_{one.code}", language),
                "n": whole(one.n, language),
                "words": one.words[:_WORDS_SHOWN],
                "more": len(one.words) - _WORDS_SHOWN,
            }
            for one in refusals(office, batch.id)
        ],
    }


def _line(batch: Batch, language: Language) -> dict[str, Any]:
    at = instant_from_text(batch.at)
    numbers = {
        name: whole(getattr(batch, name), language)
        for name in ("rows", "accepted", "refused", "sent")
    }
    return {
        "id": batch.id,
        "day": shown_date(day_in_wib(at)),
        "month": month_words(batch.month, language),
        "monthly": whole(batch.monthly, language) if batch.monthly else "-",
        **numbers,
    }


def _blocked(office: Office, language: Language) -> dict[str, str] | None:
    """Return why nothing may leave, and what to do."""
    with office.database.reading() as connection:
        names = ", ".join(one.label for one in awaited(connection))
    if names:
        return {
            "said": text("web.batches_recovering", language),
            "more": text("web.batches_recovering_do", language, names=names),
        }
    if not is_settled(office):
        return {
            "said": text("web.batches_unsettled", language),
            "more": text("web.batches_unsettled_do", language),
        }
    return None


def batch_page(office: Office, language: Language, batch: Batch) -> dict[str, Any]:
    return {
        "batch": _line(batch, language),
        "at": shown_moment(instant_from_text(batch.at)),
        "officer": batch.officer,
        "totals": [
            *_totals(batch.rows, batch.month, batch.monthly, batch.nik_sum, "", language)[:-1],
            (text("web.batches_print", language), batch.sha256),
        ],
        "is_recovered": batch.source == "recovered",
        "erased": whole(count_erased(office, batch.id), language),
        "answer_given": _answer(office, batch, language)
        if batch.accepted or batch.refused
        else None,
    }


def held_page(
    office: Office, language: Language, branch: str, code: str, page: int
) -> dict[str, Any]:
    check = last_check(office, branch) or {"held_by": {}, "noted_by": {}}
    n = check["held_by"].get(code, 0) + check["noted_by"].get(code, 0)
    rows = people_checked(office, branch, code, limit=_AT_ONCE, offset=(page - 1) * _AT_ONCE)
    return {
        "title": text(
            "web.batches_held_title", language, n=whole(n, language),
            rule=text(f"insurer.check_{code}", language),
        ),
        "effect": text(f"web.batches_effect_{code}", language),
        "back": of_branch("/batches", branch),
        "downloads": held_links(branch),
        "also": f"&{urlencode({'branch': branch})}" if branch else "",
        "rows": [
            {"id": row.id, "name": row.name, "number": row.number or "-", **_place(row)}
            for row in rows
        ],
        "page": page,
        "last": max((n + _AT_ONCE - 1) // _AT_ONCE, 1),
    }  # fmt: skip


def held_links(branch: str) -> list[dict[str, str]]:
    return table_links("/batches/held", urlencode({"branch": branch}) if branch else "")


def _place(row: Any) -> dict[str, str]:
    village = load_places().village(row.village_code)
    return {
        "village": village.name if village else row.village_code,
        "district": village.district_name if village else "",
    }


def reply_page(office: Office, language: Language, name: str) -> dict[str, Any] | None:
    found = find_reply(office, name)
    if found is None:
        return None
    names = ("accepted", "refused", "unchanged", "listed", "rows")
    numbers = {one: whole(found[one], language) for one in names}
    rows = [one for one in list_open(office) if one["reply"] == name]
    return {
        "reply": name,
        "at": shown_moment(instant_from_text(found["at"])),
        "officer": found["officer"],
        "numbers": numbers,
        "sum": text("web.batches_reply_sum", language, **numbers),
        "open": len(rows),
    }


def listed_page(office: Office, language: Language, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the rows that wait; `typed` is what the form of one of them was sent with."""
    rows = list_open(office)
    people = _people(office, [number for one in rows[:_AT_ONCE] for number in one["perhaps"]])
    return {
        "total": whole(len(rows), language),
        "downloads": table_links("/batches/listed") if rows else [],
        "rows": [
            {
                **one,
                "born": shown_day(_iso(one["content"]["birth_date"])),
                "said": text(f"web.batches_said_{one['content']['status'] or 'none'}", language),
                "people": [people[number] for number in one["perhaps"] if number in people],
                "why": text(f"insurer.listed_{one['reason']}", language),
                "typed": _typed(one, typed),
                "is_weak": one["reason"] == "perhaps",
                "is_unread": one["reason"] in UNREAD,
            }
            for one in rows[:_AT_ONCE]
        ],
    }


def _typed(one: dict[str, Any], typed: Mapping[str, str]) -> dict[str, str]:
    """Return what a row's form holds: what was typed, else what the row itself says."""
    if (typed.get("reply"), typed.get("row")) == (one["reply"], str(one["row"])):
        return {name: typed.get(name, "") for name in ("number", *COVER_DAYS)}
    days = {name: one["content"].get(name) for name in COVER_DAYS}
    return {
        "number": "" if one["reason"] == "perhaps" else (one["perhaps"] or [""])[0],
        **{name: shown_day(day) if day else "" for name, day in days.items()},
    }


def _people(office: Office, numbers: list[str]) -> dict[str, dict[str, str]]:
    """Return whom rows may mean, by number: what a person compares the row with."""
    table, dialect = SUBJECT_ROWS.c, office.database.dialect
    query = select(
        table.id, table.number, table.nik, table.name, table.birth_date, table.village_code
    )  # fmt: skip
    query = query.where(one_of(table.number, dialect, "numbers"))
    with office.database.reading() as connection:
        found = connection.execute(query, {"numbers": bound(dialect, numbers)}).all()
    return {
        row.number: {
            "id": row.id, "number": row.number, "name": row.name, "nik": row.nik,
            "born": shown_day(row.birth_date), **_place(row),
        }
        for row in found
    }  # fmt: skip


def _iso(written: str) -> str:
    try:
        return read_date(written).isoformat() if written else ""
    except NotUnderstood:
        return ""


def shown_day(written: str | None) -> str:
    return shown_date(date.fromisoformat(written)) if written else "-"
