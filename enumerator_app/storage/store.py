"""The laptop's encrypted file as the rest of the program sees it."""

from collections.abc import Callable
from pathlib import Path
from typing import Self
from uuid import UUID

from enumerator_app.storage.brought import BroughtKeeping
from enumerator_app.storage.caring import Caring
from enumerator_app.storage.carrying_side import CarryingSide
from enumerator_app.storage.drafts import Drafts
from enumerator_app.storage.leaving import Leaving
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.paper_figures import PaperFigures
from enumerator_app.storage.reading import Reading
from enumerator_app.storage.saving import Saving
from enumerator_app.storage.seats import SeatKeeping
from enumerator_app.storage.self_knowledge import SelfKnowledge
from enumerator_app.storage.stopping import Stopping
from enumerator_app.storage.sync_log import SyncLogKeeping
from enumerator_app.storage.sync_side import SyncSide
from enumerator_app.storage.visits import VisitKeeping
from enumerator_app.storage.worklists import WorklistKeeping


class Store(
    Saving,
    Reading,
    Drafts,
    SelfKnowledge,
    SyncSide,
    Stopping,
    CarryingSide,
    Caring,
    VisitKeeping,
    PaperFigures,
    BroughtKeeping,
    WorklistKeeping,
    SeatKeeping,
    Leaving,
    SyncLogKeeping,
):
    """One open laptop. Each call that changes something returns after its COMMIT.

    Any thread may call it. Made by `create_home` and `open_home` only.
    """

    def __init__(self, file: OpenFile) -> None:
        self._file = file
        self.went_back: str | None = None  # why a new epoch was opened at this start
        self.set_aside: Path | None = None  # where a restore moved what was here before

    @property
    def path(self) -> Path:
        return self._file.home.path

    @property
    def temporary(self) -> Path:
        """A private folder for files in the making; emptied at each start."""
        return self._file.home.temporary

    @property
    def device(self) -> UUID:
        return self._file.device

    def tell_after_write(self, told: Callable[[], object] | None) -> None:
        """Call `told` after each commit, or nobody any more; it must return at once."""
        self._file.after_write = told

    def close(self) -> None:
        self._file.engine.close()
        self._file.home.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
