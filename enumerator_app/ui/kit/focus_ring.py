"""One ring for the whole window: where the keyboard is."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QPushButton, QWidget
from shiboken6 import isValid

from enumerator_app.ui.kit.painting import CONTROL_RADIUS, NO_BRUSH, smooth_painter
from enumerator_app.ui.kit.theme import current_theme

ROOM_PX: Final = 8  # what the ring takes outside its control
_HALO_PX: Final = 3
_GAP_PX: Final = 2
_FOLLOWED: Final = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
)


class FocusRing(QWidget):
    """A transparent child of the window that follows the focus and lies over everything.

    Inputs (`ring_joined`) get a ring joined to their border and a halo; buttons, rows and chips a
    ring with a gap. Controls with `paints_own_focus` (lists) get none.
    """

    # What it follows may go together with it, and still send a last event.
    _target: QWidget | None = None

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._watched: list[QObject] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
            self._on_focus_changed(None, application.focusWidget())

    def target(self) -> QWidget | None:
        return self._target

    def surround(self, target: QWidget | None) -> None:
        """Lie round `target` until the focus moves; None takes the ring away."""
        self._unwatch()
        self._target = target
        if target is not None:
            self._watch(target)
        self._follow()

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        is_ours = new is not None and self._window.isAncestorOf(new)
        paints_own = getattr(new, "paints_own_focus", False)
        self.surround(new if is_ours and not paints_own else None)

    def _watch(self, target: QWidget) -> None:
        widget: QWidget | None = target
        while widget is not None and widget is not self._window:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = widget.parentWidget()

    def _unwatch(self) -> None:
        watched, self._watched = self._watched, []
        for widget in watched:
            if isValid(widget):  # a page may have let it go while it had the focus
                widget.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED and isValid(self):
            self._follow()
        return False

    def _follow(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisibleTo(self._window):
            self.hide()
            return
        corner = target.mapTo(self._window, QPoint(0, 0))
        around = QRect(corner, target.size()).adjusted(-ROOM_PX, -ROOM_PX, ROOM_PX, ROOM_PX)
        self.setGeometry(around)
        if not self._clip(target, around):
            self.hide()
            return
        self.show()
        self.raise_()
        self.update()

    def _clip(self, target: QWidget, around: QRect) -> bool:
        """Do not draw over the bars beside a scrolled page; False if nothing is left to draw."""
        seen = QRect(around)
        widget = target.parentWidget()
        while widget is not None and widget is not self._window:
            parent = widget.parentWidget()
            if isinstance(parent, QAbstractScrollArea) and widget is parent.viewport():
                seen &= QRect(widget.mapTo(self._window, QPoint(0, 0)), widget.size())
            widget = parent
        if seen.isEmpty():  # an empty mask would mean none
            return False
        self.setMask(seen.translated(-around.topLeft()))
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._target is None or not isValid(self._target):
            return
        box = QRectF(self.rect()).adjusted(ROOM_PX, ROOM_PX, -ROOM_PX, -ROOM_PX)
        with smooth_painter(self) as painter:
            painter.setBrush(NO_BRUSH)
            if getattr(self._target, "ring_joined", False):
                self._paint_joined(painter, box)
            else:
                self._paint_apart(painter, box)

    def _paint_joined(self, painter: QPainter, box: QRectF) -> None:
        tokens = current_theme().tokens
        if tokens.halo:
            out, radius = _HALO_PX + 0.5, CONTROL_RADIUS + _HALO_PX
            painter.setPen(_pen(tokens.halo, _HALO_PX))
            painter.drawRoundedRect(box.adjusted(-out, -out, out, out), radius, radius)
        painter.setPen(_pen(tokens.accent, tokens.ring_px))
        out = tokens.ring_px / 2 - 1
        painter.drawRoundedRect(box.adjusted(-out, -out, out, out), CONTROL_RADIUS, CONTROL_RADIUS)

    def _paint_apart(self, painter: QPainter, box: QRectF) -> None:
        tokens, radius = current_theme().tokens, self._radius()
        painter.setPen(_pen(tokens.ground, _GAP_PX))
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), radius + 1, radius + 1)
        out = _GAP_PX + tokens.ring_px / 2
        painter.setPen(_pen(tokens.accent, tokens.ring_px))
        painter.drawRoundedRect(box.adjusted(-out, -out, out, out), radius + out, radius + out)

    def _radius(self) -> float:
        radius = getattr(self._target, "ring_radius", None)
        if isinstance(radius, int | float):
            return radius
        return CONTROL_RADIUS if isinstance(self._target, QPushButton) else 4


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(colour)
    pen.setWidthF(width)
    return pen
