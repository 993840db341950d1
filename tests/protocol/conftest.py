"""An office of this process, on a real socket."""

from tests.server.fixtures import (  # noqa: F401 - pytest finds fixtures by import
    office,
    postgres,
    postgres_office,
    postgres_template,
    sqlite_office,
    sqlite_template,
)
