"""What a serving office does by itself now and then, beside its answers."""

from contextlib import AbstractContextManager
from typing import Final

from sync.server.beside import again_and_again
from sync.server.drives import forget_old as forget_old_drives
from sync.server.folding import fold_tallies
from sync.server.niks import refresh_niks
from sync.server.office import Office
from sync.server.people.attempts import forget_old_tries
from sync.server.people.sessions import forget_old_sessions

_LOOK_EVERY_S: Final = 600.0


def daily_work(office: Office) -> AbstractContextManager[None]:
    """Look now and every ten minutes for the day's short hashes, join counts, forget old things."""

    def work(_: object) -> None:
        refresh_niks(office)
        fold_tallies(office)
        forget_old_sessions(office)
        forget_old_tries(office)
        forget_old_drives(office)

    return again_and_again("daily_work", work, _LOOK_EVERY_S, at_once=True)
