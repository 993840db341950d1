"""Who uses an office's home, or a part of it: servers share it, a restore needs it alone.

The lock is the system's: it falls by itself when its holder dies.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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
    with _opened(home.path / "in_use") as descriptor:
        try:
            _lock(descriptor, alone=alone)
        except OSError as error:
            raise HomeInUse from error
        yield


@contextmanager
def held_alone(path: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock by its file for the length of the block, against threads and processes.

    `wait` is called as often as somebody else holds it, and raises to give up.
    """
    with _opened(path) as descriptor:
        while not _is_locked(descriptor):
            wait()
        yield


def _is_locked(descriptor: int) -> bool:
    try:
        _lock(descriptor, alone=True)
    except OSError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
