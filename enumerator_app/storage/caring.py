"""Looking after the file: examine it, copy it."""

from pathlib import Path

from enumerator_app.storage.attempts import unlocked
from enumerator_app.storage.backup import write_backup
from enumerator_app.storage.doctor import CHECKS, Check, page_seals
from enumerator_app.storage.key_file import read_key_file
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.records import Problem


class Caring:
    """The part of the store that keeps the file in order."""

    _file: OpenFile

    def doctor(self) -> list[Problem]:
        """Return what is not in order; empty if all is. Reads everything, so it takes a while."""
        with self._file.engine.file_at_rest() as is_complete:
            checks = (page_seals, *CHECKS) if is_complete else CHECKS
            return [problem for check in checks for problem in self._found_by(check)]

    def backup(self, target: Path) -> None:
        """Write an encrypted copy of this laptop to one file; see `restore_home`.

        Raises:
            FileUnwritable: the target cannot be written.
        """
        write_backup(self._file, target)

    def prove(self, passphrase: str) -> None:
        """Find out whether this is the passphrase of who is at the table.

        Raises:
            WrongPassphrase: with the wait, after several wrong ones.
        """
        home = self._file.home
        keys = read_key_file(home.key_file)
        unlocked(home, keys, self._file.operator.name, passphrase, self._file.now())

    def _found_by(self, check: Check) -> list[Problem]:
        try:
            return self._file.engine.read(lambda connection: list(check(connection)))
        except Exception:  # noqa: BLE001  rows that make no sense break a check in any way
            return [Problem("unreadable", detail=check.__name__)]
