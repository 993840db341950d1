"""The folder of one laptop: key file, encrypted file, the second place, private temporary files."""

import json
import os
import shutil
import sys
import uuid
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.storage.durable import PRIVATE_FILE, flush_folder, private_folder
from enumerator_app.storage.failures import DAMAGE_SEEN, known_error
from enumerator_app.storage.key_file import second_key_file
from enumerator_app.storage.process_lock import ProcessLock

_OUTSIDE_BYTES: Final = 512


@dataclass(frozen=True, slots=True)
class Outside:
    """What a second place remembers of the file: its chain's end, and the machine it was on."""

    head: str | None
    epoch: str
    machine: str


class Home:
    """One laptop's folder, locked for this process until `close`."""

    def __init__(self, path: Path) -> None:
        """Lock the folder, making it if need be, and empty its temporary files.

        Raises:
            HomeInUse: another process (or another `Home` here) has it.
            DiskFull, NotSaved: there is no room, or no disk, for what it needs.
            FileUnreadable: the folder cannot be made or written.
        """
        self.path = path
        try:
            private_folder(path)
            self._lock = ProcessLock(path / "lock")
        except OSError as error:
            raise FileUnreadable(name=path.name) from error
        self.temporary = path / "temporary"
        self._outside_descriptor = -1
        try:
            self._empty_temporary()
        except OSError as error:
            self._lock.release()
            raise (known_error(error) or FileUnreadable(name=path.name)) from error

    @property
    def key_file(self) -> Path:
        return self.path / "keys.json"

    @property
    def second_key_file(self) -> Path:
        return second_key_file(self.key_file)

    @property
    def has_keys(self) -> bool:
        return self.key_file.exists() or self.second_key_file.exists()

    @property
    def attempts_file(self) -> Path:
        return self.path / "attempts.json"

    @property
    def database(self) -> Path:
        return self.path / "registrations.db"

    @property
    def damage_seen(self) -> Path:
        return self.path / DAMAGE_SEEN

    @property
    def outside_file(self) -> Path:
        return self.path / "outside.json"

    def outside(self) -> Outside | None:
        """Return what the second place remembers; None if it is not there or unreadable."""
        try:
            known = json.loads(self.outside_file.read_bytes())
            return Outside(known["head"], known["epoch"], known["machine"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember_outside(self, outside: Outside) -> None:
        """Write the second place, without waiting for the disk: it may be behind, never ahead."""
        if self._outside_descriptor < 0:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
            self._outside_descriptor = os.open(self.outside_file, flags, PRIVATE_FILE)
        content = json.dumps(asdict(outside)).encode().ljust(_OUTSIDE_BYTES - 1) + b"\n"
        os.lseek(self._outside_descriptor, 0, os.SEEK_SET)
        os.write(self._outside_descriptor, content)

    def set_aside(self, *paths: Path) -> Path | None:
        """Move files out of the way into a new folder inside the home; None if none exists."""
        present = [path for path in paths if path.exists()]
        if not present:
            return None
        folder = private_folder(self.path / f"set-aside-{uuid.uuid4().hex[:8]}")
        for path in present:
            path.replace(folder / path.name)
        flush_folder(folder)
        flush_folder(self.path)
        return folder

    def database_files(self) -> tuple[Path, ...]:
        """Return the encrypted file and the two that SQLite keeps beside it."""
        return tuple(self.database.with_name(self.database.name + s) for s in ("", "-wal", "-shm"))

    def forget_outside(self) -> None:
        self._close_outside()
        self.outside_file.unlink(missing_ok=True)

    def close(self) -> None:
        self._close_outside()
        self._lock.release()

    def _close_outside(self) -> None:
        if self._outside_descriptor >= 0:
            os.close(self._outside_descriptor)
            self._outside_descriptor = -1

    def _empty_temporary(self) -> None:
        shutil.rmtree(self.temporary, ignore_errors=True)
        private_folder(self.temporary)


def machine_id() -> str:
    """Return 16 hexadecimal digits that stay the same on this machine and differ on a copy's."""
    raw = _system_machine_id() or f"{uuid.getnode():012x}"
    return sha256(f"tani-pendata\n{raw}".encode()).hexdigest()[:16]


def _system_machine_id() -> str:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415  the module exists on Windows only

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    for name in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            return Path(name).read_text(encoding="ascii").strip()
        except OSError:
            continue
    return ""
