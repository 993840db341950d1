"""What a browser sent with a form: read up to a cap and within a time, checked, never trusted."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

MOST_BYTES: Final = 2 * 1024 * 1024
_MOST_FIELDS: Final = 1000
_WITHIN_S: Final = 30


class FormWrong(Exception):
    """The body is not a form that this page takes; `status` says how."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody chose; its name is as their machine calls it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The first value of each field, all values of each, the files, and the address's own parts."""

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)


def is_from_here(request: Request) -> bool:
    """Return whether a page of this server sent the form: browsers name where a form stood."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    named = urlsplit(origin)
    return (named.scheme, named.netloc) == (request.url.scheme, request.headers.get("host", ""))


async def read_form(request: Request, most: int = MOST_BYTES) -> Form:
    """Return what was sent.

    Raises:
        FormWrong: too large (413), too slow (408), not a form (415) or a broken one (400).
    """
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > most:
        raise FormWrong(413)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        async with asyncio.timeout(_WITHIN_S):
            return await _read(request, kind, most)
    except TimeoutError as error:
        raise FormWrong(408) from error
    except (MultiPartException, UnicodeDecodeError, KeyError, ValueError) as error:
        raise FormWrong(400) from error


async def _read(request: Request, kind: str, most: int) -> Form:
    stream = _capped(request, most)
    if kind == "multipart/form-data":
        parser = MultiPartParser(
            request.headers, stream, max_files=8, max_fields=_MOST_FIELDS, max_part_size=most
        )
        return await _form(await parser.parse(), request)
    if kind == "application/x-www-form-urlencoded":
        plain = FormParser(request.headers, stream, max_fields=_MOST_FIELDS, max_part_size=most)
        return await _form(await plain.parse(), request)
    if kind:
        raise FormWrong(415)
    return Form(path=request.path_params)


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
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            files[name] = Upload(value.filename or "", await value.read())
        else:
            lists.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\x00", ""))
    await sent.close()
    values = {name: all_of[0] for name, all_of in lists.items()}
    return Form(values, {n: tuple(v) for n, v in lists.items()}, files, request.path_params)
