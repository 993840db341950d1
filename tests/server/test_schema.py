import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text

import sync.server
from sync.server import tables  # noqa: F401 - all of them belong to the schema
from sync.server.database import Database
from sync.server.errors import DatabaseForeign
from sync.server.migrations import HEAD, upgrade
from sync.server.table_kit import OFFICE_METADATA
from sync.server.tables import SUBJECT_ROWS

if TYPE_CHECKING:
    from tests.server.postgres import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path):
    if request.param == "sqlite":
        database = Database(tmp_path / "office.db")
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        database = Database(server.new_database())
    yield database
    database.close()


def differences(database: Database) -> list:
    with database.reading() as connection:
        return compare_metadata(MigrationContext.configure(connection), OFFICE_METADATA)


def test_the_migrations_make_what_the_models_say(empty: Database):
    upgrade(empty)
    assert differences(empty) == []
    with empty.reading() as connection:
        assert set(OFFICE_METADATA.tables) <= set(inspect(connection).get_table_names())


def test_each_step_up_ends_where_a_fresh_database_stands(empty: Database):
    for n in range(1, int(HEAD) + 1):
        upgrade(empty, f"{n:04d}")
    assert differences(empty) == []


def test_cover_that_was_ended_before_it_began_is_none(empty: Database):
    upgrade(empty, "0019")
    began, never = ("2027-01-01", "2027-01-31"), ("2027-01-01", "2026-12-15")
    kept = [("a", "ended", *never), ("b", "ended", *began), ("c", "enrolled", *began)]
    texts = ("revision", "content", "device", "nik", "name", "village_code", "severity",
             "registered_at", "received_at")  # fmt: skip
    rows = [
        dict.fromkeys(texts, "") | {"id": i, "state": s, "cover_from": start, "cover_to": end}
        for i, s, start, end in kept
    ]
    with empty.writing() as connection:
        connection.execute(insert(SUBJECT_ROWS), rows)
    upgrade(empty)
    table = SUBJECT_ROWS.c
    with empty.reading() as connection:
        found = connection.execute(
            select(table.id, table.state, table.cover_from, table.cover_to).order_by(table.id)
        )
        assert [tuple(row) for row in found] == [("a", "ended", None, None), *kept[1:]]


def test_a_missing_column_would_be_seen(empty: Database):
    upgrade(empty)
    with empty.writing() as connection:
        connection.execute(text("ALTER TABLE device DROP COLUMN label"))
    assert [change[0] for change in differences(empty)] == ["add_column"]


def test_upgrading_again_changes_nothing(empty: Database):
    upgrade(empty)
    upgrade(empty)
    assert differences(empty) == []


def test_the_database_of_a_newer_program_is_left_alone(empty: Database):
    upgrade(empty)
    with empty.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseForeign):
        upgrade(empty)


def test_nothing_but_migrations_makes_tables():
    folder = Path(sync.server.__file__).parent
    for path in folder.rglob("*.py"):
        called = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert "create_all" not in called, path.name
        assert "create_table" not in called or path.parent.name == "versions", path.name


def test_nothing_is_unique_but_names_of_content():
    unique = {
        table.name: [index.name for index in table.indexes if index.unique]
        for table in OFFICE_METADATA.sorted_tables
    }
    assert unique.pop("account") == ["account_login"]  # not content: what somebody types to sign in
    assert not any(unique.values())
    assert [column.name for column in OFFICE_METADATA.tables["entry"].primary_key] == ["hash"]
    assert [column.name for column in OFFICE_METADATA.tables["subject"].primary_key] == ["id"]
