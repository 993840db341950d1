"""Sending by flash drive where there is no line: the file for the office, and its answer."""

from pathlib import Path

from enumerator_app.storage.store import Store
from sync.client.carrying import AnswerTaken, Carried, take_answer, write_bundle

BUNDLE_SUFFIX = ".tpb"
ANSWER_SUFFIX = ".tpa"


class Carrying:
    """The flash drive of one open laptop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, path: Path, *, everything: bool = False) -> Carried:
        """Write what the office has not confirmed; nothing is marked as sent by it.

        Raises:
            FileUnwritable: nothing was written; everything stays here as it was.
        """
        return write_bundle(self._store, path, everything=everything)

    def take_answer(self, path: Path) -> AnswerTaken:
        """Apply what the office wrote back.

        Raises:
            BundleUnreadable, BundleForeign, OfficeNotProven: nothing was changed.
        """
        return take_answer(self._store, path)
