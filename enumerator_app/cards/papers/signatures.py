"""Who signs, beside each other; names stand under the room for their hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from enumerator_app.cards.fonts import printable
from enumerator_app.cards.items import INK, POINT_MM, Area, Box, Item, Weight
from enumerator_app.cards.papers.piece import Piece, Setting, leading_mm, set_line
from enumerator_app.cards.typesetting import wrap_breaking

_BETWEEN: Final = 8.0
_LINE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Signature:
    """`role` may have several lines; without a name a line to write it on is drawn."""

    role: str
    name: str = ""
    identity: str = ""
    """"NIP. …" or whatever stands under the name."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Up to three beside each other. The date line stands over the last one."""

    signatures: Sequence[Signature]
    place_and_date: str = ""
    room: float = 20.0
    """Height for the hand, in millimetres."""
    size: float | None = None

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        size = self.size or setting.size
        count = len(self.signatures)
        across = max(count, 2)  # one alone stands on the right
        width = (setting.width - (across - 1) * _BETWEEN) / across
        lefts = [
            setting.width - (count - n) * width - (count - 1 - n) * _BETWEEN for n in range(count)
        ]
        columns = [Box(left, 0, width, 0) for left in lefts]
        yield self._piece(columns, size, setting)

    def _piece(self, columns: list[Box], size: float, setting: Setting) -> Piece:
        items: list[Item] = []
        top = 0.0
        if self.place_and_date:
            lines, top = _centred(self.place_and_date, columns[-1], size, "regular", setting)
            items += lines
        bottoms = []
        for signature, box in zip(self.signatures, columns, strict=True):
            lines, bottom = _centred(signature.role, _at(box, top), size, "regular", setting)
            items += lines
            bottoms.append(bottom)
        top = max(bottoms) + self.room
        bottoms = []
        for signature, box in zip(self.signatures, columns, strict=True):
            lines, bottom = _name(signature, _at(box, top), size, setting)
            items += lines
            bottoms.append(bottom)
        return Piece(max(bottoms), tuple(items), gap=6.0)


def _name(
    signature: Signature, box: Box, size: float, setting: Setting
) -> tuple[list[Item], float]:
    lines: list[Item] = []
    bottom = box.y
    if signature.name:
        lines, bottom = _centred(signature.name, box, size, "bold", setting)
    else:
        bottom += leading_mm(size)
    inset = box.width * 0.08
    lines.append(Area(Box(box.x + inset, bottom, box.width - 2 * inset, _LINE), INK))
    bottom += 0.8
    if signature.identity:
        below, bottom = _centred(signature.identity, _at(box, bottom), size - 1, "regular", setting)
        lines += below
    return lines, bottom


def _centred(
    said: str, box: Box, size: float, weight: Weight, setting: Setting
) -> tuple[list[Item], float]:
    """Return the lines of `said` in the middle of `box`, and where they end."""
    room = box.width / (size * POINT_MM)
    lines = [
        line
        for paragraph in printable(said).splitlines()
        for line in wrap_breaking(paragraph, room, weight, setting.measure)
    ]
    leading = leading_mm(size)
    items: list[Item] = [
        set_line(line, _at(box, box.y + n * leading), size, weight, setting.measure, "centre")
        for n, line in enumerate(lines)
    ]
    return items, box.y + len(lines) * leading


def _at(box: Box, top: float) -> Box:
    return Box(box.x, top, box.width, box.height)
