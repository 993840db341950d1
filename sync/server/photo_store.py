"""Where the bytes of photos lie: files below the home, or a bucket that speaks S3.

Both keep a whole object under a name and are done when `write` returns: a laptop lets go of a photo
only after that. Names are the SHA-256 of the bytes, or that with `.part` while pieces are missing.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from enumerator_app.domain.errors import UsageWrong
from sync.server.errors import PhotoStoreUnreachable
from sync.server.home import Home, write_privately

if TYPE_CHECKING:
    from obstore.store import S3Store

PART: Final = ".part"
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


class PhotoStore(Protocol):
    """Objects by name. Each call raises `PhotoStoreUnreachable` where the place does not answer."""

    def read(self, name: str) -> bytes | None:
        """Return the bytes, or None where there is no such object."""

    def write(self, name: str, content: bytes) -> None:
        """Keep the bytes as a whole; they are durable when this returns."""

    def has(self, name: str) -> bool: ...

    def remove(self, name: str) -> None:
        """Remove the object; one that is not there is removed already."""

    def names(self) -> Iterator[str]: ...


class FolderStore:
    """Files in folders named by their first two letters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> bytes | None:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        write_privately(self._path(name), content)

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        # What is being written begins with a dot: it is nobody's photo yet.
        return (path.name for path in self.folder.glob("??/[!.]*"))

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name


class BucketStore:
    """Objects of one bucket below a prefix; address and keys of the service come from the
    environment, as its other programs read them (`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, …).
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise UsageWrong(detail="--photos s3://BUCKET/PREFIX")
        self._store = _bucket(parts.netloc, parts.path.strip("/"))

    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self._store.get(name).bytes())
        except FileNotFoundError:
            return None
        except Exception as error:
            raise PhotoStoreUnreachable from error

    def write(self, name: str, content: bytes) -> None:
        try:
            self._store.put(name, content)
        except Exception as error:
            raise PhotoStoreUnreachable from error

    def has(self, name: str) -> bool:
        try:
            self._store.head(name)
        except FileNotFoundError:
            return False
        except Exception as error:
            raise PhotoStoreUnreachable from error
        return True

    def remove(self, name: str) -> None:
        try:
            self._store.delete(name)
        except FileNotFoundError:
            return
        except Exception as error:
            raise PhotoStoreUnreachable from error

    def names(self) -> Iterator[str]:
        try:
            for page in self._store.list():
                yield from (one["path"].rpartition("/")[2] for one in page)
        except Exception as error:
            raise PhotoStoreUnreachable from error


def photo_store(home: Home) -> PhotoStore:
    """Return the home's bucket, or else its folder.

    Raises:
        UsageWrong: the address is not one of a bucket.
    """
    return BucketStore(home.bucket) if home.bucket else FolderStore(home.photos)


def copy_photos(source: PhotoStore, target: PhotoStore) -> int:
    """Bring what `target` lacks; return how many came. What is there already stays."""
    copied = 0
    for name in source.names():
        content = None if target.has(name) else source.read(name)
        if content is not None:
            target.write(name, content)
            copied += 1
    return copied


def _bucket(name: str, prefix: str) -> "S3Store":
    from obstore.store import S3Store  # noqa: PLC0415 - offices with a folder do without

    address = os.environ.get("AWS_ENDPOINT_URL", "")
    return S3Store(
        name,
        prefix=prefix or None,
        virtual_hosted_style_request=False,
        # Photos are people's faces: without TLS only to this machine itself.
        client_options={
            "allow_http": urlsplit(address).hostname in _LOOPBACK,
            "timeout": "20s",
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
    )
