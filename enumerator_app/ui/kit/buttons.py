"""Buttons, painted: text, keycap, icon and state in one control."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from enumerator_app.ui.kit.fonts import sized_font, text_width
from enumerator_app.ui.kit.icons import ICON_PX, paint_icon
from enumerator_app.ui.kit.keycaps import bind_key, key_words
from enumerator_app.ui.kit.painting import (
    MIDDLE_LEFT,
    NO_BRUSH,
    keycap_width,
    paint_box,
    paint_keycap,
    round_pen,
    smooth_painter,
)
from enumerator_app.ui.kit.theme import Theme, current_theme
from enumerator_app.ui.kit.tokens import Tokens

_BUSY_PX: Final = 16
_BUSY_STEP_MS: Final = 125
_PRESSING_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ButtonKind(Enum):
    PRIMARY = "primary"  # one a page, bottom right
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"


class ButtonSize(Enum):
    """Height and text in px at 100 %."""

    ROW = (36, 15)  # in rows and panes
    NORMAL = (40, 15)  # 36 in a compact window
    PAGE = (48, 15)  # pages without a rail
    HERO = (64, 18)  # the one action of Beranda

    def height_px(self, theme: Theme) -> int:
        height: int = self.value[0]
        if self is ButtonSize.NORMAL:
            return theme.control_height
        if theme.text_percent == 100:
            return height
        return max(theme.px(height - 16), theme.px(self.text_px) + theme.space(20))

    @property
    def text_px(self) -> int:
        size: int = self.value[1]
        return size


@dataclass(frozen=True)
class _Look:
    fill: str
    ink: str
    edge: str
    keycap_edge: str
    keycap_ink: str
    dashed: bool = False


class Button(QPushButton):
    """A button. Its keycap is true: the key presses it while it can be seen and is enabled.

    `key` is a Qt key sequence ("Ctrl+Return", "F6", "Alt+Z"). With `key_elsewhere` the keycap is
    only shown, because the window itself listens to that key (F1 to F10, Ctrl+L).
    """

    def __init__(
        self,
        words: str,
        *,
        kind: ButtonKind = ButtonKind.SECONDARY,
        size: ButtonSize = ButtonSize.NORMAL,
        key: str = "",
        key_elsewhere: bool = False,
        icon: str = "",
        wide: bool = False,
        on_click: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._theme = current_theme()
        self._kind, self._size, self._icon = kind, size, icon
        self.key = key
        self._key_words = key_words(key) if key else ""
        self._busy_words = ""
        self._busy_turn = 0
        self._font = sized_font(size.text_px, 600, self._theme)
        across = QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(size.height_px(self._theme))
        self.set_words(words)
        self._timer = QTimer(self, interval=_BUSY_STEP_MS)
        self._timer.timeout.connect(self._on_turn)
        if key and not key_elsewhere:
            bind_key(key, self, self._on_key)
        if on_click is not None:
            self.clicked.connect(lambda _checked: on_click())

    def words(self) -> str:
        return self._words

    def set_words(self, words: str) -> None:
        self._words = words
        self.setText(words.replace("&", "&&"))  # never a mnemonic
        self._name_it()
        self.setMinimumWidth(self._natural_width())
        self.updateGeometry()
        self.update()

    def is_busy(self) -> bool:
        return bool(self._busy_words)

    def set_busy(self, words: str) -> None:
        """Show that its work runs ("Menyimpan"), with an arc; "" ends it. The width stays."""
        self._busy_words = words
        self._name_it()
        if words and self._theme.motion:
            self._timer.start()
        else:
            self._timer.stop()
        self.update()

    def click_if_ready(self) -> None:
        """Press it, unless it is busy or off."""
        if self.isEnabled() and not self.is_busy():
            self.click()

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        # While it has the focus, Enter and Space are its own, whatever else listens to them.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _PRESSING_KEYS
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click_if_ready()
        else:
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        if not self.is_busy():
            super().nextCheckState()

    def hitButton(self, pos: QPoint) -> bool:
        return not self.is_busy() and self.rect().contains(pos)

    def _on_key(self) -> None:
        if self.isVisible():
            self.click_if_ready()

    def _on_turn(self) -> None:
        self._busy_turn = (self._busy_turn + 1) % 8
        self.update()

    def _name_it(self) -> None:
        self.setAccessibleName(self._busy_words or self._words)
        self.setAccessibleDescription(self._key_words)

    def _icon_width(self) -> int:
        return self._theme.px(ICON_PX) + self._theme.space(8) if self._icon else 0

    def _keycap_room(self) -> int:
        if not self._key_words:
            return 0
        return keycap_width(self._key_words, self._theme) + self._theme.space(12) - 4

    def _natural_width(self) -> int:
        inner = text_width(self._font, self._words) + self._icon_width() + self._keycap_room()
        return inner + 2 * self._theme.space(16)

    def _look(self) -> _Look:
        tokens = self._theme.tokens
        if not self.isEnabled():
            is_quiet = self._kind is ButtonKind.QUIET
            edge = tokens.off_ink if tokens.is_sun and not is_quiet else ""
            fill = "" if is_quiet else tokens.off_ground
            return _Look(fill, tokens.off_ink, edge, tokens.keycap_edge_off, tokens.off_ink, True)
        return _LOOKS[self._kind](tokens, _Press.of(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = self._look(), self._theme.tokens
        with smooth_painter(self) as painter:
            paint_box(
                painter,
                QRectF(self.rect()),
                fill=look.fill,
                edge=look.edge,
                edge_px=tokens.edge_px,
                dashed=look.dashed,
            )
            if self._busy_words:
                self._paint_busy(painter, look)
            else:
                self._paint_content(painter, look)

    def _paint_content(self, painter: QPainter, look: _Look) -> None:
        left = float(self._theme.space(16))
        if not self._key_words:
            left = (self.width() - text_width(self._font, self._words) - self._icon_width()) / 2
        if self._icon:
            side = self._theme.px(ICON_PX)
            square = QRectF(round(left), round((self.height() - side) / 2), side, side)
            paint_icon(painter, self._icon, square, look.ink)
            left += self._icon_width()
        self._paint_words(painter, self._words, left, look.ink)
        if self._key_words:
            width = keycap_width(self._key_words, self._theme)
            height = self._theme.px(20)
            right = self.width() - self._theme.space(16) + 4
            cap = QRectF(right - width, round((self.height() - height) / 2), width, height)
            paint_keycap(
                painter, cap, self._key_words, self._theme,
                ink=look.keycap_ink, edge=look.keycap_edge,
            )  # fmt: skip

    def _paint_busy(self, painter: QPainter, look: _Look) -> None:
        side, gap = self._theme.px(_BUSY_PX), self._theme.space(8)
        left = (self.width() - side - gap - text_width(self._font, self._busy_words)) / 2
        painter.setPen(round_pen(look.ink, 2.2 * self._theme.scale))
        painter.setBrush(NO_BRUSH)
        arc = QRectF(QPointF(left, (self.height() - side) / 2), QPointF(0, 0))
        arc.setSize(QSize(side, side).toSizeF())
        painter.drawArc(arc, (90 - 45 * self._busy_turn) * 16, -250 * 16)
        self._paint_words(painter, self._busy_words, left + side + gap, look.ink)

    def _paint_words(self, painter: QPainter, words: str, left: float, ink: str) -> None:
        painter.setFont(self._font)
        painter.setPen(ink)
        room = QRectF(left, 0, text_width(self._font, words) + 8, self.height() - 1)
        painter.drawText(room, MIDDLE_LEFT, words)


class _Press(Enum):
    REST = 0
    HOVER = 1
    DOWN = 2

    @classmethod
    def of(cls, button: QPushButton) -> "_Press":
        if button.isDown():
            return cls.DOWN
        return cls.HOVER if button.underMouse() else cls.REST


def _primary(tokens: Tokens, press: _Press) -> _Look:
    fill = (tokens.accent, tokens.accent_hover, tokens.accent_down)[press.value]
    return _Look(fill, tokens.on_accent, "", tokens.keycap_edge_on_accent, tokens.on_accent)


def _secondary(tokens: Tokens, press: _Press) -> _Look:
    fill = (tokens.ground, tokens.tint, tokens.tint_down)[press.value]
    return _Look(fill, tokens.ink, tokens.edge, tokens.keycap_edge, tokens.ink_soft)


def _quiet(tokens: Tokens, press: _Press) -> _Look:
    fill = ("", tokens.tint, tokens.tint_down)[press.value]
    return _Look(fill, tokens.accent, "", tokens.keycap_edge, tokens.accent)


def _danger(tokens: Tokens, press: _Press) -> _Look:
    fill = (tokens.ground, tokens.red_tint, tokens.red_down)[press.value]
    return _Look(fill, tokens.red, tokens.red, tokens.red, tokens.red)


_LOOKS: Final[dict[ButtonKind, Callable[[Tokens, _Press], _Look]]] = {
    ButtonKind.PRIMARY: _primary,
    ButtonKind.SECONDARY: _secondary,
    ButtonKind.QUIET: _quiet,
    ButtonKind.DANGER: _danger,
}
