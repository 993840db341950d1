"""The schema of the laptop's file, step by step, as plain SQL. A released step never changes."""

import sys
from typing import TYPE_CHECKING, Any, Final

from sqlcipher3 import dbapi2

# sqlite-utils catches the errors of `pysqlite3` if that is there, else those of the standard
# driver; ours must be the ones, so the name stands for our driver before its first import.
sys.modules.setdefault("pysqlite3", sys.modules["sqlcipher3"])
sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)

from sqlite_utils import Database  # noqa: E402  after the alias above
from sqlite_utils.migrations import Migrations  # noqa: E402  after the alias above

from enumerator_app.storage.first_release import (  # noqa: E402  as above
    JOURNAL,
    KEEPINGS,
    REGISTRATION,
    SELF,
)
from enumerator_app.storage.likened import fill  # noqa: E402  as above

if TYPE_CHECKING:
    from sqlite3 import Connection

MIGRATIONS: Final = Migrations("laptop")

_LIKENESS = """
CREATE VIRTUAL TABLE registration_likeness USING fts5(
  keys, content='', contentless_delete=1, tokenize='ascii', detail=none
);
"""

_VISITS = """
CREATE TABLE visit (
  id VARCHAR NOT NULL PRIMARY KEY,
  state VARCHAR NOT NULL,
  entry VARCHAR NOT NULL,
  body VARCHAR NOT NULL,
  progress VARCHAR NOT NULL,
  opened_at VARCHAR NOT NULL,
  closing VARCHAR
);
CREATE TABLE attendance (
  visit VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  ticket VARCHAR NOT NULL,
  present INTEGER NOT NULL,
  entry VARCHAR NOT NULL,
  PRIMARY KEY (visit, subject)
);
CREATE INDEX registration_visit ON registration(visit_id) WHERE visit_id IS NOT NULL;
"""

_BROUGHT = """
CREATE TABLE document_part (
  hash VARCHAR NOT NULL PRIMARY KEY,
  document VARCHAR NOT NULL,
  content BLOB NOT NULL,
  is_active INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE listed_person (
  id INTEGER NOT NULL PRIMARY KEY,
  part VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  village_code VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  nik VARCHAR NOT NULL,
  nik_reversed VARCHAR NOT NULL,
  birth_date DATE,
  address VARCHAR NOT NULL,
  group_name VARCHAR NOT NULL,
  source VARCHAR NOT NULL
);
CREATE INDEX listed_person_part ON listed_person(part);
CREATE INDEX listed_person_code ON listed_person(code);
CREATE INDEX listed_person_village ON listed_person(village_code);
CREATE INDEX listed_person_nik ON listed_person(nik);
CREATE INDEX listed_person_nik_end ON listed_person(nik_reversed);
CREATE VIRTUAL TABLE listed_search USING fts5(
  name, content='', contentless_delete=1, tokenize='trigram'
);
CREATE TABLE listed_answer (
  code VARCHAR NOT NULL PRIMARY KEY,
  answer VARCHAR NOT NULL,
  subject VARCHAR,
  at VARCHAR NOT NULL
);
CREATE INDEX listed_answer_subject ON listed_answer(subject) WHERE subject IS NOT NULL;
CREATE TABLE village_seats (
  village_code VARCHAR NOT NULL PRIMARY KEY,
  seats INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  programmes VARCHAR NOT NULL,
  starts_on VARCHAR NOT NULL,
  ends_on VARCHAR NOT NULL,
  months INTEGER NOT NULL,
  monthly INTEGER NOT NULL,
  told_at VARCHAR NOT NULL
);
CREATE TABLE person_seat (subject VARCHAR NOT NULL PRIMARY KEY, state VARCHAR NOT NULL);
"""

# What the line on top counts after every save, without reading a row.
_COUNTING = """
CREATE INDEX registration_unprinted ON registration(state) WHERE printed_at IS NULL;
CREATE INDEX registration_new_card ON registration(state)
  WHERE card_seal IS NOT NULL AND printed_kind IS NOT 'active' AND printed_at IS NOT NULL;
CREATE INDEX registration_custody ON registration(custody);
"""

_LISTED_BIRTH_PLACE = "ALTER TABLE listed_person ADD COLUMN birth_place VARCHAR NOT NULL DEFAULT ''"

# What has been announced to leave this file, and what has left it.
_LEAVING = """
CREATE TABLE leaving (
  subject VARCHAR NOT NULL PRIMARY KEY,
  ask_after VARCHAR NOT NULL,
  announced_at VARCHAR,
  server_epoch VARCHAR
);
CREATE TABLE wiped (
  subject VARCHAR NOT NULL PRIMARY KEY,
  at VARCHAR NOT NULL,
  is_wanted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX wiped_wanted ON wiped(subject) WHERE is_wanted = 1;
"""

_SYNC_LOG = """
CREATE TABLE sync_log (
  id INTEGER NOT NULL PRIMARY KEY,
  at VARCHAR NOT NULL,
  how VARCHAR NOT NULL,
  outcome VARCHAR NOT NULL,
  pushed INTEGER NOT NULL,
  photos INTEGER NOT NULL,
  pulled INTEGER NOT NULL,
  pending INTEGER NOT NULL,
  seconds INTEGER NOT NULL,
  detail VARCHAR NOT NULL
);
"""

# Empty for whoever is being saved: a save does not pay for it.
_WAITING_PHOTOS = (
    "CREATE INDEX registration_waiting_photo ON registration(photo) WHERE custody = 'received'"
)

# Who else shows a portrait, and whose record waits for it. Nobody who is being saved is in it.
_PORTRAITS = """
DROP INDEX registration_waiting_photo;
CREATE INDEX registration_portrait ON registration(photo) WHERE custody != 'saved';
"""

# Empty unless the office keeps something without effect: what it counts costs nobody anything.
_WITHOUT_EFFECT = "CREATE INDEX entry_quarantined ON entry(subject) WHERE outcome = 'quarantined'"

# Empty in a laptop that has the key of its first day. `n`: the place of the entry that tells it.
_DEVICE_KEYS = """
CREATE TABLE device_key (
  n INTEGER NOT NULL PRIMARY KEY, kid VARCHAR NOT NULL,
  signing_key BLOB NOT NULL
);
"""

# Empty in a laptop that never went back to an older copy: what it lacks is found without a look.
_FOREIGN = """
ALTER TABLE notice ADD COLUMN is_foreign INTEGER NOT NULL DEFAULT 0;
UPDATE notice SET is_foreign = 1 WHERE kind = 'accepted' AND revision IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.hash = notice.revision);
CREATE INDEX notice_foreign ON notice(id) WHERE is_foreign = 1;
"""


@MIGRATIONS()
def m001_first_release(database: Any) -> None:
    for script in (REGISTRATION, JOURNAL, KEEPINGS, SELF):
        _run(database, script)


@MIGRATIONS()
def m002_likeness(database: Any) -> None:
    _run(database, _LIKENESS)
    fill(database.conn)


@MIGRATIONS()
def m003_visits(database: Any) -> None:
    _run(database, _VISITS)


@MIGRATIONS()
def m004_brought(database: Any) -> None:
    _run(database, _BROUGHT)


@MIGRATIONS()
def m005_counting(database: Any) -> None:
    _run(database, _COUNTING)


@MIGRATIONS()
def m006_listed_birth_place(database: Any) -> None:
    _run(database, _LISTED_BIRTH_PLACE)


@MIGRATIONS()
def m007_leaving(database: Any) -> None:
    _run(database, _LEAVING)


@MIGRATIONS()
def m008_sync_log(database: Any) -> None:
    _run(database, _SYNC_LOG)


@MIGRATIONS()
def m009_waiting_photos(database: Any) -> None:
    _run(database, _WAITING_PHOTOS)


@MIGRATIONS()
def m010_without_effect(database: Any) -> None:
    _run(database, _WITHOUT_EFFECT)


@MIGRATIONS()
def m011_device_keys(database: Any) -> None:
    _run(database, _DEVICE_KEYS)


@MIGRATIONS()
def m012_portraits(database: Any) -> None:
    _run(database, _PORTRAITS)


@MIGRATIONS()
def m013_foreign(database: Any) -> None:
    _run(database, _FOREIGN)


def migrate(connection: "Connection") -> None:
    """Bring the file to the newest schema; each step and its record are one transaction."""
    database = Database(connection)
    if MIGRATIONS.pending(database):
        MIGRATIONS.apply(database)


def _run(database: Any, script: str) -> None:
    # Not executescript(): it would commit the transaction that makes a step whole.
    for statement in script.split(";"):
        if statement.strip():
            database.execute(statement)
