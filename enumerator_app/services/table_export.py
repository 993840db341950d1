"""A table of chosen people for a spreadsheet: asked for with the passphrase, written in the back.

The rows are unprotected once they leave the encrypted file, so an unlocked laptop alone is not
enough to take them along.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from enumerator_app.domain.registration import SCALAR_FIELDS
from enumerator_app.domain.table_writing import cell, copy_table, require_writable, write_table
from enumerator_app.services.paper_forms import inert
from enumerator_app.storage.searching import Filter
from enumerator_app.storage.store import Store
from enumerator_app.storage.whole_rows import STANDING

MOST_HEIRS: Final = 3
_AT_ONCE: Final = 500
_HEIR_FIELDS: Final = ("name", "relation", "birth_date", "birth_year")
HEADER: Final = (
    *STANDING, *SCALAR_FIELDS, "programmes",
    *(f"heir_{n}_{name}" for n in range(1, MOST_HEIRS + 1) for name in _HEIR_FIELDS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    people: int
    path: Path


class _StoppedError(Exception):
    """Somebody asked to stop: nothing is written."""


class TableExport:
    """Writes people of one store to files outside it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def subjects(
        self,
        text: str,
        *,
        states: Sequence[Any] = (),
        village: str = "",
        day: date | None = None,
        custody: Sequence[Any] = (),
        unanswered: bool = False,
    ) -> tuple[UUID, ...]:
        """Return everybody that the laptop's search would give page by page."""
        narrowed = Filter(tuple(states), village or None, day, tuple(custody), unanswered)
        return tuple(self._store.subjects(text, narrowed))

    def check(self, passphrase: str) -> None:
        """Find out whether this is the passphrase of who is at the table.

        Raises:
            WrongPassphrase: with the wait, after several wrong ones.
        """
        self._store.prove(passphrase)

    def write(
        self,
        subjects: Sequence[UUID],
        path: Path,
        *,
        passphrase: str,
        on_progress: Callable[[int, int], object] = lambda _done, _all: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Exported | None:
        """Write these people to a .csv or .xlsx, whole or not at all; None if it was cancelled.

        Raises:
            WrongPassphrase: nothing was written.
            UsageWrong, FileUnwritable: as `table_writing.write_table`.
        """
        self.check(passphrase)
        require_writable(path)
        rows = self._rows(subjects, on_progress, cancelled, is_csv=path.suffix.lower() == ".csv")
        # Unfinished rows lie in the home's private folder, never beside the target.
        with suppress(_StoppedError), TemporaryDirectory(dir=self._store.temporary) as folder:
            unfinished = Path(folder) / f"table{path.suffix.lower()}"
            people = write_table(unfinished, HEADER, rows)
            copy_table(unfinished, path)
            return Exported(people, path)
        return None

    def _rows(
        self,
        subjects: Sequence[UUID],
        on_progress: Callable[[int, int], object],
        cancelled: Callable[[], bool],
        *,
        is_csv: bool,
    ) -> Iterator[list[str]]:
        on_progress(0, len(subjects))
        for start in range(0, len(subjects), _AT_ONCE):
            if cancelled():
                raise _StoppedError
            chosen = subjects[start : start + _AT_ONCE]
            for row in self._store.whole_rows(chosen):
                cells = _cells(row)
                yield [inert(value) for value in cells] if is_csv else cells
            on_progress(start + len(chosen), len(subjects))


def _cells(row: dict[str, Any]) -> list[str]:
    plain = [cell(row[name]) for name in (*STANDING, *SCALAR_FIELDS, "programmes")]
    heirs = row["heirs"][:MOST_HEIRS]
    told = [cell(heir.get(name)) for heir in heirs for name in _HEIR_FIELDS]
    return plain + told + [""] * (MOST_HEIRS * len(_HEIR_FIELDS) - len(told))
