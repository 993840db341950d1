"""The only thing that makes or changes the office's schema.

`HEAD` is the newest revision's name: a database that says it needs no look at the scripts.
"""

from typing import Final

from sqlalchemy import Connection, inspect, text

from sync.server.database import Database
from sync.server.errors import DatabaseForeign

HEAD: Final = "0021"


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the database to a revision, in one transaction; done already costs one query.

    Raises:
        DatabaseForeign: the database is of a newer program.
    """
    with database.reading() as connection:
        present = _present(connection)
    if present == revision:
        return
    if present is not None and present > HEAD:
        raise DatabaseForeign
    with database.writing() as connection:
        if database.dialect == "postgresql":  # two starting servers must not both migrate
            connection.execute(text("SELECT pg_advisory_xact_lock(84711216)"))
        _run(connection, revision)


def _present(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run(connection: Connection, revision: str) -> None:
    # Imported here: it costs a third of a second, and almost no start needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", "sync.server:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
