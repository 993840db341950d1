"""The strip on top: the visit, the one honest line, search, operator, lock."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from enumerator_app.texts import text, thousands
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    ButtonSize,
    MarkKind,
    Pane,
    Role,
    Text,
    Tone,
    current_theme,
    fill_box,
    key_words,
    paint_icon,
    paint_mark,
    role_font,
    text_width,
)
from enumerator_app.ui.kit.keycaps import KEYCAP_PX
from enumerator_app.ui.kit.marks import MARK_PX
from enumerator_app.ui.kit.painting import (
    MIDDLE_LEFT,
    keycap_width,
    paint_box,
    paint_keycap,
    smooth_painter,
)
from enumerator_app.ui.shell.state import Part, ShellState

STRIP_PX = 56
_USB = "usb"


class StatusPart(QPushButton):
    """One part of the line: its mark, its number, its words. A click opens the list behind it."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self._theme = current_theme()
        self.part = part
        self._mark: MarkKind | None = None
        self._number, self._words = "", ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(max(36, self._theme.px(32)))

    def show_words(self, mark: MarkKind | None, number: str, words: str) -> None:
        self._mark, self._number, self._words = mark, number, words
        spoken = f"{number} {words}".strip()
        self.setAccessibleName(spoken)
        self.setText(spoken)
        self.setFixedWidth(self._natural_width())
        self.update()

    def spoken(self) -> str:
        return self.accessibleName()

    def sizeHint(self) -> QSize:
        return QSize(self._natural_width(), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _number_width(self) -> int:
        if not self._number:
            return 0
        return text_width(role_font(Role.STRONG), self._number) + self._theme.px(4)

    def _natural_width(self) -> int:
        mark = self._theme.px(20 if self._mark is None else MARK_PX) + self._theme.space(8)
        words = text_width(role_font(Role.BODY), self._words)
        return mark + self._number_width() + words + 2 * self._theme.space(6)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, px, height = self._theme.tokens, self._theme.px, self.height()
        left = float(self._theme.space(6))
        side = px(20 if self._mark is None else MARK_PX)
        square = QRectF(left, round((height - side) / 2), side, side)
        with smooth_painter(self) as painter:
            if self.underMouse():
                paint_box(painter, QRectF(self.rect()), fill=tokens.tint)
            if self._mark is None:
                paint_icon(painter, _USB, square, tokens.ink)
            else:
                paint_mark(painter, self._mark, square, tokens)
            left += side + self._theme.space(8)
            painter.setPen(tokens.ink)
            painter.setFont(role_font(Role.STRONG))
            painter.drawText(QRectF(left, 0, self.width(), height - 1), MIDDLE_LEFT, self._number)
            left += self._number_width()
            painter.setFont(role_font(Role.BODY))
            painter.drawText(QRectF(left, 0, self.width(), height - 1), MIDDLE_LEFT, self._words)


class IconButton(QPushButton):
    """An icon with an optional keycap; its word is in the tooltip and for the screen reader."""

    def __init__(self, icon: str, words: str, key: str, *, shows_key: bool) -> None:
        super().__init__()
        self._theme = current_theme()
        self._icon, self._key = icon, key_words(key) if shows_key else ""
        self.setAccessibleName(words)
        self.setToolTip(f"{words}  {key_words(key)}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        side = max(36, self._theme.px(32))
        keycap = keycap_width(self._key, self._theme) + self._theme.space(8) if self._key else 0
        self.setFixedSize(side + keycap, side)

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, side = self._theme.tokens, self._theme.px(20)
        top = round((self.height() - side) / 2)
        with smooth_painter(self) as painter:
            if self.underMouse():
                paint_box(painter, QRectF(self.rect()), fill=tokens.tint)
            paint_icon(painter, self._icon, QRectF(8, top, side, side), tokens.ink)
            if self._key:
                width, height = keycap_width(self._key, self._theme), self._theme.px(KEYCAP_PX)
                left = 8 + side + self._theme.space(8)
                cap = QRectF(left, round((self.height() - height) / 2), width, height)
                paint_keycap(
                    painter, cap, self._key, self._theme,
                    ink=tokens.ink_soft, edge=tokens.keycap_edge, fill=tokens.ground,
                )  # fmt: skip


class VisitPart(QPushButton):
    """Where this laptop is today, in two lines. A click opens the visit."""

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._place = Text("", Role.STRONG)
        self._detail = Text("", Role.CAPTION, Tone.SOFT)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.space(6), 0, theme.space(6), 0)
        fill_box(box, STRETCH, self._place, self._detail, STRETCH)
        box.setSpacing(0)
        for words in (self._place, self._detail):
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(max(48, theme.px(32)))

    def show_visit(self, place: str, detail: str) -> None:
        self._place.setText(place)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(f"{place} {detail}".strip())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        shown = (self._place, self._detail)
        width = max(part.sizeHint().width() for part in shown if not part.isHidden())
        return QSize(width + 2 * current_theme().space(6), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.underMouse():
            with smooth_painter(self) as painter:
                paint_box(painter, QRectF(self.rect()), fill=current_theme().tokens.tint)


class TopStrip(Pane):
    """One line above every page. What has no room is left out whole, the least urgent first."""

    part_clicked = Signal(object)  # Part
    search_wanted = Signal()
    lock_wanted = Signal()
    menu_wanted = Signal()
    visit_clicked = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(ground="ground", sides=("bottom",), direction="across", parent=parent)
        theme = current_theme()
        self.setFixedHeight(max(STRIP_PX, theme.px(32)))
        self._menu = Button(
            text("shell.menu"),
            kind=ButtonKind.QUIET,
            size=ButtonSize.ROW,
            key="F10",
            key_elsewhere=True,
            icon="list",
            on_click=self.menu_wanted.emit,
        )
        self._place = VisitPart()
        self.parts = {part: StatusPart(part) for part in Part}
        self._search = IconButton(
            "magnifying-glass", text("shell.search"), "Ctrl+K", shows_key=theme.has_rail
        )
        self._operator = Text("", Role.STRONG)
        self._lock = IconButton("lock-key", text("shell.lock"), "Ctrl+L", shows_key=False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        theme = current_theme()
        box = self.box
        assert isinstance(box, QHBoxLayout)
        # 24 px less what the round of a part's own hover takes.
        box.setContentsMargins(theme.space(18), 0, theme.space(16), 0)
        gap = theme.space(12)
        self._gap = gap
        fill_box(box, self._menu, self._place, gap, STRETCH)
        for part in Part:
            fill_box(box, self.parts[part], gap)
        fill_box(box, STRETCH, self._search, gap, self._operator, self._lock)
        self._menu.setVisible(not theme.has_rail)

    def _connect(self) -> None:
        for part, control in self.parts.items():
            control.clicked.connect(lambda _checked, part=part: self.part_clicked.emit(part))
        self._place.clicked.connect(lambda _checked: self.visit_clicked.emit())
        self._search.clicked.connect(lambda _checked: self.search_wanted.emit())
        self._lock.clicked.connect(lambda _checked: self.lock_wanted.emit())

    def render(self, state: ShellState) -> None:  # type: ignore[override] # QWidget.render paints
        self._place.show_visit(state.visit or text("shell.no_visit"), state.visit_detail)
        self._operator.setText(state.operator)
        self._render_sending(state)
        received = self.parts[Part.RECEIVED]
        known = MarkKind.RECEIVED if state.is_counted else MarkKind.NOTE
        received.show_words(known, _number(state.received, state), text("shell.received"))
        correct = self.parts[Part.TO_CORRECT]
        known = MarkKind.OK if state.is_counted else MarkKind.NOTE
        mark = MarkKind.CHECK if state.to_correct else known
        correct.show_words(mark, _number(state.to_correct, state), text("shell.to_correct"))
        stick = text("shell.stick" if state.has_stick else "shell.no_stick")
        self.parts[Part.STICK].show_words(None, "", stick)
        self._fit()

    def _render_sending(self, state: ShellState) -> None:
        part = self.parts[Part.NOT_SENT]
        number, words = _waiting(state)
        known = MarkKind.RECEIVED if state.is_counted else MarkKind.CHECK
        mark = MarkKind.SAVED if number and state.is_counted else known
        mark = MarkKind.STOP if state.is_stopped else mark
        part.show_words(mark, _number(number, state), _with(words, state))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        """Leave out whole parts until the rest fits: nothing on this line is ever cut."""
        shown = self._all_parts() if current_theme().has_rail else self._urgent_parts()
        for widget in [widget for widget in self._by_urgency() if widget in shown]:
            if self._needed(shown) <= self.width():
                break
            shown.remove(widget)
        for widget in self._all_parts():
            if widget.isHidden() is (widget in shown):  # only changes: each asks for a new layout
                widget.setVisible(widget in shown)

    def _by_urgency(self) -> list[QWidget]:
        """Return what may go, the least urgent first; what is not sent stays in any case."""
        stick, received = self.parts[Part.STICK], self.parts[Part.RECEIVED]
        correct = self.parts[Part.TO_CORRECT]
        return [stick, self._operator, received, self._place, self._search, correct]

    def _urgent_parts(self) -> list[QWidget]:
        """Return what stays at 200 % text: what is not sent, what comes back, and the search."""
        return [self.parts[Part.NOT_SENT], self.parts[Part.TO_CORRECT], self._search]

    def _all_parts(self) -> list[QWidget]:
        return [self._place, *self.parts.values(), self._search, self._operator]

    def _needed(self, shown: list[QWidget]) -> int:
        margins = self.box.contentsMargins()
        always = [self._lock, *([] if current_theme().has_rail else [self._menu])]
        widths = [widget.sizeHint().width() for widget in (*shown, *always)]
        gaps = self._gap * (len(self.parts) + 3)
        return margins.left() + margins.right() + sum(widths) + gaps


def _waiting(state: ShellState) -> tuple[int, str]:
    """Return how many are not sent, and of what: people, else entries about nobody, else photos."""
    if state.not_sent or state.is_stopped:
        return state.not_sent, text("shell.not_sent")
    if state.entries_not_sent and state.received:  # where nobody is, the laptop's own beginning
        return state.entries_not_sent, text("shell.entries_not_sent")
    if state.photos_not_sent:
        return state.photos_not_sent, text("shell.photos_not_sent")
    return 0, text("shell.not_sent")


def _number(count: int, state: ShellState) -> str:
    """Return the count; a dash where it is not known, because 0 would be a claim."""
    return thousands(count) if state.is_counted else "-"


def _with(words: str, state: ShellState) -> str:
    """Return the words with what is to be said of the office: first that it stopped this laptop."""
    said = text("shell.stopped") if state.is_stopped else state.office
    return f"{words} · {said}" if said else words
