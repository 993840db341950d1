"""Whether a flash drive is in the laptop, as far as the system tells."""

import sys
from pathlib import PurePath
from typing import Final

from PySide6.QtCore import QStorageInfo

_REMOVABLE: Final = 2  # what Windows calls a drive that can be pulled out
_PLACES: Final = ("/media", "/run/media")  # where Linux desktops put them


def has_flash_drive() -> bool:
    """Return whether some mounted and writable volume can be pulled out."""
    volumes = [v for v in QStorageInfo.mountedVolumes() if v.isReady() and not v.isReadOnly()]
    return any(_is_removable(volume.rootPath()) for volume in volumes)


def _is_removable(root: str) -> bool:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only Windows has the call

        kind: int = ctypes.windll.kernel32.GetDriveTypeW(root)  # type: ignore[attr-defined,unused-ignore]
        return kind == _REMOVABLE
    return any(PurePath(root).is_relative_to(place) for place in _PLACES)
