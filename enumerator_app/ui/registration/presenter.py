"""The registration page's mind: what was done becomes a new state, and the state is shown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol, cast

from PySide6.QtCore import QObject, QTimer

from enumerator_app.domain.findings import Finding
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.aside import Aside
from enumerator_app.ui.registration.checks import (
    Checks,
    checks_of,
    is_nik_sure,
    is_nik_whole,
)
from enumerator_app.ui.registration.earlier import Earlier, read_earlier, restored_notice
from enumerator_app.ui.registration.form import (
    Form,
    draft_of,
    filled_count,
    new_form,
    with_heir_row,
    with_value,
)
from enumerator_app.ui.registration.group_words import group_words
from enumerator_app.ui.registration.keeping import DraftKeeper
from enumerator_app.ui.registration.queue import DayQueue, QueueReader, aside_rows
from enumerator_app.ui.registration.same import SamePeople
from enumerator_app.ui.registration.saving import Saving
from enumerator_app.ui.registration.state import (
    FocusWish,
    Panel,
    RegistrationState,
)
from enumerator_app.ui.worker_words import kind_and_place_words

CHECK_MS: Final = 60
"""How long after a key the rules speak; a fast typist is not interrupted at each letter."""


class Renders(Protocol):
    """What a presenter needs of its view."""

    def render_state(self, state: RegistrationState) -> None: ...


class RegistrationPresenter(QObject):
    """Holds the state of the form; every change goes through `update`."""

    def __init__(
        self,
        laptop: LaptopPort,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop = laptop
        self._view: Renders | None = None
        self.state = RegistrationState(form=new_form())
        self._checking = Latest(self)
        self.queue = QueueReader(laptop, clock, self._on_queue, self)
        self.keeper = DraftKeeper(laptop, self)
        self.aside = Aside(self)
        self.saving = Saving(laptop, self, parent=self)
        self.same = SamePeople(laptop, self, self.saving, parent=self)
        self.keeper.written.connect(self._on_draft_written)
        self.keeper.failed.connect(self._on_draft_failed)
        self._check_timer = QTimer(self, singleShot=True, interval=CHECK_MS)
        self._check_timer.timeout.connect(self.check)

    # --- the page opens and closes

    def attach(self, view: Renders | None) -> None:
        """Show the state in this view from now on; the old one is gone or going."""
        self._view = view
        self.update()

    def start(self) -> None:
        """Read what an earlier session left, and show the form."""
        start_job(self, lambda: read_earlier(self._laptop), self._on_read, self.saving.say_failed)
        self.queue.refresh()

    def stop(self) -> None:
        """Write what stands in the form, marked as left on purpose; ask nothing more."""
        self._check_timer.stop()
        self.same.stop()
        self.keeper.keep_now(self.state.form)

    def _on_read(self, answer: object) -> None:
        earlier = cast("Earlier", answer)
        self.update(addresses=earlier.addresses)
        if not self.state.form.is_empty:
            return  # somebody was faster than the disk
        self.aside.forms = earlier.aside
        if earlier.current is None:
            self.show_form(new_form(earlier.shared))
        else:
            self.show_form(earlier.current.form)
            self.update(notice=restored_notice(earlier.current))

    # --- typing

    def edit(self, name: str, typed: str) -> None:
        """Somebody typed or chose `typed` in the field `name`."""
        if not self.state.is_busy:
            self.change(with_value(self.state.form, name, typed))

    def leave(self, name: str) -> None:
        """The cursor left a field: what the rules say of it may now be said."""
        if name not in self.state.form.left:
            self.update(form=replace(self.state.form, left=self.state.form.left | {name}))
            self._check_timer.start()

    def add_heir(self) -> None:
        form = with_heir_row(self.state.form)
        self.change(form)
        self.send_cursor(f"heir.{len(form.heirs) - 1}")

    def set_photo(self, jpeg: bytes | None) -> None:
        self.change(replace(self.state.form, photo=jpeg))

    def take_photo(self, form_id: str, jpeg: bytes) -> None:
        """A picture was read for this form; if another is open by now, it is not taken."""
        if self.state.form.form_id == form_id:
            self.set_photo(jpeg)

    def choose_panel(self, panel: Panel) -> None:
        """Open or fold the group's values (F6) or the village search (F7)."""
        self.update(panel="" if panel == self.state.panel else panel)

    def choose_village(self, code: str) -> None:
        self.edit("village_code", code)
        self.update(panel="")
        self.send_cursor("nik")

    def check(self) -> None:
        """Let the rules speak about what stands in the form; they know the day from the disk."""
        self._check_timer.stop()
        form = self.state.form
        if form.is_empty:
            self._checking.forget()
            self.update(checks=Checks())
            return
        self._checking.ask(
            lambda: self._laptop.check(draft_of(form)).findings,
            lambda findings: self._on_checked(form.form_id, findings),
            self.saving.say_failed,
        )

    def _on_checked(self, form_id: str, findings: tuple[Finding, ...]) -> None:
        if self.state.form.form_id == form_id and not self.state.is_busy:
            checks = checks_of(self.state.form, findings)
            if checks != self.state.checks:
                self.update(checks=checks)

    def change(self, form: Form) -> None:
        """Take another state of the form: keep it, check it, look for who it may be."""
        notice = self.state.notice if form.is_empty else None
        self.update(form=form, notice=notice)
        self.keeper.keep(form)
        self._check_timer.start()
        if not self.state.is_correcting:
            self.same.look(form)

    def answer_notice(self, action: str) -> None:
        """The button of the banner was pressed."""
        self.update(notice=None)
        if action == "bring_back":
            self.saving.bring_back()
        else:
            self.send_cursor("first_empty")

    # --- jumping

    def jump(self, key: int) -> None:
        """Send the cursor to what check number `key` is about."""
        for line in (line for line in self.state.checks.lines if line.key == key):
            self.send_cursor(line.place)

    def send_cursor(self, place: str) -> None:
        if place in ("village", "group"):
            self.update(panel=place)
        self.update(focus=FocusWish(place, self.state.focus.serial + 1))

    # --- state

    def show_form(self, form: Form) -> None:
        """Put another form before the enumerator, the cursor at its start."""
        self.update(
            form=form,
            checks=Checks(),
            same=(),
            notice=None,
            panel="",
            focus=FocusWish("nik", self.state.focus.serial + 1),
        )
        self.check()
        if not self.state.is_correcting:
            self.same.look(form)

    def update(self, **changes: Any) -> None:
        """Change parts of the state, derive the rest, and show it."""
        state = replace(self.state, **changes)
        form = state.form
        self.state = replace(
            state,
            village=kind_and_place_words(form.value("village_code"), self._laptop.places),
            group=group_words(form),
            filled=filled_count(form),
            nik_whole=is_nik_whole(form, state.checks),
            nik_sure=is_nik_sure(form, state.checks),
            aside=aside_rows(self.aside.forms),
        )
        if self._view is not None:
            self._view.render_state(self.state)

    def _on_draft_written(self) -> None:
        if not self.state.drafts_work:
            self.update(drafts_work=True, notice=None)

    def _on_draft_failed(self, error: Exception) -> None:
        self.update(drafts_work=False)
        self.saving.say_failed(error)

    def _on_queue(self, day: DayQueue) -> None:
        self.update(done=day.rows, done_count=day.count, waiting_print=day.waiting_print)
