"""One sync of an open laptop over the line, with what follows it: the log, and what may leave."""

from collections.abc import Callable

from enumerator_app.services.keeping_time import KeepingTime
from enumerator_app.services.sync_log import SyncLog
from enumerator_app.storage.store import Store
from enumerator_app.storage.sync_log import How
from sync.client.engine import sync
from sync.client.enrol import Belonging, NewDevice, enrol
from sync.client.http import HttpTransport
from sync.client.progress import Progress, SyncResult


def asking(store: Store) -> NewDevice:
    """Return who asks an office for a place: of a laptop that has one, with what it has of it."""
    pending, belongs_to = store.pending_identity(), None
    if store.is_enrolled:
        known = store.identity()
        belongs_to = Belonging(known.office, known.device_code, known.root_key)
    operator = pending.operator
    return NewDevice(pending.device, pending.signing_key, operator.name, operator.id, belongs_to)


class Syncing:
    """Sends and fetches; raises as `sync.client.engine.sync` does."""

    def __init__(self, store: Store, keeping: KeepingTime, log: SyncLog) -> None:
        self._store, self._keeping, self._log = store, keeping, log

    def run(
        self, report: Callable[[Progress], None], cancelled: Callable[[], bool], how: How
    ) -> SyncResult:
        with self._log.noted(how) as notes:
            transport = HttpTransport(self._store.identity(), self._store, cancelled=cancelled)
            try:
                result = sync(self._store, transport, report=report, cancelled=cancelled)
                if result.heads_agree:
                    self._keeping.after_sync(transport)
            finally:
                transport.close()
            notes.append(self._log.note_of(how, result, was_stopped=cancelled()))
        return result

    def people_not_back(self) -> int:
        """Return how many people are at the office and, after an older copy, not here.

        What a sync that agreed has left out nobody has: then there is none.
        """
        last = self._store.last_sync()
        return 0 if last is None or last.heads_agree else self._store.people_not_back()

    def come_back(self, code: str) -> None:
        """Have an office that was put back know this laptop again, by a fresh code of it.

        Nothing changes here. Asking again with the same code is safe.

        Raises:
            AlreadyEnrolled: the code is of another office.
            EnrolmentCodeRefused, AddressNotAllowed, ServerUnreachable, OfficeNotProven
        """
        enrol(self._store.identity().server_url, code, asking(self._store))
