"""From a draft to values: every field normalised, and what could not be understood.

Texts are never refused here: a NIK with a letter is still a text, and the rules speak about it.
Only what has no place to be stored (a 31 February, an unknown word of a list) fails.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.dates import (
    read_birth,
    read_date,
    read_instant,
    read_rt_rw,
    read_year,
)
from enumerator_app.domain.findings import Finding
from enumerator_app.domain.heirs import identified
from enumerator_app.domain.names import ktp_capitals
from enumerator_app.domain.nik import compact_digits, is_spoilt_by_spreadsheet
from enumerator_app.domain.phones import says_no_phone, tidy_phone
from enumerator_app.domain.registration import (
    PROGRAMMES,
    SCALAR_FIELDS,
    Heir,
    HeirDraft,
    RegistrationDraft,
)
from enumerator_app.domain.tickets import read_ticket
from enumerator_app.domain.typed import (
    NotUnderstood,
    one_line,
    read_choice,
    read_integer,
    read_rupiah,
    shortened,
    word_key,
)

NUMERIC_NIK_CELL: Final = "nik_is_numeric_cell"
"""A file reader sets this value of a draft to "yes" if the NIK stood in a numeric cell."""

Reader = Callable[[str, CheckContext], object]


@dataclass(frozen=True)
class ReadDraft:
    """The values that were understood, and a finding for each that was not."""

    values: dict[str, object]
    findings: tuple[Finding, ...]

    @property
    def failed_fields(self) -> frozenset[str]:
        return frozenset(finding.field for finding in self.findings)


def read_draft(draft: RegistrationDraft, context: CheckContext) -> ReadDraft:
    """Return the values of a draft; an empty field is left out, so that its default holds."""
    typed = {name: draft.values.get(name, "") for name in (*SCALAR_FIELDS, "programmes")}
    values: dict[str, object] = {"name": "", "village_code": "", "registered_at": context.instant}
    findings = []
    for name in (name for name in typed if one_line(typed[name])):
        try:
            values[name] = READERS[name](typed[name], context)
        except NotUnderstood as problem:
            findings.append(context.finding(name, problem.code, **problem.parameters))
    heirs, heir_findings = _read_heirs(draft.heirs, context)
    values |= {"heirs": heirs, "paradata": dict(draft.paradata)}
    _fill_in(values, typed)
    return ReadDraft(values, (*findings, *heir_findings, *_spreadsheet_nik(draft.values, context)))


def _fill_in(values: dict[str, object], typed: Mapping[str, str]) -> None:
    if says_no_phone(typed["phone"]):
        values["phone"] = ""
        values.setdefault("phone_owner", "none")
    if not one_line(typed["rw"]) and one_line(typed["rt"]):
        values["rt"], values["rw"] = read_rt_rw(typed["rt"])
    if values.get("consent_method"):
        values.setdefault("consent_at", values["registered_at"])


def _spreadsheet_nik(values: Mapping[str, str], context: CheckContext) -> tuple[Finding, ...]:
    spoilt = values.get(NUMERIC_NIK_CELL) == "yes" or is_spoilt_by_spreadsheet(
        values.get("nik", "")
    )
    return (context.finding("nik", "xlsx_nik"),) if spoilt and context.source == "file" else ()


def _line(typed: str, _: CheckContext) -> object:
    return one_line(typed)


def _capitals(typed: str, _: CheckContext) -> object:
    return ktp_capitals(typed)


def _digits(typed: str, _: CheckContext) -> object:
    return one_line(compact_digits(typed))


def _date(typed: str, _: CheckContext) -> object:
    return read_date(typed)


def _instant(typed: str, _: CheckContext) -> object:
    return read_instant(typed)


def _year(typed: str, _: CheckContext) -> object:
    return read_year(typed)


def _integer(typed: str, _: CheckContext) -> object:
    return read_integer(typed)


def _rupiah(typed: str, _: CheckContext) -> object:
    return read_rupiah(typed)


def _village(typed: str, context: CheckContext) -> object:
    return context.places.read_village(typed)


def _phone(typed: str, _: CheckContext) -> object:
    return tidy_phone(typed)


def _ticket(typed: str, _: CheckContext) -> object:
    return read_ticket(typed)


def _rt(typed: str, _: CheckContext) -> object:
    first, second = read_rt_rw(typed)
    return one_line(typed) if second else first


def _id(typed: str, _: CheckContext) -> object:
    try:
        return UUID(one_line(typed))
    except ValueError:
        raise NotUnderstood("id_unreadable", value=shortened(typed)) from None


def _photo(typed: str, _: CheckContext) -> object:
    if not re.fullmatch(r"[0-9a-f]{64}", typed):
        raise NotUnderstood("photo_unreadable")
    return typed


def _choice(field: str) -> Reader:
    def read(typed: str, context: CheckContext) -> object:
        return read_choice(typed, context.rulebook.words[field])

    return read


def _programmes(typed: str, context: CheckContext) -> object:
    words = (word for word in re.split(r"[+,;/&|]|\bdan\b", typed) if word_key(word))
    chosen = {read_choice(word, context.rulebook.words["programmes"]) for word in words}
    return tuple(programme for programme in PROGRAMMES if programme in chosen)


READERS: Final[Mapping[str, Reader]] = dict.fromkeys(SCALAR_FIELDS, _line) | {
    "nik": _digits,
    "kk_number": _digits,
    "name": _capitals,
    "birth_place": _capitals,
    "mother_name": _capitals,
    "birth_date": _date,
    "rt": _rt,
    "rw": _rt,
    "village_code": _village,
    "phone": _phone,
    "works_since": _year,
    "monthly_income": _rupiah,
    "consent_at": _instant,
    "registered_at": _instant,
    "photo": _photo,
    "visit_id": _id,
    "group_id": _id,
    "latitude_udeg": _integer,
    "longitude_udeg": _integer,
    "ended_on": _date,
    "programmes": _programmes,
    "ticket": _ticket,
} | {
    name: _choice(name)
    for name in (
        "document_seen", "date_source", "sex", "phone_owner", "works_now", "consent_method",
        "no_photo_reason", "ended_reason",
    )
}  # fmt: skip


def _read_heirs(
    drafts: tuple[HeirDraft, ...], context: CheckContext
) -> tuple[tuple[Heir, ...], list[Finding]]:
    heirs, findings = [], []
    for number, draft in enumerate(drafts, start=1):
        if not any(map(one_line, (draft.name, draft.relation, draft.born, draft.scholarship))):
            continue
        try:
            heirs.append(_read_heir(draft, context))
        except NotUnderstood as problem:
            findings.append(
                context.finding("heirs", problem.code, **{"heir": number, **problem.parameters})
            )
    return identified(heirs, context.subject, context.known_heirs), findings


def _read_heir(draft: HeirDraft, context: CheckContext) -> Heir:
    words = context.rulebook.words
    if not word_key(draft.relation):
        raise NotUnderstood("heir_relation_missing")
    born_on, born_in = (
        read_birth(draft.born, today=context.today) if one_line(draft.born) else (None, None)
    )
    goes_to_school = word_key(draft.scholarship) and read_choice(
        draft.scholarship, words["scholarship"]
    )
    return Heir.model_validate(
        {
            "id": context.subject,  # the real one comes from `identified`
            "name": ktp_capitals(draft.name),
            "relation": read_choice(draft.relation, words["relation"]),
            "birth_date": born_on,
            "birth_year": born_in,
            "scholarship": goes_to_school == "yes",
        }
    )
