"""One process per home: a lock that the system drops by itself when its holder dies."""

import os
import sys
from pathlib import Path

from enumerator_app.domain.errors import HomeInUse
from enumerator_app.storage.durable import PRIVATE_FILE

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class ProcessLock:
    """Held from construction to `release`; other processes, and other locks here, are refused."""

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            HomeInUse: someone else has it.
        """
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise HomeInUse from error

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
