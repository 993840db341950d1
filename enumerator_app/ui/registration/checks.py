"""From the findings of the rules to what the form shows: sentences, marks and places to jump to.

A finding is shown once its field has been left: nobody is told that a NIK has nine digits while
typing the tenth. After a save was tried, everything is shown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from enumerator_app.domain.findings import Finding, Severity, describe
from enumerator_app.domain.nik import NIK_DIGITS, compact_digits
from enumerator_app.domain.phones import says_no_phone
from enumerator_app.domain.registration import ASKED_OF_ALL
from enumerator_app.texts import text
from enumerator_app.ui.registration.form import (
    SHARED_FIELDS,
    Form,
    digits_again,
    is_local_nik,
    is_typed_again,
    says_no_nik,
)
from enumerator_app.ui.registration.from_paper import (
    PAPER_DATE,
    PAPER_NUMBER,
    is_day,
    is_form_number,
    is_from_paper,
)

FIELD_ORDER: Final = (
    "paper_number", "paper_date", "village", "group", "nik", "nik_again", "document_seen", "name",
    "sex", "birth_place", "birth_date", "mother_name", "kk_number", "address", "rt_rw", "phone",
    "works_now", "works_since", "consent_witness", "witness_role", "heirs", "photo", "consent",
)  # fmt: skip
"""Where the cursor can be sent, in the order of the form."""

_IN_THE_FORM: Final = ("village_code", "consent_method", "consent_witness", "witness_role")
_PLACES: Final = {
    "village_code": "village",
    "rt": "rt_rw",
    "consent_method": "consent",
    "consent_at": "consent",
    "phone_owner": "phone",
    "date_source": "birth_date",
    "no_photo_reason": "photo",
} | {name: "group" for name in SHARED_FIELDS if name not in _IN_THE_FORM}
_SAID_ELSEWHERE: Final = {"nik_date": "birth_date", "nik_sex": "sex"}
_LAST_JUMP: Final = 9


@dataclass(frozen=True)
class CheckLine:
    """One thing to look at. `key` is the digit that jumps there with Alt, 0 for none."""

    severity: Severity
    place: str
    sentence: str
    advice: str = ""
    key: int = 0


@dataclass(frozen=True)
class Checks:
    """What the right pane says, and how each field is marked."""

    lines: tuple[CheckLine, ...] = ()
    blocking: tuple[CheckLine, ...] = ()  # errors, shown or not, in the order of the form
    unasked: tuple[CheckLine, ...] = ()  # what somebody should have been asked, likewise

    @property
    def marks(self) -> dict[str, Severity]:
        """Return the heaviest shown severity by field; notes mark nothing."""
        found: dict[str, Severity] = {}
        for line in self.lines:
            if line.severity != "note" and found.get(line.place) != "error":
                found[line.place] = line.severity
        return found

    def count(self, severity: Severity) -> int:
        return sum(line.severity == severity for line in self.lines)


def checks_of(form: Form, findings: Iterable[Finding]) -> Checks:
    """Return what the form shows of these findings and of its own retype check."""
    of_this = (finding for finding in findings if _is_of_this(form, finding))
    every = sorted((*_own(form), *map(_line, of_this)), key=_weight)
    shown = (line for line in every if _is_shown(form, line.place))
    blocking = sorted(
        (line for line in every if line.severity == "error"),
        key=lambda line: FIELD_ORDER.index(_column(line.place)),
    )
    return Checks(tuple(_numbered(shown)), tuple(blocking), _unasked(form, every))


def _unasked(form: Form, lines: Iterable[CheckLine]) -> tuple[CheckLine, ...]:
    """Return the warnings about a question that has no answer at all; papers have no person."""
    if is_from_paper(form.values) or form.subject is not None:
        return ()
    empty = (line for line in lines if line.place in ASKED_OF_ALL and not form.value(line.place))
    return tuple(sorted(empty, key=lambda line: FIELD_ORDER.index(line.place)))


def place_of(field: str) -> str:
    """Return where the form shows a field of a registration, to send the cursor there."""
    return "heir.0" if field == "heirs" else _PLACES.get(field, field)


def check_lines(findings: Iterable[Finding]) -> tuple[CheckLine, ...]:
    """Return findings as lines, without keys, as they come."""
    return tuple(map(_line, findings))


def is_nik_sure(form: Form, checks: Checks) -> bool:
    """Is the NIK complete, readable and typed twice alike?"""
    return is_nik_whole(form, checks) and is_typed_again(form)


def is_nik_whole(form: Form, checks: Checks) -> bool:
    """Has the NIK sixteen digits, and nothing the rules warn about?"""
    whole = len(compact_digits(form.value("nik"))) == NIK_DIGITS
    return whole and "nik" not in checks.marks


def sentence_and_advice(words: str) -> tuple[str, str]:
    """Return the first sentence, and the rest; what was typed is quoted and never taken apart."""
    parts = re.split(r"(?<=[.?])\s+(?=[A-Z“])(?![^“]*”)", words, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def _own(form: Form) -> tuple[CheckLine, ...]:
    return (
        *_of_the_office(form),
        *_of_the_paper(form),
        *_of_the_retyping(form),
        *_of_the_document(form),
    )


def _of_the_office(form: Form) -> tuple[CheckLine, ...]:
    """What the office wants corrected, in its words, as long as the correction is open."""
    name, reason = form.returned
    if not name:
        return ()
    words = text("people.remark.returned", field=text(f"fields.{name}"), reason=reason).strip()
    return (CheckLine("warning", place_of(name), *sentence_and_advice(words)),)


def _of_the_paper(form: Form) -> tuple[CheckLine, ...]:
    """A form on paper has a day; its number is checked if it is one of ours."""
    if not is_from_paper(form.values):
        return ()
    lines = []
    if not is_day(form.value(PAPER_DATE)):
        words = sentence_and_advice(text("form.paper.no_date"))
        lines.append(CheckLine("error", PAPER_DATE, *words))
    if not is_form_number(form.value(PAPER_NUMBER)):
        words = sentence_and_advice(text("form.paper.no_number"))
        lines.append(CheckLine("warning", PAPER_NUMBER, *words))
    return tuple(lines)


def _of_the_retyping(form: Form) -> tuple[CheckLine, ...]:
    if says_no_nik(form) or len(compact_digits(form.value("nik"))) != NIK_DIGITS:
        return ()
    if is_typed_again(form):
        return ()
    again, tail = form.value("nik_again"), "" if is_local_nik(form) else "_elsewhere"
    words = text(f"form.nik_retype{tail}")
    if again:
        words = text(f"form.nik_retype_no{tail}", first=digits_again(form), second=again)
    return (CheckLine("error", "nik_again", *sentence_and_advice(words)),)


def _of_the_document(form: Form) -> tuple[CheckLine, ...]:
    """Without a NIK somebody has to say which paper was seen: until then it was not the KTP."""
    if not says_no_nik(form) or form.value("document_seen"):
        return ()
    words = sentence_and_advice(text("form.no_document_yet"))
    return (CheckLine("warning", "document_seen", *words),)


def _is_of_this(form: Form, finding: Finding) -> bool:
    if finding.code == "no_photo":
        return form.photo is None  # the rules see the words of a form, not its picture
    if finding.code == "no_phone":
        return says_no_phone(form.value("phone"))  # nobody may have asked
    is_said_by_form = bool(_of_the_document(form))
    return finding.code != "nik_not_copied" or not is_said_by_form


def _line(finding: Finding) -> CheckLine:
    place = _SAID_ELSEWHERE.get(finding.code) or _PLACES.get(finding.field, finding.field)
    if place == "heirs" and "heir" in finding.parameters:
        place = f"heir.{int(finding.parameters['heir']) - 1}"
    return CheckLine(finding.severity, place, *sentence_and_advice(describe(finding)))


def _column(place: str) -> str:
    return "heirs" if place.startswith("heir") else place if place in FIELD_ORDER else "consent"


def _weight(line: CheckLine) -> tuple[int, int]:
    severities = ("error", "warning", "note")
    return severities.index(line.severity), FIELD_ORDER.index(_column(line.place))


def _is_shown(form: Form, place: str) -> bool:
    if form.attempted:
        return True
    if place in ("village", "group"):
        return not form.is_empty
    if place.startswith("heir."):
        return any(name.startswith(place) for name in form.left)
    return place in form.left


def _numbered(lines: Iterable[CheckLine]) -> Iterable[CheckLine]:
    number = 0
    for line in lines:
        if line.severity == "note" or number == _LAST_JUMP:
            yield line
            continue
        number += 1
        yield CheckLine(line.severity, line.place, line.sentence, line.advice, number)
