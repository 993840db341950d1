"""What a rescue brought over, in sentences for the window and for the command."""

from collections.abc import Iterator
from pathlib import Path

from enumerator_app.storage.carrying_over import Rescued
from enumerator_app.texts import text


def rescue_words(rescued: Rescued, aside: Path | None) -> Iterator[str]:
    yield text("rescue.people", n=rescued.people, portraits=rescued.photos)
    if rescued.photos_lost:
        yield text("rescue.photos_lost", n=rescued.photos_lost)
    yield text("rescue.whole" if rescued.is_whole else "rescue.in_part")
    if aside is not None:
        yield text("rescue.set_aside", folder=aside.name)
