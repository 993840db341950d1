"""The contract suite runs against a real server, on SQLite and on PostgreSQL."""

from tests.server.fixtures import (  # noqa: F401 - pytest finds fixtures by import
    laptop,
    laptop_on,
    new_laptop,
    office,
    place,
    postgres,
    postgres_office,
    postgres_template,
    sqlite_office,
    sqlite_template,
)
