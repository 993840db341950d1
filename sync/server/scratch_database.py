"""A PostgreSQL database that lives as long as a test of a copy takes."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from sync.server.errors import DatabaseUnreachable


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """Make an empty database beside that of `url`, and drop it again.

    Raises:
        DatabaseUnreachable: this account may not make one, or the server is away.
    """
    place = make_url(url).set(drivername="postgresql+psycopg")
    name = f"tani_copy_test_{secrets.token_hex(6)}"
    engine = create_engine(place, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield place.set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    except DBAPIError as error:
        raise DatabaseUnreachable from error
    finally:
        engine.dispose()
