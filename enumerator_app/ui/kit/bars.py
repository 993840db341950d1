"""How much of something is certain: bars and the chart of the week."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEasingCurve, QRectF, QSize, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from enumerator_app.ui.kit.fonts import Role, role_font, sized_font
from enumerator_app.ui.kit.painting import (
    MIDDLE,
    paint_box,
    paint_hatch,
    rounded_path,
    smooth_painter,
)
from enumerator_app.ui.kit.theme import current_theme

BAR_PX: Final = 12
BAR_PAGE_PX: Final = 24
_RADIUS: Final = 4
_MOTION_MS: Final = 150


class Bar(QProgressBar):
    """Solid green = the other side has it; hatched amber = done here; empty = nothing.

    The numbers stand in words above it; assistive technology hears the solid part.
    """

    def __init__(self, *, name: str, height: int = BAR_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._total, self._solid, self._hatched = 0, 0, 0
        self._shown_solid = 0.0
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._motion = QVariantAnimation(self, duration=_MOTION_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutQuad)
        self._motion.valueChanged.connect(self._on_motion)

    def set_amounts(self, *, total: int, solid: int, hatched: int = 0) -> None:
        """Show `solid` and `hatched` out of `total`; more than the total is shown as full."""
        grows = self._total == total and solid > self._solid and self._theme.motion
        before = self._shown_solid
        self._total, self._solid, self._hatched = total, solid, hatched
        self.setRange(0, max(1, total))
        self.setValue(min(solid, max(1, total)))
        self._motion.stop()
        if grows and self.isVisible():
            self._motion.setStartValue(before)
            self._motion.setEndValue(float(solid))
            self._motion.start()
        else:
            self._shown_solid = float(solid)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(80), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())

    def _on_motion(self, value: object) -> None:
        if isinstance(value, float):
            self._shown_solid = value
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        box = QRectF(self.rect())
        share = box.width() / max(1, self._total)
        solid = min(box.width(), self._shown_solid * share)
        both = min(box.width(), (self._solid + self._hatched) * share)
        with smooth_painter(self) as painter:
            painter.fillPath(rounded_path(box, _RADIUS), QColor(tokens.trough))
            painter.setClipPath(rounded_path(box, _RADIUS))
            if both > solid:
                paint_hatch(painter, QRectF(0, 0, both, box.height()), tokens, radius=_RADIUS)
            if solid:
                painter.fillRect(QRectF(0, 0, solid, box.height()), QColor(tokens.accent))
            if solid and both > solid:
                painter.fillRect(QRectF(solid, 0, 2, box.height()), QColor(tokens.ground))
            painter.setClipping(False)
            if tokens.is_sun:
                paint_box(painter, box, edge=tokens.ink, edge_px=1.5, radius=_RADIUS)


@dataclass(frozen=True)
class Day:
    """One day of the chart: people the office has, people only on this laptop."""

    word: str
    received: int
    saved: int
    is_today: bool = False


class WeekChart(QWidget):
    """Seven columns with their numbers; a day of nothing shows its nought."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._name = name
        self._days: tuple[Day, ...] = ()
        self.setMinimumHeight(self._theme.px(152))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_days(self, days: Sequence[Day]) -> None:
        self._days = tuple(days)
        spoken = ", ".join(f"{day.word} {day.received + day.saved}" for day in days)
        self.setAccessibleName(f"{self._name}: {spoken}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._days:
            return
        px = self._theme.px
        most = max(1, *(day.received + day.saved for day in self._days))
        base, step = self.height() - px(24), self.width() / len(self._days)
        with smooth_painter(self) as painter:
            for number, day in enumerate(self._days):
                place = QRectF(step * number, px(22), step, base - px(22))
                self._paint_day(painter, place, day, most)
            painter.fillRect(QRectF(0, base, self.width(), 1), QColor(self._theme.tokens.edge))

    def _paint_day(self, painter: QPainter, place: QRectF, day: Day, most: int) -> None:
        tokens, px = self._theme.tokens, self._theme.px
        base, width = place.bottom(), min(px(28), place.width() - 4)
        left = round(place.center().x() - width / 2)
        solid = round(place.height() * day.received / most)
        hatched = round(place.height() * day.saved / most)
        if solid:
            painter.fillRect(QRectF(left, base - solid, width, solid), QColor(tokens.accent))
        if hatched:
            paint_hatch(painter, QRectF(left, base - solid - hatched, width, hatched), tokens)
        painter.setPen(tokens.ink)
        painter.setFont(role_font(Role.LABEL, self._theme))
        number = QRectF(place.left(), base - solid - hatched - px(20), place.width(), px(18))
        painter.drawText(number, MIDDLE, str(day.received + day.saved))
        painter.setPen(tokens.ink if day.is_today else tokens.ink_soft)
        painter.setFont(sized_font(13, 700 if day.is_today else 400, self._theme))
        word = QRectF(place.left(), base + px(4), place.width(), px(20))
        painter.drawText(word, MIDDLE, day.word)


class Swatch(QWidget):
    """The sample beside a legend's word."""

    def __init__(self, *, hatched: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._hatched = current_theme(), hatched
        self.setFixedSize(self._theme.px(20), self._theme.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, box = self._theme.tokens, QRectF(self.rect())
        with smooth_painter(self) as painter:
            if self._hatched:
                paint_hatch(painter, box, tokens, radius=3)
            else:
                paint_box(painter, box, fill=tokens.accent, radius=3)
