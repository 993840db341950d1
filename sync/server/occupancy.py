"""Who uses an office's home: servers share it, a restore needs it alone.

The lock is the system's: it falls by itself when its holder dies.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from enumerator_app.domain.errors import HomeInUse
from sync.server.home import Home

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, alone: bool) -> None:  # noqa: ARG001 - Windows knows no shared lock
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int, *, alone: bool) -> None:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)


@contextmanager
def occupied(home: Home, *, alone: bool) -> Iterator[None]:
    """Hold the home for the length of the block.

    Raises:
        HomeInUse: another process holds it in a way that does not go together.
    """
    descriptor = os.open(home.path / "in_use", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _lock(descriptor, alone=alone)
        except OSError as error:
            raise HomeInUse from error
        yield
    finally:
        os.close(descriptor)
