"""Encrypted copies: one file that holds the key file and the encrypted file as they were.

It opens with the passphrases of that day. A copy put back is an older life of the laptop: it goes
on in a new epoch, so that nothing it makes can be taken for what was made before.
"""

import io
import json
import os
import shutil
import tarfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from sqlcipher3 import dbapi2

from enumerator_app import __version__
from enumerator_app.domain.errors import DatabaseDamaged, FileUnreadable, FileUnwritable, NotSaved
from enumerator_app.domain.instants import instant_to_text
from enumerator_app.storage import journal
from enumerator_app.storage.connections import plain_connection, reading_connection
from enumerator_app.storage.durable import PRIVATE_FILE, flush_folder
from enumerator_app.storage.failures import faults_named, known_error
from enumerator_app.storage.home import Home
from enumerator_app.storage.open_file import OpenFile

if TYPE_CHECKING:
    from sqlite3 import Connection

_ABOUT: Final = "backup.json"
_KEYS: Final = "keys.json"
_DATABASE: Final = "registrations.db"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A backup's content inside the home's temporary folder."""

    keys: bytes
    database: Path


def write_backup(file: OpenFile, target: Path) -> None:
    """Write a copy of the whole laptop to `target`; an older file there stays until it is whole.

    Raises:
        FileUnwritable: the target cannot be written; nothing was replaced.
        DatabaseDamaged: the file cannot be read.
    """
    copy = file.home.temporary / _DATABASE
    beside = target.with_name(target.name + ".new")
    try:
        with faults_named(file.home.path):
            head = file.engine.read(lambda connection: _copied(connection, copy, file.key))
        about = {"version": _VERSION, "app": __version__, "head": head}
        about |= {"device": str(file.device), "made_at": instant_to_text(file.now())}
        with beside.open("wb") as out:
            _pack(out, json.dumps(about).encode(), file.home.key_file, copy)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(target)
        flush_folder(target.absolute().parent)
    except OSError as error:
        with suppress(OSError):  # a disk that refuses refuses this, too; what is left is no backup
            beside.unlink(missing_ok=True)
        raise FileUnwritable(name=target.name) from error
    finally:
        with suppress(OSError):  # the next start empties the folder
            copy.unlink(missing_ok=True)


def unpack(home: Home, backup: Path) -> Unpacked:
    """Lay a backup's files into the home's temporary folder.

    Raises:
        FileUnreadable: it is not a backup.
    """
    database = home.temporary / _DATABASE
    try:
        with tarfile.open(backup) as archive:
            about = json.loads(_member(archive, _ABOUT).read())
            if about["version"] > _VERSION:
                raise FileUnreadable(name=backup.name)
            keys = _member(archive, _KEYS).read()
            with database.open("wb") as out:
                shutil.copyfileobj(_member(archive, _DATABASE), out)
                out.flush()
                os.fsync(out.fileno())
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise FileUnreadable(name=backup.name) from error
    return Unpacked(keys, database)


def check_copy(database: Path, key: bytes) -> None:
    """Prove that a copy is whole before anything is replaced by it.

    Raises:
        DatabaseDamaged: a page, the structure or the chain is broken.
    """
    with faults_named(database.parent), closing(reading_connection(database, key)) as connection:
        broken = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        structure = connection.execute("PRAGMA quick_check(1)").fetchall()
        if broken or structure != [("ok",)] or journal.chain_faults(connection):
            raise DatabaseDamaged


def put_in_place(home: Home, unpacked: Unpacked) -> Path | None:
    """Put the copy's files where the present ones are; return the folder these were moved to."""
    home.forget_outside()
    kept = (home.key_file, home.second_key_file, home.attempts_file)
    aside = home.set_aside(*kept, *home.database_files())
    unpacked.database.chmod(PRIVATE_FILE)
    unpacked.database.replace(home.database)
    flush_folder(home.path)
    return aside


def _copied(connection: "Connection", copy: Path, key: bytes) -> str | None:
    """Copy the file as of the present moment; return the chain's end in it."""
    copy.unlink(missing_ok=True)
    with closing(plain_connection(copy, key)) as target:
        try:
            connection.backup(target)
        except dbapi2.Error as error:
            raise (known_error(error) or NotSaved()) from error  # its copying names no code
        return journal.journal_end(target).head.hash


def _pack(out: IO[bytes], about: bytes, keys: Path, copy: Path) -> None:
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in ((_ABOUT, about), (_KEYS, keys.read_bytes())):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        entry = tarfile.TarInfo(_DATABASE)
        entry.size = copy.stat().st_size
        with copy.open("rb") as content_file:
            archive.addfile(entry, content_file)


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found
