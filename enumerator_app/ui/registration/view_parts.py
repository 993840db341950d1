"""Parts of the registration page: the heading, the banner's place, the bar with the save."""

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from enumerator_app.domain.instants import instant_from_text, shown_time
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    BottomBar,
    Button,
    ButtonKind,
    ButtonSize,
    Mark,
    MarkKind,
    Option,
    Pane,
    Role,
    Segments,
    Text,
    Tone,
    announce,
    column,
    current_theme,
    empty_layout,
)
from enumerator_app.ui.kit.saved_block import UNDO_SECONDS
from enumerator_app.ui.registration.form import AGREED, COUNTED
from enumerator_app.ui.registration.queue import called
from enumerator_app.ui.registration.state import Notice, RegistrationState, SavedCard

_OWN_METHODS: Final = ("signature", "thumbprint", "verbal")


class HeadLine(Pane):
    """Who this is, and in which village."""

    village_asked = Signal()

    def __init__(self) -> None:
        theme = current_theme()
        super().__init__(direction="across", gap=theme.space(4 if theme.compact else 8))
        self._title = Text("", Role.TITLE, wrap=True)
        self._next = Text("", Role.CAPTION, Tone.SOFT)  # where there is no column for it
        self._village = Text("", Role.BODY)
        change = Button(
            text("form.change"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            key="F7",
            on_click=self.village_asked.emit,
        )
        change.setAccessibleName(text("form.village.change"))
        self.add((column(self._title, self._next), 1), self._village, change)

    def show_head(self, state: RegistrationState) -> None:
        name = called(state.form.value("name"))
        if state.is_correcting:
            name = text("form.correcting", name=name)
        ticket = state.visit.ticket if state.visit and not state.is_correcting else ""
        upcoming = state.visit.upcoming if state.visit and not current_theme().has_rail else ()
        self._next.setText(text("form.queue.next_are", tickets=", ".join(upcoming)))
        self._next.setVisible(bool(upcoming))
        self._title.setText(f"{ticket}  {name or text('form.new_person')}".strip())
        self._village.setText(state.village or text("form.village.missing"))


class NoticePlace(QWidget):
    """Where the banner stands; no room is taken while there is none."""

    answered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._notice: Notice | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        if notice == self._notice:
            return
        self._notice = notice
        empty_layout(self._box)
        self.setVisible(notice is not None)
        if notice is not None:
            button = self._made_button(notice.action) if notice.action else None
            self._box.addWidget(Banner(notice.tone, notice.sentence, notice.detail, button=button))
            self._box.addSpacing(current_theme().space(8))
            announce(self, f"{notice.sentence} {notice.detail}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Its words have found their lines: only now is it known how long it is."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._come_into_sight)

    def _come_into_sight(self) -> None:
        """Large text scrolls: what was asked for must not lie above the edge."""
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        page = parent.widget() if parent is not None else None
        if parent is None or page is None or self.isHidden():
            return
        if self.height() < parent.viewport().height():
            parent.ensureWidgetVisible(self, 0, 0)
        else:  # longer than the window: it is read from its beginning
            parent.verticalScrollBar().setValue(self.mapTo(page, QPoint(0, 0)).y())

    def _made_button(self, action: str) -> Button:
        return Button(
            text(f"form.notice.{action}"),
            size=ButtonSize.ROW,
            on_click=partial(self.answered.emit, action),
        )


class SaveBar(BottomBar):
    """How much is filled, the consent where the form has no room for it, and the save."""

    save_asked = Signal()
    skip_asked = Signal()
    leave_asked = Signal()

    def __init__(self, consent: Segments) -> None:
        theme = current_theme()
        self._mark = Mark(MarkKind.OK)
        self._words = Text("", Role.BODY, Tone.SOFT)
        self.skip = Button(text("form.skip"), kind=ButtonKind.QUIET, key="F8")
        self.leave = Button(text("form.leave"), kind=ButtonKind.QUIET, key="F8")
        self.save = Button(text("form.save"), kind=ButtonKind.PRIMARY, key="Ctrl+Return")
        self.save.setObjectName("form.save")
        beside = [consent] if theme.compact else []
        super().__init__(
            self._mark, self._words, STRETCH, *beside, self.skip, self.leave, self.save
        )
        self.skip.clicked.connect(self.skip_asked)
        self.leave.clicked.connect(self.leave_asked)
        self.save.clicked.connect(self.save_asked)

    def show_bar(self, state: RegistrationState) -> None:
        theme = current_theme()
        words = text("form.filled", n=state.filled, total=len(COUNTED))
        is_kept = state.filled > 0 and state.drafts_work
        if is_kept and not theme.compact and not theme.has_drawer:
            words = f"{words}. {text('form.kept')}"
        self._words.setText(words)
        self._mark.setVisible(is_kept)
        self.save.setEnabled(state.can_save or state.is_busy)
        self.save.set_busy(text("form.saving") if state.is_busy else "")
        key = "form.save_correction" if state.is_correcting else "form.save"
        wanted = text(f"{key}_short" if theme.has_drawer else key)
        if self.save.words() != wanted:
            self.save.set_words(wanted)
        self.skip.setVisible(not state.is_correcting)
        self.leave.setVisible(state.is_correcting)


class SavedLine(QWidget):
    """The number just given as one line, where large text leaves no room for the column."""

    undone = Signal()
    folded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._card: SavedCard | None = None
        theme = current_theme()
        undo = Button(text("kit.saved_undo"), key="Alt+Z", on_click=self._undo)
        self._banner = Banner("look", "", "", button=undo)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.space(24), theme.space(8), theme.space(24), theme.space(8))
        box.addWidget(self._banner)
        self._timer = QTimer(self, singleShot=True, interval=UNDO_SECONDS * 1000)
        self._timer.timeout.connect(self.folded)
        self.hide()

    def show_card(self, card: SavedCard | None) -> None:
        if card == self._card:
            return
        self._card = card
        self.setVisible(card is not None)
        self._timer.stop()
        if card is not None:
            sentence = text("form.number", number=card.number, name=card.name)
            saved = f"{text('kit.saved_here')} {text('kit.saved_not_sent')}"
            self._banner.set_words("look", sentence, saved)
            announce(self, f"{sentence} {saved}")
            self._timer.start()

    def _undo(self) -> None:
        self._timer.stop()
        self.undone.emit()


class Consent(Segments):
    """The one answer "Setuju" with its letter Y; other letters: this person agrees another way."""

    method_chosen = Signal(str)
    entered_place = Signal(str)  # the cursor came here

    def __init__(self) -> None:
        words, letter = text("form.agree").split("|")
        super().__init__([Option(AGREED, words, letter)], name=text("form.agree_name"))
        self._methods = {
            text(f"form.option.consent_method.{method}").split("|")[1]: method
            for method in _OWN_METHODS
        }
        self.setObjectName("form.consent")
        self.setAccessibleDescription(text("form.tip.consent"))

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._method_of(event):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered_place.emit("consent")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if method := self._method_of(event):
            self.method_chosen.emit(method)
        else:
            super().keyPressEvent(event)

    def _method_of(self, event: QKeyEvent) -> str:
        is_command = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        return "" if is_command else self._methods.get(event.text().upper(), "")


def said_words(state: RegistrationState) -> str:
    """Return what is asked beside the consent: with one explanation for all, when that was."""
    form = state.form
    method = form.value("consent_own") or form.value("consent_method") or "none"
    explained = state.visit.explained if state.visit else ""
    if method == "group" and explained:
        return text("form.said.explained", time=shown_time(instant_from_text(explained)))
    return text(f"form.said.{method}")
