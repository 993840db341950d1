"""The process that reads identity cards: pictures come in, proposals go out, nothing is kept.

It is started when somebody asks, holds its models in memory, and ends by itself after a minute
without a question, so that a laptop of four gigabytes has its memory back. It writes no file.
"""

import json
import os
import struct
import sys
from collections.abc import Callable, Sequence
from queue import Empty, Queue
from threading import Thread
from typing import Any, BinaryIO, Final, NoReturn

from PIL import Image

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.ktp_text import Proposals, Word, agreed, read_card
from enumerator_app.services.photos import plain_picture

IDLE_S: Final = 60.0
MOST_PICTURES: Final = 4
MOST_BYTES: Final = 16 * 1024 * 1024
_HEAD: Final = struct.Struct(">I")
_SIDE: Final = 1280

_BLANK: Final = 0.5
"""A gap of so many letter widths is a blank. Between the next two it may be either."""
_NO_BLANK: Final = 0.42
_SURE_BLANK: Final = 0.56

Letters = Callable[[Any], list[list[Any]] | None]


class ReaderMissing(KnownError):
    """The reader of letters is not installed: it is an extra of its own."""

    code = "card_reader_missing"
    exit_code = 2


def load_letters() -> Letters:
    """Return the reader of letters with its models, which lie in its package.

    Raises:
        ReaderMissing: the extra `ocr` is not installed.
    """
    try:
        from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415 - an extra, and a second to load
    except ImportError as error:
        raise ReaderMissing from error
    engine = RapidOCR()
    return lambda pixels: engine(pixels, use_cls=False, return_word_box=True)[0]


def propose(pictures: Sequence[bytes], letters: Letters) -> Proposals:
    """Return what all pictures of one card say alike.

    Raises:
        PhotoUnreadable: one of them is no picture, or a hostile one.
    """
    return agreed([read_card(_words(letters, raw)) for raw in pictures[:MOST_PICTURES]])


def _words(letters: Letters, raw: bytes) -> list[Word]:
    import numpy as np  # noqa: PLC0415 - for the reading process alone

    picture = plain_picture(raw, (_SIDE, _SIDE))
    picture.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    found = letters(np.asarray(picture)[:, :, ::-1]) or []
    return [_word(*one) for one in found]


def _word(
    corners: Sequence[Sequence[float]],
    text: str,
    score: float,
    places: Sequence[Sequence[Sequence[float]]],
    letters: Sequence[str],
    scores: Sequence[float] | Sequence[Sequence[float]],
) -> Word:
    """Return one piece with the blanks that its reader lost, by the gaps between its letters."""
    start = (corners[0][1] + corners[3][1]) / 2  # of its left edge: lines of a tilted card slope
    high = (corners[3][1] - corners[0][1] + corners[2][1] - corners[1][1]) / 2
    single = _flat(scores)
    fits = len(letters) == len(places)
    spaced, is_sure = _spaced(letters, places) if fits else (text, False)
    sure = [s for letter, s in zip(letters, single, strict=False) if letter.isalnum()]
    return Word(
        spaced,
        min(corner[0] for corner in corners),
        start,
        high,
        float(score),
        float(min(sure, default=score)),
        is_sure,
    )


def _spaced(
    letters: Sequence[str], places: Sequence[Sequence[Sequence[float]]]
) -> tuple[str, bool]:
    """Return the text with its blanks, and whether no gap could be one as well as none."""
    widths = sorted(place[1][0] - place[0][0] for place in places)
    usual = widths[len(widths) // 2] if widths else 0
    written: list[str] = []
    end, is_sure = None, True
    for letter, place in zip(letters, places, strict=True):
        gap = 0 if end is None else place[0][0] - end
        is_sure &= not _NO_BLANK * usual < gap < _SURE_BLANK * usual or letter == " "
        if gap > _BLANK * usual and written and written[-1] != " " and letter != " ":
            written.append(" ")
        written.append(letter)
        end = place[1][0]
    return "".join(written), is_sure


def _flat(scores: Any) -> list[float]:
    return [float(one) for part in scores for one in (part if isinstance(part, list) else [part])]


def serve(source: BinaryIO, sink: BinaryIO, *, idle_s: float = IDLE_S) -> None:
    """Answer questions until the other end is closed or nobody asked for `idle_s` seconds.

    A question is a count of pictures, then each with its length, as 32-bit numbers; an answer is
    one line of JSON.
    """
    questions: Queue[list[bytes] | None] = Queue()
    Thread(target=_listen, args=(source, questions), daemon=True).start()
    letters: Letters | None = None
    while True:
        try:
            pictures = questions.get(timeout=idle_s)
        except Empty:
            return
        if pictures is None:
            return
        try:
            letters = letters or load_letters()
            answer: dict[str, Any] = {"proposals": propose(pictures, letters)}
        except KnownError as error:
            answer = {"error": error.code}
        sink.write(json.dumps(answer).encode() + b"\n")
        sink.flush()


def _listen(source: BinaryIO, questions: "Queue[list[bytes] | None]") -> None:
    while True:
        pictures = _question(source)
        questions.put(pictures)
        if pictures is None:
            return


def _question(source: BinaryIO) -> list[bytes] | None:
    count = _number(source)
    if count is None or not 0 < count <= MOST_PICTURES:
        return None
    pictures = []
    for _ in range(count):
        size = _number(source)
        if size is None or size > MOST_BYTES:
            return None
        raw = source.read(size)
        if len(raw) < size:
            return None
        pictures.append(raw)
    return pictures


def _number(source: BinaryIO) -> int | None:
    raw = source.read(_HEAD.size)
    return int(_HEAD.unpack(raw)[0]) if len(raw) == _HEAD.size else None


def question(pictures: Sequence[bytes]) -> bytes:
    """Return the bytes that ask about these pictures."""
    parts = [_HEAD.pack(len(pictures))]
    for raw in pictures:
        parts += [_HEAD.pack(len(raw)), raw]
    return b"".join(parts)


def main(*, idle_s: float = IDLE_S) -> NoReturn:
    """Serve on standard input and output, and end the process."""
    serve(sys.stdin.buffer, sys.stdout.buffer, idle_s=idle_s)
    os._exit(0)  # its listening thread still holds the input, which an orderly end waits for
