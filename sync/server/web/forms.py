"""What a browser sent with a form: read up to a cap and within a time, checked, never trusted.

Small files are read whole. Large ones go straight to a folder, piece by piece.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

MOST_BYTES: Final = 2 * 1024 * 1024
_MOST_FIELDS: Final = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a form is read, and for how long. `to_disk`: its files never stand in memory."""

    most: int = MOST_BYTES
    within_s: int = 30
    files: int = 8
    to_disk: bool = False


class FormWrong(Exception):
    """The body is not a form that this page takes; `status` says how, and `what` in words."""

    def __init__(self, status: int, what: str = "") -> None:
        super().__init__(status)
        self.status, self.what = status, what or str(status)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody chose; its name is as their machine calls it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody chose, on the disk: it is gone after the answer, unless it is moved."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Form:
    """The first value of each field, all values of each, the files, and the address's own parts."""

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    brought: tuple[Brought, ...] = ()


def is_from_here(request: Request) -> bool:
    """Return whether a page of this server sent the form: browsers name where a form stood."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    named = urlsplit(origin)
    return (named.scheme, named.netloc) == (request.url.scheme, request.headers.get("host", ""))


async def read_form(request: Request, limits: Limits, folder: Path | None = None) -> Form:
    """Return what was sent; with a `folder` its files lie there.

    Raises:
        FormWrong: too large or too many files (413), too slow (408), not a form (415), a broken
            one (400), or no room is left for its files (507).
    """
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > limits.most:
        raise FormWrong(413)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        async with asyncio.timeout(limits.within_s):
            return await _read(request, kind, limits, folder)
    except TimeoutError as error:
        raise FormWrong(408) from error
    except OSError as error:
        raise FormWrong(507) from error
    except (MultiPartException, UnicodeDecodeError, KeyError, ValueError) as error:
        raise FormWrong(400) from error


async def _read(request: Request, kind: str, limits: Limits, folder: Path | None) -> Form:
    most = limits.most
    stream = _capped(request, most)
    if kind == "multipart/form-data":
        how: dict[str, Any] = {"max_files": limits.files, "max_fields": _MOST_FIELDS}
        if folder is None:
            parser = MultiPartParser(request.headers, stream, max_part_size=most, **how)
        else:
            how["max_part_size"] = MOST_BYTES  # of what is no file
            parser = _ToDisk(folder, request.headers, stream, **how)
        return await _form(await parser.parse(), request)
    if kind == "application/x-www-form-urlencoded":
        plain = FormParser(request.headers, stream, max_fields=_MOST_FIELDS, max_part_size=most)
        return await _form(await plain.parse(), request)
    if kind:
        raise FormWrong(415)
    return Form(path=request.path_params)


class _OnDisk(UploadFile):
    """A file in a folder. The parser goes back to its start once it is whole: it is closed then."""

    def __init__(self, path: Path, sent: UploadFile) -> None:
        super().__init__(path.open("wb"), size=0, filename=sent.filename, headers=sent.headers)
        self.path = path

    async def seek(self, offset: int) -> None:  # noqa: ARG002 - the framework's shape
        await self.close()


class _ToDisk(MultiPartParser):
    """Writes every file straight into `folder`; more than it may take are told by their number."""

    def __init__(self, folder: Path, *wanted: Any, **how: Any) -> None:
        super().__init__(*wanted, **how)
        self._folder = folder

    def on_headers_finished(self) -> None:
        try:
            super().on_headers_finished()
        except MultiPartException as error:
            if self._current_files > self.max_files:
                raise FormWrong(413, "files") from error
            raise
        if (sent := self._current_part.file) is not None:
            sent.file.close()
            ours = _OnDisk(self._folder / f"{self._current_files:05d}", sent)
            self._files_to_close_on_error.append(ours.file)  # type: ignore[arg-type]
            self._current_part.file = ours


async def _capped(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise FormWrong(413)
        yield part


async def _form(sent: FormData, request: Request) -> Form:
    lists: dict[str, list[str]] = {}
    files: dict[str, Upload] = {}
    brought: list[Brought] = []
    for name, value in sent.multi_items():
        if isinstance(value, _OnDisk):
            await value.close()
            brought.append(Brought(value.filename or "", value.path))
        elif isinstance(value, UploadFile):
            files[name] = Upload(value.filename or "", await value.read())
        else:
            lists.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\x00", ""))
    await sent.close()
    values = {name: all_of[0] for name, all_of in lists.items()}
    every = {n: tuple(v) for n, v in lists.items()}
    return Form(values, every, files, request.path_params, tuple(brought))
