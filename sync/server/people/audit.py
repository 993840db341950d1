"""Who did what, when: a chain of signed deeds that nobody can change, drop or reorder unseen.

A deed names an account, what was done and the id of what it was done to; nothing personal. It is
written in the transaction of the deed itself. The end of the chain is kept outside the database,
too, where a hand in the database does not reach.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.errors import NotCanonical
from sync.protocol.signing import opened_document, signed_document
from sync.server.office import Office
from sync.server.people.tables import DEED_HEAD_ROWS, DEED_ROWS

DEED: Final = b"TP1-deed\n"
COMMAND_LINE: Final = "command line"
_HEAD: Final = "office"
_STATED: Final = ("n", "account", "deed", "subject", "at")


def audit(
    office: Office, connection: Connection, account: str, deed: str, subject: str | None = None
) -> None:
    """Add a deed to the chain: `account` is an account's id, `subject` an id and never a name."""
    head = connection.execute(select(DEED_HEAD_ROWS).with_for_update()).one()
    stated = {
        "n": head.n + 1, "prev": head.hash, "account": account, "deed": deed,
        "subject": subject, "at": office.now(),
    }  # fmt: skip
    name = deed_hash(stated)
    written = signed_document(office.issuer.key, DEED, stated).decode()
    row = {column: stated[column] for column in _STATED}
    connection.execute(insert(DEED_ROWS).values(row | {"hash": name, "bytes": written}))
    connection.execute(update(DEED_HEAD_ROWS).values(n=head.n + 1, hash=name))


def deed_hash(stated: dict[str, Any]) -> str:
    return hashlib.sha256(DEED + canonical_bytes(stated)).hexdigest()


def wrong_deeds(office: Office, connection: Connection) -> Iterator[int]:
    """Return the numbers of the deeds that are not as they were written, or not there."""
    previous: str | None = None
    n = 0
    for row in connection.execute(select(DEED_ROWS).order_by(DEED_ROWS.c.n)):
        n += 1
        fields = _opened(office, row.bytes)
        is_it = fields is not None and all(fields[name] == getattr(row, name) for name in _STATED)
        follows = fields is not None and (fields["n"], fields["prev"]) == (n, previous)
        if not is_it or not follows or fields is None or deed_hash(fields) != row.hash:
            yield row.n
            n = row.n
        previous = row.hash
    head = connection.execute(select(DEED_HEAD_ROWS)).one()
    if (head.n, head.hash) != (n, previous):
        yield head.n


def wrong_deeds_of(office: Office) -> list[int]:
    """Return the numbers of all deeds that are not whole, with the end that is kept outside."""
    with office.database.reading() as opened:
        connection = opened.execution_options(yield_per=1000)
        found = list(wrong_deeds(office, connection))
        kept = office.kept_deeds()
        if kept is not None and not _holds(connection, *kept):
            found.append(kept[0])
    return found


def _holds(connection: Connection, n: int, name: str | None) -> bool:
    """Return whether the deed that the home remembers as the last one is here."""
    if n == 0:
        return True
    query = select(DEED_ROWS.c.hash).where(DEED_ROWS.c.n == n)
    return connection.execute(query).scalar() == name


def _opened(office: Office, written: str) -> dict[str, Any] | None:
    try:
        return opened_document(written.encode(), DEED, office.issuer.public_keys)
    except (NotCanonical, KeyError, TypeError):
        return None
