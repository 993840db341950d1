"""What the desk's pages show of a person: dates first, months, family in the order of the law."""

from datetime import date
from typing import Any, Final

from enumerator_app.domain.dates import age_on, read_date
from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date, shown_moment
from enumerator_app.domain.nik import shown_nik
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.registration import RELATIONS
from enumerator_app.domain.typed import NotUnderstood
from enumerator_app.texts import Language, catalogue, text
from sync.server.batches.months import month_text
from sync.server.covering.ending import REASONS
from sync.server.office import Office
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.serving.finding import FoundPerson
from sync.server.serving.person import Happened, PersonFile
from sync.server.serving.printing import has_card
from sync.server.web.batch_pages import month_words, shown_day
from sync.server.web.numbers import whole

MOST_HEIRS: Final = 5
_HIDDEN: Final = "···"
_ANSWERED: Final = ("enrolled", "ended")
_OWNERS: Final = ("self", "family", "neighbour", "village", "none")


def read_day(typed: str) -> date | None:
    try:
        return read_date(typed) if typed.strip() else None
    except NotUnderstood:
        return None


def found_people(
    office: Office, found: list[FoundPerson], language: Language
) -> list[dict[str, Any]]:
    today = day_in_wib(office.clock())
    return [
        {
            "id": one.row.id,
            "name": one.row.name or "-",
            "number": one.row.number or "-",
            "born": shown_day(one.row.birth_date),
            "address": _address(one.row, one.body),
            "has_photo": bool(one.photo),
            "kind": "covered" if _is_covered(one.row, today) else one.row.state,
            "word": text(
                f"web.state_{'covered' if _is_covered(one.row, today) else one.row.state}",
                language,
            ),
        }
        for one in found
    ]


def _is_covered(row: Any, today: date) -> bool:
    day = today.isoformat()
    return row.state == "enrolled" and (row.cover_from or "9") <= day <= (row.cover_to or "")


def _address(row: Any, body: dict[str, Any]) -> str:
    village = load_places().village(row.village_code)
    near = " ".join(f"{name.upper()} {body[name]}" for name in ("rt", "rw") if body.get(name))
    place = f"{village.name}, {village.district_name}" if village else row.village_code
    return ", ".join(part for part in (str(body.get("address") or ""), near, place) if part)


def person_page(
    office: Office, file: PersonFile, visitor: Visitor, *, shows_nik: bool, typed: dict[str, Any]
) -> dict[str, Any]:
    language, row = visitor.language, file.row
    today = day_in_wib(office.clock())
    village = load_places().village(row.village_code)
    is_given = bool(row.kpj and file.cover)
    is_open = row.state not in ("ended", "duplicate", "withdrawn")
    return {
        "subject": row.id,
        "seen": row.revision,
        "name": row.name or "-",
        "place": f"{village.name}, {village.district_name}" if village else row.village_code,
        "line": _line(file, today, language),
        "numbers": _numbers(file, language),
        "nik": _nik(row.nik, shows_nik=shows_nik),
        "may_reveal": bool(row.nik) and not shows_nik and visitor.may(Right.reveal_nik),
        "has_photo": bool(file.body.get("photo")),
        "cover": _cover(file, today, language),
        "refusal": _refusal(file.refusal, language) if file.refusal else None,
        "months": _months(file, today, language),
        "events": [_event(one, language) for one in file.happened],
        "family": [
            {
                "n": n,
                "name": heir.name,
                "relation": text(f"heirs.relation_{heir.relation}", language),
                "born": shown_date(heir.birth_date)
                if heir.birth_date
                else str(heir.birth_year or ""),
                "school": heir.scholarship,
            }
            for n, heir in file.family
        ],
        "may_serve": visitor.may(Right.serve_people) and bool(row.number) and bool(file.record),
        "may_change": visitor.may(Right.serve_people) and is_open and bool(file.record),
        "may_end": visitor.may(Right.end_cover) and is_open,
        "may_correct": visitor.may(Right.end_cover) and row.state in _ANSWERED and is_given,
        "may_undo": visitor.may(Right.end_cover) and row.state == "ended" and bool(file.ending),
        "has_card": has_card(file, office),
        "copy": file.cards,
        "paid": _paid_so_far(file, language),
        "form": _form(file, typed, language),
        "today": shown_date(today),
    }


def _line(file: PersonFile, today: date, language: Language) -> str:
    body, parts = file.body, []
    born = read_day(str(body.get("birth_date") or ""))
    if born:
        parts.append(text("web.service_age", language, n=age_on(born, today)))
    if body.get("sex"):
        parts.append(text(f"web.service_sex_{body['sex']}", language))
    first = ", ".join(parts)
    work = ", ".join(str(body[name]) for name in ("occupation", "workplace") if body.get(name))
    return ". ".join(part for part in (first, work, _address(file.row, body)) if part) + "."


def _numbers(file: PersonFile, language: Language) -> list[tuple[str, str]]:
    phone = str(file.body.get("phone") or "")
    owner = str(file.body.get("phone_owner") or "")
    shown = f"{phone[:4]}-{_HIDDEN}-{phone[-4:]}" if len(phone) > 8 else phone or "-"
    if phone and owner and f"web.service_owner_{owner}" in catalogue():
        shown += f", {text(f'web.service_owner_{owner}', language)}"
    return [
        (text("web.service_kpj", language), file.row.kpj or "-"),
        (text("web.batches_number", language), file.row.number or "-"),
        (text("web.service_phone", language), shown),
    ]


def _nik(nik: str, *, shows_nik: bool) -> str:
    if not nik:
        return "-"
    return shown_nik(nik) if shows_nik else f"{_HIDDEN}{nik[-4:]}"


def _cover(file: PersonFile, today: date, language: Language) -> dict[str, str]:
    """Return the headline: the dates themselves, and never more than they say."""
    row, cover = file.row, file.cover
    if row.state == "ended":
        on = file.ending.ended_on if file.ending else row.cover_to
        reason = text(f"insurer.end_{file.ending.reason if file.ending else 'other'}", language)
        said = text("web.service_ended", language, day=shown_day(on), reason=reason)
        more = [_paid_after(file, on or "", language)]
        if file.waits_on:
            more.append(text("web.service_ended_on_list", language, id=file.waits_on))
        return {"kind": "ended", "said": said, "more": " ".join(filter(None, more))}
    if row.state != "enrolled" or cover is None:
        return {
            "kind": row.state,
            "said": text(f"web.service_cover_{row.state}", language),
            "more": text("web.service_not_covered", language),
        }
    days = {"start": shown_date(cover[0]), "end": shown_date(cover[1])}
    key = "over" if cover[1] < today else "coming" if cover[0] > today else "covered"
    said = text(f"web.service_cover_{key}", language, **days)
    kind = {"over": "ended", "coming": "enrolled", "covered": "covered"}[key]
    return {"kind": kind, "said": said, "more": _paid_words(file, today, language)}


def late_months(months: list[str], on: date, language: Language) -> str:
    """Return the sentence about months that were paid after the day of the end."""
    words = ", ".join(month_words(one, language) for one in months)
    return text("web.service_end_late", language, n=len(months), months=words, day=shown_date(on))


def _paid_so_far(file: PersonFile, language: Language) -> str:
    last = max(file.paid, default="")
    if not last:
        return ""
    return text(
        "web.service_end_paid", language, n=len(file.paid), month=month_words(last, language)
    )


def _paid_after(file: PersonFile, on: str, language: Language) -> str:
    """Return which months were paid that begin after the day of the end."""
    months = [month_words(one, language) for one in sorted(file.paid) if on and one > on[:7]]
    return text("web.service_paid_after", language, months=", ".join(months)) if months else ""


def _paid_outside(file: PersonFile, language: Language) -> str:
    """Return which months were paid that begin after the cover ends, or end before it begins."""
    if file.cover is None:
        return ""
    first, last = (day.isoformat()[:7] for day in file.cover)
    months = [month_words(one, language) for one in sorted(file.paid) if not first <= one <= last]
    return text("web.service_paid_outside", language, months=", ".join(months)) if months else ""


def _refusal(one: Happened, language: Language) -> dict[str, str]:
    """Return why a record was sent back or not accepted, and who said or noted so, and when."""
    reason, field = str(one.values["reason"]), str(one.values["field"])
    said = text(f"web.service_why_{one.key if reason != '-' else 'unsaid'}", language,
                reason=f"{_field(field, language)}: {reason}" if field else reason)  # fmt: skip
    at = instant_from_text(one.at)
    day = shown_moment(at)
    who = text(f"web.service_who_{one.key}", language, who=one.who or "-", at=day)
    return {"why": said, "who": who}


def _paid_words(file: PersonFile, today: date, language: Language) -> str:
    last = max(file.paid, default="")
    month = month_words(last, language)
    parts = [text("web.service_while_paid", language)]
    if outside := _paid_outside(file, language):
        parts.append(outside)
    key = "web.service_last_paid" if last else "web.service_never_paid"
    parts.append(text(key, language, month=month) if last else text(key, language))
    early = file.early_until
    if early is None:
        parts.append(text("web.service_early_unpaid", language))
    elif today < early:
        parts.append(text("web.service_early", language, day=shown_date(early)))
    return " ".join(parts)


def _months(file: PersonFile, today: date, language: Language) -> dict[str, Any] | None:
    """Return the twelve months of this year, or of the cover where this year has none of it."""
    years = [day.year for day in file.cover or ()] + [int(month[:4]) for month in file.paid]
    if not years:
        return None
    year = min(max(today.year, min(years)), max(years))
    found = []
    for first, kind in file.months(year):
        is_late = kind == "planned" and month_text(first) < month_text(today)
        word = "unpaid" if is_late else kind
        found.append(
            {
                "name": text(f"web.month_{first.month}", language),
                "kind": kind,
                "said": text(f"web.service_month_{word}", language),
            }
        )
    amount = max(file.paid.values(), default=0)
    paid = text("web.service_paid_key", language)
    if amount:
        paid = text("web.service_paid_sum", language, sum=f"Rp{whole(amount, language)}")
    return {"year": year, "cells": found, "paid": paid}


def _event(one: Happened, language: Language) -> dict[str, str]:
    values = dict(one.values)
    if one.key == "paid":
        values["month"] = month_words(str(values["month"]), language)
        values["amount"] = f"Rp{whole(int(values['amount']), language)}"
    if one.key in ("enrolled", "card_again", "cover_corrected"):
        values |= {name: shown_day(values.get(name)) for name in ("from", "to")}
    if one.key == "cover_corrected":
        values |= _before(values.pop("before"))
    if one.key == "corrected":
        names = [_field(name, language) for name in values["fields"]]
        values["fields"] = f": {', '.join(names)}" if names else ""
    more = one.who
    if one.key == "submitted" and values.get("batch"):
        more = text("web.service_in_batch", language, id=values["batch"])
    if one.key == "registered":
        values, more = _registered(values, language), ""
    if one.key == "card_again":
        values["reason"] = _card_reason(str(values["reason"]), language)
    # A card without a reason was sealed because a payment or its stop moved the dates of cover.
    key = f"web.service_did_{one.key}"
    is_unsaid = values.get("reason") == "-" and f"{key}_unsaid" in catalogue()
    said = text(f"{key}_unsaid" if is_unsaid else key, language, **values)
    day = shown_date(day_in_wib(instant_from_text(one.at)))
    return {"day": day, "kind": one.shape, "said": said, "more": more}


def _before(stated: dict[str, Any]) -> dict[str, str]:
    return {
        "old_kpj": str(stated.get("kpj") or "-"),
        "old_from": shown_day(stated.get("cover_from")),
        "old_to": shown_day(stated.get("cover_to")),
    }


def _registered(values: dict[str, Any], language: Language) -> dict[str, str]:
    document = text(f"web.service_document_{values['document']}", language)
    works = text(f"web.service_works_{values['works'] or 'unknown'}", language)
    witness = ""
    if values["witness"]:
        role = f" ({values['role']})" if values["role"] else ""
        witness = text("web.service_witness", language, name=f"{values['witness']}{role}")
    return {"document": document, "works": works, "witness": witness}


def _card_reason(reason: str, language: Language) -> str:
    key = f"web.service_card_{reason}"
    return text(key, language) if key in catalogue() else reason


def _field(name: str, language: Language) -> str:
    key = f"fields.{name}"
    return text(key, language) if key in catalogue() else name


def _form(file: PersonFile, typed: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return what the forms of the desk start from: the record, or what was just typed."""
    body = file.body
    heirs = [
        {
            "name": heir.name, "relation": heir.relation,
            "born": shown_date(heir.birth_date)
            if heir.birth_date
            else str(heir.birth_year or ""),
            "school": heir.scholarship,
        }
        for heir in (file.record.heirs if file.record else ())
    ][:MOST_HEIRS]  # fmt: skip
    empty = {"name": "", "relation": "", "born": "", "school": False}
    heirs += [dict(empty) for _ in range(MOST_HEIRS - len(heirs))]
    for n, heir in enumerate(heirs, start=1):
        if f"heir_name_{n}" in typed:
            heir |= {part: typed.get(f"heir_{part}_{n}", "") for part in heir}
    names = ("address", "rt", "rw", "village_code", "phone", "phone_owner", "email", "name")
    return {
        **{name: str(typed.get(name, body.get(name) or "")) for name in (*names, "mother_name")},
        "heirs": heirs,
        "relations": [
            ("", "-"),
            *((one, text(f"heirs.relation_{one}", language)) for one in RELATIONS),
        ],
        "owners": [(one, text(f"web.service_owner_{one}", language)) for one in _OWNERS],
        "villages": [
            (one.code, f"{one.name}, {one.district_name}") for one in load_places().villages
        ],
        "reasons": [("", "-"), *((one, text(f"insurer.end_{one}", language)) for one in REASONS)],
        "reason": str(typed.get("reason", "")),
        "on": str(typed.get("on", "")),
        "paid_after": str(typed.get("paid_after", "")),
        "kpj": str(typed.get("kpj", file.row.kpj or "")),
        "cover_from": str(typed.get("cover_from", shown_day(file.row.cover_from))),
        "cover_to": str(typed.get("cover_to", shown_day(file.row.cover_to))),
        "letter": str(typed.get("letter", "")),
    }
