"""The sheet as it will come out, one side at a time."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from enumerator_app.cards.imposition import sheet
from enumerator_app.cards.layout import CARD_HEIGHT, CARD_WIDTH
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonSize,
    Pane,
    Role,
    Text,
    Tone,
    current_theme,
    role_font,
    row,
)
from enumerator_app.ui.kit.painting import MIDDLE, NO_BRUSH, smooth_painter
from enumerator_app.ui.printing.state import (
    Preview,
    PrintingState,
    capacity_of,
    on_sheet,
    side_words,
    sides_of,
)

_SETTLE_MS = 120


class PaperSheet(QWidget):
    """Draws the side in sight; free places say so, and are not part of the print."""

    room_changed = Signal(QSize)  # px of the screen

    def __init__(self) -> None:
        super().__init__()
        self._theme = current_theme()
        self._preview = Preview()
        self._free: tuple[tuple[float, float, int], ...] = ()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self._tell_room)

    def show_state(self, state: PrintingState) -> None:
        key = "printing.preview_" + state.preview.drawing
        is_told = state.preview.drawing == "ready" or not state.rows
        words = "" if is_told else text(key)
        self.show_preview(state.preview, " ".join(side_words(state)), words, free_places(state))

    def show_preview(
        self,
        preview: Preview,
        name: str,
        words: str,
        free: tuple[tuple[float, float, int], ...] = (),
    ) -> None:
        """Show a side, or `words` while there is none; `name` is what it is called."""
        self._preview, self._words, self._free = preview, words, free
        self.setAccessibleName(name or words)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settling.start()

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 180)

    def _tell_room(self) -> None:
        self.room_changed.emit(self.size() * self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            image = self._preview.image
            if isinstance(image, QImage):
                self._paint_paper(painter, image)
            elif self._words:
                painter.setFont(role_font(Role.BODY, self._theme))
                painter.setPen(QColor(self._theme.tokens.ink_soft))
                painter.drawText(self.rect(), int(MIDDLE) | Qt.TextFlag.TextWordWrap, self._words)

    def _paint_paper(self, painter: QPainter, image: QImage) -> None:
        ratio = self.devicePixelRatioF()
        size = (image.deviceIndependentSize() / ratio).toSize()
        paper = QRectF((self.width() - size.width()) // 2, 0, size.width(), size.height())
        painter.drawImage(paper, image)
        tokens = self._theme.tokens
        painter.setPen(QPen(QColor(tokens.ink if tokens.is_sun else tokens.edge), 1))
        painter.setBrush(NO_BRUSH)
        painter.drawRect(paper.adjusted(0.5, 0.5, -0.5, -0.5))
        if self._preview.drawing == "ready" and self._preview.width_mm:
            self._paint_free(painter, paper)

    def _paint_free(self, painter: QPainter, paper: QRectF) -> None:
        unit = paper.width() / self._preview.width_mm
        pen = QPen(QColor(self._theme.tokens.edge), 1)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setFont(role_font(Role.LABEL))
        for x, y, number in self._free:
            place = QRectF(x, y, CARD_WIDTH, CARD_HEIGHT)
            box = QRectF(
                paper.left() + place.left() * unit,
                paper.top() + place.top() * unit,
                place.width() * unit,
                place.height() * unit,
            )
            painter.setPen(pen)
            painter.drawRect(box)
            painter.setPen(QColor(self._theme.tokens.ink_soft))
            painter.drawText(box, int(MIDDLE), text("printing.free_place", n=number))


def free_places(state: PrintingState) -> tuple[tuple[float, float, int], ...]:
    """Return the free places of a front side: left and top in mm, and the place's number."""
    capacity, sides = capacity_of(state.sheet), sides_of(state.sheet)
    number, side = divmod(state.preview.at, sides)
    if capacity == 1 or side or not state.side_count:
        return ()
    first = state.first if number == 0 else 0
    used = len(on_sheet(state.chosen, state.first, capacity, number))
    places = enumerate(sheet(state.sheet).fronts)
    return tuple((x, y, n + 1) for n, (x, y) in places if not first <= n < first + used)


class PreviewPane(Pane):
    """Which sheet, how it is filled, the sheet itself, and the turning of pages."""

    turned = Signal(int)
    room_changed = Signal(QSize)

    def __init__(self) -> None:
        theme = current_theme()
        self._which = Text("", Role.LABEL)
        self._filled = Text("", Role.CAPTION, Tone.SOFT)
        self._paper = PaperSheet()
        self._back = Button(text("printing.turn_back"), size=ButtonSize.ROW, key="Alt+Left")
        self._on = Button(text("printing.turn_on"), size=ButtonSize.ROW, key="Alt+Right")
        self._turning = row(STRETCH, self._back, self._on, STRETCH, gap=theme.space(12))
        side, above = theme.space(32), theme.space(16)
        super().__init__(
            row(self._which, STRETCH, self._filled),
            theme.space(8),
            (self._paper, 1),
            theme.space(8),
            self._turning,
            ground="rail",
            sides=("left",),
            margins=(side, above, side, theme.space(12)),
        )
        self._back.clicked.connect(lambda: self.turned.emit(-1))
        self._on.clicked.connect(lambda: self.turned.emit(1))
        self._paper.room_changed.connect(self.room_changed)

    def show_state(self, state: PrintingState) -> None:
        which, filled = side_words(state)
        self._which.setText(which)
        self._filled.setText(filled)
        self._turning.setVisible(state.side_count > 1)
        self._back.setEnabled(state.preview.at > 0)
        self._on.setEnabled(state.preview.at < state.side_count - 1)
        self._paper.show_state(state)
