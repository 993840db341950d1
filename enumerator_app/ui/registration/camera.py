"""The live picture, if this laptop has a camera and the camera extra is installed.

QtMultimedia is imported when the first form opens, not before: it is large, and often absent.
"""

import importlib
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QLoggingCategory, QObject, Signal
from PySide6.QtGui import QImage

_BUILT_IN: Final = ("integrated", "built-in", "builtin", "internal", "facetime", "easycamera")


def has_camera() -> bool:
    """Return whether a camera is plugged in and can be used; opens nothing."""
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    try:
        media = importlib.import_module("PySide6.QtMultimedia")
    except ImportError:
        return False
    return not media.QMediaDevices.defaultVideoInput().isNull()


class Camera(QObject):
    """Frames of the best camera. Without one, `is_there` is False and nothing ever arrives.

    A camera on a cable comes before the built-in one, which looks at the enumerator; plugged in
    later, it is taken at once.
    """

    frame_arrived = Signal(QImage)
    plugged = Signal()  # a camera came or went

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._media: Any = None
        self._session: Any = None
        self.sink: Any = None  # where frames arrive, whatever they come from
        self._camera: Any = None
        self._last = QImage()
        self._runs = False
        self._open()

    @property
    def is_there(self) -> bool:
        return self._camera is not None or not self._last.isNull()

    def start(self) -> None:
        self._runs = True
        if self._camera is not None:
            self._camera.start()

    def stop(self) -> None:
        self._runs = False
        self._last = QImage()
        if self._camera is not None:
            self._camera.stop()

    def last_frame(self) -> QImage:
        """Return the newest frame; a null image before the first."""
        return self._last

    def _open(self) -> None:
        # It complains of each library that it looks for and could do without.
        QLoggingCategory.setFilterRules("qt.multimedia.*=false")
        try:
            media = self._media = importlib.import_module("PySide6.QtMultimedia")
        except ImportError:
            return
        self._devices = media.QMediaDevices(self)
        self._devices.videoInputsChanged.connect(self._follow)
        self.sink, self._session = media.QVideoSink(self), media.QMediaCaptureSession(self)
        self._session.setVideoSink(self.sink)
        self.sink.videoFrameChanged.connect(self._on_frame)
        self._follow()

    def _follow(self) -> None:
        """Take the camera that is the best one now."""
        device = best_device(self._media.QMediaDevices.videoInputs())
        before = self._camera
        if before is not None and device is not None and before.cameraDevice() == device:
            return
        self._camera = self._media.QCamera(device, self) if device is not None else None
        self._session.setCamera(self._camera)
        if before is not None:
            before.stop()
            before.deleteLater()
        if self._camera is not None and self._runs:
            self._camera.start()
        if before is not None or self._camera is not None:
            self.plugged.emit()

    def _on_frame(self, frame: Any) -> None:
        image = frame.toImage()
        if not image.isNull():
            self._last = image
            self.frame_arrived.emit(image)


def best_device(devices: Sequence[Any]) -> Any:
    """Return the camera to use: one on a cable before the built-in one; None if there is none."""
    usable = [device for device in devices if not device.isNull()]
    return min(usable, key=_is_built_in, default=None)


def _is_built_in(device: Any) -> bool:
    return any(word in device.description().lower() for word in _BUILT_IN)
