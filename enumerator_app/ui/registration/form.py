"""What stands in the form, as typed, and its ways: to a draft, to a kept draft and back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from enumerator_app.domain.dates import read_rt_rw
from enumerator_app.domain.nik import NIK_DIGITS, compact_digits
from enumerator_app.domain.phones import says_no_phone
from enumerator_app.domain.reference import load_consent_texts
from enumerator_app.domain.registration import HeirDraft, RegistrationDraft
from enumerator_app.ui.registration.from_paper import STAYS, is_from_paper, paper_said, paper_values

NO_PHONE: Final = "-"
NO_NIK: Final = "-"
KK_LATER: Final = "-"
AGREED: Final = "yes"

PERSON_FIELDS: Final = (
    "nik", "nik_again", "document_seen", "name", "sex", "birth_place", "birth_date", "mother_name",
    "kk_number", "address", "rt_rw", "phone", "phone_owner", "works_now", "works_since",
    "no_photo_reason", "consent", "consent_own", "date_source", "paper_number",
)  # fmt: skip
SHARED_FIELDS: Final = (
    "village_code", "occupation", "workplace", "monthly_income", "programmes", "consent_method",
    "consent_witness", "witness_role",
)  # fmt: skip
"""Values of the group: they stay for the next person until somebody changes them."""

COUNTED: Final = (
    "nik_again", "name", "sex", "birth_place", "birth_date", "mother_name", "address", "phone",
    "works_now", "heirs", "consent",
)  # fmt: skip
"""What "8 dari 11 terisi" counts."""

_DATE_IS_ON: Final = {"KTP": "ktp", "IKD": "ktp", "KK": "paper", "suket": "paper"}
_START_OF_SHARED: Final = {"programmes": "JKK+JKM", "consent_method": "group"}
NO_HEIR: Final = HeirDraft()
_COUNTED_MS: Final = 500
_AREA_DIGITS: Final = 6
_SERIAL_FROM: Final = 12


@dataclass(frozen=True)
class Form:
    """One form. `left` are the fields that the cursor has been in and gone from."""

    form_id: str
    values: Mapping[str, str] = field(default_factory=dict)
    heirs: tuple[HeirDraft, ...] = (NO_HEIR,)
    photo: bytes | None = None
    left: frozenset[str] = frozenset()
    attempted: bool = False
    other_person: frozenset[str] = frozenset()  # keys of those said to be somebody else
    listed: str = ""  # invitation code of the worklist's line that it was begun from
    base: Mapping[str, str] = field(default_factory=dict)  # values this form does not show
    subject: UUID | None = None  # whose record is being corrected
    returned: tuple[str, str] = ("", "")  # the field the office asks about, and its words
    is_aside: bool = False
    place: str = ""  # the control that the cursor is in, by its object name
    cursor: int = -1  # where in its text; -1 where there is none
    spent_ms: Mapping[str, int] = field(default_factory=dict)  # by section, no content
    paradata: Mapping[str, int] = field(default_factory=dict)  # of the record being corrected

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def is_empty(self) -> bool:
        """Is nothing of this person here? What the group gave does not count."""
        typed = any(self.value(name) for name in PERSON_FIELDS)
        return not typed and self.photo is None and not any(map(is_heir_filled, self.heirs))


def new_form(shared: Mapping[str, str] | None = None) -> Form:
    """Return an empty form with a name of its own; `shared` are the values of the group."""
    given = _START_OF_SHARED | dict(shared or {})
    return Form(form_id=uuid.uuid4().hex, values=_known(given, SHARED_FIELDS))


def next_form(form: Form) -> Form:
    """Return the empty form for the person after this one."""
    following = new_form(form.values)
    return replace(following, values={**following.values, **_known(form.values, STAYS)})


def with_value(form: Form, name: str, typed: str) -> Form:
    """Return the form with one value typed; `heir.0.name` names a part of an heir."""
    if name.startswith("heir."):
        _, number, part = name.split(".")
        return _with_heir(form, int(number), part, typed)
    if name in ("nik", "phone", "kk_number") and typed.startswith("-") and len(typed) > 1:
        typed = typed.lstrip("- ")  # a number after all
    values = {**form.values, name: typed}
    if name == "birth_date" and typed != form.value("birth_date"):
        values["date_source"] = ""
    if name == "phone" and typed == NO_PHONE:
        values["phone_owner"] = "none"
    elif name == "phone" and values.get("phone_owner") == "none":
        values["phone_owner"] = ""
    return replace(form, values=values)


def with_heir_row(form: Form) -> Form:
    """Return the form with one more, empty, heir; the same if the last one is still empty."""
    if not is_heir_filled(form.heirs[-1]):
        return form
    return replace(form, heirs=(*form.heirs, NO_HEIR))


def with_other_person(form: Form, key: str) -> Form:
    """Return the form with it said that somebody, by the key of a card, is another person."""
    return replace(form, other_person=form.other_person | {key})


def is_heir_filled(heir: HeirDraft) -> bool:
    return bool(heir.name or heir.relation or heir.born)


def filled_count(form: Form) -> int:
    """Return how many of the counted parts have something in them."""
    return sum(_is_filled(form, name) for name in COUNTED)


def _is_filled(form: Form, name: str) -> bool:
    if name == "heirs":
        return any(heir.name for heir in form.heirs)
    if name == "nik_again":
        return bool(form.value("nik_again")) or says_no_nik(form)
    return bool(form.value(name))


def nik_digits(form: Form) -> str:
    """Return the sixteen digits of the NIK; empty while there are not so many."""
    digits = compact_digits(form.value("nik"))
    return digits if len(digits) == NIK_DIGITS and digits.isdecimal() else ""


def is_local_nik(form: Form) -> bool:
    """Was this NIK first issued in the district that the person lives in now?"""
    return nik_digits(form)[:_AREA_DIGITS] == form.value("village_code")[:_AREA_DIGITS]


def digits_again(form: Form) -> str:
    """Return what has to be typed twice; empty while the NIK is not whole.

    The serial has no other check. Nor has the area, unless it is the district of the village: from
    elsewhere, nearly any slip gives the code of some other place.
    """
    digits = nik_digits(form)
    serial = digits[_SERIAL_FROM:]
    return serial if is_local_nik(form) else digits[:_AREA_DIGITS] + serial


def is_typed_again(form: Form) -> bool:
    """Was the NIK's unchecked part typed twice alike? More than is asked for is well."""
    digits, again = nik_digits(form), form.value("nik_again")
    whole = digits[:_AREA_DIGITS] + digits[_SERIAL_FROM:]
    return bool(again) and again in (digits_again(form), whole)


def says_no_nik(form: Form) -> bool:
    """Did somebody say that this person has no NIK yet?"""
    return form.value("nik") == NO_NIK


def draft_of(form: Form) -> RegistrationDraft:
    """Return what was typed as the rules read it."""
    values = {**form.base, **form.values}
    rt, rw = read_rt_rw(form.value("rt_rw"))
    values |= {"rt": rt, "rw": rw, "nik": "" if says_no_nik(form) else form.value("nik")}
    if form.value("kk_number") == KK_LATER:
        values["kk_number"] = ""
    if says_no_phone(form.value("phone")):
        values["phone"] = ""
    elif form.value("phone") and not values.get("phone_owner"):
        values["phone_owner"] = "self"
    values["consent_method"] = form.value("consent_own") or values.get("consent_method", "")
    if form.value("consent") != AGREED:
        values["consent_method"] = ""
    elif not values.get("consent_text_version"):
        values["consent_text_version"] = load_consent_texts()[-1].version
    if form.value("birth_date") and is_from_paper(form.values):
        values["date_source"] = "paper"
    elif form.value("birth_date") and not form.value("date_source"):
        values["date_source"] = _DATE_IS_ON.get(form.value("document_seen") or "KTP", "family")
    if form.photo is not None:
        values["no_photo_reason"] = ""
    values |= paper_values(form.values)
    if values.get("consent_method") and is_from_paper(form.values):
        values["consent_method"] = form.value("consent_own") or "paper"
    heirs = tuple(heir for heir in form.heirs if is_heir_filled(heir))
    seconds = form.paradata or _whole_seconds(form.spent_ms)
    others = tuple(sorted(form.other_person))
    return RegistrationDraft(
        values, heirs, seconds, other_than=others, listed=form.listed, paper=paper_said(form.values)
    )


def _whole_seconds(spent_ms: Mapping[str, int]) -> dict[str, int]:
    return {section: round(ms / 1000) for section, ms in spent_ms.items() if ms >= _COUNTED_MS}


def correction_form(subject: UUID, draft: RegistrationDraft) -> Form:
    """Return the form that shows a saved record; every field counts as left."""
    values = dict(draft.values)
    shown = dict(values)
    parts = [values.get("rt", ""), values.get("rw", "")]
    shown["rt_rw"] = " / ".join(part for part in parts if part)
    if not values.get("nik"):
        shown["nik"] = NO_NIK
    if not values.get("phone") and values.get("phone_owner") == "none":
        shown["phone"] = NO_PHONE
    if values.get("consent_method"):
        shown["consent"] = AGREED
    shown["birth_date"] = day_first(values.get("birth_date", ""))
    form = Form(
        form_id=uuid.uuid4().hex,
        values=_known(shown, (*PERSON_FIELDS, *SHARED_FIELDS)),
        heirs=draft.heirs or (NO_HEIR,),
        left=frozenset((*PERSON_FIELDS, *SHARED_FIELDS, "heir.0.name")),
        base=values,
        subject=subject,
        paradata=dict(draft.paradata),
    )
    return replace(form, values={**form.values, "nik_again": digits_again(form)})


def kept_values(form: Form) -> dict[str, Any]:
    """Return the form as JSON values for a kept draft, without its photo."""
    return {
        "values": dict(form.values),
        "heirs": [[heir.name, heir.relation, heir.born, heir.scholarship] for heir in form.heirs],
        "left": sorted(form.left),
        "other_person": sorted(form.other_person),
        "listed": form.listed,
        "base": dict(form.base),
        "subject": str(form.subject) if form.subject else "",
        "returned": list(form.returned),
        "is_aside": form.is_aside,
        "place": form.place,
        "cursor": form.cursor,
        "spent_ms": dict(form.spent_ms),
        "paradata": dict(form.paradata),
    }


def form_from_kept(form_id: str, kept: Mapping[str, Any], photo: bytes | None) -> Form:
    """Return the form that `kept_values` wrote; keys it does not know are left out."""
    heirs = tuple(HeirDraft(*parts) for parts in kept.get("heirs", ()))
    return Form(
        form_id=form_id,
        values=dict(kept.get("values", {})),
        heirs=heirs or (NO_HEIR,),
        photo=photo,
        left=frozenset(kept.get("left", ())),
        other_person=frozenset(kept.get("other_person", ())),
        listed=str(kept.get("listed", "")),
        base=dict(kept.get("base", {})),
        subject=UUID(kept["subject"]) if kept.get("subject") else None,
        returned=_asked_back(kept.get("returned", ())),
        is_aside=bool(kept.get("is_aside")),
        place=str(kept.get("place", "")),
        cursor=int(kept.get("cursor", -1)),
        spent_ms=dict(kept.get("spent_ms", {})),
        paradata=dict(kept.get("paradata", {})),
    )


def _asked_back(kept: Sequence[str]) -> tuple[str, str]:
    field, reason = kept or ("", "")
    return field, reason


def again(form: Form) -> Form:
    """Return the same form under a new name: the old name was settled with its save."""
    return replace(form, form_id=uuid.uuid4().hex, attempted=False, is_aside=False)


def _known(values: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: values[name] for name in names if values.get(name)}


def _with_heir(form: Form, number: int, part: str, typed: str) -> Form:
    heirs = list(form.heirs)
    heirs[number] = replace(heirs[number], **{part: typed})
    return replace(form, heirs=tuple(heirs))


def day_first(iso: str) -> str:
    """Return 1974-03-12 as 12-03-1974; anything else unchanged."""
    parts = iso.split("-")
    return "-".join(reversed(parts)) if len(parts) == 3 and len(parts[0]) == 4 else iso
