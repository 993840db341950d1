"""The registration page's mind: what was done becomes a new state, and the state is shown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.aside import Aside
from enumerator_app.ui.registration.attending import Attending
from enumerator_app.ui.registration.brought.hints import BroughtHints
from enumerator_app.ui.registration.checks import (
    Checks,
)
from enumerator_app.ui.registration.deriving import derived
from enumerator_app.ui.registration.earlier import Earlier, read_earlier, restored_notice
from enumerator_app.ui.registration.form import (
    Form,
    new_form,
    with_heir_row,
    with_value,
)
from enumerator_app.ui.registration.form_rules import FormRules
from enumerator_app.ui.registration.from_paper import MODE, ON, PAPER_NUMBER, is_from_paper
from enumerator_app.ui.registration.heir_words import (
    with_other_scholarship,
    with_scholarship,
)
from enumerator_app.ui.registration.keeping import DraftKeeper
from enumerator_app.ui.registration.queue import DayQueue, QueueReader
from enumerator_app.ui.registration.same import SamePeople
from enumerator_app.ui.registration.saving import Saving
from enumerator_app.ui.registration.spoken import spoken, with_confirmed
from enumerator_app.ui.registration.state import (
    FocusWish,
    Panel,
    RegistrationState,
)
from enumerator_app.ui.registration.tips import help_notice
from enumerator_app.ui.registration.visiting import Visiting
from enumerator_app.ui.registration.whereabouts import Whereabouts


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
        self._laptop, self._clock = laptop, clock
        self._view: Renders | None = None
        self.state = RegistrationState(form=new_form())
        self.rules = FormRules(laptop, self, parent=self)
        self.queue = QueueReader(laptop, clock, self._on_queue, self)
        self.keeper = DraftKeeper(laptop, self)
        self.aside = Aside(self)
        self.whereabouts = Whereabouts(self)
        self.saving = Saving(laptop, self, parent=self)
        self.same = SamePeople(laptop, self, self.saving, parent=self)
        self.visiting = Visiting(laptop, self, parent=self)
        self.attending = Attending(laptop, self.visiting)
        self.same.note_attendance = self.attending.note
        self.brought = BroughtHints(laptop, self, self.same, parent=self)
        self.keeper.written.connect(self._on_draft_written)
        self.keeper.failed.connect(self._on_draft_failed)

    # --- the page opens and closes

    def attach(self, view: Renders | None) -> None:
        """Show the state in this view from now on; the old one is gone or going."""
        self._view = view
        self.update()

    def start(self) -> None:
        """Read what an earlier session left, and show the form."""
        start_job(self, lambda: read_earlier(self._laptop), self._on_read, self.saving.say_failed)
        self.queue.refresh()
        self.visiting.refresh()

    def stop(self) -> None:
        """Write what stands in the form, marked as left on purpose; ask nothing more."""
        self.rules.stop()
        self.same.stop()
        self.brought.stop()
        self.keeper.keep_now(self.state.form)

    def _on_read(self, answer: object) -> None:
        earlier = cast("Earlier", answer)
        self.update(last=earlier.last)
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
            form = with_value(self.state.form, name, typed)
            self.change(with_scholarship(form, name, self._today()))

    def leave(self, name: str) -> None:
        """The cursor left a field: what the rules say of it may now be said."""
        if name not in self.state.form.left:
            self.update(form=replace(self.state.form, left=self.state.form.left | {name}))
            self.rules.speak_soon()

    def confirm_spoken(self) -> None:
        """KTP and person have said what the NIK says of birth and sex (Y)."""
        form = self.state.form
        said = spoken(form, self._today())
        if said is not None and not self.state.is_busy:
            self.change(with_confirmed(form, said))

    def add_heir(self) -> None:
        form = with_heir_row(self.state.form)
        self.change(form)
        self.send_cursor(f"heir.{len(form.heirs) - 1}")

    def turn_paper(self) -> None:
        """Type from paper from now on, or no longer (Ctrl+T)."""
        is_on = is_from_paper(self.state.form.values)
        self.edit(MODE, "" if is_on else ON)
        self.send_cursor("nik" if is_on else PAPER_NUMBER)

    def turn_scholarship(self, number: int) -> None:
        """Say the other thing about one child's scholarship (B in the age)."""
        self.change(with_other_scholarship(self.state.form, number))

    def set_photo(self, jpeg: bytes | None) -> None:
        self.change(replace(self.state.form, photo=jpeg))

    def take_photo(self, form_id: str, jpeg: bytes) -> None:
        """A picture was read for this form; if another is open by now, it is not taken."""
        if self.state.form.form_id == form_id:
            self.set_photo(jpeg)

    def choose_panel(self, panel: Panel) -> None:
        """Open or fold the group's values (F6), the village search (F7) or its list (Ctrl+D)."""
        was = self.state.panel
        self.update(panel="" if panel == was else panel)
        if was == "group":
            self.visiting.keep_group()
        elif was == panel == "listed":
            self.send_cursor("nik")

    def choose_village(self, code: str) -> None:
        self.edit("village_code", code)
        self.update(panel="")
        self.send_cursor("nik")

    def change(self, form: Form) -> None:
        """Take another state of the form: keep it, check it, look for who it may be."""
        notice = self.state.notice if form.is_empty else None
        self.update(form=form, notice=notice)
        self.keeper.keep(form)
        self.rules.speak_soon()
        if not self.state.is_correcting:
            self.same.look(form)
            self.brought.look(form)

    def help(self) -> None:
        """Explain the field that the cursor is in, then the keys (Shift+F1)."""
        self.update(notice=help_notice(self.state.form.place or "nik", self.state.notice))

    def answer_notice(self, action: str) -> None:
        """The button of the banner was pressed."""
        self.update(notice=None)
        if action == "bring_back":
            self.attending.take_back()
            self.saving.bring_back()
        else:
            self.send_cursor("first_empty")

    # --- jumping

    def jump(self, key: int) -> None:
        """Send the cursor to what check number `key` is about."""
        for line in (line for line in self.state.checks.lines if line.key == key):
            self.send_cursor(line.place)

    def send_cursor(self, place: str, cursor: int = -1) -> None:
        if place in ("village", "group"):
            self.update(panel=place)
        self.update(focus=FocusWish(place, self.state.focus.serial + 1, cursor))

    # --- state

    def show_form(self, form: Form) -> None:
        """Put another form before the enumerator, the cursor where it was in it."""
        form = self.visiting.dressed(form)
        self.whereabouts.begin(form.place or "form.nik")
        self.update(
            form=form,
            checks=Checks(),
            same=(),
            notice=None,
            panel="",
            focus=FocusWish(_start(form), self.state.focus.serial + 1, form.cursor),
        )
        self.note(replace(self.state.form, left=form.left))  # the cursor left a field of another
        self.rules.speak()
        if not self.state.is_correcting:
            self.same.look(form)
            self.brought.look(form)

    def note(self, form: Form) -> None:
        """Keep what nobody sees of the open form; nothing is drawn anew."""
        self.state = replace(self.state, form=form)
        if not form.is_empty:
            self.keeper.keep(form)

    def update(self, **changes: Any) -> None:
        """Change parts of the state, derive the rest, and show it."""
        self.state = replace(self.state, **changes)
        changed = replace(self.state, visit=self.visiting.line)
        self.state = derived(changed, self._laptop.places, self.aside.forms, self._today())
        if is_there(self._view):
            self._view.render_state(self.state)

    def _today(self) -> date:
        return day_in_wib(self._clock())

    def _on_draft_written(self) -> None:
        if not self.state.drafts_work:
            self.update(drafts_work=True, notice=None)

    def _on_draft_failed(self, error: Exception) -> None:
        self.update(drafts_work=False)
        self.saving.say_failed(error)

    def _on_queue(self, day: DayQueue) -> None:
        self.update(done=day.rows, done_count=day.count, waiting_print=day.waiting_print)


def _start(form: Form) -> str:
    """Return where the cursor goes in a form that is shown: where it was, or to its first field."""
    return form.place or (PAPER_NUMBER if is_from_paper(form.values) else "nik")
