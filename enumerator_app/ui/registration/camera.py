"""The live picture, if this laptop has a camera and the camera extra is installed.

QtMultimedia is imported when the first form opens, not before: it is large, and often absent.
"""

import importlib
from typing import Any

from PySide6.QtCore import QLoggingCategory, QObject, Signal
from PySide6.QtGui import QImage


def has_camera() -> bool:
    """Return whether a camera is plugged in and can be used; opens nothing."""
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    try:
        media = importlib.import_module("PySide6.QtMultimedia")
    except ImportError:
        return False
    return not media.QMediaDevices.defaultVideoInput().isNull()


class Camera(QObject):
    """Frames of the first camera. Without one, `is_there` is False and nothing ever arrives."""

    frame_arrived = Signal(QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Any, ...] = ()
        self._camera: Any = None
        self._last = QImage()
        self._open()

    @property
    def is_there(self) -> bool:
        return self._camera is not None

    def start(self) -> None:
        if self._camera is not None:
            self._camera.start()

    def stop(self) -> None:
        if self._camera is not None:
            self._camera.stop()
            self._last = QImage()

    def last_frame(self) -> QImage:
        """Return the newest frame; a null image before the first."""
        return self._last

    def _open(self) -> None:
        # It complains of each library that it looks for and could do without.
        QLoggingCategory.setFilterRules("qt.multimedia.*=false")
        try:
            media = importlib.import_module("PySide6.QtMultimedia")
        except ImportError:
            return
        device = media.QMediaDevices.defaultVideoInput()
        if device.isNull():
            return
        self._camera = media.QCamera(device, self)
        session, sink = media.QMediaCaptureSession(self), media.QVideoSink(self)
        session.setCamera(self._camera)
        session.setVideoSink(sink)
        sink.videoFrameChanged.connect(self._on_frame)
        self._parts = (session, sink)  # kept alive as long as the camera

    def _on_frame(self, frame: Any) -> None:
        image = frame.toImage()
        if not image.isNull():
            self._last = image
            self.frame_arrived.emit(image)
