"""Where the cards lie on paper: pure millimetres, with the marks for cutting and folding."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from enumerator_app.cards.content import PaperSettings
from enumerator_app.cards.items import GREY_INK, INK, Area, Box, Hatch, Item
from enumerator_app.cards.layout import CARD_HEIGHT, CARD_WIDTH
from enumerator_app.cards.receipt import ROLL_58, ROLL_80, Roll
from enumerator_app.cards.typesetting import Measure, Style, line
from enumerator_app.texts import text

SheetName = Literal["a4-5-fold", "a4-10", "cr80", "receipt-58", "receipt-80"]
A4_WIDTH: Final = 210.0
A4_HEIGHT: Final = 297.0
_GUTTER: Final = 2.0
_PITCH: Final = CARD_HEIGHT + _GUTTER
_ROWS: Final = 5
_TOP: Final = (A4_HEIGHT - _ROWS * CARD_HEIGHT - (_ROWS - 1) * _GUTTER) / 2
_BLEED: Final = 0.7  # leaves a white hairline between neighbours to cut along
_MARK: Final = 5.0
_MARK_AWAY: Final = 1.5
_HAIR: Final = 0.15
_TEST_LINE_MM: Final = 50.0
_SLACK: Final = 0.01
_OTHER_NAMES: Final = {"receipt": "receipt-80"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One kind of paper. Places are the top left corners of cards, in the order of filling.

    `backs` lie on the same page as the fronts, or on the page after it if `two_sided`.
    """

    name: SheetName
    width: float
    height: float
    fronts: tuple[tuple[float, float], ...]
    backs: tuple[tuple[float, float], ...]
    two_sided: bool
    front_box: Box
    back_box: Box
    fold_x: float | None = None
    roll: Roll | None = None
    """A thermal roll: one paper a page, as long as its text."""

    @property
    def capacity(self) -> int:
        return len(self.fronts)

    def front_marks(self, settings: PaperSettings, measure: Measure) -> list[Item]:
        """Return cutting marks, instruction and test line of the first side."""
        if self.name == "cr80":
            return []
        key = "cards.sheet.duplex_front" if self.two_sided else "cards.sheet.fold"
        instruction = _instruction(text(key, settings.language), self.fronts[0][0], measure)
        marks = [*self._cutting_marks(), *_test_line(measure, settings), instruction]
        return [*marks, *_fold_marks(self.fold_x)] if self.fold_x else marks

    def back_marks(self, settings: PaperSettings, measure: Measure) -> list[Item]:
        """Return the instruction of the second side of a two-sided sheet."""
        if self.name == "cr80":
            return []
        said = text("cards.sheet.duplex_back", settings.language)
        return [_instruction(said, min(x for x, _ in self.backs), measure)]

    def _cutting_marks(self) -> list[Item]:
        places = self.fronts if self.two_sided else (*self.fronts, *self.backs)
        lefts, tops = sorted({x for x, _ in places}), sorted({y for _, y in places})
        outer_left, outer_right = lefts[0], lefts[-1] + CARD_WIDTH
        outer_top, outer_bottom = tops[0], tops[-1] + CARD_HEIGHT
        ys = [y for top in tops for y in (top, top + CARD_HEIGHT)]
        xs = [x for left in lefts for x in (left, left + CARD_WIDTH) if x != self.fold_x]
        start, end = outer_left - _MARK_AWAY - _MARK, outer_right + _MARK_AWAY
        above, below = outer_top - _MARK_AWAY - _MARK / 2, outer_bottom + _MARK_AWAY
        return [
            *(_mark(Box(x, y - _HAIR / 2, _MARK, _HAIR)) for y in ys for x in (start, end)),
            *(_mark(Box(x - _HAIR / 2, y, _HAIR, _MARK / 2)) for x in xs for y in (above, below)),
        ]


def with_bleed(items: Iterable[Item], limit: Box) -> list[Item]:
    """Return `items` with each area that touches the card's edge grown to the edge of `limit`."""
    return [
        replace(item, box=_grown(item.box, limit)) if isinstance(item, Area | Hatch) else item
        for item in items
    ]


def sheet(name: str) -> Sheet:
    """Return the sheet of that name; "receipt" is the wider roll.

    Raises:
        KeyError: no such sheet.
    """
    return _SHEETS[_OTHER_NAMES.get(name, name)]


def _grown(box: Box, limit: Box) -> Box:
    left = limit.x if box.x <= 0 else box.x
    top = limit.y if box.y <= 0 else box.y
    right = limit.right if box.right >= CARD_WIDTH - _SLACK else box.right
    bottom = limit.bottom if box.bottom >= CARD_HEIGHT - _SLACK else box.bottom
    return Box(left, top, right - left, bottom - top)


def _mark(box: Box) -> Area:
    return Area(box, INK)


def _fold_marks(x: float) -> list[Item]:
    dashes = [(y, 0.7) for y in (5.9, 7.0, 8.1)]
    bottoms = [(A4_HEIGHT - y - height, height) for y, height in dashes]
    return [Area(Box(x - _HAIR / 2, y, _HAIR, height), INK) for y, height in (*dashes, *bottoms)]


def _test_line(measure: Measure, settings: PaperSettings) -> list[Item]:
    x, y = 140.0, A4_HEIGHT - 4.6
    words = text("cards.sheet.test_line", settings.language)
    label = line(words, Box(x - 9, y - 1.6, 8, 3.2), Style(7, "regular", GREY_INK), measure)
    return [
        Area(Box(x, y - _HAIR / 2, _TEST_LINE_MM, _HAIR), INK),
        Area(Box(x, y - 1, _HAIR, 2), INK),
        Area(Box(x + _TEST_LINE_MM - _HAIR, y - 1, _HAIR, 2), INK),
        label,
    ]


def _instruction(said: str, x: float, measure: Measure) -> Item:
    return line(said, Box(x, 2.4, A4_WIDTH - 2 * x, 3.0), Style(7.5, "regular", GREY_INK), measure)


def _rows(left: float) -> tuple[tuple[float, float], ...]:
    return tuple((left, _TOP + row * _PITCH) for row in range(_ROWS))


def _columns(*lefts: float) -> tuple[tuple[float, float], ...]:
    return tuple((left, _TOP + row * _PITCH) for row in range(_ROWS) for left in lefts)


def _on_roll(name: SheetName, roll: Roll) -> Sheet:
    return Sheet(
        name=name,
        width=roll.width,
        height=roll.width,
        fronts=((0.0, 0.0),),
        backs=(),
        two_sided=False,
        front_box=_CARD,
        back_box=_CARD,
        roll=roll,
    )


_FOLD: Final = A4_WIDTH / 2
_PAIR_LEFT: Final = _FOLD - _GUTTER / 2 - CARD_WIDTH
_PAIR_RIGHT: Final = _FOLD + _GUTTER / 2
_ALL_AROUND: Final = Box(-_BLEED, -_BLEED, CARD_WIDTH + 2 * _BLEED, CARD_HEIGHT + 2 * _BLEED)
_TO_THE_FOLD: Final = _ALL_AROUND._replace(width=CARD_WIDTH + _BLEED)
_CARD: Final = Box(0, 0, CARD_WIDTH, CARD_HEIGHT)
_SHEETS: Final[dict[str, Sheet]] = {
    "a4-5-fold": Sheet(
        name="a4-5-fold",
        width=A4_WIDTH,
        height=A4_HEIGHT,
        fronts=_rows(_FOLD - CARD_WIDTH),
        backs=_rows(_FOLD),
        two_sided=False,
        front_box=_TO_THE_FOLD,
        back_box=_CARD,
        fold_x=_FOLD,
    ),
    "a4-10": Sheet(
        name="a4-10",
        width=A4_WIDTH,
        height=A4_HEIGHT,
        fronts=_columns(_PAIR_LEFT, _PAIR_RIGHT),
        backs=_columns(_PAIR_RIGHT, _PAIR_LEFT),  # flipped on the long edge
        two_sided=True,
        front_box=_ALL_AROUND,
        back_box=_CARD,
    ),
    "cr80": Sheet(
        name="cr80",
        width=CARD_WIDTH,
        height=CARD_HEIGHT,
        fronts=((0.0, 0.0),),
        backs=((0.0, 0.0),),
        two_sided=True,
        front_box=_CARD,
        back_box=_CARD,
    ),
    "receipt-58": _on_roll("receipt-58", ROLL_58),
    "receipt-80": _on_roll("receipt-80", ROLL_80),
}
