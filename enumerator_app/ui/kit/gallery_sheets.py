"""What stands on each sheet of the gallery."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import typing_formats
from enumerator_app.ui.kit.bars import BAR_PAGE_PX, Bar, Day, Swatch, WeekChart
from enumerator_app.ui.kit.boxes import STRETCH, Hairline, column, equal_columns, row
from enumerator_app.ui.kit.buttons import Button, ButtonKind, ButtonSize
from enumerator_app.ui.kit.chips import Badge, Chip, TickBox
from enumerator_app.ui.kit.fields import Aside, Field
from enumerator_app.ui.kit.focus_ring import FocusRing
from enumerator_app.ui.kit.fonts import Role
from enumerator_app.ui.kit.grid import Grid12
from enumerator_app.ui.kit.icons import Icon
from enumerator_app.ui.kit.keycaps import Keycap
from enumerator_app.ui.kit.labels import Phrase, Text, Tone
from enumerator_app.ui.kit.line_edits import FieldState
from enumerator_app.ui.kit.marks import MarkKind
from enumerator_app.ui.kit.notices import Banner, EmptyState, LoadingRows, marked_words
from enumerator_app.ui.kit.rows import PersonDelegate, QueueDelegate, RowContent, RowList
from enumerator_app.ui.kit.saved_block import SavedBlock
from enumerator_app.ui.kit.segments import Option, SegmentsField
from enumerator_app.ui.kit.theme import Theme

_NIK: Final = "3216135203740003"  # invented
_NUMBER: Final = "3216-A07-00129-M4TX"


@dataclass(frozen=True)
class Sheet:
    name: str
    build: Callable[[Theme], QWidget]
    after: Callable[[QWidget], None] = lambda _page: None  # once it is on the screen


def _point_at(control: QWidget) -> None:
    control.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)


def _focus(page: QWidget) -> None:
    """Put a ring round everything named "focused"; a window has one, a picture may have more."""
    for control in page.findChildren(QWidget, "focused"):
        proxy = control.focusProxy()
        FocusRing(page).surround(proxy if isinstance(proxy, QWidget) else control)


def _focused(control: QWidget) -> QWidget:
    control.setObjectName("focused")
    return control


def _under(control: QWidget, state: str, theme: Theme) -> QWidget:
    words = Text(text(f"gallery.{state}"), Role.CAPTION, Tone.SOFT)
    return column(control, theme.space(6), words)


def _button_in(state: str, kind: ButtonKind, key: str) -> Button:
    button = Button(text("gallery.save"), kind=kind, key=key)
    if state == "hover":
        _point_at(button)
    elif state == "down":
        button.setDown(True)
    elif state == "focus":
        _focused(button)
    elif state == "busy":
        button.set_busy(text("gallery.saving"))
    elif state == "off":
        button.setEnabled(False)
    return button


def _buttons(theme: Theme) -> QWidget:
    lines: list[QWidget | int] = []
    states = ("rest", "hover", "down", "focus", "busy", "off")
    for kind in ButtonKind:
        made = [_under(_button_in(state, kind, "Ctrl+Return"), state, theme) for state in states]
        per_line = 6 if theme.text_percent == 100 else 3
        for start in range(0, len(made), per_line):
            lines += [row(*made[start : start + per_line], STRETCH, gap=theme.space(20))]
            lines += [theme.space(14)]
    sizes = [
        Button(text("gallery.print"), size=size, icon="printer", key="Ctrl+P")
        for size in ButtonSize
    ]
    keys = [Keycap(key) for key in ("F6", "Space", "Alt+1", "Up", "Return", "-")]
    half = 4 if theme.text_percent == 100 else 2
    for start in range(0, len(sizes), half):
        part = sizes[start : start + half]
        lines += [row(*part, STRETCH, gap=theme.space(12)), theme.space(14)]
    lines += [row(*keys, STRETCH, gap=theme.space(8))]
    return column(*lines)


def _field_in(state: str) -> Field:
    field = Field(text(f"gallery.{state}"), placeholder=text("gallery.name_hint"))
    if state != "empty":
        field.set_text("SITI MAEMUNAH")
    if state == "hover":
        _point_at(field.line)
    elif state == "focus":
        _focused(field)
    elif state == "ok":
        field.set_state(FieldState.OK)
    elif state == "off":
        field.setEnabled(False)
    elif state == "read":
        field.set_read_only(read_only=True)
    return field


def _inputs(theme: Theme) -> QWidget:
    nik = Field(text("gallery.nik"), typing=typing_formats.NIK, role=Role.SECTION)
    nik.set_text(_NIK[:-1])
    nik.set_state(FieldState.ERROR, text("gallery.nik_short"))
    whole = Field(text("gallery.nik"), typing=typing_formats.NIK, role=Role.SECTION)
    whole.set_text(_NIK)
    whole.set_state(FieldState.OK)
    born = Field(text("gallery.born"), typing=typing_formats.DATE)
    born.set_text(typing_formats.shown_date(date(1974, 3, 21)))
    born.set_state(FieldState.WARN, text("gallery.born_differs"))
    aside = Aside(text("gallery.none"), "-")
    phone = Field(text("gallery.phone"), typing=typing_formats.PHONE, aside=aside)
    phone.set_text("081234567890")
    fields = [_field_in(state) for state in ("empty", "hover", "focus", "ok", "off", "read")]
    grid = Grid12(row_gap=theme.space(16))
    if theme.text_percent == 100:
        grid.add_row(*((field, 2) for field in fields))
        grid.add_row((whole, 3), (nik, 3), (born, 3), (phone, 3))
    else:
        pairs = [*zip(fields[::2], fields[1::2], strict=True), (nik, born), (whole, phone)]
        for left, right in pairs:
            grid.add_row((left, 7), (right, 5))
    return grid


def _work_options() -> list[Option]:
    return [
        Option("working", text("gallery.working"), "B"),
        Option("ill", text("gallery.ill"), "S"),
        Option("stopped", text("gallery.stopped"), "H"),
    ]


def _choices(theme: Theme) -> QWidget:
    chosen, none, focused, off = (
        SegmentsField(text("gallery.works"), _work_options()) for _ in range(4)
    )
    chosen.set_value("working")
    _focused(focused)
    off.set_value("ill")
    off.setEnabled(False)
    all_chip = Chip(text("gallery.all"), count=1290)
    all_chip.setChecked(True)
    pointed = Chip(text("gallery.village"), tail="caret-down")
    _point_at(pointed)
    focused_chip = Chip(text("gallery.to_correct"), mark=MarkKind.CHECK, count=3)
    _focused(focused_chip)
    chips = [
        all_chip,
        Chip(text("gallery.not_sent"), mark=MarkKind.SAVED, count=33),
        focused_chip,
        pointed,
        Chip("Bantarjaya", tail="x"),
    ]
    ticked, plain, tick_off = (TickBox(text("gallery.print_by_itself")) for _ in range(3))
    ticked.setChecked(True)
    tick_off.setChecked(True)
    tick_off.setEnabled(False)
    gap = theme.space(16)
    if theme.text_percent == 100:
        fields = column(
            equal_columns(chosen, none, gap=gap), gap, equal_columns(focused, off, gap=gap)
        )
    else:
        fields = column(chosen, none, focused, off, gap=gap)
    return column(
        fields, gap, row(*chips, STRETCH, gap=theme.space(8)), gap,
        row(ticked, plain, tick_off, STRETCH, gap=theme.space(24)),
    )  # fmt: skip


def _notices(theme: Theme) -> QWidget:
    gap = theme.space(8)
    back = Button(text("gallery.go_on"), key="Return", size=ButtonSize.ROW)
    again = Button(text("gallery.save_again"), key="Return", size=ButtonSize.ROW)
    banners = column(
        Banner("look", text("gallery.power"), text("gallery.power_detail"), button=back), gap,
        Banner("stop", text("gallery.disk"), text("gallery.disk_detail"), button=again), gap,
        Banner("note", text("gallery.clock"), text("gallery.clock_detail")), gap,
        Banner("received", text("gallery.received_sentence"), text("gallery.received_detail")),
        STRETCH,
    )  # fmt: skip
    loading = LoadingRows(2, name=text("gallery.loading"))
    loading.show_now()
    empty = EmptyState(
        text("gallery.nothing"),
        text("gallery.nothing_advice"),
        button=Button(text("gallery.clear"), key="Esc", size=ButtonSize.ROW),
    )
    side = column(empty, theme.space(24), Text(text("gallery.loading"), Role.SECTION), gap, loading)
    if theme.text_percent == 100:
        return row((banners, 3), theme.space(48), (column(side, STRETCH), 2))
    return column(banners, theme.space(24), side)


def _marks(theme: Theme) -> QWidget:
    words = [marked_words(kind, text(f"gallery.mark_{kind.value}")) for kind in MarkKind]
    columns_of_marks = [column(*words[n::3], STRETCH, gap=theme.space(10)) for n in range(3)]
    large = [
        marked_words(kind, text(f"gallery.mark_{kind.value}"), role=Role.SECTION, mark_px=20)
        for kind in (MarkKind.SAVED, MarkKind.RECEIVED, MarkKind.COVERED)
    ]
    names = (
        "house", "user-plus", "users", "printer", "wrench", "paper-plane-tilt", "gear",
        "magnifying-glass", "lock-key", "usb", "users-three", "eye", "eye-slash", "arrow-right",
        "caret-down", "x", "list", "hand-pointing", "camera", "first-aid-kit",
    )  # fmt: skip
    filled = [Icon(name, cut="fill") for name in names[:7]]
    types = [
        Text(text("gallery.type", px=role.px, weight=role.weight), role)
        for role in (Role.CAPTION, Role.LABEL, Role.BODY, Role.STRONG, Role.SECTION, Role.TITLE)
    ]
    gap = theme.space(24)
    return column(
        equal_columns(*columns_of_marks, gap=gap), gap, row(*large, STRETCH, gap=gap), gap,
        row(*(Icon(name) for name in names), STRETCH, gap=theme.space(12)), gap,
        row(*filled, theme.space(16), Badge(3), Badge(128), STRETCH, gap=theme.space(12)), gap,
        Hairline(), gap, *types, Text("0123456789", Role.NUMBER),
    )  # fmt: skip


def _rows() -> list[RowContent]:
    people = (
        ("SITI MAEMUNAH", "Karangharja", MarkKind.SAVED, "09.04"),
        ("MUHAMAD YUSUP", "Karangharja", MarkKind.WAITING, "08.51"),
        ("ROKAYAH BT. ENDIN", "Sumberurip", MarkKind.COVERED, "05-10"),
        ("TARKIM", "Karangharja", MarkKind.ENDED, "01-11"),
    )
    return [
        RowContent(
            key=str(n),
            lead=f"{14 + n:03}",
            title=name,
            subtitle=f"{village} · {_NUMBER}",
            mark=mark,
            word=text(f"gallery.mark_{mark.value}"),
            aside=aside,
        )
        for n, (name, village, mark, aside) in enumerate(people)
    ]


def _list(delegate: type[PersonDelegate] | type[QueueDelegate], theme: Theme) -> RowList:
    made = RowList(delegate, name=text("gallery.lists"))
    made.set_rows(_rows())
    made.select("1")
    made.setFixedHeight(theme.px(270))
    return made


def _lists(theme: Theme) -> QWidget:
    bar, page_bar, empty = (
        Bar(name=text("gallery.data")),
        Bar(name=text("gallery.data"), height=BAR_PAGE_PX),
        Bar(name=text("gallery.photos")),
    )
    bar.set_amounts(total=32, solid=21, hatched=11)
    page_bar.set_amounts(total=60, solid=39, hatched=12)
    empty.set_amounts(total=60, solid=0)
    chart = WeekChart(name=text("gallery.week"))
    received, saved = (18, 22, 0, 31, 25, 0, 0), (0, 0, 0, 0, 3, 19, 13)
    days = text("gallery.days").split()
    chart.set_days([Day(*day, is_today=day[0] == days[-1]) for day in zip(days, received, saved)])  # noqa: B905 - seven each
    block = SavedBlock()
    block.setFixedWidth(theme.px(232))
    block.show_saved(_NUMBER, "Siti Maemunah")
    legend = row(
        Swatch(hatched=False), Text(text("gallery.mark_received"), Role.CAPTION, Tone.SOFT),
        theme.space(12),
        Swatch(hatched=True), Text(text("gallery.mark_saved"), Role.CAPTION, Tone.SOFT), STRETCH,
        gap=theme.space(6),
    )  # fmt: skip
    counted = row(
        Text(text("gallery.data"), Role.STRONG), STRETCH,
        Phrase(("21", True), (text("gallery.of", n=32), False)),
    )  # fmt: skip
    gap = theme.space(12)
    amounts = column(counted, gap, bar, gap, page_bar, gap, empty, gap, chart, gap, legend, STRETCH)
    lists = row((_list(PersonDelegate, theme), 3), (_list(QueueDelegate, theme), 2), gap=gap)
    return column(lists, theme.space(20), row(block, theme.space(32), (amounts, 1)))


def _press_nothing(page: QWidget) -> None:
    for button in page.findChildren(QPushButton):
        button.clearFocus()
    _focus(page)


SHEETS: Final = (
    Sheet("buttons", _buttons, _press_nothing),
    Sheet("inputs", _inputs, _press_nothing),
    Sheet("choices", _choices, _press_nothing),
    Sheet("notices", _notices, _press_nothing),
    Sheet("marks", _marks),
    Sheet("lists", _lists),
)
