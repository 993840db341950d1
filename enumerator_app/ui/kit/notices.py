"""What a page says about itself: banner, marked words, the empty and the loading state."""

from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from enumerator_app.ui.kit.boxes import STRETCH, Item, Pane, column, row
from enumerator_app.ui.kit.buttons import Button
from enumerator_app.ui.kit.fonts import Role
from enumerator_app.ui.kit.labels import Text, Tone
from enumerator_app.ui.kit.marks import MARK_PX, Mark, MarkKind
from enumerator_app.ui.kit.painting import ROW_RADIUS, paint_box, smooth_painter
from enumerator_app.ui.kit.theme import current_theme
from enumerator_app.ui.kit.tokens import Tokens

BannerKind = Literal["look", "stop", "note", "received"]

_LOADING_AFTER_MS: Final = 200
_MARKS: Final[dict[BannerKind, MarkKind]] = {
    "look": MarkKind.CHECK,
    "stop": MarkKind.STOP,
    "note": MarkKind.NOTE,
    "received": MarkKind.RECEIVED,
}


def _colours(kind: BannerKind, tokens: Tokens) -> str:
    fills = {
        "look": tokens.amber_tint,
        "stop": tokens.red_tint,
        "note": tokens.pane,
        "received": tokens.tint,
    }
    return fills[kind]


def marked_words(
    kind: MarkKind, words: str, *, role: Role = Role.LABEL, mark_px: int = MARK_PX
) -> QWidget:
    """Return a state: its mark, its word."""
    theme = current_theme()
    return row(Mark(kind, px=mark_px), Text(words, role), STRETCH, gap=theme.space(6))


class Banner(Pane):
    """One sentence that matters, one plain line, at most one button. Grows; never elides."""

    def __init__(
        self,
        kind: BannerKind,
        sentence: str,
        detail: str = "",
        *,
        button: Button | None = None,
        parent: QWidget | None = None,
    ) -> None:
        theme = current_theme()
        self._sentence = Text("", Role.STRONG, wrap=True)
        self._detail = Text("", Role.CAPTION, wrap=True)
        self._mark = Mark(_MARKS[kind], px=20)
        words = column(STRETCH, self._sentence, 1, self._detail, STRETCH)
        tail: list[Item] = [button] if button is not None else []
        super().__init__(
            self._mark,
            (words, 1),
            *tail,
            direction="across",
            gap=theme.space(12),
            margins=(theme.space(16), theme.space(8), theme.space(12), theme.space(8)),
            parent=parent,
        )
        self.setMinimumHeight(theme.px(60))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.set_words(kind, sentence, detail)

    def set_words(self, kind: BannerKind, sentence: str, detail: str = "") -> None:
        self._kind = kind
        self._mark.set_kind(_MARKS[kind])
        self._sentence.setText(sentence)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(f"{sentence} {detail}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._tokens
        edge = tokens.ink if tokens.is_sun else ""
        with smooth_painter(self) as painter:
            paint_box(
                painter,
                QRectF(self.rect()),
                fill=_colours(self._kind, tokens),
                edge=edge,
                edge_px=tokens.edge_px,
                radius=ROW_RADIUS,
            )


class EmptyState(Pane):
    """Nothing to show: a sentence, what to do, one secondary button. No picture."""

    def __init__(self, sentence: str, advice: str = "", *, button: Button | None = None) -> None:
        theme = current_theme()
        items: list[Item] = [Text(sentence, Role.SECTION, wrap=True)]
        if advice:
            items += [theme.space(4), Text(advice, Role.BODY, Tone.SOFT, wrap=True)]
        if button is not None:
            items += [theme.space(12), (button, Qt.AlignmentFlag.AlignLeft)]
        super().__init__(*items, STRETCH)


class LoadingRows(QWidget):
    """Grey shapes of rows that are on their way; nothing at all for the first 200 ms."""

    def __init__(self, count: int = 3, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._count = current_theme(), count
        self._is_shown = False
        self.setAccessibleName(name)
        self.setFixedHeight(self._theme.px(64) * count)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        QTimer.singleShot(_LOADING_AFTER_MS, self, self.show_now)

    def show_now(self) -> None:
        self._is_shown = True
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(280), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_shown:
            return
        tokens, px = self._theme.tokens, self._theme.px
        edge = tokens.ink if tokens.is_sun else ""
        with smooth_painter(self) as painter:
            for number in range(self._count):
                top = px(64) * number
                shapes = (
                    QRectF(0, top + px(8), px(38), px(48)),
                    QRectF(px(52), top + px(14), px(150 - 30 * (number % 2)), px(13)),
                    QRectF(px(52), top + px(37), px(200 - 20 * (number % 2)), px(12)),
                )
                for shape in shapes:
                    paint_box(painter, shape, fill=tokens.trough, edge=edge, radius=4)
