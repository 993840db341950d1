"""The registration page: shows a state, and reports what the enumerator did."""

from typing import Final

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.domain.places import Places
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    BottomBar,
    Breadth,
    Button,
    ButtonKind,
    ButtonSize,
    Field,
    Hairline,
    Mark,
    MarkKind,
    Option,
    Role,
    ScrollPane,
    Segments,
    Text,
    Tone,
    announce,
    bind_key,
    column,
    current_theme,
    row,
)
from enumerator_app.ui.registration.camera import Camera
from enumerator_app.ui.registration.checks_drawer import ChecksDrawer
from enumerator_app.ui.registration.checks_pane import ChecksPane
from enumerator_app.ui.registration.form import AGREED, COUNTED
from enumerator_app.ui.registration.form_pane import FormPane
from enumerator_app.ui.registration.group_panel import GroupPanel
from enumerator_app.ui.registration.key_hold import KeyHold
from enumerator_app.ui.registration.photo_box import PhotoBox
from enumerator_app.ui.registration.queue import called
from enumerator_app.ui.registration.queue_pane import QueuePane
from enumerator_app.ui.registration.state import FocusWish, Notice, RegistrationState
from enumerator_app.ui.registration.village_panel import VillagePanel

FORM_MOST_PX: Final = 800  # a stretched form slows the eye
_BY_KEY: Final = Qt.FocusReason.TabFocusReason


class RegistrationView(QWidget):
    """The form, its queue and its checks."""

    edited = Signal(str, str)
    left = Signal(str)
    heir_asked = Signal()
    save_asked = Signal()
    skip_asked = Signal()
    leave_asked = Signal()  # a correction is left unsaved
    panel_asked = Signal(str)
    village_chosen = Signal(str)
    jumped = Signal(int)
    other_person = Signal(object)
    same_person = Signal(object)
    notice_answered = Signal(str)

    def __init__(self, places: Places, camera: Camera) -> None:
        super().__init__()
        self._state: RegistrationState | None = None
        self._wish: FocusWish | None = None
        self._last_place = "nik"
        self._notice: Notice | None = None
        self._hold = KeyHold(self)
        self.photo = PhotoBox(camera)
        self.form = FormPane(self.photo)
        self.group = GroupPanel()
        self.village = VillagePanel(places)
        self.queue = QueuePane()
        self.checks = ChecksDrawer() if current_theme().has_drawer else ChecksPane()
        self.consent = Segments([Option(AGREED, *text("form.agree").split("|"))])
        self.consent.setObjectName("form.consent")
        self._make_texts()
        self._make_buttons()
        self._lay_out()
        self._connect()

    def _make_texts(self) -> None:
        self._title = Text("", Role.TITLE, wrap=True)
        self._village = Text("", Role.BODY)
        self._said = Text("", Role.BODY, wrap=True)
        self._filled = Text("", Role.BODY, Tone.SOFT)
        self._filled_mark = Mark(MarkKind.OK)
        self._banner_place = QVBoxLayout()
        self.consent.setAccessibleName(text("form.agree_name"))

    def _make_buttons(self) -> None:
        self._change_village = Button(
            text("form.change"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            key="F7",
            on_click=lambda: self.panel_asked.emit("village"),
        )
        self.skip = Button(
            text("form.skip"), kind=ButtonKind.QUIET, key="F8", on_click=self.skip_asked.emit
        )
        self.leave = Button(
            text("form.leave"), kind=ButtonKind.QUIET, key="F8", on_click=self.leave_asked.emit
        )
        self.save = Button(
            text("form.save"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+Return",
            on_click=self.save_asked.emit,
        )

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
        right.addWidget(self._made_bottom())
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        if theme.has_rail:
            across.addWidget(self.queue)
        else:
            self.queue.setParent(self)
            self.queue.hide()
        across.addLayout(right, 1)

    def _made_middle(self) -> QWidget:
        theme = current_theme()
        space, compact = theme.space, theme.compact
        gaps = (space(8), space(10), theme.row_gap) if compact else (space(12), space(20), space(20))
        head = row(
            (self._title, 1), self._village, self._change_village, gap=space(4 if compact else 8)
        )
        banner = QWidget()
        banner.setLayout(self._banner_place)
        self._banner_place.setContentsMargins(0, 0, 0, 0)
        self._banner = banner
        banner.hide()
        parts = [head, gaps[0] - 4, banner, self.village, self.group, gaps[1], self.form]
        if not compact:
            agree = row((self._said, 1), self.consent, gap=space(16))
            parts += [gaps[2], Hairline(), space(12), agree]
        side = space(24 if compact or theme.breadth is Breadth.NARROW else 32)
        middle = column(*parts, STRETCH, margins=(side, space(16), side, space(8)))
        middle.setMaximumWidth(theme.px(FORM_MOST_PX) + 2 * side)
        self.consent.setSizePolicy(self.save.sizePolicy())
        return row(middle) if theme.breadth is not Breadth.WIDE else row((middle, 1), STRETCH)

    def _made_bottom(self) -> QWidget:
        consent = [self.consent] if current_theme().compact else []
        tail = [] if not current_theme().has_rail else [self.skip, self.leave]
        return BottomBar(self._filled_mark, self._filled, STRETCH, *consent, *tail, self.save)

    def _connect(self) -> None:
        self.form.edited.connect(self.edited)
        self.form.left.connect(self.left)
        self.form.heir_asked.connect(self.heir_asked)
        self.form.finished.connect(lambda: self.consent.setFocus(_BY_KEY))
        self.group.edited.connect(self.edited)
        self.group.asked.connect(lambda: self.panel_asked.emit("group"))
        self.village.chosen.connect(self.village_chosen)
        self.village.closed.connect(lambda: self.panel_asked.emit("village"))
        self.checks.jumped.connect(self.jumped)
        self.checks.other_person.connect(self.other_person)
        self.checks.same_person.connect(self.same_person)
        self.photo.reason_chosen.connect(lambda why: self.edited.emit("no_photo_reason", why))
        self.consent.chosen.connect(self._on_consent)
        self.consent.enter_pressed.connect(self.save_asked)
        self.form.entered_place.connect(self._on_entered_place)
        for digit in range(1, 10):
            bind_key(f"Alt+{digit}", self, lambda number=digit: self.jumped.emit(number))
        bind_key("Alt+F", self, self.photo.ask)
        self._make_completer()

    def _make_completer(self) -> None:
        self._addresses = QStringListModel(self)
        address = self.form.fields["address"]
        assert isinstance(address, Field)
        completer = QCompleter(self._addresses, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        address.line.setCompleter(completer)
        completer.activated.connect(lambda chosen: self.edited.emit("address", chosen))

    def _on_consent(self, _value: str) -> None:
        agreed = self._state is not None and self._state.form.value("consent") == AGREED
        self.edited.emit("consent", "" if agreed else AGREED)

    def render_state(self, state: RegistrationState) -> None:
        """Show the state, whole."""
        was_busy = self._state is not None and self._state.is_busy
        self._state = state
        if state.is_busy:
            self._hold.hold()
        self._show_head(state)
        self._show_notice(state.notice)
        self.group.show_group(state)
        self._show_village_panel(state)
        self.form.show_form(state)
        self.consent.set_value(state.form.value("consent") or None)
        if self._addresses.stringList() != list(state.addresses):
            self._addresses.setStringList(list(state.addresses))
        self.queue.show_queue(state)
        self.checks.show_checks(state)
        self._show_bottom(state)
        self._follow(state.focus)
        if was_busy and not state.is_busy:
            self._hold.release(give=state.saved is not None)

    def _show_head(self, state: RegistrationState) -> None:
        name = called(state.form.value("name"))
        if state.is_correcting:
            name = text("form.correcting", name=name)
        self._title.setText(name or text("form.new_person"))
        self._village.setText(state.village or text("form.village.missing"))
        method = state.form.value("consent_method") or "none"
        self._said.setText(text(f"form.said.{method}"))

    def _show_bottom(self, state: RegistrationState) -> None:
        compact = current_theme().compact or current_theme().has_drawer
        words = text("form.filled", n=state.filled, total=len(COUNTED))
        is_kept = state.filled > 0 and state.drafts_work
        if is_kept and not compact:
            words = f"{words}. {text('form.kept')}"
        self._filled.setText(words)
        self._filled_mark.setVisible(is_kept)
        self.save.setEnabled(state.can_save or state.is_busy)
        self.save.set_busy(text("form.saving") if state.is_busy else "")
        short = current_theme().has_drawer
        key = "form.save_correction" if state.is_correcting else "form.save"
        self.save.set_words(text(f"{key}_short" if short else key))
        self.skip.setVisible(not state.is_correcting)
        self.leave.setVisible(state.is_correcting)

    def _show_village_panel(self, state: RegistrationState) -> None:
        wanted = state.panel == "village"
        was_hidden = self.village.isHidden()
        self.village.setVisible(wanted)
        if wanted and was_hidden:
            self.village.open_fresh()

    def _show_notice(self, notice: Notice | None) -> None:
        if notice == self._notice:
            return
        self._notice = notice
        while (item := self._banner_place.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._banner.setVisible(notice is not None)
        if notice is not None:
            button = self._notice_button(notice) if notice.action else None
            banner = Banner(notice.tone, notice.sentence, notice.detail, button=button)
            self._banner_place.addWidget(banner)
            self._banner_place.addSpacing(current_theme().space(8))
            announce(self, f"{notice.sentence} {notice.detail}")

    def _notice_button(self, notice: Notice) -> Button:
        return Button(
            text(f"form.notice.{notice.action}"),
            size=ButtonSize.ROW,
            on_click=lambda: self.notice_answered.emit(notice.action),
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Go on where the cursor was: the page was opened again."""
        super().focusInEvent(event)
        if self._state is not None and self._state.form.is_empty:
            self.form.focus_place("nik")
        elif not self.form.focus_place(self._last_place):
            self.consent.setFocus(_BY_KEY)

    def _on_entered_place(self, place: str) -> None:
        self._last_place = place
        self.checks.show_tip(place)

    def _follow(self, wish: FocusWish) -> None:
        before, self._wish = self._wish, wish
        if before is None or wish == before:
            return
        if wish.place == "consent":
            self.consent.setFocus(_BY_KEY)
        elif wish.place == "first_empty":
            self.form.focus_place(self.form.first_empty())
        elif wish.place not in ("village", "group"):
            self.form.focus_place(wish.place)
