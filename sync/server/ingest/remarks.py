"""What laptops remark beside a record's fields: a line of a worklist, and that two are not one."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from enumerator_app.domain.registration import LISTED, OTHER_THAN
from enumerator_app.domain.worklist import REGISTERED, answer_in
from sync.protocol.messages import RECEIVED
from sync.server.bulk import Row, Write
from sync.server.field_tables import LISTED_ANSWER_ROWS
from sync.server.ingest.applying import Result
from sync.server.ingest.batch import Line

SAID_OTHER: Final = "said_other_person"
DISTRICT: Final = "district"
ANSWERS: Final = Write(
    LISTED_ANSWER_ROWS,
    ("entry", "code", "device", "subject", "answer", "at", "received_at"),
)


def listed_answers(
    lines: Iterable[Line], results: Mapping[str, Result], device: str, now: str
) -> list[Row]:
    """Return what these entries say of people on worklists; what was put aside says nothing."""
    rows: list[Row] = []
    for line in lines:
        result = results[line.hash]
        said = _said(line)
        if said is not None and result.outcome in RECEIVED - {"quarantined", "erased"}:
            code, answer = said
            rows.append(
                (line.hash, code, device, line.subject, answer, line.claimed_time or now, now)
            )
    return rows


def _said(line: Line) -> tuple[str, str] | None:
    content = line.content or {}
    if line.kind == "listed":
        return answer_in(content)
    if line.kind in ("register", "correct") and LISTED in content:
        return answer_in({"code": content[LISTED], "answer": REGISTERED})
    return None


def reasons_for(pair: tuple[str, str], contents: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return why two records of one NIK are a case: also that an enumerator was asked, and said
    that it is somebody else.
    """
    meant = {*pair, DISTRICT}
    is_said = any(
        meant.intersection(map(str, said))
        for content in contents
        if isinstance(said := content.get(OTHER_THAN), list)
    )
    return ("same_nik", SAID_OTHER) if is_said else ("same_nik",)
