"""Chips above the list: state, village, day."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from enumerator_app.domain.instants import shown_date
from enumerator_app.texts import text
from enumerator_app.ui.kit import Chip, FlowBox, MarkKind, Pane, current_theme
from enumerator_app.ui.worker_words import weekday_long
from enumerator_app.ui.workers.state import (
    CHIPS,
    CUSTODIES,
    OTHER_STATES,
    UNANSWERED,
    ChipName,
    WorkersState,
)

DAYS_OFFERED: Final = 7
_MARKS: Final[dict[str, MarkKind]] = {
    "pending": MarkKind.SAVED,
    "returned": MarkKind.CHECK,
    "waiting_nik": MarkKind.WAITING,
}


class FilterBar(Pane):
    """Narrows the list; reports what was chosen."""

    chip_chosen = Signal(str)
    village_chosen = Signal(str)  # code, "" for all
    day_chosen = Signal(object)  # date, None for all
    state_chosen = Signal(str)  # "" for all
    custody_chosen = Signal(str)

    def __init__(self) -> None:
        space = current_theme().space
        super().__init__(margins=(space(24), 0, space(24), space(4)), gap=space(4))
        self._villages: tuple[tuple[str, str], ...] = ()
        self._today = date.min
        self._chips = {chip: self._made_chip(chip) for chip in CHIPS}
        self._village = Chip(text("people.village"), tail="caret-down")
        self._day = Chip(text("people.day"), tail="caret-down")
        self._state = Chip(text("people.state_chip"), tail="caret-down")
        self._custody = Chip(text("people.custody"), tail="caret-down")
        self._state.clicked.connect(self._offer_states)
        self._custody.clicked.connect(self._offer_custodies)
        self._village.clicked.connect(self._offer_villages)
        self._day.clicked.connect(self._offer_days)
        menus = (self._state, self._custody, self._village, self._day)
        line = QWidget()
        box = FlowBox(line, gap=space(8))
        for chip in (*self._chips.values(), *menus):
            box.addWidget(chip)
        self.add(line)

    def _made_chip(self, chip: ChipName) -> Chip:
        made = Chip(text(f"people.chip.{chip}"), mark=_MARKS.get(chip))
        made.clicked.connect(partial(self._on_chip, chip))
        return made

    def _on_chip(self, chip: ChipName, _checked: object = None) -> None:
        self.chip_chosen.emit(chip)

    def show_filters(self, state: WorkersState) -> None:
        self._villages, self._today = state.villages, state.today
        counts = dict(state.chip_counts)
        for name, chip in self._chips.items():
            chip.setChecked(name == state.query.chip and not state.query.state)
            chip.set_count(counts.get(name))
        village = dict(state.villages).get(state.query.village, "").partition(",")[0]
        self._village.set_words(village or text("people.village"))
        chosen, custody = state.query.state, state.query.custody
        self._state.set_words(text(f"people.{f'only.{chosen}' if chosen else 'state_chip'}"))
        self._custody.set_words(text(f"people.{f'kept.{custody}' if custody else 'custody'}"))
        day = state.query.day
        self._day.set_words(self._day_words(day) if day else text("people.day"))

    def _offer_villages(self) -> None:
        choices = [("", text("people.everywhere")), *self._villages]
        self._offer(self._village, choices, self.village_chosen.emit)

    def _offer_states(self) -> None:
        choices = [(state, text(f"people.only.{state}")) for state in (UNANSWERED, *OTHER_STATES)]
        self._offer(self._state, [("", text("people.any_state")), *choices], self.state_chosen.emit)

    def _offer_custodies(self) -> None:
        choices = [(kept, text(f"people.kept.{kept}")) for kept in CUSTODIES]
        anywhere = ("", text("people.any_custody"))
        self._offer(self._custody, [anywhere, *choices], self.custody_chosen.emit)

    def _offer_days(self) -> None:
        days = [self._today - timedelta(days=n) for n in range(DAYS_OFFERED)]
        choices = [(None, text("people.any_day")), *((day, self._day_words(day)) for day in days)]
        self._offer(self._day, choices, self.day_chosen.emit)

    def _day_words(self, day: date) -> str:
        if day == self._today:
            return text("people.today")
        if day == self._today - timedelta(days=1):
            return text("people.yesterday")
        return f"{weekday_long(day)} {shown_date(day)}"

    def _offer(
        self,
        chip: Chip,
        choices: Iterable[tuple[object, str]],
        choose: Callable[[object], object],
    ) -> None:
        menu = QMenu(self)
        for value, words in choices:
            action = menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(partial(_choose, choose, value))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))


def _choose(choose: Callable[[object], object], value: object, _checked: object = None) -> None:
    choose(value)
