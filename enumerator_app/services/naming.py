"""Somebody named by a number, whole or as it is read aloud."""

from typing import Final

from enumerator_app.domain.errors import NumberAmbiguous, NumberUnknown
from enumerator_app.storage.store import Store
from enumerator_app.storage.worker import ListedWorker

_SHOWN: Final = 3


def named(store: Store, typed: str) -> ListedWorker:
    """Return the person with this number; a part of it is enough if nobody else has it.

    Raises:
        NumberUnknown: nobody here has it.
        NumberAmbiguous: several have.
    """
    whole = store.find(typed)
    if whole is not None:
        return whole.worker
    found = store.with_short_number(typed, limit=_SHOWN + 1)
    if not found:
        raise NumberUnknown(number=typed)
    if len(found) > 1:
        some = ", ".join(worker.number for worker in found[:_SHOWN])
        more = ", …" if len(found) > _SHOWN else ""
        raise NumberAmbiguous(number=typed, numbers=some + more)
    return found[0]
