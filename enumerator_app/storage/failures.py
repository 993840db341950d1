"""What the driver's errors mean to a person: full, not saved, damaged; the rest are bugs."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import sqlalchemy.exc
from sqlcipher3 import dbapi2

from enumerator_app.domain.errors import DatabaseDamaged, DiskFull, HomeInUse, KnownError, NotSaved

# A save needs about this much; the sentence names it so that someone knows how much to delete.
NEEDED_MB: Final = 12
DAMAGE_SEEN: Final = "damage_seen"
"""A file in the home: the next start checks everything before anybody works with it."""
_LEAST_FREE_BYTES: Final = 256 * 1024

_FULL: Final = frozenset({dbapi2.SQLITE_FULL})
# Each write is made from what its own transaction read: a constraint that fails nevertheless says
# that the rows do not fit each other, as on a disk that kept pages of two times.
_DAMAGED: Final = frozenset({dbapi2.SQLITE_CORRUPT, dbapi2.SQLITE_NOTADB, dbapi2.SQLITE_CONSTRAINT})
_HELD: Final = frozenset({dbapi2.SQLITE_BUSY, dbapi2.SQLITE_LOCKED})
_DISK: Final = _HELD | frozenset(
    {
        dbapi2.SQLITE_IOERR,
        dbapi2.SQLITE_CANTOPEN,
        dbapi2.SQLITE_READONLY,
        dbapi2.SQLITE_PERM,
        dbapi2.SQLITE_PROTOCOL,
        dbapi2.SQLITE_NOLFS,
    }
)


def known_error(error: BaseException) -> KnownError | None:
    """Return the fault of the world behind an error of driver, disk or memory; None if a bug."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DiskFull(needed_mb=NEEDED_MB)
    if isinstance(error, (OSError, MemoryError)):
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
def faults_named(folder: Path) -> Iterator[None]:
    """Raise the driver's errors while reading a file in `folder` as the faults they stand for."""
    try:
        yield
    except (dbapi2.Error, sqlalchemy.exc.DBAPIError) as error:
        origin = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
        known = _fault_of_reading(origin, folder) if origin is not None else None
        if known is None:
            raise
        note_damage(known, folder)
        raise known from error


def note_damage(fault: BaseException, folder: Path) -> None:
    """Remember damage beside the file; where even that fails, the fault is told alone."""
    if isinstance(fault, DatabaseDamaged):
        with suppress(OSError):
            (folder / DAMAGE_SEEN).touch()


def _fault_of_reading(error: BaseException, folder: Path) -> KnownError | None:
    known = known_error(error)
    if not isinstance(known, NotSaved):
        return known
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _HELD:
        return HomeInUse()
    # Even a reader needs room for the index of the log. What is left is a sector gone bad.
    is_full = shutil.disk_usage(folder).free < _LEAST_FREE_BYTES
    return DiskFull(needed_mb=NEEDED_MB) if is_full else DatabaseDamaged()
