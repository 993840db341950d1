"""Runs one life of the real storage under strace, and reads back what it asked of the disk."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.faults.disk import Call, Kind

ROOT = Path(__file__).parents[2]
CALLS = (
    "pwrite64,write,lseek,fsync,fdatasync,ftruncate,"
    "unlink,unlinkat,rename,renameat,renameat2,openat"
)
_LINE = re.compile(r"^(\d+) +(.*)$")
_RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
_CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\d+)(?:<([^>]*)>)?(.*)$")
_DELETED = " (deleted)"


class TooBig(RuntimeError):
    """The recorder left bytes out: the recording is worth nothing."""


def record(
    scene: str, home: Path, log: Path, *, seed: int = 1, without: str = "", inject: str = ""
) -> list[Call]:
    """Return the calls of one life, in their order; what it told stands among them."""
    told = log.with_suffix(".told")
    line = ["strace", "-f", "-y", "-xx", "-s", "16777216", "-qq", "-o", str(log)]
    line += ["-e", f"trace={CALLS}"]
    line += ["-e", f"inject={inject}"] if inject else []
    line += [sys.executable, "-m", "tests.faults.lives", scene, str(home), str(told), str(seed)]
    line += [without] if without else []
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    return list(calls(log, home, told))


def calls(log: Path, home: Path, told: Path) -> Iterator[Call]:
    positions: dict[str, int] = {}
    for began, ended, name, arguments, result, named in _whole_lines(log):
        yield from _read(_Said(began, ended, name, arguments, result, named), home, told, positions)


class _Said:
    def __init__(
        self, began: int, ended: int, name: str, arguments: list[str], result: int, named: str
    ) -> None:
        self.began, self.ended, self.name = began, ended, name
        self.arguments, self.result, self.named = arguments, result, named

    @property
    def fd(self) -> str:
        return self.arguments[0].partition("<")[0]

    @property
    def path(self) -> str:
        return _bytes(self.arguments[0].partition("<")[2].rstrip(">")).decode()

    def call(self, kind: Kind, path: str, **more: object) -> Call:
        return Call(kind, path, self.began, self.ended, **more)  # type: ignore[arg-type]


def _read(said: _Said, home: Path, told: Path, positions: dict[str, int]) -> Iterator[Call]:
    if said.name in ("fsync", "fdatasync"):
        if said.path.startswith(str(home)):
            yield said.call("flush" if said.result == 0 else "failed", said.path)
        return
    if said.result < 0:
        return
    if said.name in ("write", "pwrite64", "ftruncate", "lseek"):
        yield from _on_open_file(said, home, told, positions)
    elif said.name == "openat":
        path = _bytes(said.named).decode()
        positions[str(said.result)] = 0
        if path.startswith(str(home)) and "O_CREAT" in said.arguments[2]:
            yield said.call("emptied" if "O_TRUNC" in said.arguments[2] else "made", path)
    else:
        texts = [_bytes(a).decode() for a in said.arguments if a.startswith('"')]
        folders = [_bytes(a.partition("<")[2].rstrip(">")).decode() for a in said.arguments
                   if a.partition("<")[1]]  # fmt: skip
        paths = [str(Path(folders[0] if folders else "/") / text) for text in texts]
        if paths[0].startswith(str(home)):
            kind: Kind = "unlink" if said.name.startswith("unlink") else "rename"
            yield said.call(kind, paths[0], to=paths[-1])


def _on_open_file(said: _Said, home: Path, told: Path, positions: dict[str, int]) -> Iterator[Call]:
    if said.name == "lseek":
        positions[said.fd] = said.result
        return
    if said.path.endswith(_DELETED):
        return
    data = b"" if said.name == "ftruncate" else _bytes(said.arguments[1])[: said.result]
    if said.path == str(told):
        yield said.call("told", said.path, data=data)
        return
    if not said.path.startswith(str(home)):
        return
    if said.name == "ftruncate":
        yield said.call("cut", said.path, offset=int(said.arguments[1]))
        return
    at = int(said.arguments[3]) if said.name == "pwrite64" else positions.get(said.fd, 0)
    if said.name == "write":
        positions[said.fd] = at + said.result
    yield said.call("write", said.path, offset=at, data=data)


def _whole_lines(log: Path) -> Iterator[tuple[int, int, str, list[str], int, str]]:
    """Each call with the places where it began and ended, in the order of the ends."""
    open_calls: dict[str, tuple[int, str]] = {}
    with log.open(encoding="ascii") as lines:
        for place, line in enumerate(lines):
            found = _LINE.match(line.rstrip("\n"))
            if not found:
                continue
            thread, rest, began = found[1], found[2], place
            if rest.endswith("<unfinished ...>"):
                open_calls[thread] = (place, rest.removesuffix("<unfinished ...>").rstrip())
                continue
            if resumed := _RESUMED.match(rest):
                began, start = open_calls.pop(thread)
                rest = start + resumed[2]
            whole = _CALL.match(rest)
            if whole:
                if '"...' in whole[2]:
                    raise TooBig
                arguments = [part.strip() for part in whole[2].split(", ")]
                yield began, place, whole[1], arguments, int(whole[3]), whole[4] or ""


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.strip('"').replace("\\x", ""))
