"""The sections of the settings page."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    Field,
    Hairline,
    Item,
    Option,
    Pane,
    Role,
    SegmentsField,
    Text,
    Tone,
    column,
    current_theme,
    row,
)
from enumerator_app.ui.kit.boxes import empty_layout
from enumerator_app.ui.kit.theme import TEXT_SIZES
from enumerator_app.ui.passphrase.form import Chosen, PassphraseForm
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.settings.state import SettingsFacts, SettingsState

if TYPE_CHECKING:
    from enumerator_app.ui.unlock.state import OperatorEntry


def section(title_key: str, *items: Item) -> QWidget:
    """Return a section: its title and its parts, without a frame."""
    theme = current_theme()
    return column(Text(text(title_key), Role.SECTION), theme.space(12), *items)


class LookSection(Pane):
    """Language, contrast, text size: each acts at once, and the page stays where it is."""

    chosen = Signal(object)  # Preferences

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._preferences = Preferences()
        self.language = SegmentsField(
            text("settings.language"),
            [Option("id", "Bahasa Indonesia", "I"), Option("en", "English", "E")],
        )
        self.contrast = SegmentsField(
            text("settings.contrast"),
            [
                Option("light", text("settings.light"), "T"),
                Option("sun", text("settings.sun"), "M"),
            ],
        )
        self.text_size = SegmentsField(
            text("settings.text_size"),
            [Option(str(size), f"{size} %", str(n + 1)) for n, size in enumerate(TEXT_SIZES)],
        )
        gap = theme.space(12)
        for field, name in (
            (self.language, "language"),
            (self.contrast, "contrast"),
            (self.text_size, "size"),
        ):
            field.segments.setObjectName(f"settings_{name}")
        self.add(section("settings.look", self.language, gap, self.contrast, gap, self.text_size))
        self.language.chosen.connect(lambda value: self._choose(language=value))
        self.contrast.chosen.connect(lambda value: self._choose(contrast=value))
        self.text_size.chosen.connect(lambda value: self._choose(text_percent=int(value)))

    def show_preferences(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self.language.set_value(preferences.language)
        self.contrast.set_value(preferences.contrast)
        self.text_size.set_value(str(preferences.text_percent))

    def _choose(self, **change: str | int) -> None:
        self.chosen.emit(replace(self._preferences, **change))  # type: ignore[arg-type] # its names


class OperatorsSection(Pane):
    """Who may open this laptop; a new one types their own passphrase here."""

    adding_wanted = Signal()
    adding_ended = Signal()
    added = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._shown: tuple[OperatorEntry, ...] | None = None
        self._names = Pane()
        self.add_button = Button(
            text("settings.add_operator"),
            key="Ctrl+N",
            icon="user-plus",
            on_click=self.adding_wanted.emit,
        )
        self.name = Field(text("settings.operator_name"))
        self.name.line.setObjectName("settings_operator_name")
        self.form = PassphraseForm()
        self.save = Button(
            text("settings.save_operator"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+Return",
            on_click=self._on_save,
        )
        cancel = Button(
            text("settings.cancel"),
            kind=ButtonKind.QUIET,
            key="Esc",
            on_click=self.adding_ended.emit,
        )
        gap = theme.space(12)
        self._adding = column(gap, self.name, gap, self.form, gap, row(cancel, STRETCH, self.save))
        add_row = row(self.add_button, STRETCH)
        self._add_row = add_row
        self.add(section("settings.operators", self._names, gap, add_row, self._adding))
        self.name.edited.connect(lambda _words: self._on_changed())
        self.form.changed.connect(lambda _chosen: self._on_changed())
        self._on_changed()

    def show_state(self, state: SettingsState) -> None:
        facts = state.facts or SettingsFacts()
        if facts.operators != self._shown:
            self._show_names(facts)
        was_hidden = self._adding.isHidden()
        self._adding.setVisible(state.is_adding)
        self._add_row.setVisible(not state.is_adding)
        if state.is_adding is was_hidden:  # it opened or closed: no passphrase stays in it
            self.name.set_text("")
            self.form.clear()
        if state.is_adding and was_hidden:
            self.name.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.save.set_busy(text("settings.saving") if state.busy == "operator" else "")

    def _show_names(self, facts: SettingsFacts) -> None:
        self._shown = facts.operators
        empty_layout(self._names.box)
        for entry in facts.operators:
            here = text("settings.here_now") if entry.name == facts.operator else entry.last_seen
            self._names.add(_line(entry.name, here), Hairline())

    def _on_changed(self) -> None:
        chosen: Chosen = self.form.chosen()
        self.save.setEnabled(bool(chosen.passphrase and self.name.text().strip()))

    def _on_save(self) -> None:
        self.added.emit(self.name.text().strip(), self.form.chosen().passphrase)


class FactsSection(Pane):
    """Lines of what is so, and one button for what can be done about it."""

    def __init__(
        self, title_key: str, *, advice_key: str = "", button: Button | None = None
    ) -> None:
        super().__init__()
        theme = current_theme()
        self._lines = Pane()
        self._shown: tuple[tuple[str, str], ...] | None = None
        items: list[Item] = [self._lines]
        if advice_key:
            advice = Text(text(advice_key), Role.CAPTION, Tone.SOFT, wrap=True)
            items += [theme.space(8), advice]
        if button is not None:
            items += [theme.space(12), row(button, STRETCH)]
        self.add(section(title_key, *items))

    def show_lines(self, *lines: tuple[str, str]) -> None:
        """Show pairs of a label's text key and its value; empty values are left out."""
        kept = tuple(line for line in lines if line[1])
        if kept == self._shown:
            return
        self._shown = kept
        empty_layout(self._lines.box)
        for key, value in kept:
            self._lines.add(_line(text(key), value), Hairline())


class LetterheadSection(FactsSection):
    """What the office prints on papers: to read, for only the office sets it."""

    def __init__(self) -> None:
        super().__init__("settings.letterhead", advice_key="settings.letterhead_advice")
        self._logo = QLabel()
        self._logo.setAccessibleName(text("settings.letterhead_logo"))
        self.box.addWidget(self._logo, alignment=Qt.AlignmentFlag.AlignLeft)
        self.logo_shown: bytes | None = None

    def show_letterhead(self, lines: tuple[tuple[str, str], ...], logo: bytes | None) -> None:
        nothing = (("settings.letterhead_from", text("settings.letterhead_none")),)
        self.show_lines(*(lines or nothing))
        self._logo.setVisible(logo is not None)
        if logo is not None and logo != self.logo_shown:
            side = current_theme().px(64)
            picture = QPixmap()
            picture.loadFromData(logo)
            kept, smooth = (
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._logo.setPixmap(picture.scaled(side, side, kept, smooth))
        self.logo_shown = logo


def _line(label: str, value: str) -> QWidget:
    theme = current_theme()
    words = Text(value, Role.STRONG, wrap=True)
    words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    line = row(Text(label, Role.BODY, Tone.SOFT), (words, 1), gap=theme.space(16))
    line.setMinimumHeight(max(44, theme.px(36)))
    return line
