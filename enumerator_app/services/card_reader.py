"""Asks the reading process about a held identity card; starts it when it is needed."""

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from threading import Lock
from typing import Any, Final, cast

from enumerator_app.domain.errors import PhotoUnreadable
from enumerator_app.domain.ktp_text import Proposals
from enumerator_app.services.card_sight import ReaderMissing, question

COMMAND: Final = "card-reader"
_PACKAGE: Final = "rapidocr_onnxruntime"


def has_card_reader() -> bool:
    """Return whether the extra is installed; loads nothing."""
    return find_spec(_PACKAGE) is not None


class CardReader:
    """One reading process at most; from any thread, but one question at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, pictures: Sequence[bytes]) -> Proposals:
        """Return what may be proposed from pictures of one card; empty if nothing is sure.

        Raises:
            ReaderMissing: the extra is not installed.
            PhotoUnreadable: a picture cannot be used.
        """
        with self._lock:
            answer = self._ask(question(pictures))
            if answer is None:  # it had just gone to rest: once more, with a new one
                answer = self._ask(question(pictures))
        if answer is None or answer.get("error") == ReaderMissing.code:
            raise ReaderMissing
        if "error" in answer:
            raise PhotoUnreadable
        return cast("Proposals", answer["proposals"])

    def close(self) -> None:
        """End the process, if it runs."""
        with self._lock:
            self._end()

    def _ask(self, asked: bytes) -> dict[str, Any] | None:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(asked)
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = b""
        if not line:
            self._end()
            return None
        return dict(json.loads(line))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            is_frozen = getattr(sys, "frozen", False)
            start = [sys.executable] if is_frozen else [sys.executable, "-m", "enumerator_app"]
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                [*start, COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()
