"""A checker for any paper of the engine: what overlaps, leaves the page, is small or too pale."""

from enumerator_app.cards.items import WHITE, Area, Box, Words
from enumerator_app.cards.papers.formats import FORMATS

TOLERANCE = 0.03
LEAST_POINTS = 7.5
LEAST_CONTRAST = 4.5


def problems(page, format_name="a4", *, least=LEAST_POINTS):
    """Yield what is wrong with one page, as sentences."""
    form = FORMATS[format_name]
    words = list(_words(page))
    for text, box, size, colour in words:
        if box.x < form.side - TOLERANCE or box.right > form.width - form.side + TOLERANCE:
            yield f"{text!r} leaves the sides"
        if box.y < form.top - 1 or box.bottom > form.height - 4:
            yield f"{text!r} leaves top or bottom"
        if size < least:
            yield f"{text!r} has {size} points"
        if contrast(colour, _ground(page, box)) < LEAST_CONTRAST:
            yield f"{text!r} is too pale"
    yield from _overlaps(words)


def _words(page):
    for left, top, items in page.placed:
        for item in items:
            if isinstance(item, Words) and item.text.strip():
                box = item.box
                moved = Box(box.x + left, box.y + top, box.width, box.height)
                yield item.text, moved, item.size, item.colour


def _overlaps(words):
    by_line = sorted(words, key=lambda found: found[1].y)
    for n, (one, a, _, _) in enumerate(by_line):
        for other, b, _, _ in by_line[n + 1 :]:
            if b.y >= a.bottom:
                break
            across = min(a.right, b.right) - max(a.x, b.x)
            down = min(a.bottom, b.bottom) - max(a.y, b.y)
            if min(across, down) > 0.4:  # descenders may reach into the leading
                yield f"{one!r} lies on {other!r}"


def _ground(page, box):
    """Return the colour under a box: the last area that covers it."""
    found = WHITE
    for left, top, items in page.placed:
        for item in items:
            if isinstance(item, Area) and _covers(item.box, left, top, box):
                found = item.colour
    return found


def _covers(area, left, top, box):
    return (
        area.x + left <= box.x
        and area.right + left >= box.right
        and area.y + top <= box.y + 1
        and area.bottom + top >= box.bottom - 1
    )


def contrast(one, other):
    """Return the contrast of two colours as WCAG reckons it."""
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour):
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def words_on(page):
    return [text for text, *_ in _words(page)]
