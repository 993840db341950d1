"""The rules about a registration whose values are already normalised: one function a subject.

They are the same at the table, for a file and at the office. None of them asks a clock or a
database; nothing here is repaired or filled in.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.dates import age_on
from enumerator_app.domain.findings import Finding
from enumerator_app.domain.heirs import heir_key
from enumerator_app.domain.instants import shown_date
from enumerator_app.domain.names import LONGEST_KTP_NAME, name_words
from enumerator_app.domain.nik import InvalidNik, Nik, birth_date_from_nik, parse_kk, parse_nik
from enumerator_app.domain.phones import is_phone
from enumerator_app.domain.places import looks_like_bps
from enumerator_app.domain.registration import Registration
from enumerator_app.domain.typed import shortened
from enumerator_app.texts import thousands

RecordRule = Callable[[Registration, CheckContext], Iterator[Finding]]

_NIK_IS_PRINTED_ON: Final = frozenset({"KTP", "IKD"})
_USUAL_BIRTHDAYS: Final = frozenset({(1, 7), (31, 12)})  # given where the day was not known
_NEEDS_A_WITNESS: Final = frozenset({"thumbprint", "verbal"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_END_OF_CENTURY: Final = date(2099, 12, 31)  # any day that is one in 1900-2099


def nik_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if not record.nik:
        yield context.finding("nik", "waiting_nik")
        if record.document_seen in _NIK_IS_PRINTED_ON:
            yield context.finding("nik", "nik_not_copied")
        return
    try:
        nik = parse_nik(record.nik)
    except InvalidNik as problem:
        yield context.finding("nik", problem.code, **problem.parameters)
        return
    if nik.is_placeholder:
        yield context.finding("nik", "nik_placeholder")
        return
    yield from _nik_area(nik, context)
    yield from _nik_against_ktp(nik, record, context)
    if nik.serial == "0000":
        yield context.finding("nik", "nik_serial0")


def _nik_area(nik: Nik, context: CheckContext) -> Iterator[Finding]:
    if not context.places.knows_area(nik.area_code):
        yield context.finding("nik", "nik_area_unknown")
    elif not context.places.is_own_area(nik.area_code):
        yield context.finding("nik", "nik_area")


def _nik_against_ktp(nik: Nik, record: Registration, context: CheckContext) -> Iterator[Finding]:
    try:
        birth_date_from_nik(nik.digits, not_after=_END_OF_CENTURY)
    except InvalidNik as problem:
        yield context.finding("nik", problem.code)
    else:
        if record.birth_date is not None and not nik.agrees_with(record.birth_date):
            ktp_date = shown_date(record.birth_date)
            yield context.finding("nik", "nik_date", nik_date=nik.shown_date, ktp_date=ktp_date)
    if record.sex and record.sex != nik.sex:
        yield context.finding("nik", "nik_sex", sex_in_nik=nik.sex, sex_chosen=record.sex)


def kk_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if not record.kk_number:
        if context.kk_number == "expected":
            yield context.finding("kk_number", "kk_missing")
        return
    try:
        parse_kk(record.kk_number)
    except InvalidNik as problem:
        yield context.finding("kk_number", problem.code, **problem.parameters)
    if record.kk_number == record.nik:
        yield context.finding("kk_number", "kk_is_nik")


def name_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if not name_words(record.name):
        yield context.finding("name", "name_missing")
        return
    if not all(map(_is_name_sign, record.name)):
        yield context.finding("name", "name_signs")
    if len(record.name.split()) == 1:
        yield context.finding("name", "name_one_word")
    if len(record.name) > LONGEST_KTP_NAME:
        yield context.finding("name", "name_long", n=len(record.name))


def _is_name_sign(character: str) -> bool:
    return character in " .',-" or unicodedata.name(character, "").startswith("LATIN ")


def birth_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if record.birth_date is None:
        yield context.finding("birth_date", "birth_date_missing")
        return
    yield from _age_rules(record.birth_date, context)
    if (record.birth_date.day, record.birth_date.month) in _USUAL_BIRTHDAYS:
        yield context.finding("birth_date", "birth_day_usual", date=shown_date(record.birth_date))
    if record.date_source == "nik":
        yield context.finding("date_source", "date_from_nik")


def _age_rules(born: date, context: CheckContext) -> Iterator[Finding]:
    age, limits = age_on(born, context.today), context.rulebook.age_limits(context.today)
    if born > context.today:
        yield context.finding("birth_date", "birth_date_future", date=shown_date(born))
    elif age > context.rulebook.limits.odd_age:
        yield context.finding("birth_date", "age_odd", n=age)
    elif age >= limits.before_age:
        yield context.finding("birth_date", "age_65", n=age, limit=limits.before_age)
    elif age < limits.from_age:
        yield context.finding("birth_date", "age_young", n=age)


def sex_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if not record.sex:
        yield context.finding("sex", "sex_missing")


def address_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    code = record.village_code
    if not code:
        yield context.finding("village_code", "village_missing")
    elif context.places.village(code) is None:
        problem = "village_bps" if looks_like_bps(code) else "village_unknown"
        yield context.finding("village_code", problem, value=shortened(code))
    if not all(re.fullmatch(r"(?:[0-9]{3})?", value) for value in (record.rt, record.rw)):
        yield context.finding("rt", "rt_rw_odd")


def contact_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if not record.phone:
        yield context.finding("phone", "no_phone")
    elif not is_phone(record.phone):
        yield context.finding("phone", "phone_odd", value=shortened(record.phone))
    if record.phone and record.phone_owner == "none":
        yield context.finding("phone", "phone_owner_none")
    if record.email and not _EMAIL.fullmatch(record.email):
        yield context.finding("email", "email_odd")


def work_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if not record.works_now:
        yield context.finding("works_now", "works_now_missing")
    elif record.works_now != "working":
        yield context.finding("works_now", "ill")
    first = record.birth_date.year if record.birth_date else 0
    if record.works_since is not None and not first <= record.works_since <= context.today.year:
        yield context.finding("works_since", "works_since_odd", year=record.works_since)
    limits, income = context.rulebook.limits, record.monthly_income
    if income is not None and not limits.least_income <= income <= limits.most_income:
        yield context.finding("monthly_income", "income_odd", amount=thousands(income))


def programme_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if not {"JKK", "JKM"} <= set(record.programmes):
        yield context.finding("programmes", "programmes_minimum")


def heir_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    seen = set()
    for number, heir in enumerate(record.heirs, start=1):
        if not name_words(heir.name):
            yield context.finding("heirs", "heir_name_missing", heir=number)
        elif heir_key(heir) in seen:
            yield context.finding("heirs", "heir_twice", heir=number)
        seen.add(heir_key(heir))
        born_in = heir.birth_date.year if heir.birth_date else heir.birth_year or 0
        if born_in > context.today.year:
            yield context.finding("heirs", "heir_birth_future", heir=number)


def consent_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if not record.consent_method:
        yield context.finding("consent_method", "consent_missing")
    if record.consent_witness:
        return
    if record.consent_method in _NEEDS_A_WITNESS:
        yield context.finding("consent_witness", "witness_missing")
    elif record.works_now in ("ill", "stopped"):
        yield context.finding("consent_witness", "work_witness_missing")


def photo_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if not record.photo and not record.no_photo_reason:
        yield context.finding("photo", "no_photo")


def ending_rules(record: Registration, context: CheckContext) -> Iterator[Finding]:
    if record.ended_on is not None and not record.ended_reason:
        yield context.finding("ended_on", "ended_without_reason")


RECORD_RULES: Final[tuple[RecordRule, ...]] = (
    nik_rules, kk_rules, name_rules, birth_rules, sex_rules, address_rules, contact_rules,
    work_rules, programme_rules, heir_rules, consent_rules, photo_rules, ending_rules,
)  # fmt: skip
