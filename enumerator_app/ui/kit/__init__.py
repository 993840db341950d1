"""The controls of every screen, and the one theme they are drawn with."""

from enumerator_app.ui.kit import typing_formats
from enumerator_app.ui.kit.announcing import announce
from enumerator_app.ui.kit.bars import BAR_PAGE_PX, BAR_PX, Bar, Day, Swatch, WeekChart
from enumerator_app.ui.kit.boxes import (
    STRETCH,
    BottomBar,
    Hairline,
    Item,
    Pane,
    ScrollPane,
    column,
    empty_layout,
    equal_columns,
    fill_box,
    row,
)
from enumerator_app.ui.kit.buttons import Button, ButtonKind, ButtonSize
from enumerator_app.ui.kit.chips import Badge, Chip, TickBox
from enumerator_app.ui.kit.fields import Aside, Field, label_row
from enumerator_app.ui.kit.flow import FlowBox
from enumerator_app.ui.kit.focus_ring import FocusRing
from enumerator_app.ui.kit.fonts import Role, role_font, sized_font, text_width
from enumerator_app.ui.kit.grid import Grid12
from enumerator_app.ui.kit.icons import Icon, paint_icon
from enumerator_app.ui.kit.keycaps import Keycap, bind_key, key_words
from enumerator_app.ui.kit.labels import Phrase, Text, Tone
from enumerator_app.ui.kit.line_edits import FieldState, LineEdit
from enumerator_app.ui.kit.marks import Mark, MarkKind, paint_mark
from enumerator_app.ui.kit.notices import Banner, EmptyState, LoadingRows, marked_words
from enumerator_app.ui.kit.portrait import Portrait
from enumerator_app.ui.kit.portraits import PortraitCache, paint_portrait
from enumerator_app.ui.kit.rows import (
    PersonDelegate,
    QueueDelegate,
    RowContent,
    RowDelegate,
    RowList,
)
from enumerator_app.ui.kit.saved_block import SavedBlock
from enumerator_app.ui.kit.segments import Option, Segments, SegmentsField
from enumerator_app.ui.kit.stylesheet import install_theme
from enumerator_app.ui.kit.theme import Breadth, Theme, current_theme, theme_for

__all__ = [
    "BAR_PAGE_PX",
    "BAR_PX",
    "STRETCH",
    "Aside",
    "Badge",
    "Banner",
    "Bar",
    "BottomBar",
    "Breadth",
    "Button",
    "ButtonKind",
    "ButtonSize",
    "Chip",
    "Day",
    "EmptyState",
    "Field",
    "FieldState",
    "FlowBox",
    "FocusRing",
    "Grid12",
    "Hairline",
    "Icon",
    "Item",
    "Keycap",
    "LineEdit",
    "LoadingRows",
    "Mark",
    "MarkKind",
    "Option",
    "Pane",
    "PersonDelegate",
    "Phrase",
    "Portrait",
    "PortraitCache",
    "QueueDelegate",
    "Role",
    "RowContent",
    "RowDelegate",
    "RowList",
    "SavedBlock",
    "ScrollPane",
    "Segments",
    "SegmentsField",
    "Swatch",
    "Text",
    "Theme",
    "TickBox",
    "Tone",
    "WeekChart",
    "announce",
    "bind_key",
    "column",
    "current_theme",
    "empty_layout",
    "equal_columns",
    "fill_box",
    "install_theme",
    "key_words",
    "label_row",
    "marked_words",
    "paint_icon",
    "paint_mark",
    "paint_portrait",
    "role_font",
    "row",
    "sized_font",
    "text_width",
    "theme_for",
    "typing_formats",
]
