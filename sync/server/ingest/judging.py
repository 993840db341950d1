"""Whether a body is a registration by the rules, and how heavy the worst finding is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.checking import check_registration
from enumerator_app.domain.errors import NotCanonical
from enumerator_app.domain.journal import BODY_SCHEMA
from enumerator_app.domain.numbers import parse_number
from enumerator_app.domain.registration import Registration, registration_from_body

INVALID: Final = "invalid"
SCHEMA_NEWER: Final = "schema_newer"


def is_known_schema(schema: int) -> bool:
    return schema <= BODY_SCHEMA


@dataclass(frozen=True, slots=True)
class Judgement:
    """`code` says why a body cannot be the state of a record; None if it can."""

    code: str | None
    severity: str = ""
    registration: Registration | None = None


Judge = Callable[[dict[str, Any] | None, int, bytes | None], Judgement]
_UNUSUAL = re.compile(rb"[\\\x7f\x80-\xff]|[:\[,]-?[0-9]{16}")
"""What must be looked at value by value: escapes, signs outside ASCII, very long numbers."""


def judge_by(context: CheckContext) -> Judge:
    """Return the judge that goes by these rules, on this day."""

    def judge(content: dict[str, Any] | None, schema: int, body: bytes | None) -> Judgement:
        if not is_known_schema(schema):
            return Judgement(SCHEMA_NEWER)
        if content is None or not _is_canonical(content, body):
            return Judgement(INVALID)
        try:
            registration = registration_from_body(content)
        except ValidationError:
            return Judgement(INVALID)
        findings = check_registration(registration, context)
        worst = findings[0].severity if findings else ""
        if worst == "error":
            return Judgement(INVALID, worst)
        return Judgement(None, worst, registration)

    return judge


def _is_canonical(content: dict[str, Any], body: bytes | None) -> bool:
    if body is not None and _UNUSUAL.search(body) is None:
        return True
    try:
        canonical_bytes(content)
    except NotCanonical:
        return False
    return True


def content_of(raw: bytes | None) -> dict[str, Any] | None:
    """Return the body in the bytes of an entry's body, or of a signed server revision."""
    if raw is None:
        return None
    try:
        content = from_canonical(raw)
    except NotCanonical:
        return None
    if isinstance(content, dict) and "sig" in content and "fields" in content:
        content = content["fields"].get("body")
    return content if isinstance(content, dict) else None


def number_in(content: Mapping[str, Any]) -> str | None:
    """Return the registration number that a body carries, if it is one."""
    number = content.get("number")
    if not isinstance(number, str) or parse_number(number) != number:
        return None
    return number
