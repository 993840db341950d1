"""The check of a registration: from what was typed to a record and what is to be said about it.

The same rules speak at the table, for a file and at the office (`check_registration`): a record
that passed `check_draft` gets the same findings there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.findings import SEVERITIES, Finding
from enumerator_app.domain.reading import NUMERIC_NIK_CELL, read_draft
from enumerator_app.domain.record_rules import RECORD_RULES
from enumerator_app.domain.registration import (
    FIELDS,
    FROM_PAPER,
    LISTED,
    OTHER_THAN,
    HeirDraft,
    Registration,
    RegistrationDraft,
    body_of,
    said_other,
)

__all__ = [
    "NUMERIC_NIK_CELL", "CheckContext", "Checked", "check_draft", "check_registration", "draft_of",
]  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """The result of a check: the registration unless there is an error, and all findings."""

    registration: Registration | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")


def check_draft(draft: RegistrationDraft, context: CheckContext) -> Checked:
    """Return the registration that a draft says, and the findings, heaviest first.

    A field that could not be understood gets that one finding and no others.
    """
    read = read_draft(draft, context)
    record = Registration.model_validate({**read.values, **_said(draft)})
    ruled = (f for f in check_registration(record, context) if f.field not in read.failed_fields)
    findings = _in_order((*read.findings, *ruled))
    has_error = any(finding.severity == "error" for finding in findings)
    return Checked(None if has_error else record, findings)


def check_registration(record: Registration, context: CheckContext) -> tuple[Finding, ...]:
    """Return the findings about a record that is already normalised, heaviest first."""
    return _in_order(finding for rule in RECORD_RULES for finding in rule(record, context))


def draft_of(record: Registration) -> RegistrationDraft:
    """Return the draft whose check gives `record` again: what a correction starts from."""
    body = body_of(record)
    values = {name: "" if body[name] is None else str(body[name]) for name in FIELDS}
    values["programmes"] = "+".join(record.programmes)
    for name in ("heirs", "paradata"):
        del values[name]
    heirs = (
        HeirDraft(
            name=heir.name,
            relation=heir.relation,
            born=str(heir.birth_date or heir.birth_year or ""),
            scholarship="yes" if heir.scholarship else "no",
        )
        for heir in record.heirs
    )
    return RegistrationDraft(values, tuple(heirs), record.paradata, said_other(record))


def _said(draft: RegistrationDraft) -> dict[str, Any]:
    """Return notes for the office: who else it is not, the line of a worklist, the paper."""
    said: dict[str, Any] = {OTHER_THAN: draft.other_than} if draft.other_than else {}
    said |= {LISTED: draft.listed} if draft.listed else {}
    return said | ({FROM_PAPER: dict(draft.paper)} if draft.paper else {})


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(
        sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), FIELDS.index(f.field)))
    )
