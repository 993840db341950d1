"""Which folder of pictures: chosen in the system's dialog, or dropped on the page."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from enumerator_app.texts import text


def ask_folder(parent: QWidget) -> Path | None:
    """Ask for a folder; the answer is None if nobody chose one."""
    start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    chosen = QFileDialog.getExistingDirectory(parent, text("photos.choose"), start)
    return Path(chosen) if chosen else None


class FolderDrop(QObject):
    """Takes a folder that is dropped on a page."""

    dropped = Signal(object)  # Path

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            assert isinstance(event, QDropEvent)
            folder = _folder_in(event)
            if folder is not None:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self.dropped.emit(folder)
                return True
        return False


def _folder_in(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    folder = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return folder if folder is not None and folder.is_dir() else None
