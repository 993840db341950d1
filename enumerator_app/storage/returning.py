"""Records that this file had before it went back to an older copy of itself.

The feed says that they were accepted; their content comes from the office, since the journal here
does not hold it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from enumerator_app.storage.feed import page_effects, valid_body
from enumerator_app.storage.leaving import note_returned
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.rows import insert_row, note_content, update_content
from sync.protocol.messages import FeedItem, RecordContent

if TYPE_CHECKING:
    from sqlite3 import Connection

# An accepted entry that is not in this journal, whose notice has no body, and after which nothing
# came that has one. A withdrawal states no content: of it, only the record itself can be missing.
_LACKING: Final = """
SELECT DISTINCT f.subject FROM notice f LEFT JOIN registration r ON r.subject = f.subject
WHERE f.is_foreign = 1 AND f.content IS NOT NULL
  AND f.content NOT LIKE '%"body":%'
  AND f.subject NOT IN (SELECT subject FROM erased)
  AND r.pending IS NULL
  AND (r.subject IS NULL OR f.content NOT LIKE '%"state":"withdrawn"%')
  AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.hash = f.revision)
  AND (r.subject IS NULL OR r.source != f.revision AND NOT EXISTS (
    SELECT 1 FROM notice g WHERE g.subject = f.subject AND g.id > f.id AND (
      g.kind = 'revision' OR g.revision = r.source OR EXISTS (
        SELECT 1 FROM entry WHERE entry.hash = g.revision AND entry.kind IN ('register', 'correct')
      ))))
ORDER BY f.id
"""
# Content that left this laptop, and is needed here again.
_WANTED: Final = """
SELECT r.subject FROM registration r WHERE r.pending IS NULL AND r.subject IN (
  SELECT subject FROM wiped WHERE is_wanted = 1
  UNION ALL
  SELECT s.subject FROM registration s CROSS JOIN wiped ON wiped.subject = s.subject
  WHERE s.state IN ('returned', 'refused'))
"""
_NOT_BACK: Final = f"""
SELECT count(*) FROM ({_LACKING}) WHERE subject NOT IN (SELECT subject FROM registration)
"""  # noqa: S608 - the query above
_NOTICES: Final = (
    "SELECT n, feed_hash, digest, salt, kind, subject, revision, content FROM notice "
    "WHERE subject = ? AND content IS NOT NULL ORDER BY id"
)
_HERE: Final = "SELECT id, number, pending FROM registration WHERE subject = ?"


def subjects_lacking(connection: "Connection") -> list[str]:
    found = (row[0] for query in (_LACKING, _WANTED) for row in connection.execute(query))
    return list(dict.fromkeys(found))


def people_not_back(connection: "Connection") -> int:
    """Return how many people that the feed tells of as accepted are not on this laptop."""
    return int(connection.execute(_NOT_BACK).fetchone()[0])


def take_contents(
    file: OpenFile, connection: "Connection", records: Mapping[str, RecordContent]
) -> int:
    """Show these records as the office has them; what waits for its own outcome stays as it is."""
    return sum(_take(file, connection, subject, found) for subject, found in records.items())


def _take(file: OpenFile, connection: "Connection", subject: str, found: RecordContent) -> bool:
    body = valid_body(found.body)
    is_erased = connection.execute("SELECT 1 FROM erased WHERE subject = ?", (subject,)).fetchone()
    if body is None or is_erased:
        return False
    row = connection.execute(_HERE, (subject,)).fetchone()
    if row is None:
        _insert(file, connection, subject, found, body)
        row = connection.execute(_HERE, (subject,)).fetchone()
    position, number, pending = row
    if pending is not None:
        return False
    update_content(connection, position, number, body)
    connection.execute("UPDATE registration SET source = ? WHERE id = ?", (found.source, position))
    note_content(connection, subject, body)
    note_returned(connection, subject, file.now())
    return True


def _insert(
    file: OpenFile,
    connection: "Connection",
    subject: str,
    found: RecordContent,
    body: dict[str, Any],
) -> None:
    """Add the record, and let everything that the office said of it happen to it again."""
    number = str(found.body.get("number") or "")
    standing = (subject, number, "registered", "complete", found.source, found.source, None)
    insert_row(connection, standing, body)
    rows = connection.execute(_NOTICES, (subject,)).fetchall()
    names = ("n", "hash", "digest", "salt", "kind", "subject", "revision", "bytes")
    notices = [FeedItem(**dict(zip(names, row, strict=True))) for row in rows]
    page_effects(file, connection, notices)
