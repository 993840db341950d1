"""One laptop from its home: opened, enrolled, for practice, or restored."""

from datetime import UTC, datetime
from pathlib import Path

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.errors import AlreadyEnrolled, FileUnreadable, FileUnwritable
from enumerator_app.services.laptop import PRACTICE, Laptop
from enumerator_app.services.syncing import asking
from enumerator_app.services.verifying import TRUST_DOCUMENT
from enumerator_app.storage.carrying_over import Rescued
from enumerator_app.storage.helping import help_request, open_with_help
from enumerator_app.storage.key_file import has_keys
from enumerator_app.storage.opening import create_home, open_home, restore_home
from enumerator_app.storage.passphrases import KdfCost, calibrated_cost
from enumerator_app.storage.rescuing import rescue_home, set_home_aside
from enumerator_app.storage.self_knowledge import Enrolment
from enumerator_app.storage.store import Store
from sync.client.enrol import Enrolled, NewDevice, enrol
from sync.client.level import CERTIFICATE
from sync.protocol.signing import key_id, new_private_key, public_hex

PRACTICE_REGENCY = "3216"


def laptop_of(home: Path, passphrase: str, *, operator_name: str | None = None) -> Laptop:
    """Open a laptop's home.

    Raises:
        NoHome, HomeInUse, WrongPassphrase, KeyFileDamaged, DatabaseDamaged.
    """
    laptop = Laptop(open_home(home, operator_name=operator_name, passphrase=passphrase))
    if laptop.carrying.stick.folder is not None:
        laptop.carrying.keeper.start()
    return laptop


def enrol_laptop(
    home: Path,
    *,
    server_url: str,
    code: str,
    operator_name: str,
    passphrase: str,
    cost: KdfCost | None = None,
) -> Laptop:
    """Make this laptop a device of an office; after any failure the same call may be made again.

    The file with the new key exists before the office is asked: an answer that got lost is asked
    for once more with the same key, and the office gives the same one. A laptop that its restored
    office does not know comes back in by it, and stays what it was: nothing changes here.

    Raises:
        AlreadyEnrolled: it is a device of another office already.
        EnrolmentCodeRefused, ServerUnreachable, PassphraseTooWeak, WrongPassphrase, HomeInUse.
    """
    store = _pending_store(home, operator_name, passphrase, cost)
    try:
        enrolled = enrol(server_url, code, _asking(store))
        if not store.is_enrolled:
            store.set_identity(_enrolment(enrolled))
    except BaseException:
        store.close()
        raise
    return Laptop(store)


def practice_laptop(
    home: Path, *, operator_name: str, passphrase: str, cost: KdfCost | None = None
) -> Laptop:
    """Set up a laptop that belongs to no office: everything works but sending."""
    store = _pending_store(home, operator_name, passphrase, cost)
    if not store.is_enrolled:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        root = new_private_key()
        store.set_identity(
            Enrolment(
                office=f"practice-{key_id(public_hex(root))}",
                regency=PRACTICE_REGENCY,
                device_code="Z99",
                label="",
                root_key=public_hex(root),
                server_url="http://127.0.0.1:9",
                ca_certificate=None,
                server_epoch="0" * 16,
                office_time=now,
                settings={PRACTICE: "yes"},
            )
        )
    return Laptop(store)


def restore_laptop(home: Path, backup: Path, passphrase: str, operator_name: str | None) -> Laptop:
    """Bring a home back from an encrypted copy; it goes on in a new epoch."""
    store = restore_home(backup, home, operator_name=operator_name, passphrase=passphrase)
    return Laptop(store)


def rescued_laptop(
    home: Path, passphrase: str, *, operator_name: str | None = None
) -> tuple[Laptop, Rescued]:
    """Carry what can be read of a damaged file into a new one, and open that.

    Raises:
        BeyondRescue: nothing can be read; see `begin_anew`.
        WrongPassphrase, KeyFileDamaged, HomeInUse, DiskFull, NotSaved: nothing was moved.
    """
    store, rescued = rescue_home(home, operator_name=operator_name, passphrase=passphrase)
    return Laptop(store), rescued


def begin_anew(home: Path) -> Path | None:
    """Set everything of this laptop aside, inside its folder, so that it can be enrolled again."""
    return set_home_aside(home)


def ask_for_help(home: Path, path: Path) -> None:
    """Write the request that an office answers when all passphrases are forgotten.

    Raises:
        NoRecovery, KeyFileDamaged: there is nothing to ask with.
        FileUnwritable: nothing was written.
    """
    request = help_request(home)
    try:
        path.write_bytes(request)
    except OSError as error:
        raise FileUnwritable(name=path.name) from error


def helped_laptop(
    home: Path,
    path: Path,
    *,
    operator_name: str,
    passphrase: str,
    cost: KdfCost | None = None,
) -> Laptop:
    """Open a laptop with the office's answer; `passphrase` is the operator's new one.

    Raises:
        FileUnreadable, BundleUnreadable, BundleForeign: it is no answer for this laptop.
        PassphraseTooWeak, HomeInUse, DatabaseDamaged: nothing was changed.
    """
    try:
        answer = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(name=path.name) from error
    store = open_with_help(
        home,
        answer,
        operator_name=operator_name,
        passphrase=passphrase,
        cost=cost or calibrated_cost(),
    )
    return Laptop(store)


def _pending_store(home: Path, operator_name: str, passphrase: str, cost: KdfCost | None) -> Store:
    if has_keys(home):
        return open_home(home, operator_name=operator_name, passphrase=passphrase)
    return create_home(
        home,
        operator_name=operator_name,
        passphrase=passphrase,
        cost=cost or calibrated_cost(),
    )


def _asking(store: Store) -> NewDevice:
    if store.is_enrolled and store.setting(PRACTICE):
        raise AlreadyEnrolled
    return asking(store)


def _enrolment(enrolled: Enrolled) -> Enrolment:
    answer = enrolled.answer
    return Enrolment(
        office=answer.office,
        regency=answer.regency,
        device_code=answer.device_code,
        label=answer.label,
        root_key=answer.root_key,
        server_url=enrolled.server_url,
        ca_certificate=enrolled.ca_certificate,
        server_epoch=answer.server_epoch,
        office_time=answer.time,
        recovery_recipient=answer.recovery_recipient,
        settings=answer.settings,
        documents={
            TRUST_DOCUMENT: answer.trust_list.encode(),
            CERTIFICATE: canonical_bytes(answer.server_key),  # bundles are sealed to this key
        },
    )
