"""What a drive says of itself: the entries of each packet, and whose content went out of which.

One line of JSON is added for each change, and none is ever rewritten: a drive may be pulled out at
any moment. A line that was cut off counts as not there; its packet is written once more then, which
is never wrong.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_INDEX: Final = "index.jsonl"


@dataclass(slots=True)
class Index:
    """`without`: the entries that a packet holds without content; `left`: erased ones with it."""

    last: str | None = None
    packets: dict[str, list[str]] = field(default_factory=dict)
    without: dict[str, frozenset[str]] = field(default_factory=dict)
    left: dict[str, frozenset[str]] = field(default_factory=dict)

    def take(self, said: dict[str, Any]) -> None:
        """Learn what one line says; what older programs wrote besides says nothing."""
        if "left" in said:
            self.left[str(said["left"])] = frozenset(map(str, said["erased"]))
            return
        without = frozenset(map(str, said.get("without", ())))
        if "pruned" in said:
            self.without[str(said["pruned"])] = without
            self.left.pop(str(said["pruned"]), None)
            return
        entries = [str(entry) for entry in said["entries"]]
        self.packets[str(said["packet"])] = entries
        self.without[str(said["packet"])] = without
        self.last = entries[-1]


def read_index(own: Path) -> Index:
    """Return what the drive holds."""
    index = Index()
    with suppress(OSError):
        for line in (own / _INDEX).read_bytes().splitlines():
            with suppress(ValueError, KeyError, TypeError, IndexError):
                index.take(json.loads(line))
    return index


def add_to_index(own: Path, index: Index, said: dict[str, Any]) -> None:
    """Add a line, on the drive when this returns; it begins anew after one that was cut off."""
    with (own / _INDEX).open("ab") as lines:
        lines.write(b"\n" + json.dumps(said, separators=(",", ":")).encode() + b"\n")
        lines.flush()
        os.fsync(lines.fileno())
    index.take(said)
