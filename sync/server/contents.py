"""What a laptop's own records say, for a copy of it that does not have them any more.

A laptop that was put back from an older copy reads in its feed that records were accepted which its
journal does not hold. It asks for their content by subject.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select

from sync.protocol.messages import RecordContent
from sync.server.bulk import bound, one_of
from sync.server.reading_contents import stream, with_contents
from sync.server.tables import FEED_ROWS, SUBJECT_ROWS

_WITHOUT_CONTENT: Final = ("quarantined", "erased")


def contents_for(
    connection: Connection, device: str, subjects: Sequence[str]
) -> dict[str, RecordContent]:
    """Return the present content of those of the records that this device was told of."""
    dialect = connection.dialect.name
    told = (
        select(FEED_ROWS.c.subject)
        .where(FEED_ROWS.c.device == device, FEED_ROWS.c.revision.is_not(None))
        .where(one_of(FEED_ROWS.c.subject, dialect, "subjects"))
    )
    query = with_contents().where(
        SUBJECT_ROWS.c.id.in_(told), SUBJECT_ROWS.c.state.not_in(_WITHOUT_CONTENT)
    )
    rows = stream(connection, query.params(subjects=bound(dialect, list(subjects))))
    return {row.id: RecordContent(source=row.content, body=body) for row, body in rows if body}
