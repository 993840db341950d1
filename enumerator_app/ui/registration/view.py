"""The registration page: shows a state, and reports what the enumerator did."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from enumerator_app.domain.places import Places
from enumerator_app.ui.kit import (
    STRETCH,
    Breadth,
    Field,
    Hairline,
    Role,
    ScrollPane,
    Text,
    bind_key,
    column,
    current_theme,
    row,
)
from enumerator_app.ui.kit.focus_memory import FocusMemory
from enumerator_app.ui.registration.agreeing import Agreeing
from enumerator_app.ui.registration.brought.panel import ListedPanel
from enumerator_app.ui.registration.camera import Camera
from enumerator_app.ui.registration.checks_drawer import ChecksDrawer
from enumerator_app.ui.registration.checks_pane import ChecksPane
from enumerator_app.ui.registration.cursor_watch import CursorWatch
from enumerator_app.ui.registration.form_pane import FormPane
from enumerator_app.ui.registration.group_panel import GroupPanel
from enumerator_app.ui.registration.key_hold import KeyHold
from enumerator_app.ui.registration.offering import FirstLetters
from enumerator_app.ui.registration.paper_panel import PaperPanel
from enumerator_app.ui.registration.photo_box import PhotoBox
from enumerator_app.ui.registration.queue_pane import QueuePane
from enumerator_app.ui.registration.reading_line import ReadingLine
from enumerator_app.ui.registration.state import FocusWish, RegistrationState
from enumerator_app.ui.registration.tips import tip_words
from enumerator_app.ui.registration.view_parts import (
    Consent,
    HeadLine,
    NoticePlace,
    SaveBar,
    SavedLine,
)
from enumerator_app.ui.registration.village_panel import VillagePanel

if TYPE_CHECKING:
    from enumerator_app.ui.kit.boxes import Item

FORM_MOST_PX: Final = 800  # a stretched form slows the eye
_BY_KEY: Final = Qt.FocusReason.TabFocusReason


class RegistrationView(QWidget):
    """The form, its queue and its checks."""

    edited = Signal(str, str)
    left = Signal(str)
    heir_asked = Signal()
    scholarship_turned = Signal(int)
    confirmed = Signal()  # birth and sex, aloud
    moved = Signal(str, int)  # the cursor: control and place in its text
    save_asked = Signal()
    skip_asked = Signal()
    ticket_answered = Signal(str)
    ticket_called = Signal(int)
    group_switched = Signal()
    leave_asked = Signal()  # a correction is left unsaved
    panel_asked = Signal(str)
    paper_asked = Signal()  # typing from paper begins or ends
    village_chosen = Signal(str)
    jumped = Signal(int)
    same_answered = Signal(str, str)  # key of the card, Answer
    notice_answered = Signal(str)
    reading_asked = Signal()  # of a card that is held up

    def __init__(self, places: Places, camera: Camera) -> None:
        super().__init__()
        self._state: RegistrationState | None = None
        self._wish: FocusWish | None = None
        self._last_place = "nik"
        self._cursor = CursorWatch(self)
        self._has_camera = camera.is_there
        self._hold = KeyHold(self)
        self.photo = PhotoBox(camera)
        self.form = FormPane(self.photo)
        self.group = GroupPanel()
        self.village, self.listed = VillagePanel(places), ListedPanel()
        self.paper, self.reading = PaperPanel(), ReadingLine()
        self.queue = QueuePane()
        self.checks = ChecksDrawer() if current_theme().has_drawer else ChecksPane()
        self.consent = Consent()
        self._agreeing = Agreeing(self.consent)
        self.head, self.notice = HeadLine(), NoticePlace()
        self.bar, self.saved_line = SaveBar(self.consent), SavedLine()
        self.save = self.bar.save
        self._said = Text("", Role.BODY, wrap=True)
        self._lay_out()
        self._connect()
        place = self.form.fields["birth_place"]
        assert isinstance(place, Field)
        self._birth_places = FirstLetters(place)

    def _lay_out(self) -> None:
        theme = current_theme()
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(ScrollPane(self._made_middle()), 1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(middle, 1)
        if theme.has_drawer:
            right.addWidget(self.checks)
        else:
            middle.addWidget(self.checks)
        right.addWidget(self.saved_line)
        right.addWidget(self.bar)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.queue.setParent(self)
        self.queue.setVisible(theme.has_rail)
        if theme.has_rail:
            across.addWidget(self.queue)
        across.addLayout(right, 1)

    def _made_middle(self) -> QWidget:
        theme = current_theme()
        space, compact = theme.space, theme.compact
        parts: list[Item] = [
            self.head,
            space(4 if compact else 8),
            self.notice,
            self.reading,
            self.village,
            self.listed,
            self.paper,
            self.group,
            space(10 if compact else 14),
            self.form,
        ]
        if not compact:
            agree = row((self._said, 1), self.consent, gap=space(16))
            parts += [space(14), Hairline(), space(8), agree]  # with heirs' order it fits 768 px
        side = space(24 if compact or theme.breadth is Breadth.NARROW else 32)
        top = space(16 if compact else 8)
        middle = column(*parts, STRETCH, margins=(side, top, side, space(8)))
        middle.setMaximumWidth(theme.px(FORM_MOST_PX) + 2 * side)
        self.consent.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return row((middle, 1), STRETCH) if theme.breadth is Breadth.WIDE else row(middle)

    def _connect(self) -> None:
        self.head.village_asked.connect(partial(self.panel_asked.emit, "village"))
        self.notice.answered.connect(self.notice_answered)
        self.form.edited.connect(self.edited)
        self.form.left.connect(self.left)
        self.form.heir_asked.connect(self.heir_asked)
        self.form.scholarship_turned.connect(self.scholarship_turned)
        self.form.confirmed.connect(self.confirmed)
        self._cursor.moved.connect(self.moved)
        self.form.finished.connect(partial(self.consent.setFocus, _BY_KEY))
        self.form.entered_place.connect(self._on_entered_place)
        self.group.edited.connect(self.edited)
        self.group.asked.connect(partial(self.panel_asked.emit, "group"))
        self.group.switched.connect(self.group_switched)
        self.queue.ticket_called.connect(self.ticket_called)
        self.queue.ticket_answered.connect(self.ticket_answered)
        self.village.chosen.connect(self.village_chosen)
        self.village.closed.connect(partial(self.panel_asked.emit, "village"))
        self.checks.jumped.connect(self.jumped)
        self.checks.same_answered.connect(self.same_answered)
        self.photo.reason_chosen.connect(partial(self.edited.emit, "no_photo_reason"))
        self.paper.edited.connect(self.edited)
        self.paper.left.connect(self.left)
        self.paper.finished.connect(partial(self.form.focus_place, "nik"))
        self.paper.ended.connect(self.paper_asked)
        bind_key("Ctrl+T", self, self.paper_asked.emit)
        bind_key("Ctrl+I", self, self.reading_asked.emit)
        self._agreeing.edited.connect(self.edited)
        self._agreeing.witness_wanted.connect(partial(self.form.focus_place, "consent_witness"))
        self.consent.entered_place.connect(self._on_entered_place)
        self.consent.enter_pressed.connect(self.save_asked)
        self.bar.save_asked.connect(self.save_asked)
        self.bar.skip_asked.connect(self.skip_asked)
        self.bar.leave_asked.connect(self.leave_asked)
        _bind_digits(self, self.jumped.emit)
        bind_key("Alt+F", self, self.photo.ask)
        bind_key("Alt+-", self, self.photo.choose_reason)
        bind_key("Alt+N", self, partial(self.ticket_answered.emit, "no_show"))
        bind_key("Alt+K", self, partial(self.ticket_answered.emit, "later"))

    def _on_entered_place(self, place: str) -> None:
        self._last_place = place
        self._show_tip()

    def _show_tip(self) -> None:
        if self._state is not None:
            words = tip_words(self._last_place, self._state, has_camera=self._has_camera)
            self.checks.show_tip(words)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Go on where the cursor was: the page was opened again."""
        super().focusInEvent(event)
        form = self._state.form if self._state is not None else None
        if form is not None and form.is_empty:
            self.form.focus_place("nik")
        elif self._cursor.last.name:
            self._cursor.last.restore(self)
        elif form is not None and form.place:  # this view was built around the form
            FocusMemory(form.place, form.cursor).restore(self)
        elif not self.form.focus_place(self._last_place):
            self.consent.setFocus(_BY_KEY)

    def render_state(self, state: RegistrationState) -> None:
        """Show the state, whole."""
        was_busy = self._state is not None and self._state.is_busy
        self._state = state
        if state.is_busy:
            self._hold.hold()
        self.head.show_head(state)
        self.notice.show_notice(state.shown_notice)
        self.group.show_group(state)
        self.village.show_panel(is_open=state.panel == "village")
        self.paper.show_panel(state)
        self.listed.show_panel(state.listed_page, is_open=state.panel == "listed")
        self.form.show_form(state)
        self._said.setText(self._agreeing.show(state.form))
        self._birth_places.offer(state.last.birth_places)
        self.queue.show_queue(state)
        if not current_theme().has_rail:
            self.saved_line.show_card(state.saved)
        self.checks.show_checks(state)
        self.bar.show_bar(state)
        self._show_tip()
        self._follow(state.focus)
        if was_busy and not state.is_busy:
            self._hold.release(give=state.form.is_empty)

    def _follow(self, wish: FocusWish) -> None:
        before, self._wish = self._wish, wish
        if before is None or wish == before:
            return
        if wish.place == "consent":
            self.consent.setFocus(_BY_KEY)
        elif wish.place == "first_empty":
            self.form.focus_place(self.form.first_empty())
        elif wish.place.startswith("form."):
            self._cursor.last = FocusMemory(wish.place, wish.cursor)
            self._cursor.last.restore(self)
        elif wish.place in self.paper.fields:
            self.paper.fields[wish.place].setFocus(_BY_KEY)
        elif wish.place not in ("village", "group", "listed"):
            self.form.focus_place(wish.place)


def _bind_digits(owner: QWidget, jump: Callable[[int], object]) -> None:
    """Let Alt and a digit jump to the check of that number."""
    for digit in range(1, 10):
        bind_key(f"Alt+{digit}", owner, partial(jump, digit))
