"""Choosing the village: search without regard to blanks and case, in place (F7)."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from enumerator_app.domain.places import Places
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Field,
    Pane,
    QueueDelegate,
    Role,
    RowContent,
    RowList,
    Text,
    Tone,
    current_theme,
)

_ROWS: Final = 5
_ROW_PX: Final = 44


class VillagePanel(Pane):
    """A search field and the villages that match; the first one is chosen by Enter."""

    chosen = Signal(str)  # code
    closed = Signal()

    def __init__(self, places: Places) -> None:
        theme = current_theme()
        side = theme.space(16)
        super().__init__(
            ground="pane", margins=(side, theme.space(12), side, side), radius=8, gap=theme.space(8)
        )
        self._places = places
        self.field = Field(text("form.village.label"), placeholder=text("form.village.example"))
        self.field.line.setObjectName("form.village")
        self._rows = RowList(QueueDelegate, name=text("form.village.label"))
        self._rows.setObjectName("form.villages")
        self._none = Text(text("form.village.none"), Role.BODY, Tone.SOFT, wrap=True)
        self.add(self.field, self._none, self._rows)
        self.field.edited.connect(self._search)
        self.field.entered.connect(self._choose_current)
        self._rows.opened.connect(self.chosen)
        self._rows.left_upwards.connect(self.field.setFocus)
        self.field.line.installEventFilter(self)
        self._search("")
        self.hide()

    def show_panel(self, *, is_open: bool) -> None:
        """Fold or unfold; unfolding begins a new search with the cursor in it."""
        if is_open != self.isHidden():
            return
        self.setVisible(is_open)
        if is_open:
            self._begin()

    def _begin(self) -> None:
        self.field.set_text("")
        self._search("")
        self.field.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down:
                self._rows.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
        return False

    def _search(self, typed: str) -> None:
        found = self._places.search(typed, limit=20)
        self._rows.set_rows(
            [
                RowContent(
                    key=village.code,
                    title=text(
                        "form.village.row",
                        kind=text(f"form.village.{village.kind}"),
                        village=village.name,
                        district=village.district_name,
                    ),
                )
                for village in found
            ]
        )
        if found:
            self._rows.select(found[0].code)
        self._none.setVisible(not found)
        self._rows.setVisible(bool(found))
        self._rows.setFixedHeight(current_theme().px(_ROW_PX) * min(_ROWS, max(1, len(found))))

    def _choose_current(self) -> None:
        if code := self._rows.current_key():
            self.chosen.emit(code)
