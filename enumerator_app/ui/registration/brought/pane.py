"""Beside the form: who on the list it may be, how far the list is, places left, and how fresh."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Button,
    ButtonKind,
    ButtonSize,
    Hairline,
    Mark,
    MarkKind,
    Pane,
    Role,
    Text,
    Tone,
    column,
    current_theme,
    empty_layout,
    row,
)
from enumerator_app.ui.registration.brought.state import BroughtView, Standing


class BroughtPane(Pane):
    """A few lines; rebuilt only when one of them changes."""

    chosen = Signal()  # the hit that is shown
    list_asked = Signal()
    let_go = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: BroughtView | None = None
        self.hide()

    def show_brought(self, view: BroughtView, *, is_correcting: bool) -> None:
        wanted = BroughtView() if is_correcting else replace(view, has_kk=False)
        if wanted == self._shown:
            return
        self._shown = wanted
        space = current_theme().space
        empty_layout(self.box)
        self.setVisible(wanted != BroughtView())
        self.add(Hairline(), space(12))
        if wanted.hits:
            self.add(self._hit(wanted), space(12))
        elif wanted.chosen:
            self.add(*self._chosen(wanted.chosen), space(12))
        for standing in wanted.standings:
            has_button = standing is wanted.list_
            self.add(self._standing(standing, has_button=has_button), space(6))

    def _hit(self, view: BroughtView) -> QWidget:
        hit, more = view.hits[0], len(view.hits) - 1
        words: list[QWidget] = [
            Text(text("listed.hit"), Role.CAPTION, Tone.SOFT),
            Text(hit.name, Role.STRONG, wrap=True),
            *(Text(said, Role.CAPTION, Tone.SOFT, wrap=True) for said in (hit.detail, hit.marks)),
        ]
        if hit.word:
            words.append(Text(hit.word, Role.CAPTION, Tone.SOFT, wrap=True))
        if more:
            words.append(Text(text("listed.more", n=more), Role.CAPTION, Tone.SOFT, wrap=True))
        if view.enter_takes:
            words.append(Text(text("listed.enter"), Role.CAPTION, wrap=True))
        use = Button(
            text("listed.use"), key="Alt+D", key_elsewhere=True, size=ButtonSize.ROW, wide=True,
            on_click=self.chosen.emit,
        )  # fmt: skip
        use.setObjectName("form.listed.use")
        return column(*words, current_theme().space(8), use, gap=1)

    def _chosen(self, standing: Standing) -> tuple[QWidget, ...]:
        mark = Mark(MarkKind.CHECK if standing.warns else MarkKind.NOTE)
        said = Text(standing.sentence, Role.CAPTION, wrap=True)
        go = Button(
            text("listed.let_go"), kind=ButtonKind.QUIET, size=ButtonSize.ROW,
            on_click=self.let_go.emit,
        )  # fmt: skip
        go.setObjectName("form.listed.let_go")
        return row((mark, Qt.AlignmentFlag.AlignTop), (said, 1), gap=8), go

    def _standing(self, standing: Standing, *, has_button: bool) -> QWidget:
        tone = Tone.INK if standing.warns else Tone.SOFT
        words = Text(standing.sentence, Role.CAPTION, tone, wrap=True)
        mark = Mark(MarkKind.CHECK if standing.warns else MarkKind.NOTE)
        if not has_button:
            return row((mark, Qt.AlignmentFlag.AlignTop), (words, 1), gap=8)
        open_ = Button(
            text("listed.open"), kind=ButtonKind.QUIET, key="Ctrl+D", key_elsewhere=True,
            size=ButtonSize.ROW, on_click=self.list_asked.emit,
        )  # fmt: skip
        open_.setObjectName("form.listed.open")
        return row(mark, (words, 1), open_, gap=8)
