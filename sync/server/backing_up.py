"""Copies of the whole office, sealed to its recovery key: a stolen copy is worth nothing.

A copy put back is an earlier life of the office. It gets a new server epoch, and laptops offer
again what came after it; whoever was erased meanwhile is erased again before it opens.

In front of the sealed part stand the office's secrets as they lie in the home, sealed under the
administrator's passphrase: with it a copy makes the office anew on another machine. The keys that
serve are inside the sealed part.

A copy counts only after it was put back for a test: what was written is read again from where it
lies, opened with a key that was made for this alone and is thrown away, and proven row by row in a
scratch place. What it holds is noted from there, never from the office that it was made of.
"""

import io
import json
import os
import secrets
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyrage
from sqlalchemy import Connection, insert, select, update

from enumerator_app.domain.errors import (
    DatabaseDamaged,
    FileUnreadable,
    FileUnwritable,
    UsageWrong,
)
from sync.server.batches import register
from sync.server.copies import Copy, note_copy
from sync.server.cover_tables import PAYMENT_ROWS
from sync.server.covering import kept_beside
from sync.server.covering.alone import take_in
from sync.server.database import Database
from sync.server.erasing import erase_again
from sync.server.errors import DatabaseForeign, DatabaseUnreachable, OfficeMissing
from sync.server.home import Home, sync_folder, write_privately
from sync.server.keys import read_public
from sync.server.office import Office, enter_new_epoch, open_office
from sync.server.photo_store import FolderStore, copy_photos, photo_store
from sync.server.proving_copies import HeldByCopy, file_digest, proven_content
from sync.server.scratch_database import scratch_database
from sync.server.sealing import open_secret
from sync.server.tables import BACKUP_ROWS, ENTRY_ROWS, EXPORT_ROWS, PHOTO_ROWS

_ABOUT: Final = "backup.json"
_SQLITE: Final = "office.db"
_POSTGRES: Final = "office.dump"
_PHOTOS: Final = "photos"
_KEYS: Final = "keys"
_VERSION: Final = 2
_PACKED: Final = "backup.tar"
_MARK: Final = b"TP1-office-copy\n"
_MOST_SECRETS: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: from when, in which new life, and how many were erased again."""

    made_at: str
    server_epoch: str
    erased: int


def back_up(office: Office, target: Path) -> Copy:
    """Write a sealed copy of database and photos, put it back for a test, and note what it holds.

    A copy whose test fails is written all the same, and counts for nothing.

    Raises:
        FileUnwritable: the target cannot be written; nothing was replaced.
    """
    beside, proof = target.with_name(f"{target.name}.new"), pyrage.x25519.Identity.generate()
    with _scratch(office.home) as folder:
        about = _about(office, folder)
        _seal(folder / _PACKED, beside, office, proof)
        (folder / _PACKED).unlink()
        held = _tested(office, beside, folder / "test", str(proof))
        digest, size = file_digest(beside)
        _put_in_place(beside, target)
    copy = Copy(
        about["id"], about["made_at"], None if held is None else office.now(),
        str(target.absolute()), size, digest, held.entries if held else 0,
        len(held.photos) if held else 0,
    )  # fmt: skip
    note_copy(office.home, copy, held.names if held else ())
    values = {"id": copy.id, "verified_at": copy.verified_at, "heads": json.dumps(about["heads"])}
    with office.database.writing() as connection:
        connection.execute(insert(BACKUP_ROWS).values(values))
    return copy


def _about(office: Office, folder: Path) -> dict[str, Any]:
    """Pack database, keys and photos as they are now; return what the copy says of itself."""
    copied = _copy_database(office, folder)
    heads = _heads_in(copied) if copied.name == _SQLITE else _heads_of(office)
    about = {
        "v": _VERSION, "id": secrets.token_hex(8), "office": office.public.office,
        "made_at": office.now(), "server_epoch": office.server_epoch, "heads": heads,
    }  # fmt: skip
    _pack(office, folder, copied, about)
    copied.unlink()
    return about


def _tested(office: Office, source: Path, folder: Path, identity: str) -> HeldByCopy | None:
    """Read what was written, open it, put it back in a scratch place; None if it is not whole."""
    folder.mkdir(mode=0o700)
    try:
        _unpack(source, folder, identity)
        with _scratch_database(office, folder) as database:
            return proven_content(replace(office, database=database), folder / _PHOTOS)
    except (FileUnreadable, DatabaseUnreachable, DatabaseDamaged):
        return None


@contextmanager
def _scratch_database(office: Office, folder: Path) -> Iterator[Database]:
    with ExitStack() as at_the_end:
        place: Path | str = folder / _SQLITE
        if not (folder / _SQLITE).exists():
            place = at_the_end.enter_context(scratch_database(str(office.database.place)))
            options = ("--no-owner", "-d", _plain_url(place))
            _run_postgres("pg_restore", *options, str(folder / _POSTGRES))
        database = Database(place)
        at_the_end.callback(database.close)
        yield database


def restore(home: Home, url: str | None, source: Path, passphrase: str) -> Restored:
    """Put a copy back in place of the database; what was there is kept aside on SQLite.

    A home without an office becomes that of the copy, keys and all. The home must be held alone.

    Raises:
        WrongPassphrase, FileUnreadable, DatabaseForeign
        OfficeMissing: the home has no office, and the copy is of a time that left the keys out.
    """
    secret = json.loads(open_secret(_secrets(home, source), passphrase))
    with _scratch(home) as folder:
        about = _unpack(source, folder, secret["recovery"])
        if not home.public_file.exists():
            _put_keys(home, folder / _KEYS)
        if about["office"] != read_public(home).office:
            raise DatabaseForeign
        _put_back(home, url, folder)
        _put_back_photos(home, folder)
    office = open_office(home, url)
    try:
        enter_new_epoch(office)
        erased = erase_again(office)
        _doubt_older_folders(office)
        take_in(office)
        _ask_for_missing_photos(office)
        return Restored(about["made_at"], office.server_epoch, erased)
    finally:
        office.close()


def _doubt_older_folders(office: Office) -> None:
    """A folder beside the database that lacks what the copy knows is older: more may be missing."""
    with office.database.reading() as connection:
        lists = set(connection.execute(select(EXPORT_ROWS.c.id)).scalars())
        paid = set(connection.execute(select(PAYMENT_ROWS.c.id)).scalars())
    if lists - register.names(office.home):
        register.declare_lacking(office.home, register.LISTS)
    if paid - kept_beside.payments_in(office.home):
        register.declare_lacking(office.home, kept_beside.KIND)


@contextmanager
def _scratch(home: Home) -> Iterator[Path]:
    """A folder inside the home: plain copies of people's data lie nowhere else, and not long."""
    folder = home.path / "temporary" / secrets.token_hex(6)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_database(office: Office, folder: Path) -> Path:
    if office.database.dialect == "sqlite":
        target = folder / _SQLITE
        with office.database.reading() as connection:
            _copy_sqlite(connection, target)
        return target
    target = folder / _POSTGRES
    _run_postgres("pg_dump", "-Fc", "-f", str(target), _plain_url(office.database.place))
    return target


def _copy_sqlite(connection: Connection, target: Path) -> None:
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - PostgreSQL offices do without

    copy = dbapi2.connect(str(target))
    try:
        connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise DatabaseDamaged
    finally:
        copy.close()


def _heads_in(copied: Path) -> dict[str, list[str]]:
    """Return the ends of each chain, read out of the copy itself."""
    database = Database(copied)
    try:
        with database.reading() as connection:
            return _heads(connection)
    finally:
        database.close()


def _heads_of(office: Office) -> dict[str, list[str]]:
    with office.database.reading() as connection:
        return _heads(connection)


def _heads(connection: Connection) -> dict[str, list[str]]:
    table = ENTRY_ROWS.c
    query = select(table.epoch, table.hash).where(table.is_leaf == 1).order_by(table.hash)
    heads: dict[str, list[str]] = {}
    for epoch, name in connection.execute(query):
        heads.setdefault(epoch, []).append(name)
    return heads


def _pack(office: Office, folder: Path, copied: Path, about: dict[str, Any]) -> None:
    packed = folder / _PACKED
    with tarfile.open(packed, "w") as archive:
        _add_bytes(archive, _ABOUT, json.dumps(about).encode())
        archive.add(copied, copied.name)
        for path in _key_files(office.home):
            if path.exists():
                archive.add(path, f"{_KEYS}/{path.relative_to(office.home.path).as_posix()}")
        for name in office.photos.names():
            _add_bytes(archive, f"{_PHOTOS}/{name[:2]}/{name}", office.photos.read(name) or b"")


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _key_files(home: Home) -> tuple[Path, ...]:
    """What an office is besides its database and photos; its name comes last."""
    authority = (home.tls / "authority.key", home.tls / "authority.pem")
    return (
        home.issuing_file, home.sealed_file, home.sign_in_key_file, *authority, home.erasures_file,
        home.device_codes_file, home.public_file,
    )  # fmt: skip


def _put_keys(home: Home, folder: Path) -> None:
    for target in _key_files(home):
        kept = folder / target.relative_to(home.path)
        if kept.exists():
            write_privately(target, kept.read_bytes())


def _secrets(home: Home, source: Path) -> bytes:
    """Return the sealed secrets of the home's office, or of the copy where there is none."""
    if home.sealed_file.exists():
        return home.sealed_file.read_bytes()
    try:
        with source.open("rb") as copy:
            if copy.readline(len(_MARK)) != _MARK:
                raise OfficeMissing
            return copy.readline(_MOST_SECRETS)
    except OSError as error:
        raise FileUnreadable(name=source.name) from error


def _seal(packed: Path, beside: Path, office: Office, proof: Any) -> None:
    try:
        with packed.open("rb") as plain, beside.open("wb") as sealed:
            secrets_kept = json.loads(office.home.sealed_file.read_bytes())
            sealed.write(_MARK + json.dumps(secrets_kept).encode() + b"\n")
            key = pyrage.x25519.Recipient.from_str(office.public.recovery_recipient)
            pyrage.encrypt_io(plain, sealed, [key, proof.to_public()])
            sealed.flush()
            os.fsync(sealed.fileno())
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileUnwritable(name=beside.name.removesuffix(".new")) from error


def _put_in_place(beside: Path, target: Path) -> None:
    try:
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileUnwritable(name=target.name) from error


def _unpack(source: Path, folder: Path, identity: str) -> dict[str, Any]:
    packed = folder / _PACKED
    try:
        key = pyrage.x25519.Identity.from_str(identity)
        with source.open("rb") as sealed, packed.open("wb") as plain:
            if sealed.readline(len(_MARK)) == _MARK:
                sealed.readline(_MOST_SECRETS)
            else:
                sealed.seek(0)
            pyrage.decrypt_io(sealed, plain, [key])
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
        packed.unlink()
        about: dict[str, Any] = json.loads((folder / _ABOUT).read_bytes())
    except (OSError, ValueError, pyrage.DecryptError, tarfile.TarError) as error:
        raise FileUnreadable(name=source.name) from error
    return about


def _put_back(home: Home, url: str | None, folder: Path) -> None:
    if (folder / _SQLITE).exists() == (url is not None):
        raise UsageWrong(detail="--database")
    if url is not None:
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _run_postgres("pg_restore", *options, "-d", _plain_url(url), str(folder / _POSTGRES))
        return
    aside = home.path / "replaced" / secrets.token_hex(4)
    aside.mkdir(mode=0o700, parents=True)
    for suffix in ("", "-wal", "-shm"):
        present = home.database_file.with_name(home.database_file.name + suffix)
        if present.exists():
            present.replace(aside / present.name)
    shutil.move(folder / _SQLITE, home.database_file)
    sync_folder(home.path)


def _put_back_photos(home: Home, folder: Path) -> None:
    copy_photos(FolderStore(folder / _PHOTOS), photo_store(home))


def _ask_for_missing_photos(office: Office) -> None:
    """A photo whose file is not here any more is asked for again."""
    table = PHOTO_ROWS.c
    with office.database.writing() as connection:
        query = select(table.hash).where(table.held > 0, table.erased_at.is_(None))
        for name in connection.execute(query).scalars().all():
            if not office.photos.has(name):
                change = update(PHOTO_ROWS).where(table.hash == name)
                connection.execute(change.values(held=0, is_complete=0))


def _plain_url(place: Path | str) -> str:
    return str(place).replace("postgresql+psycopg://", "postgresql://")


def _run_postgres(name: str, *arguments: str) -> None:
    found = shutil.which(name) or max(
        map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default=None
    )
    if found is None:
        raise UsageWrong(detail=name)
    done = subprocess.run([found, *arguments], capture_output=True, check=False)  # noqa: S603 - PostgreSQL's own program
    if done.returncode != 0:
        raise DatabaseUnreachable
