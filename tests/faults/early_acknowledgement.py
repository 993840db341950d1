"""The control of the kill campaign: `enumerator`, but a save is acknowledged before its commit."""

import sys
import time
from typing import Any

from enumerator_app.__main__ import main
from enumerator_app.storage.engine import Engine

_A_SLOW_DISK_S = 0.005


def _acknowledge_then_commit(self: Engine, connection: Any, write: Any, result: object) -> None:
    write.future.set_result(result)
    time.sleep(_A_SLOW_DISK_S)  # what a hard disk takes: the window that the protection closes
    connection.execute("COMMIT")


if __name__ == "__main__":
    Engine._commit = _acknowledge_then_commit  # type: ignore[method-assign]
    sys.exit(main())
