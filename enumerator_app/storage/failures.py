"""What the driver's errors mean to a person: full, not saved, damaged; the rest are bugs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy.exc
from sqlcipher3 import dbapi2

from enumerator_app.domain.errors import DatabaseDamaged, DiskFull, KnownError, NotSaved

# A save needs about this much; the sentence names it so that someone knows how much to delete.
NEEDED_MB: Final = 12

_FULL: Final = frozenset({dbapi2.SQLITE_FULL})
_DAMAGED: Final = frozenset({dbapi2.SQLITE_CORRUPT, dbapi2.SQLITE_NOTADB})
_DISK: Final = frozenset(
    {
        dbapi2.SQLITE_IOERR,
        dbapi2.SQLITE_CANTOPEN,
        dbapi2.SQLITE_READONLY,
        dbapi2.SQLITE_PERM,
        dbapi2.SQLITE_BUSY,
        dbapi2.SQLITE_LOCKED,
        dbapi2.SQLITE_PROTOCOL,
        dbapi2.SQLITE_NOLFS,
    }
)


def known_error(error: BaseException) -> KnownError | None:
    """Return the fault of the world behind an error of driver or disk; None if it is a bug."""
    if isinstance(error, OSError):
        return NotSaved()
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return None
    primary = code & 0xFF
    if primary in _FULL:
        return DiskFull(needed_mb=NEEDED_MB)
    if primary in _DAMAGED:
        return DatabaseDamaged()
    return NotSaved() if primary in _DISK else None


@contextmanager
def faults_named() -> Iterator[None]:
    """Raise the driver's errors, bare or wrapped by SQLAlchemy, as the faults they stand for."""
    try:
        yield
    except (dbapi2.Error, sqlalchemy.exc.DBAPIError) as error:
        origin = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
        known = known_error(origin) if origin is not None else None
        if known is None:
            raise
        # When reading, an unreadable disk and a damaged file are the same to the one at the table.
        raise DatabaseDamaged if isinstance(known, NotSaved) else known from error
