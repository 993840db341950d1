"""Beside the list: one person, those who are ticked, or the pictures of a folder."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from enumerator_app.ui.workers.detail_pane import DetailPane
from enumerator_app.ui.workers.photos_pane import PhotosPane
from enumerator_app.ui.workers.picked_pane import PickedPane
from enumerator_app.ui.workers.state import WorkersState


class RightSide(QStackedWidget):
    """Shows what the state asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.detail, self.picked, self.photos = DetailPane(), PickedPane(), PhotosPane()
        for pane in (self.detail, self.picked, self.photos):
            self.addWidget(pane)

    def show_state(self, state: WorkersState) -> None:
        self.detail.show_detail(state)
        self.picked.show_picked(state)
        self.photos.show_photos(state.photos)
        if state.photos.is_open:
            self.setCurrentWidget(self.photos)
        else:
            self.setCurrentWidget(self.picked if state.picked else self.detail)
