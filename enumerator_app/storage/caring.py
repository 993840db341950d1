"""Looking after the file: examine it, copy it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from enumerator_app.domain.errors import DatabaseDamaged
from enumerator_app.storage.backup import write_backup
from enumerator_app.storage.doctor import CHECKS, Check
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.records import Problem

if TYPE_CHECKING:
    from sqlite3 import Connection


class Caring:
    """The part of the store that keeps the file in order."""

    _file: OpenFile

    def doctor(self) -> list[Problem]:
        """Return what is not in order; empty if all is. Reads everything, so it takes a while."""
        problems: list[Problem] = []
        for check in CHECKS:
            try:
                problems.extend(self._file.engine.read(_listing(check)))
            except DatabaseDamaged:
                problems.append(Problem("unreadable", detail=check.__name__))
        return problems

    def backup(self, target: Path) -> None:
        """Write an encrypted copy of this laptop to one file; see `restore_home`.

        Raises:
            FileUnreadable: the target cannot be written.
        """
        write_backup(self._file, target)


def _listing(check: Check) -> Callable[["Connection"], list[Problem]]:
    return lambda connection: list(check(connection))
