"""Saves people without end and says each number; made to be killed at any moment.

    python -m tests.storage.saving_loop HOME FIRST [--early]

With `--early` a number is said before its commit: the control that must lose something.
"""

import sys
import time
from pathlib import Path

from enumerator_app.storage.engine import Engine
from tests.storage.laptops import person, portrait, reopened


def _acknowledge_then_commit(self, connection, write, result):
    write.future.set_result(result)
    time.sleep(0.005)  # the time that a disk takes: the window which the protection closes
    connection.execute("COMMIT")


def main() -> None:
    home, first = Path(sys.argv[1]), int(sys.argv[2])
    if "--early" in sys.argv:
        Engine._commit = _acknowledge_then_commit
    store = reopened(home)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    i = first
    while True:
        i += 1
        photo = portrait(i, 20_000) if i % 3 == 0 else None
        saved = store.register(person(i), photo=photo, content_digest=f"{i:064d}")
        sys.stdout.write(f"{i} {saved.number} {saved.entry_hash}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
