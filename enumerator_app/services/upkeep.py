"""What is done to the laptop itself: who may open it, its office, its health."""

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from enumerator_app import BUILT_ON, __version__
from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.instants import instant_to_text
from enumerator_app.services.letterhead import OfficeLetterhead, office_letterhead
from enumerator_app.storage.passphrases import KdfCost, calibrated_cost
from enumerator_app.storage.records import LastSync
from enumerator_app.storage.store import Store
from sync.protocol.signing import key_id, public_hex, shown_key_id

LAST_BACKUP: Final = "last_backup"


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    name: str
    address: str
    device_code: str
    device_key: str
    """The id of the key that this laptop signs with, as it is read to the office."""
    last_sync: LastSync | None
    letterhead: OfficeLetterhead | None


class Upkeep:
    """Settings and care of one open laptop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def operators(self) -> list[str]:
        return [slot.name for slot in self._store.operators()]

    def add_operator(self, name: str, passphrase: str, cost: KdfCost | None = None) -> None:
        """Give another person a way in.

        Raises:
            PassphraseTooWeak: nothing was changed.
        """
        self._store.add_operator(name, passphrase, cost or calibrated_cost())

    def office(self) -> OfficeFacts:
        identity = self._store.identity()
        kept = office_letterhead(self._store)
        named = kept.settings.office or kept.settings.regency_name if kept else ""
        name = named or self._store.setting("regency_name") or identity.regency
        seen = self._store.last_sync()
        key = shown_key_id(key_id(public_hex(identity.signing_key)))
        return OfficeFacts(name, identity.server_url, identity.device_code, key, seen, kept)

    def back_up(self, path: Path) -> None:
        """Write an encrypted copy, and remember when."""
        self._store.backup(path)
        self._store.set_setting(LAST_BACKUP, instant_to_text(datetime.now(UTC)))

    def last_backup(self) -> str | None:
        """Return the instant of the last copy as text, if there was one."""
        return self._store.setting(LAST_BACKUP)

    def write_diagnostics(self, path: Path) -> None:
        """Write versions, counts and problems for the office's support; nobody's data.

        Raises:
            FileUnreadable: the file cannot be written.
        """
        counts = self._store.counts()
        facts = {
            "version": __version__,
            "built_on": BUILT_ON.isoformat(),
            "system": f"{platform.system()} {platform.release()}",
            "device": self._store.identity().device_code,
            "registrations": counts.registrations,
            "pending": counts.pending,
            "entries_pending": counts.entries_pending,
            "photos_pending": counts.photos_pending,
            "by_state": dict(counts.by_state),
            "problems": [asdict(problem) for problem in self._store.doctor()],
        }
        try:
            path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise FileUnreadable(name=path.name) from error
