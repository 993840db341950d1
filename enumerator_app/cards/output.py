"""Where a PDF goes: a path appears only when all of it is on the disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar

from enumerator_app.domain.errors import KnownError


class PaperNotWritten(KnownError):
    """The file could not be written: full disk, no such folder, open in another program."""

    code: ClassVar[str] = "paper_not_written"
    exit_code: ClassVar[int] = 1


@contextmanager
def opened(output: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Yield what to write into; any error of the disk meanwhile becomes PaperNotWritten."""
    try:
        if isinstance(output, Path):
            with _unfinished(output) as sink:
                yield sink
        else:
            yield output
    except OSError as error:
        raise PaperNotWritten from error


@contextmanager
def _unfinished(output: Path) -> Iterator[BinaryIO]:
    """A file beside `output` that takes its place when all is written and on the disk."""
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("wb") as sink:
            yield sink
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
