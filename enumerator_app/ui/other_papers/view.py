"""Kinds of sheets on the left, what they need below, the sheet itself on the right."""

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.services.paper_orders import KINDS
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
    FieldState,
    Option,
    Pane,
    QueueDelegate,
    Role,
    RowContent,
    RowList,
    ScrollPane,
    SegmentsField,
    Text,
    Tone,
    announce,
    column,
    current_theme,
    fill_box,
    row,
    typing_formats,
)
from enumerator_app.ui.other_papers.state import (
    BLANK,
    OF_TODAY,
    OtherPapersState,
    Part,
    page_words,
    summary_words,
)
from enumerator_app.ui.printing.preview_pane import PaperSheet

_WIDTHS: Final = {Breadth.NARROW: 440, Breadth.NORMAL: 480, Breadth.WIDE: 560}
_LONGEST: Final[dict[Part, int]] = {"time": 30, "place": 60}
_BY_KEY: Final = Qt.FocusReason.TabFocusReason
_FIELD_PARTS: Final[tuple[Part, ...]] = ("count", "start", "day", "time", "place")


class OtherPapersView(QWidget):
    """Shows a state; reports what was chosen and asked for."""

    chosen = Signal(str)  # a kind
    typed = Signal(str, str)  # part, text
    turned = Signal(int)
    room_changed = Signal(QSize)
    print_asked = Signal()
    save_asked = Signal()
    cancel_asked = Signal()
    back_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._state = OtherPapersState()
        self.kinds = RowList(_KindDelegate, name=text("other_papers.list"))
        self.kinds.setObjectName("other_papers.kinds")
        self.kinds.set_rows(
            [RowContent(key=kind, title=text(f"other_papers.kind.{kind}")) for kind in KINDS]
        )
        self._where = Text("", Role.BODY, Tone.SOFT, wrap=True)
        self._what = Text("", Role.BODY, wrap=True)
        self._said = Banner("note", "")
        self.fields = {part: self._made_field(part) for part in _FIELD_PARTS}
        self.whose = SegmentsField(
            text("other_papers.label.whose"),
            [_option(OF_TODAY), _option(BLANK)],
        )
        self._paper = PaperSheet()
        self._which = Text("", Role.LABEL)
        self._turn_back = Button(text("printing.turn_back"), size=ButtonSize.ROW, key="Alt+Left")
        self._turn_on = Button(text("printing.turn_on"), size=ButtonSize.ROW, key="Alt+Right")
        self._bar = _Bar(self)
        self._build()
        self._connect()
        self.setFocusProxy(self.kinds)

    def _made_field(self, part: Part) -> Field:
        typing = typing_formats.DATE if part == "day" else typing_formats.PLAIN
        hint = "" if part in ("count", "start") else text(f"other_papers.example.{part}")
        label = text(f"other_papers.label.{part}")
        field = Field(label, typing=typing, placeholder=hint, max_length=_LONGEST.get(part, 12))
        field.line.setObjectName(f"other_papers.{part}")
        return field

    # --- the parts in their places

    def _build(self) -> None:
        theme = current_theme()
        left = self._made_left()
        right = self._made_right()
        across = QHBoxLayout()
        across.setSpacing(0)
        if theme.has_rail:
            left.setFixedWidth(theme.space(_WIDTHS[theme.breadth]))
            fill_box(across, left, (right, 1))
        else:
            fill_box(across, (left, 1), (right, 1))
            right.hide()
        self._left, self._right = left, right
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(across, 1)
        whole.addWidget(self._bar)

    def _made_left(self) -> QWidget:
        theme = current_theme()
        space, pad = theme.space, theme.space(40 if theme.has_rail else 24)
        top = column(
            Text(text("other_papers.title"), Role.TITLE),
            self._where,
            self._said,
            gap=space(8),
            margins=(pad, space(16 if theme.compact else 28), pad, space(8)),
        )
        inset = pad - space(20)
        rows = len(KINDS)
        self.kinds.setFixedHeight(rows * theme.px(_KindDelegate.height_px) + space(4))
        self._pairs = {
            pair: _beside(*(self.fields[part] for part in pair), gap=space(16))
            for pair in (("count", "start"), ("day", "time"))
        }
        below = column(
            self._what,
            self.whose,
            *self._pairs.values(),
            self.fields["place"],
            gap=space(10),
            margins=(pad, space(8), pad, space(8)),
        )
        listed = row((self.kinds, 1), margins=(inset, 0, inset, 0))
        return ScrollPane(Pane(top, listed, below, STRETCH, ground="ground"))

    def _made_right(self) -> QWidget:
        theme = current_theme()
        side, above = theme.space(32), theme.space(16)
        self._turning = row(STRETCH, self._turn_back, self._turn_on, STRETCH, gap=theme.space(12))
        return Pane(
            row(self._which, STRETCH),
            theme.space(8),
            (self._paper, 1),
            theme.space(8),
            self._turning,
            ground="rail",
            sides=("left",),
            margins=(side, above, side, theme.space(12)),
        )

    def _connect(self) -> None:
        self.kinds.selected.connect(self.chosen)
        self.kinds.opened.connect(self._lead_from_list)
        for part, field in self.fields.items():
            field.edited.connect(partial(self.typed.emit, part))
            field.entered.connect(partial(self._lead_on, part))
        self.whose.chosen.connect(partial(self.typed.emit, "whose"))
        self.whose.entered.connect(partial(self._lead_on, "whose"))
        self._turn_back.clicked.connect(lambda: self.turned.emit(-1))
        self._turn_on.clicked.connect(lambda: self.turned.emit(1))
        self._paper.room_changed.connect(self.room_changed)

    def turn_over(self) -> None:
        """Show the sheet in the list's place, or the list again: for text twice as large."""
        shows_list = self._right.isVisible()
        self._left.setVisible(shows_list)
        self._right.setVisible(not shows_list)

    # --- Enter leads on

    def _lead_from_list(self, _key: str) -> None:
        self._focus_part_after(None)

    def _lead_on(self, part: str) -> None:
        self._focus_part_after(part)

    def _focus_part_after(self, part: str | None) -> None:
        parts = list(self._state.parts)
        rest = parts[parts.index(part) + 1 :] if part in parts else parts
        if not rest:
            self._bar.print.setFocus(_BY_KEY)
        elif rest[0] == "whose":
            self.whose.setFocus(_BY_KEY)
        else:
            self.fields[rest[0]].setFocus(_BY_KEY)

    # --- the state

    def render_state(self, state: OtherPapersState) -> None:
        """Show the state, whole."""
        before, self._state = self._state, state
        if self.kinds.current_key() != state.kind:
            self.kinds.select(state.kind)
        self._show_where(state)
        self._show_fields(state)
        self._show_said(before, state)
        self._show_preview(state)
        self._bar.show_state(state)

    def _show_where(self, state: OtherPapersState) -> None:
        known = state.known
        self._where.setText(known.where if known.has_visit else text("other_papers.no_visit"))
        self._what.setText(text(f"other_papers.what.{state.kind}"))

    def _show_fields(self, state: OtherPapersState) -> None:
        for part, field in self.fields.items():
            field.setVisible(part in state.parts)
            if part in state.parts and field.text() != state.value(part):
                field.set_text(state.value(part))
            is_wrong = state.wrong == part and bool(state.value(part))
            hint = text(f"other_papers.wrong.{part}") if is_wrong else ""
            field.set_state(FieldState.ERROR if is_wrong else FieldState.PLAIN, hint)
        for pair, beside in self._pairs.items():
            beside.setVisible(any(part in state.parts for part in pair))
        for part in ("count", "day"):
            if part in state.parts:
                self.fields[part].set_label(_label(part, state.kind))
        self.whose.setVisible("whose" in state.parts)
        if "whose" in state.parts and self.whose.value() != state.value("whose"):
            self.whose.set_value(state.value("whose"))

    def _show_said(self, before: OtherPapersState, state: OtherPapersState) -> None:
        words = state.trouble or state.said
        self._said.setVisible(bool(words))
        if words:
            self._said.set_words("look" if state.trouble else "note", words)
        if words and words != (before.trouble or before.said):
            announce(self, words)

    def _show_preview(self, state: OtherPapersState) -> None:
        preview = state.preview
        said = "incomplete" if state.wrong else preview.drawing
        words = "" if preview.drawing == "ready" else text(f"other_papers.{said}")
        self._which.setText(page_words(state))
        self._paper.show_preview(preview, page_words(state), words)
        self._turning.setVisible(state.pages > 1)
        self._turn_back.setEnabled(preview.at > 0)
        self._turn_on.setEnabled(preview.at < state.pages - 1)


class _KindDelegate(QueueDelegate):
    """Closer lines than in the queue: all kinds and their fields are in sight at once."""

    height_px = 36


class _Bar(BottomBar):
    """What comes out, and the few things that can be done just now."""

    def __init__(self, view: OtherPapersView) -> None:
        super().__init__()
        theme = current_theme()
        secondary, quiet, primary = ButtonKind.SECONDARY, ButtonKind.QUIET, ButtonKind.PRIMARY
        self._summary = Text("", Role.CAPTION, Tone.SOFT)
        self._back = _button("back", quiet, "Esc", view.back_asked)
        self._preview = _button("preview", secondary, "Ctrl+B", view.turn_over)
        self._save = _button("save", secondary, "Ctrl+S", view.save_asked)
        self._cancel = _button("cancel", secondary, "Esc", view.cancel_asked)
        self.print = _button("print", primary, "Ctrl+P", view.print_asked, icon="printer")
        self.add(
            self._back, self._summary, STRETCH, self._preview, self._cancel, self._save, self.print
        )
        self._summary.setVisible(theme.has_rail)
        self._preview.setVisible(not theme.has_rail)

    def show_state(self, state: OtherPapersState) -> None:
        is_busy = bool(state.work)
        self._summary.setText(summary_words(state))
        for button in (self._save, self.print):
            button.setVisible(not is_busy)
            button.setEnabled(state.may_print)
        self._back.setVisible(not is_busy)
        self._cancel.setVisible(is_busy)
        self._cancel.setEnabled(not state.is_stopping)


def _beside(*fields: Field, gap: int) -> QWidget:
    """Return fields beside one another: their boxes stay level when one has a line below."""
    widget = QWidget()
    box = QHBoxLayout(widget)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    for field in fields:
        box.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    return widget


def _button(name: str, kind: ButtonKind, key: str, asked: object, icon: str = "") -> Button:
    button = Button(text(f"other_papers.{name}"), kind=kind, key=key, icon=icon)
    button.clicked.connect(asked)
    button.setObjectName(f"other_papers.{name}")
    return button


def _label(part: Part, kind: str) -> str:
    """Return what a part is called for this kind of sheet."""
    if part == "day" and kind != "invitation":
        return text("other_papers.label.day")
    return text(f"other_papers.label.{part}_{kind}")


def _option(value: str) -> Option:
    words, letter = text(f"other_papers.whose.{value}").split("|")
    return Option(value, words, letter)
