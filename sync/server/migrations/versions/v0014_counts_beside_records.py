"""Counts of people stand beside the records, kept by triggers; ages and visits by an index.

A migration that makes `subject` anew must make its triggers anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_HALF = """substr({0}registered_at, 1, 10)
    || CASE WHEN substr({0}registered_at, 12, 2) >= '17' THEN 'T17' ELSE 'T00' END"""
_TALLIES = {
    "village_tally": {
        "village_code": "{0}village_code",
        "state": "{0}state",
        "cover_from": "coalesce({0}cover_from, '')",
        "cover_to": "coalesce({0}cover_to, '')",
        "device": "{0}device",
    },
    "day_tally": {
        "half": _HALF,
        "district_code": "substr({0}village_code, 1, 6)",
        "state": "{0}state",
    },
}
_COUNTED = ("village_code", "state", "cover_from", "cover_to", "device", "registered_at")
_UP = "ON CONFLICT ({keys}) DO UPDATE SET n = {table}.n + excluded.n"


def upgrade() -> None:
    for table, keys in _TALLIES.items():
        op.create_table(
            table,
            *(sa.Column(name, sa.Text(), nullable=False) for name in keys),
            *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("part", "n")),
            sa.PrimaryKeyConstraint(*keys, "part"),
        )
        of_all = ", ".join(said.format("") for said in keys.values())
        op.execute(
            f"INSERT INTO {table} SELECT {of_all}, 0, count(*) FROM subject GROUP BY {of_all}"  # noqa: S608 - fixed words
        )
    if op.get_bind().dialect.name == "postgresql":
        _count_by_statement()
    else:
        _count_by_row()
    op.drop_index("subject_counted", "subject")
    op.create_index("subject_village", "subject", ["village_code", "state", "id"])
    of_age = ["birth_date", "state", "village_code", "cover_from", "cover_to"]
    op.create_index("subject_birth", "subject", of_age)
    said = sa.text("kind = 'visit'")
    op.create_index("visit_said", "visit", ["visit"], sqlite_where=said, postgresql_where=said)


def _count_by_row() -> None:
    """SQLite has one writer: each row counts up or down where its count stands."""

    def add(row: str, n: int) -> str:
        return " ".join(
            f"INSERT INTO {table} VALUES ({', '.join(one.format(row) for one in keys.values())},"  # noqa: S608 - fixed words
            f" 0, {n}) {_UP.format(table=table, keys=', '.join((*keys, 'part')))};"
            for table, keys in _TALLIES.items()
        )

    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _COUNTED)
    for event, when, what in (
        ("INSERT", "", add("new.", 1)),
        ("DELETE", "", add("old.", -1)),
        ("UPDATE", f"WHEN {changed}", add("old.", -1) + add("new.", 1)),
    ):
        op.execute(
            f"CREATE TRIGGER subject_tally_{event.lower()} AFTER {event} ON subject {when} "
            f"BEGIN {what} END"
        )


def _count_by_statement() -> None:
    """PostgreSQL counts what a statement changed, into the part of its own transaction."""
    rows = {
        "INSERT": ("NEW TABLE AS new_rows", (("new_rows", 1),)),
        "DELETE": ("OLD TABLE AS old_rows", (("old_rows", -1),)),
        "UPDATE": (
            "NEW TABLE AS new_rows OLD TABLE AS old_rows",
            (("new_rows", 1), ("old_rows", -1)),
        ),
    }
    for event, (named, signed) in rows.items():
        name = f"subject_tally_{event.lower()}"
        work = "".join(_add_all(table, keys, signed) for table, keys in _TALLIES.items())
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {work} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON subject REFERENCING {named} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _add_all(table: str, keys: dict[str, str], signed: tuple[tuple[str, int], ...]) -> str:
    """Return the statement that adds what changed; rows whose counts stay write nothing."""
    names = ", ".join(keys)
    columns = ", ".join(f"{said.format('')} AS {name}" for name, said in keys.items())
    given = " UNION ALL ".join(f"SELECT {columns}, {n} AS n FROM {rows}" for rows, n in signed)  # noqa: S608 - fixed words
    return (
        f"INSERT INTO {table} ({names}, part, n) "  # noqa: S608 - as above
        f"SELECT {names}, pg_current_xact_id()::text::bigint, sum(n) FROM ({given}) AS changed "
        f"GROUP BY {names} HAVING sum(n) <> 0 ORDER BY {names} "
        f"{_UP.format(table=table, keys=f'{names}, part')};"
    )
