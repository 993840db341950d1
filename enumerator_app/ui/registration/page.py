"""The registration page as the shell takes it: one mind, and a view for each time it is built."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from enumerator_app.domain.tickets import parse_ticket
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.latest import close_lanes
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.camera import Camera
from enumerator_app.ui.registration.card_reading import CardReading
from enumerator_app.ui.registration.photo_reading import photo_from_file, photo_from_image
from enumerator_app.ui.registration.presenter import RegistrationPresenter
from enumerator_app.ui.registration.view import RegistrationView
from enumerator_app.ui.registration.wedge import Wedge


class RegistrationPage(QObject):
    """Joins presenter and view. It lives as long as the laptop is open."""

    worker_opened = Signal(str)  # subject
    tray_opened = Signal()
    committed = Signal()

    def __init__(
        self,
        laptop: LaptopPort,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop = laptop
        self._camera = Camera(self)
        self.presenter = RegistrationPresenter(laptop, clock=clock, parent=self)
        self.presenter.saving.committed.connect(self.committed)
        self.presenter.visiting.changed.connect(self.committed)
        self.presenter.brought.committed.connect(self.committed)
        mind = self.presenter
        self.reading = CardReading(
            self._camera, mind.edit, lambda: mind.state.form.form_id, parent=self
        )
        self._is_started = False

    def build(self) -> RegistrationView:
        """Return a new view that shows the state as it is."""
        view = RegistrationView(self._laptop.places, self._camera)
        self._connect(view)
        self._camera.start()
        self.presenter.attach(view)
        if not self._is_started:
            self._is_started = True
            self.presenter.start()
        return view

    def refresh(self) -> None:
        """Read the day's column anew: another page changed something."""
        self.presenter.queue.refresh()
        self.presenter.visiting.refresh()

    def help(self) -> None:
        """Explain what the cursor is in (Shift+F1)."""
        self.presenter.help()

    def stop(self) -> None:
        """Keep what stands in the form; the laptop is being locked or the window closed."""
        close_lanes(self)
        self.presenter.attach(None)
        self.reading.attach(None)
        self.reading.close()
        if self._is_started:
            self.presenter.stop()
        self._camera.stop()

    def _connect(self, view: RegistrationView) -> None:
        mind, saving = self.presenter, self.presenter.saving
        view.edited.connect(mind.edit)
        view.left.connect(mind.leave)
        view.heir_asked.connect(mind.add_heir)
        view.scholarship_turned.connect(mind.turn_scholarship)
        view.confirmed.connect(mind.confirm_spoken)
        view.paper_asked.connect(mind.turn_paper)
        view.moved.connect(mind.whereabouts.arrive)
        view.save_asked.connect(saving.save)
        view.skip_asked.connect(mind.visiting.skip)
        view.ticket_answered.connect(mind.visiting.answer)
        view.ticket_called.connect(mind.visiting.call)
        view.group_switched.connect(mind.visiting.switch_group)
        Wedge(view, _is_slip).scanned.connect(mind.visiting.scan)
        view.leave_asked.connect(saving.stop_correcting)
        view.panel_asked.connect(mind.choose_panel)
        view.village_chosen.connect(mind.choose_village)
        view.jumped.connect(mind.jump)
        view.same_answered.connect(mind.same.answer)
        view.notice_answered.connect(mind.answer_notice)
        self._connect_brought(view)
        self._connect_reading(view)
        for block in (view.queue, view.saved_line):
            block.undone.connect(saving.undo)
            block.folded.connect(saving.forget_saved)
        view.queue.aside_opened.connect(mind.aside.take_back)
        view.queue.worker_opened.connect(self.worker_opened)
        view.queue.tray_opened.connect(self.tray_opened)
        view.photo.frame_taken.connect(self._on_frame_taken)
        view.photo.file_chosen.connect(self._on_file_chosen)
        view.photo.again_asked.connect(lambda: mind.set_photo(None))

    def _connect_brought(self, view: RegistrationView) -> None:
        brought = self.presenter.brought
        view.form.sought.connect(brought.seeking.take_only)
        view.checks.brought.chosen.connect(brought.choose_first)
        view.checks.brought.let_go.connect(brought.let_go)
        view.checks.brought.list_asked.connect(partial(self.presenter.choose_panel, "listed"))
        view.listed.closed.connect(partial(self.presenter.choose_panel, "listed"))
        view.listed.searched.connect(brought.search)
        view.listed.chosen.connect(brought.choose)
        view.listed.answered.connect(brought.say)

    def _connect_reading(self, view: RegistrationView) -> None:
        reading = self.reading
        view.reading_asked.connect(lambda: reading.ask(view))
        view.reading.taken.connect(reading.take)
        view.reading.skipped.connect(reading.skip)
        view.reading.closed.connect(reading.forget)
        view.save_asked.connect(reading.forget)
        reading.attach(view.reading)

    def _on_frame_taken(self, frame: QImage) -> None:
        self._read_photo(lambda: photo_from_image(frame))

    def _on_file_chosen(self, path: str) -> None:
        self._read_photo(lambda: photo_from_file(Path(path)))

    def _read_photo(self, read: Callable[[], bytes]) -> None:
        mind = self.presenter
        form_id = mind.state.form.form_id
        start_job(
            self,
            read,
            lambda jpeg: mind.take_photo(form_id, cast("bytes", jpeg)),
            mind.saving.say_failed,
        )


def _is_slip(typed: str) -> bool:
    return parse_ticket(typed) is not None
