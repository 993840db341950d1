"""Who this laptop is: a device with a key from its first day, an office's once enrolled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.domain.errors import AlreadyEnrolled, DatabaseDamaged, NotEnrolled
from enumerator_app.storage import journal
from enumerator_app.storage.device_keys import keys_around
from enumerator_app.storage.key_file import (
    OperatorSlot,
    read_key_file,
    write_key_file,
)
from enumerator_app.storage.open_file import OpenFile, Place
from enumerator_app.storage.passphrases import KdfCost, check_passphrase
from sync.protocol.device import DeviceIdentity
from sync.protocol.signing import private_bytes, private_key

if TYPE_CHECKING:
    from sqlite3 import Connection

_ENROL = (
    "UPDATE identity SET office = ?, regency = ?, device_code = ?, label = ?, root_key = ?, "
    "server_url = ?, ca_certificate = ? WHERE id = 1"
)
_SELECT = (
    "SELECT device, signing_key, office, regency, device_code, root_key, server_url, "
    "ca_certificate FROM identity WHERE id = 1"
)


@dataclass(frozen=True, slots=True)
class PendingIdentity:
    """What an enrolment asks with: it stays the same until an answer has arrived."""

    device: UUID
    signing_key: Ed25519PrivateKey
    operator: OperatorSlot


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the office's answer makes of a pending laptop."""

    office: str
    regency: str
    device_code: str
    label: str
    root_key: str
    server_url: str
    ca_certificate: str | None
    server_epoch: str
    office_time: str
    recovery_recipient: str | None = None
    settings: Mapping[str, str] | None = None
    documents: Mapping[str, bytes] | None = None


class SelfKnowledge:
    """The part of the store that knows device, operators, settings and documents."""

    _file: OpenFile

    @property
    def operator(self) -> OperatorSlot:
        """Who opened the file."""
        return self._file.operator

    @property
    def is_operator_removed(self) -> bool:
        """Whether the office has ended the work of whoever opened the file."""
        return self._file.is_operator_removed

    @property
    def is_enrolled(self) -> bool:
        return self._file.place is not None

    def pending_identity(self) -> PendingIdentity:
        """Return what to enrol with; also after enrolment, so that an answer can be repeated."""
        row = self._identity_row()
        return PendingIdentity(UUID(row[0]), private_key(row[1]), self._file.operator)

    def identity(self) -> DeviceIdentity:
        """Return who this laptop is to its office.

        Raises:
            NotEnrolled: no office knows it yet.
        """
        row = self._identity_row()
        if row[2] is None:
            raise NotEnrolled
        device, signing_key, office, regency, code, root_key, url, ca = row
        earlier, later = self._file.engine.read(
            lambda connection: keys_around(connection, bytes(signing_key))
        )
        return DeviceIdentity(
            office, regency, UUID(device), code, private_key(signing_key), root_key, url, ca,
            earlier, later,
        )  # fmt: skip

    def set_identity(self, enrolment: Enrolment) -> None:
        """Become a device of an office: identity, settings and the chain's first entry, at once.

        The file's key is sealed to the office before that: a power cut between the two leaves a
        laptop that enrols once more, never one whose forgotten passphrase nobody can help with.

        Raises:
            AlreadyEnrolled: it is one.
        """
        if self.is_enrolled:
            raise AlreadyEnrolled
        if enrolment.recovery_recipient is not None:
            self.set_recovery_recipient(enrolment.recovery_recipient)
        at = self._file.now()

        def work(connection: "Connection") -> None:
            known = connection.execute("SELECT office FROM identity WHERE id = 1").fetchone()
            if known[0] is not None:
                raise AlreadyEnrolled
            _write_enrolment(connection, enrolment)
            statement = self._file.statement(
                "epoch_start", None, {"reason": "enrol", "lost": []}, at=at
            )
            journal.open_epoch(connection, statement, device=self._file.device)

        self._file.write(work)
        self._file.place = Place(enrolment.regency, enrolment.device_code)
        self._file.learn_office_time(enrolment.office_time)

    def set_recovery_recipient(self, recipient: str) -> None:
        """Seal the file's key to the office, so that a forgotten passphrase loses nothing."""
        keys = read_key_file(self._file.home.key_file)
        write_key_file(self._file.home.key_file, keys.with_recovery(self._file.key, recipient))

    def recovery_recipient(self) -> str | None:
        """Return the age recipient of the office's recovery key, if it gave one."""
        return read_key_file(self._file.home.key_file).recovery_recipient

    def operators(self) -> list[OperatorSlot]:
        return read_key_file(self._file.home.key_file).operators

    def add_operator(self, name: str, passphrase: str, cost: KdfCost) -> OperatorSlot:
        """Give another person a slot.

        Raises:
            PassphraseTooWeak: see `check_passphrase`.
        """
        check_passphrase(passphrase)
        keys = read_key_file(self._file.home.key_file)
        changed = keys.with_operator(self._file.key, name, passphrase, cost)
        write_key_file(self._file.home.key_file, changed)
        return changed.operators[-1]

    def remove_operator(self, id_: UUID) -> None:
        """Take a person's slot away; not one's own."""
        if id_ == self._file.operator.id:
            raise ValueError("nobody removes the slot that is in use")
        keys = read_key_file(self._file.home.key_file)
        write_key_file(self._file.home.key_file, keys.without_operator(id_))

    def setting(self, name: str, default: str | None = None) -> str | None:
        row = self._file.engine.read(
            lambda connection: connection.execute(
                "SELECT value FROM setting WHERE name = ?", (name,)
            ).fetchone()
        )
        return str(row[0]) if row else default

    def settings(self) -> dict[str, str]:
        """Return all settings, the office's (from enrolment) among them."""
        rows = self._file.engine.read(
            lambda connection: connection.execute("SELECT name, value FROM setting").fetchall()
        )
        return dict(rows)

    def set_setting(self, name: str, value: str) -> None:
        self._file.write(lambda connection: write_setting(connection, name, value))

    def document(self, name: str) -> bytes | None:
        """Return a signed document of the office, as it was kept."""
        row = self._file.engine.read(
            lambda connection: connection.execute(
                "SELECT content FROM document WHERE name = ?", (name,)
            ).fetchone()
        )
        return bytes(row[0]) if row else None

    def _identity_row(self) -> tuple[str, bytes, str, str, str, str, str, str | None]:
        row: tuple[str, bytes, str, str, str, str, str, str | None] | None = self._file.engine.read(
            lambda connection: connection.execute(_SELECT).fetchone()
        )
        if row is None:
            raise DatabaseDamaged
        return row


def create_identity(connection: "Connection", device: UUID, key: Ed25519PrivateKey) -> None:
    connection.execute(
        "INSERT INTO identity (id, device, signing_key) VALUES (1, ?, ?)",
        (str(device), private_bytes(key)),
    )


def write_setting(connection: "Connection", name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def write_document(connection: "Connection", name: str, raw: bytes, kept_at: str) -> None:
    connection.execute(
        "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT (name) "
        "DO UPDATE SET content = excluded.content, kept_at = excluded.kept_at",
        (name, raw, kept_at),
    )


def _write_enrolment(connection: "Connection", enrolment: Enrolment) -> None:
    connection.execute(
        _ENROL,
        (
            enrolment.office,
            enrolment.regency,
            enrolment.device_code,
            enrolment.label,
            enrolment.root_key,
            enrolment.server_url,
            enrolment.ca_certificate,
        ),
    )
    connection.execute(
        "UPDATE sync SET server_epoch = ?, office_time = ? WHERE id = 1",
        (enrolment.server_epoch, enrolment.office_time),
    )
    given = {**(enrolment.settings or {}), "office_time": enrolment.office_time}
    for name, value in given.items():
        write_setting(connection, name, value)
    for name, raw in (enrolment.documents or {}).items():
        write_document(connection, name, raw, enrolment.office_time)
