"""The office's own chain: every change it makes is a signed server revision that names the last.

Its head is also kept in a file beside the database: a database that was restored by hand lacks a
revision that the file names.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, select

from enumerator_app.domain.canonical import canonical_bytes
from sync.protocol.signing import REVISION, signed_document
from sync.server.bulk import Row, Write
from sync.server.keys import Issuer
from sync.server.tables import REVISION_ROWS, SERVER_HEAD_ROWS

HEAD_ID: Final = "office"
REVISIONS: Final = Write(
    REVISION_ROWS,
    ("hash", "n", "subject", "base", "parents", "author", "content", "bytes", "kept"),
)
CHAIN_HEAD: Final = Write(SERVER_HEAD_ROWS, ("id", "n", "hash"), updates=("n", "hash"))


@dataclass(frozen=True, slots=True)
class Signed:
    """A server revision: its hash and its signed bytes, which are the notice, too."""

    hash: str
    bytes: str


@dataclass(slots=True)
class ServerChain:
    """The end of the chain, and what one transaction adds to it."""

    issuer: Issuer
    n: int
    hash: str | None
    rows: list[Row] = field(default_factory=list)

    def add(
        self, fields: dict[str, Any], *, author: str, content: str | None, parents: Sequence[str]
    ) -> Signed:
        """Sign a revision that follows the head; without `content` it holds the body itself."""
        stated = {**fields, "parents": list(parents), "prev": self.hash}
        name = revision_hash(stated)
        document = signed_document(self.issuer.key, REVISION, {**stated, "revision": name})
        self.n, self.hash = self.n + 1, name
        self.rows.append(
            (
                name, self.n, fields["subject"], fields.get("base"), json.dumps(list(parents)),
                author, content or name, document.decode(), json.dumps(fields.get("kept", [])),
            )
        )  # fmt: skip
        return Signed(name, document.decode())

    def writes(self) -> list[tuple[Write, list[Row]]]:
        if not self.rows:
            return []
        return [(REVISIONS, self.rows), (CHAIN_HEAD, [(HEAD_ID, self.n, self.hash)])]


def revision_hash(fields: dict[str, Any]) -> str:
    """Return the name of a server revision: over everything it states but the name itself."""
    stated = {key: value for key, value in fields.items() if key != "revision"}
    return hashlib.sha256(REVISION + canonical_bytes(stated)).hexdigest()


def read_chain(connection: Connection, issuer: Issuer, *, lock: bool) -> ServerChain:
    """Return the end of the chain, locked until the transaction's end if asked."""
    table = SERVER_HEAD_ROWS.c
    query = select(table.n, table.hash).where(table.id == HEAD_ID)
    if lock and connection.dialect.name == "postgresql":
        query = query.with_for_update()
    row = connection.execute(query).one()
    return ServerChain(issuer, row.n, row.hash)
