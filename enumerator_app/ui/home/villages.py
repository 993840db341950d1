"""What the office gave for the villages: how far each list is, places left, and what they cost."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from enumerator_app.domain.places import Places
from enumerator_app.texts import text, thousands
from enumerator_app.ui.kit import (
    Bar,
    Item,
    Phrase,
    Role,
    Text,
    Tone,
    column,
    current_theme,
    equal_columns,
)

if TYPE_CHECKING:
    from enumerator_app.services.brought import Brought
    from enumerator_app.storage.seats import VillageSeats
    from enumerator_app.storage.worklists import VillageProgress

_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class VillageLine:
    """One village in words; a list or places may be missing. `part` is what the bar shows."""

    name: str
    list_words: str = ""
    seat_words: str = ""
    cost_words: str = ""
    warns: bool = False
    taken: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class VillageLines:
    lines: tuple[VillageLine, ...] = ()
    more: int = 0
    as_of: str = ""


def village_lines(brought: "Brought", places: Places, first: str) -> VillageLines:
    """Return the villages of lists and places, the one being worked in first. For a thread."""
    seats = {one.village_code: one for one in brought.seats.all()}
    codes = sorted({*seats, *brought.worklists.villages()}, key=lambda code: (code != first, code))
    shown = codes[:_SHOWN]
    lines = tuple(
        _line(places, code, seats.get(code), brought.worklists.progress(code)) for code in shown
    )
    newest = max((one.told_at for one in seats.values()), default=None)
    as_of = text("seats.as_of", day=f"{newest:%d-%m}") if newest else ""
    return VillageLines(lines, len(codes) - len(shown), as_of)


def _line(
    places: Places, code: str, seats: "VillageSeats | None", progress: "VillageProgress"
) -> VillageLine:
    village = places.village(code)
    name = village.name if village else code
    words = ""
    if progress.listed:
        done, listed = thousands(progress.done), thousands(progress.listed)
        words = text("seats.listed", done=done, listed=listed)
    if seats is None:
        return VillageLine(name, words, taken=progress.done, total=progress.listed)
    key = "seats.short_left" if seats.left else "seats.short_none"
    said = text(key, n=thousands(seats.left), waiting=thousands(seats.waiting_here))
    cost = text("seats.cost", cost=_rupiah(seats.cost), n=thousands(seats.confirmed))
    return VillageLine(
        name, words, said, cost, not seats.left, seats.seats - seats.left, max(1, seats.seats)
    )


def village_parts(found: VillageLines) -> list[Item]:
    """Return the section of the page; nothing where the office gave nothing."""
    if not found.lines:
        return []
    theme = current_theme()
    space = theme.space
    blocks = [_block(line) for line in found.lines]
    if theme.has_rail:
        whole: QWidget = equal_columns(*blocks, gap=space(24))
    else:
        whole = column(*blocks, gap=space(16))
    said = [found.as_of] if found.as_of else []
    if found.more:
        said.append(text("seats.more", n=found.more))
    parts: list[Item] = [space(28), Text(text("seats.title"), Role.SECTION), space(8), whole]
    if said:
        parts += [space(8), Text(" ".join(said), Role.CAPTION, Tone.SOFT, wrap=True)]
    return parts


def _block(line: VillageLine) -> QWidget:
    gap = current_theme().space(6)
    bar = Bar(name=line.name)
    bar.set_amounts(total=max(1, line.total), solid=line.taken, hatched=0)
    words: list[QWidget] = [Text(line.name, Role.STRONG, wrap=True), bar]
    if line.seat_words:
        words.append(Phrase((line.seat_words, line.warns), role=Role.BODY))
    words += [
        Text(said, Role.CAPTION, Tone.SOFT, wrap=True)
        for said in (line.list_words, line.cost_words)
        if said
    ]
    return column(*words, gap=gap)


def _rupiah(amount: int) -> str:
    return f"Rp{thousands(amount)}"
