"""The page that checks cards, as the shell takes it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from enumerator_app.ui.checking.presenter import CheckingPresenter, Checks
from enumerator_app.ui.checking.view import CheckingView
from enumerator_app.ui.registration.camera import Camera


class CheckingPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    def __init__(
        self, checks: Checks, *, camera: Callable[[QObject], Camera] = Camera, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.presenter = CheckingPresenter(checks, camera=camera, parent=self)

    def build(self) -> CheckingView:
        """Return a new view that shows the answer as it stands."""
        view, mind = CheckingView(), self.presenter
        view.submitted.connect(mind.submit)
        view.file_given.connect(lambda path: mind.read_file(Path(path)))
        view.camera_asked.connect(mind.toggle_camera)
        view.clear_asked.connect(mind.clear)
        view.left.connect(mind.close_camera)
        mind.attach(view)
        mind.refresh()
        return view

    def refresh(self) -> None:
        """Another page may have brought a new list."""
        self.presenter.refresh()

    def stop(self) -> None:
        self.presenter.attach(None)
