"""Two records of one person, united by a link: one is laid aside, nothing is deleted.

Both numbers and both papers keep their meaning; the insurer gets the one that goes on. Undoing the
link puts both back where they were, as far as nobody changed them since.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, insert, or_, select, update

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.merge import GROUPS
from sync.server.case_tables import LINK_ROWS
from sync.server.deciding import Verdict, decide_in
from sync.server.ingest.judging import content_of
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.resolving.errors import AnswerNotPossible, LinkUnknown
from sync.server.resolving.officer import Officer
from sync.server.resolving.revising import content_at, revise
from sync.server.resolving.telling import Closing, close_cases
from sync.server.tables import ENTRY_ROWS, REVISION_ROWS, SUBJECT_ROWS

LAID_ASIDE: Final = frozenset({"registered", "waiting_nik", "returned", "verified", "refused"})
"""States from which a record may be laid aside; what is with the insurer must be the one kept."""
_RESTORED: Final = {"refused": "registered"}  # the office looks again at what BPJS had refused
_CHOSEN: Final = frozenset(name for names in GROUPS.values() for name in names) | {"heirs"}
KEPT_OF_OTHER: Final = "b"


def unite(
    office: Office,
    connection: Connection,
    *,
    kept: str,
    laid_aside: str,
    choices: Mapping[str, str],
    case: str,
    officer: Officer,
) -> str:
    """Lay one record aside for the other, and take over the fields chosen from it ("b").

    Raises:
        AnswerNotPossible: the insurer has the one that would be laid aside, or both are changed.
    """
    stays, ours = content_at(connection, kept)
    goes, theirs = content_at(connection, laid_aside)
    if goes.state not in LAID_ASIDE or stays.state in {"withdrawn", "ended", "erased", "duplicate"}:
        raise AnswerNotPossible
    verdict = Verdict(laid_aside, "duplicate", details={"same_as": stays.number})
    if not decide_in(office, connection, [verdict], officer=officer.name, actor="officer"):
        raise AnswerNotPossible
    taken = {
        name: theirs.get(name)
        for name, side in choices.items()
        if side == KEPT_OF_OTHER and name in _CHOSEN and theirs.get(name) != ours.get(name)
    }
    after = ""
    if taken:
        replaced = [
            {"field": name, "value": ours.get(name), "from": stays.content} for name in taken
        ]
        body = {**ours, **taken}
        after = revise(office, connection, kept, body, kept=replaced, officer=officer.name)
    link = secrets.token_hex(8)
    connection.execute(insert(LINK_ROWS).values(
        id=link, subject=laid_aside, kept=kept, case_id=case, asked_by=officer.account,
        at=office.now(), state_before=goes.state,
        revision_before=goes.revision, kept_before=stays.content, kept_after=after,
    ))  # fmt: skip
    audit(office, connection, officer.account, "records_united", link)
    return link


def separate(office: Office, connection: Connection, link: str, officer: Officer) -> str:
    """Undo a link: the record laid aside is what it was, the other too unless it changed since.

    Its case now says that they are two people.

    Raises:
        LinkUnknown: there is none, or it was undone.
    """
    query = select(LINK_ROWS).where(LINK_ROWS.c.id == link, LINK_ROWS.c.undone_at.is_(None))
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise LinkUnknown
    _restore(office, connection, row, officer)
    _give_back(office, connection, row, officer)
    change = update(LINK_ROWS).where(LINK_ROWS.c.id == link)
    connection.execute(change.values(undone_at=office.now(), undone_by=officer.account))
    close_cases(office, connection, {row.case_id: Closing("separate", officer.account)})
    audit(office, connection, officer.account, "records_separated", link)
    return str(row.case_id)


def links_of(connection: Connection, subject: str) -> list[Any]:
    """Return the links in force that name a record."""
    table = LINK_ROWS.c
    is_named = or_(table.subject == subject, table.kept == subject)
    query = select(LINK_ROWS).where(is_named, table.undone_at.is_(None))
    return list(connection.execute(query.order_by(table.at)))


def link_of_case(connection: Connection, case: str) -> str | None:
    """Return the link in force that a case led to."""
    table = LINK_ROWS.c
    query = select(table.id).where(table.case_id == case, table.undone_at.is_(None))
    return connection.execute(query).scalar()


def _restore(office: Office, connection: Connection, row: Any, officer: Officer) -> None:
    """Put the record that was laid aside into the state it had, with what was asked of it."""
    state = _RESTORED.get(row.state_before, row.state_before)
    said = _decision(connection, row.revision_before) if state == "returned" else {}
    verdict = Verdict(row.subject, state, said.get("reason"), said.get("field"))
    decide_in(office, connection, [verdict], officer=officer.name, actor="officer")


def _give_back(office: Office, connection: Connection, row: Any, officer: Officer) -> None:
    """Put the fields back that uniting changed, unless the record says something newer."""
    query = select(SUBJECT_ROWS.c.content).where(SUBJECT_ROWS.c.id == row.kept)
    if not row.kept_after or connection.execute(query).scalar() != row.kept_after:
        return
    before = _content(connection, row.kept_before)
    if before:
        revise(office, connection, row.kept, before, kept=(), officer=officer.name)


def _decision(connection: Connection, revision: str) -> dict[str, Any]:
    query = select(REVISION_ROWS.c.bytes).where(REVISION_ROWS.c.hash == revision)
    written = connection.execute(query).scalar()
    fields: dict[str, Any] = from_canonical(written.encode())["fields"] if written else {}
    return fields


def _content(connection: Connection, name: str) -> dict[str, Any]:
    """Return the body that an entry or a revision holds."""
    body = connection.execute(select(ENTRY_ROWS.c.body).where(ENTRY_ROWS.c.hash == name)).scalar()
    if body is None:
        query = select(REVISION_ROWS.c.bytes).where(REVISION_ROWS.c.hash == name)
        body = (connection.execute(query).scalar() or "").encode()
    return content_of(bytes(body)) or {}
