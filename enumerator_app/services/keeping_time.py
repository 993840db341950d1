"""How long the full content of a record stays on this laptop, once every copy of the office has it.

Off until somebody sets it. What leaves can be had back: the office sends it at the next sync.
"""

from contextlib import suppress
from typing import Final
from uuid import UUID

from enumerator_app.domain.errors import ContentAtOffice, KnownError
from enumerator_app.storage.leaving import KEEP_DAYS, LeavingStanding
from enumerator_app.storage.store import Store
from sync.client.wiping import AsksWatermark, bring_back, let_go

CHOICES: Final = (0, 30, 90, 180)
"""Days; 0: content stays on this laptop for good."""
LEAST_DAYS: Final = 7


class KeepingTime:
    """What leaves one open laptop, and what comes back."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set_days(self, days: int) -> None:
        """Let content leave after so many days from now on; 0: let it stay."""
        self._store.set_setting(KEEP_DAYS, str(max(LEAST_DAYS, days)) if days else "")

    def standing(self) -> LeavingStanding:
        return self._store.leaving_standing()

    def after_sync(self, transport: AsksWatermark) -> int:
        """Announce and let go what is due; return how many records went.

        The sync itself is over by then: a line that fails here has failed at nothing.
        """
        with suppress(KnownError):
            bring_back(self._store, transport)
            return let_go(self._store, transport)
        return 0

    def must_be_here(self, subject: UUID) -> None:
        """Make sure that all of a record is on this laptop; else it is asked for at the next sync.

        Raises:
            ContentAtOffice: only its line of the list is here.
        """
        if self._store.is_wiped(subject):
            self._store.want_back(subject)
            raise ContentAtOffice(number=self._store.record(subject).worker.number)
