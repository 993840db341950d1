"""Whether a code is genuine, by the office's key and its signed list."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from enumerator_app.cards.checking_page import write_page
from enumerator_app.cards.office_trust import OfficeTrust
from enumerator_app.cards.reading import read_codes_from_image, read_codes_from_pdf
from enumerator_app.cards.seal import PREFIX, open_seal
from enumerator_app.cards.trust import DeviceKey, TrustList
from enumerator_app.cards.verdict import Verdict
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import FileUnreadable, KnownError
from enumerator_app.storage.store import Store
from sync.protocol.signing import key_id, public_hex

TRUST_DOCUMENT: Final = "trust_list"
_PDF: Final = ".pdf"
READABLE: Final = frozenset({_PDF, ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})


class TrustMissing(KnownError):
    """There is neither an office key file nor a list from the office on this laptop."""

    code = "trust_missing"
    exit_code = 2


def read_office_key(path: Path) -> OfficeTrust:
    """Return the office's key file.

    Raises:
        FileUnreadable: not such a file.
    """
    try:
        fields = json.loads(path.read_bytes())
        return OfficeTrust(fields["root_key"], fields["trust"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileUnreadable(name=path.name) from error


def laptop_trust(store: Store) -> TrustList:
    """Return the list that this laptop keeps from its office.

    Raises:
        TrustMissing: none has arrived yet.
    """
    return office_trust(store).trust_list()


def office_trust(store: Store) -> OfficeTrust:
    """Return what this laptop keeps of its office's keys.

    Raises:
        TrustMissing: nothing has arrived yet.
    """
    raw = store.document(TRUST_DOCUMENT)
    if raw is None:
        raise TrustMissing
    return OfficeTrust(store.identity().root_key, from_canonical(raw))


def halted_after(store: Store) -> int | None:
    """Return the last serial whose slips count, where this laptop's key seals no further ones.

    The office looks at two copies of the laptop, or has confirmed another of its keys.

    None where the office's list, as far as it came, lets this laptop's key seal on.
    """
    try:
        trust = laptop_trust(store)
    except KnownError:
        return None  # without a list nothing was said of it
    key = trust.keys.get(key_id(public_hex(store.identity().signing_key)))
    if not isinstance(key, DeviceKey) or key.revoked:
        return None
    return key.valid_serials_up_to


def write_checking_page(store: Store, output: Path) -> TrustList:
    """Write the page that checks cards by this laptop's list; return that list.

    Raises:
        TrustMissing, FileUnwritable
    """
    return write_page(office_trust(store), output)


@dataclass(slots=True)
class CodesRead:
    """What stood in texts, files and folders. `codes` are by file name; None is a text."""

    codes: list[tuple[str | None, Sequence[str]]] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def codes_in(given: Sequence[str]) -> CodesRead:
    """Return the codes of all that was named; in a folder, what cannot be read is named.

    Raises:
        FileUnreadable: a file that was named itself is not what its name says.
    """
    read = CodesRead()
    for one in given:
        if not one.startswith(PREFIX) and Path(one).is_dir():
            _read_folder(Path(one), read)
        else:
            name = None if _is_text(one) else Path(one).name
            read.codes.append((name, read_codes(one)))
    return read


def _read_folder(folder: Path, read: CodesRead) -> None:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in READABLE:
            try:
                read.codes.append((path.name, read_codes(str(path))))
            except FileUnreadable:
                read.unreadable.append(path.name)


def read_codes(given: str) -> Sequence[str]:
    """Return the card codes in a text, a picture or a PDF; none if there is none.

    Raises:
        FileUnreadable: the file is not what its name says.
    """
    return [given] if _is_text(given) else read_codes_of_file(Path(given))


def read_codes_of_file(path: Path) -> list[str]:
    """Return the card codes in a picture or PDF, in reading order.

    Raises:
        FileUnreadable: it is neither.
    """
    return read_codes_from_pdf(path) if _is_pdf(path) else read_codes_from_image(path)


def _is_text(given: str) -> bool:
    return given.startswith(PREFIX) or Path(given).suffix.lower() not in READABLE


def _is_pdf(path: Path) -> bool:
    return path.suffix.lower() == _PDF


def verify(codes: Sequence[str], trust: TrustList, today: date) -> list[Verdict]:
    return [open_seal(code, trust, today) for code in codes]
