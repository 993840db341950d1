"""The schema that migrations make is the one the models say, on new files and on old ones."""

from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from enumerator_app.domain.registration import SCALAR_FIELDS
from enumerator_app.storage import journal_tables
from enumerator_app.storage.connections import plain_connection
from enumerator_app.storage.migrations import MIGRATIONS, migrate
from enumerator_app.storage.rows import CONTENT_COLUMNS
from enumerator_app.storage.tables import LAPTOP_METADATA, RegistrationRow

KEY = bytes(range(32))
INDEXES = ("registration_search", "registration_likeness", "listed_search", "_sqlite_migrations")


def is_ours(_object, name, kind, *_):
    """Leave out what the index and the migrations keep for themselves."""
    return kind != "table" or not name.startswith(INDEXES)


def differences(connection):
    engine = create_engine(
        "sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool
    )
    options = {
        "compare_type": True,
        "include_object": is_ours,
    }
    with engine.connect() as opened:
        context = MigrationContext.configure(opened, opts=options)
        return compare_metadata(context, LAPTOP_METADATA)


@pytest.fixture
def connection(tmp_path):
    with closing(plain_connection(tmp_path / "x.db", KEY)) as connection:
        migrate(connection)
        yield connection


def test_migrated_file_and_models_are_the_same(connection):
    assert journal_tables.EntryRow.__tablename__ in LAPTOP_METADATA.tables
    assert differences(connection) == []


def test_a_column_that_is_missing_is_found(connection):
    connection.execute("ALTER TABLE registration DROP COLUMN paradata")
    assert [change[0] for change in differences(connection)] == ["add_column"]


def test_migrating_twice_changes_nothing(connection):
    before = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    migrate(connection)
    assert connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == before


def test_a_step_that_fails_leaves_nothing_of_itself(tmp_path):
    with closing(plain_connection(tmp_path / "x.db", KEY)) as connection:
        connection.execute("CREATE TABLE bucket (other INTEGER)")  # in the way of the first step
        with pytest.raises(dbapi2.Error):
            migrate(connection)
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE name IN ('registration', 'entry', 'head')"
        ).fetchall()
        assert tables == []
        connection.execute("DROP TABLE bucket")
        migrate(connection)
        assert not MIGRATIONS.pending(__import__("sqlite_utils").Database(connection))


def test_notices_kept_by_an_older_program_say_what_they_accept_of_another_journal(connection):
    connection.execute(
        "INSERT INTO entry (hash, epoch, seq, kind, header) VALUES ('here', '', 1, 'register', '')"
    )
    told = [("accepted", "here"), ("accepted", "elsewhere"), ("decision", "elsewhere")]
    for n, (kind, revision) in enumerate(told):
        connection.execute(
            "INSERT INTO notice (feed_hash, n, digest, kind, revision) VALUES (?, ?, '', ?, ?)",
            (str(n), n, kind, revision),
        )
    connection.execute("DROP INDEX notice_foreign")
    connection.execute("ALTER TABLE notice DROP COLUMN is_foreign")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm013_foreign'")

    migrate(connection)

    found = connection.execute("SELECT n FROM notice WHERE is_foreign = 1").fetchall()
    assert found == [(1,)]


def test_every_field_of_a_registration_has_its_column():
    columns = set(RegistrationRow.__table__.columns.keys())
    assert set(SCALAR_FIELDS) <= set(CONTENT_COLUMNS) <= columns
