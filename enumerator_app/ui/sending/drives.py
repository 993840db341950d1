"""Which flash drives are plugged in, and the system's dialogs for a place that is none."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QStorageInfo
from PySide6.QtWidgets import QFileDialog, QWidget

from enumerator_app.services.carrying import ANSWER_SUFFIX
from enumerator_app.texts import text

_MOUNTED_BELOW: Final = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
_REMOVABLE: Final = 2  # GetDriveType's DRIVE_REMOVABLE


@dataclass(frozen=True, slots=True)
class Drive:
    folder: Path
    name: str


class Drives(Protocol):
    """What the page asks of the system; a test answers it without a person."""

    def plugged_in(self) -> list[Drive]: ...
    def ask_folder(self, parent: QWidget) -> Path | None: ...
    def ask_answer(self, parent: QWidget, folder: Path | None) -> Path | None: ...


class SystemDrives:
    """The drives of this machine."""

    def plugged_in(self) -> list[Drive]:
        """Return the removable drives that can be written, in the system's order."""
        volumes = [QStorageInfo(volume) for volume in QStorageInfo.mountedVolumes()]
        return [
            Drive(Path(volume.rootPath()), volume.displayName())
            for volume in volumes
            if volume.isReady() and not volume.isReadOnly() and _is_removable(volume.rootPath())
        ]

    def ask_folder(self, parent: QWidget) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(parent, text("stick.choose_folder"))
        return Path(chosen) if chosen else None

    def ask_answer(self, parent: QWidget, folder: Path | None) -> Path | None:
        kind = text("stick.answer_files", suffix=ANSWER_SUFFIX)
        start = str(folder) if folder else ""
        chosen, _ = QFileDialog.getOpenFileName(parent, text("stick.read"), start, kind)
        return Path(chosen) if chosen else None


def _is_removable(root: str) -> bool:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows tells it this way only

        return int(ctypes.windll.kernel32.GetDriveTypeW(root)) == _REMOVABLE
    return f"{root.rstrip(os.sep)}/".startswith(_MOUNTED_BELOW)
