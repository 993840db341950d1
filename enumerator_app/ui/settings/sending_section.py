"""Whether the laptop sends by itself when the office's network is here."""

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import Option, Pane, Role, SegmentsField, Text, Tone, current_theme
from enumerator_app.ui.settings.sections import section


class SendingSection(Pane):
    """By key only, told of it, or by itself."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.mode = SegmentsField(
            text("auto_sending.question"),
            [
                Option("off", text("auto_sending.off"), "T"),
                Option("ask", text("auto_sending.offer"), "B"),
                Option("on", text("auto_sending.on"), "S"),
            ],
            tight=True,
        )
        self.mode.segments.setObjectName("settings_auto_send")
        self.mode.chosen.connect(self.chosen)
        advice = Text(text("auto_sending.advice"), Role.CAPTION, Tone.SOFT, wrap=True)
        self.add(section("auto_sending.title", self.mode, current_theme().space(8), advice))
