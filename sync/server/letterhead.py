"""The letterhead: what the office prints on its papers, kept as a document that laptops fetch."""

import base64
import json
import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from enumerator_app.cards.logo import MAX_RAW_BYTES, prepare_logo
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.letterhead import SETTINGS, Letterhead
from enumerator_app.domain.reference import load_places
from sync.protocol.documents import certified_document
from sync.server.documents import all_devices, announce, keep_document, last_document, read_document
from sync.server.errors import LetterheadWrong
from sync.server.office import Office

NAME: Final = "letterhead"
_LOGO: Final = "logo"


def read_letterhead(office: Office) -> tuple[Letterhead, bytes | None]:
    """Return the settings and the logo; before any were set, those that name the regency."""
    raw = read_document(office, NAME)
    if raw is None:
        regency = load_places().regency(office.public.regency)
        government = f"Pemerintah {regency.name}" if regency else ""
        return Letterhead(government=government), None
    fields = from_canonical(from_canonical(raw)["document"].encode())["fields"]
    logo = fields[_LOGO]
    settings = Letterhead.model_validate_json(json.dumps(fields["settings"]))
    return settings, base64.b64decode(logo) if logo else None


def set_letterhead(office: Office, settings: Letterhead, logo: bytes | None) -> int:
    """Keep a new version, tell all laptops, and return its number; the same again changes none."""
    said = json.loads(settings.model_dump_json())
    picture = base64.b64encode(logo).decode() if logo else None
    with office.database.writing() as connection:
        version, last = last_document(connection, NAME)
        if last is not None and _says(last) == (said, picture):
            return version
        fields = {
            "name": NAME, "office": office.public.office, "version": version + 1,
            "issued_at": office.now(), "settings": said, _LOGO: picture,
        }  # fmt: skip
        issuer = office.issuer
        document = certified_document(issuer.key, issuer.certificate, fields)
        keep_document(connection, NAME, version + 1, document)
        announce(office, connection, NAME, version + 1, all_devices(connection))
    return version + 1


def letterhead_file(path: Path) -> tuple[Letterhead, bytes | None]:
    """Return what a TOML file says; `logo` names a picture beside it.

    Raises:
        FileUnreadable: no such file or picture, or not TOML.
        LetterheadWrong: an unknown setting, or a value that does not fit.
        LogoUnreadable: the picture is none, or too large.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileUnreadable(name=path.name) from error
    logo = given.pop(_LOGO, "")
    unknown = sorted(given.keys() - set(SETTINGS))
    if unknown or not isinstance(logo, str):
        raise LetterheadWrong(setting=unknown[0] if unknown else _LOGO)
    try:
        settings = Letterhead.model_validate(given)
    except ValidationError as error:
        wrong = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise LetterheadWrong(setting=wrong) from error
    return settings, prepare_logo(_picture(path.parent / logo)) if logo else None


def _picture(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_RAW_BYTES + 1)
    except OSError as error:
        raise FileUnreadable(name=path.name) from error


def _says(document: bytes) -> tuple[dict[str, Any], str | None]:
    fields = from_canonical(from_canonical(document)["document"].encode())["fields"]
    return fields["settings"], fields[_LOGO]
