"""The control of the kill campaigns: a save is acknowledged before its commit.

`python -m tests.faults.early_acknowledgement …` is `enumerator …` with that fault.
"""

import sys
import time
from typing import Any

from enumerator_app.storage.engine import Engine

_A_SLOW_DISK_S = 0.005


def acknowledge_then_commit(self: Engine, connection: Any, write: Any, result: object) -> None:
    write.future.set_result(result)
    time.sleep(_A_SLOW_DISK_S)  # what a hard disk takes: the window that the protection closes
    connection.execute("COMMIT")


if __name__ == "__main__":
    from enumerator_app.__main__ import main

    Engine._commit = acknowledge_then_commit  # type: ignore[method-assign]
    sys.exit(main())
