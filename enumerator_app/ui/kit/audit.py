"""What would be cut, too small, out of reach or ambiguous on a page that is being shown."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from enumerator_app.ui.kit.buttons import Button
from enumerator_app.ui.kit.fonts import text_width
from enumerator_app.ui.kit.segments import Segments

LEAST_CONTROL_PX: Final = 36


def faults(page: QWidget) -> list[str]:
    """Return a line for each fault of the visible page; empty when all can be read and reached."""
    found = [line for label in page.findChildren(QLabel) for line in _of_label(label, page)]
    controls = [control for control in _controls(page) if control.isVisibleTo(page)]
    for control in controls:
        found += _of_control(control, page)
    found += _overlaps(controls, page)
    found += _double_keys(page)
    return found


def _controls(page: QWidget) -> Iterator[QWidget]:
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        yield from page.findChildren(kind)


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel) else widget.accessibleName()
    return f"{type(widget).__name__} '{words[:40]}'"


def _of_label(label: QLabel, page: QWidget) -> Iterator[str]:
    if not label.isVisibleTo(page) or not label.text():
        return
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if label.height() < needed:
            yield f"{_name(label)} is {label.height()} px high and needs {needed}"
    elif label.width() < label.sizeHint().width():
        yield f"{_name(label)} is {label.width()} px wide and needs {label.sizeHint().width()}"
    elif label.height() < label.sizeHint().height():
        yield f"{_name(label)} is {label.height()} px high and needs {label.sizeHint().height()}"
    if _spills(label):
        yield f"{_name(label)} does not fit into its place"


def _of_control(control: QWidget, page: QWidget) -> Iterator[str]:
    needed = max(control.minimumWidth(), control.minimumSizeHint().width())
    if control.width() < needed:
        yield f"{_name(control)} is {control.width()} px wide and needs {needed}"
    if control.height() < LEAST_CONTROL_PX:
        yield f"{_name(control)} is only {control.height()} px high"
    if _spills(control):
        yield f"{_name(control)} does not fit into its place"
    if isinstance(control, QLineEdit) and _placeholder_is_cut(control):
        yield f"{_name(control)} cuts its placeholder '{control.placeholderText()}'"
    if not _is_reachable(control, page):
        yield f"{_name(control)} lies outside the window"


def _placeholder_is_cut(line: QLineEdit) -> bool:
    margins = line.textMargins()
    room = line.width() - margins.left() - margins.right()
    return bool(line.placeholderText()) and text_width(line.font(), line.placeholderText()) > room


def _spills(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    if parent is None or isinstance(parent.parentWidget(), QAbstractScrollArea):
        return False
    return not parent.rect().contains(widget.geometry())


def _is_reachable(control: QWidget, page: QWidget) -> bool:
    place = QRect(control.mapTo(page, QPoint(0, 0)), control.size())
    if _scrolls(control, page):
        return place.left() >= 0 and place.right() <= page.width()
    return page.rect().contains(place)


def _scrolls(control: QWidget, page: QWidget) -> bool:
    parent = control.parentWidget()
    while parent is not None and parent is not page:
        if isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _overlaps(controls: list[QWidget], page: QWidget) -> Iterator[str]:
    places = [(one, _place_in_sight(one, page)) for one in controls]
    for number, (one, place) in enumerate(places):
        for other, other_place in places[number + 1 :]:
            related = one.isAncestorOf(other) or other.isAncestorOf(one)
            if place.intersects(other_place) and not related:
                yield f"{_name(one)} and {_name(other)} lie on one another"


def _place_in_sight(control: QWidget, page: QWidget) -> QRect:
    """Return where the control can be seen: what is scrolled away covers nothing."""
    place = QRect(control.mapTo(page, QPoint(0, 0)), control.size())
    parent = control.parentWidget()
    while parent is not None and parent is not page:
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            place &= QRect(parent.mapTo(page, QPoint(0, 0)), parent.size())
        parent = parent.parentWidget()
    return place


def _double_keys(page: QWidget) -> Iterator[str]:
    shown = [button.key for button in page.findChildren(Button) if button.isVisibleTo(page)]
    for key, count in Counter(key for key in shown if key).items():
        if count > 1:
            yield f"the key {key} stands on {count} buttons"
    for segments in page.findChildren(Segments):
        letters = Counter(option.letter for option in segments.options if option.letter)
        if any(count > 1 for count in letters.values()):
            yield f"{_name(segments)} has one letter twice"
