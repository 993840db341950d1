"""Connections to the encrypted file, each made ready in the one right way."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlcipher3 import dbapi2

from enumerator_app.storage.durable import PRIVATE_FILE

if TYPE_CHECKING:
    # sqlcipher3 is the standard driver over another library; its types are the standard ones.
    from sqlite3 import Connection

# SQLite before 3.51.3 can corrupt a file in WAL mode (a checkpoint racing a reset of the log).
LEAST_SQLITE: Final = (3, 51, 3)
_LOCK_WAIT_S: Final = 30.0  # a virus scanner may hold the file for a while
_WRITER_CACHE_KIB: Final = 16 * 1024
_READER_CACHE_KIB: Final = 32 * 1024


def check_library() -> None:
    """Refuse to run on a SQLite that is known to lose data.

    Raises:
        RuntimeError: too old; the installer bundles a newer one.
    """
    if dbapi2.sqlite_version_info < LEAST_SQLITE:
        raise RuntimeError(f"SQLite {dbapi2.sqlite_version} is older than {LEAST_SQLITE}")


def writing_connection(path: Path, key: bytes, *, create: bool = False) -> "Connection":
    """Return a connection that makes commits durable before they return; WAL, foreign keys.

    Raises:
        sqlcipher3.dbapi2.Error: not there (and not `create`), damaged, or another key's.
    """
    connection = _keyed(path, key, "rwc" if create else "rw")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=0")  # the checkpointer's work
    connection.execute("PRAGMA secure_delete=ON")  # what was erased is overwritten
    connection.execute(f"PRAGMA cache_size=-{_WRITER_CACHE_KIB}")
    return connection


def reading_connection(path: Path, key: bytes) -> "Connection":
    """Return a connection that refuses every write."""
    connection = _keyed(path, key, "rw")
    connection.execute(f"PRAGMA cache_size=-{_READER_CACHE_KIB}")
    connection.execute("PRAGMA query_only=ON")
    return connection


def plain_connection(path: Path, key: bytes) -> "Connection":
    """Return a connection to a copy in the making: one file, no log beside it."""
    return _keyed(path, key, "rwc")


def _keyed(path: Path, key: bytes, mode: str) -> "Connection":
    if mode == "rwc":
        path.touch(PRIVATE_FILE)  # SQLite gives its log the same rights
    connection: Connection = dbapi2.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_LOCK_WAIT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")  # it would write to standard error
        connection.set_key(f"x'{key.hex()}'")  # type: ignore[attr-defined]
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection
