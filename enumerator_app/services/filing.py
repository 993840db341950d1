"""Paper forms from a file, row by row, through the same rules as the form."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from enumerator_app.domain.errors import EntryTooLarge, NotCanonical, PhotoUnreadable
from enumerator_app.domain.findings import Finding
from enumerator_app.domain.reference import load_rulebook
from enumerator_app.services.paper_forms import PaperRow, RejectedRow, read_paper_forms
from enumerator_app.services.paper_forms import write_rejected as write_rejected_rows
from enumerator_app.services.photos import MAX_RAW_BYTES
from enumerator_app.services.registering import Registered, Registering


@dataclass(slots=True)
class Filed:
    """What became of a file's rows."""

    registered: int = 0
    already_registered: int = 0
    with_warnings: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)


def register_file(
    registering: Registering,
    path: Path,
    *,
    mapping: Path | None = None,
    on_saved: Callable[[str], None],
) -> Filed:
    """Register every row of a file; `on_saved` gets each number right after its commit.

    Rows whose content is already here are skipped, so a file may be run again after any stop.

    Raises:
        FileUnreadable: it is not a file of paper forms; nothing was saved.
        DiskFull, NotSaved: what `on_saved` was told is safe; run the file again.
    """
    filed = Filed()
    for row in read_paper_forms(path, mapping=mapping):
        _file(registering, row, filed, on_saved)
    return filed


def _file(
    registering: Registering, row: PaperRow, filed: Filed, on_saved: Callable[[str], None]
) -> None:
    done = _register(registering, row)
    if done.already_here:
        filed.already_registered += 1
    elif done.number is None:
        errors = tuple(finding for finding in done.findings if finding.severity == "error")
        filed.rejected.append(RejectedRow(row, errors))
    else:
        filed.registered += 1
        filed.with_warnings += any(finding.severity == "warning" for finding in done.findings)
        on_saved(done.number)


def _register(registering: Registering, row: PaperRow) -> Registered:
    if row.problems:
        return Registered(findings=row.problems)
    try:
        photo = _photo(row.photo_path) if row.photo_path else None
        return registering.register(row.draft, source="file", photo=photo)
    except PhotoUnreadable:
        finding = load_rulebook().finding("photo", "photo_unreadable", source="file")
        return Registered(findings=(finding,))
    except (EntryTooLarge, NotCanonical) as error:
        return Registered(findings=(Finding(error.code, "error", "", error.parameters),))


def _photo(path: Path) -> bytes:
    try:
        if path.stat().st_size <= MAX_RAW_BYTES:
            return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name that no disk can hold
        raise PhotoUnreadable from error
    raise PhotoUnreadable


def write_rejected(path: Path, rejected: list[RejectedRow]) -> Path | None:
    """Write the rejected rows beside the file they came from; None if there are none.

    Raises:
        OSError: the folder cannot be written.
    """
    if not rejected:
        return None
    return write_rejected_rows(path, rejected)
