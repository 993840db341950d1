"""The office's folder: what lies where. Everything in it is for the server's account alone."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enumerator_app.domain.errors import FileUnreadable


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below one folder. `bucket`: photos lie there instead, as `s3://BUCKET/PREFIX`."""

    path: Path
    bucket: str | None = None

    @property
    def public_file(self) -> Path:
        return self.path / "office_public.json"

    @property
    def key_file(self) -> Path:
        """What a verifier needs: the root key and the trust list."""
        return self.path / "office_key.json"

    @property
    def trust_file(self) -> Path:
        return self.path / "trust_list.json"

    @property
    def sealed_file(self) -> Path:
        return self.path / "sealed_keys.json"

    @property
    def issuing_file(self) -> Path:
        return self.path / "issuing_key.json"

    @property
    def sample_file(self) -> Path:
        """Says that everybody in this office is invented."""
        return self.path / "sample.json"

    @property
    def sign_in_key_file(self) -> Path:
        """Seals what makes the codes of people's phones."""
        return self.path / "sign_in.key"

    @property
    def database_file(self) -> Path:
        return self.path / "office.db"

    @property
    def head_file(self) -> Path:
        """The server chain's head outside the database: tells a database restored by hand."""
        return self.path / "server_head.json"

    @property
    def erasures_file(self) -> Path:
        return self.path / "erasures.jsonl"

    @property
    def device_codes_file(self) -> Path:
        """How many device codes were given: outside the database, since none may be given twice."""
        return self.path / "device_codes.json"

    @property
    def address_file(self) -> Path:
        return self.path / "address.json"

    @property
    def photos(self) -> Path:
        return self.path / "photos"

    @property
    def copies(self) -> Path:
        """What is known of the office's copies of itself; no restore replaces it."""
        return self.path / "copies"

    @property
    def exports(self) -> Path:
        return self.path / "exports"

    @property
    def tls(self) -> Path:
        return self.path / "tls"


def write_privately(path: Path, content: bytes) -> None:
    """Replace a file as a whole, readable by its owner only, on disk when this returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_privately(path, content)


def replace_privately(path: Path, content: bytes) -> None:
    """As `write_privately`, in a folder that must be there: a missing one may be a drive's.

    Raises:
        OSError: nothing was replaced.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_privately_once(path: Path, content: bytes) -> None:
    """Make a file that is there whole or not at all; never replaces one.

    Raises:
        FileExistsError: somebody else was first.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    write_privately(temporary, content)
    try:
        os.link(temporary, path)
    finally:
        temporary.unlink()
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make a rename in a folder durable, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, value: object) -> None:
    write_privately(path, json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n")


def read_json(path: Path) -> Any:
    """Return the value in a file.

    Raises:
        FileUnreadable: no such file, or not JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise FileUnreadable(name=path.name) from error
