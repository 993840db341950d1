"""Looks at every item of a paper: nothing overlaps, leaves the page, is too small or too pale."""

from enumerator_app.cards.items import QUIET_ZONE_MODULES, TINT, Box, Code, Photo, Words
from enumerator_app.cards.papers import FORMATS
from enumerator_app.cards.qr import qr_modules

TOLERANCE = 0.02
PRINTER_EDGE = 2.9  # what ink-tank printers of village offices leave white
LEAST_CONTRAST = 4.5


def solid_boxes(placed, quiet_part=1.0):
    for x, y, items in placed:
        for item in items:
            if isinstance(item, Words):
                yield item.text, moved(item.box, x, y)
            elif isinstance(item, Photo):
                yield "photo", moved(item.box, x, y)
            elif isinstance(item, Code):
                modules = len(qr_modules(item.text))
                quiet = quiet_part * QUIET_ZONE_MODULES * item.box.width / modules
                left, top, width, height = moved(item.box, x, y)
                yield "code", Box(left - quiet, top - quiet, width + 2 * quiet, height + 2 * quiet)


def moved(box, x, y):
    return Box(box.x + x, box.y + y, box.width, box.height)


def problems(placed, form, least_size, quiet_part=1.0):
    boxes = sorted(solid_boxes(placed, quiet_part), key=lambda named: named[1].y)
    yield from overlaps(boxes)
    size = FORMATS[form]
    for said, box in boxes:
        if box.x < PRINTER_EDGE or box.right > size.width - PRINTER_EDGE + TOLERANCE:
            yield f"{said!r} leaves the sides"
        if box.y < PRINTER_EDGE or box.bottom > size.height - PRINTER_EDGE:
            yield f"{said!r} leaves top or bottom"
    for words in (item for _, _, items in placed for item in items if isinstance(item, Words)):
        if words.size < least_size:
            yield f"{words.text!r} has {words.size} points"
        if contrast(words.colour, TINT) < LEAST_CONTRAST:
            yield f"{words.text!r} is too pale"


def overlaps(boxes):
    for place, (one, a) in enumerate(boxes):
        for other, b in boxes[place + 1 :]:
            if b.y > a.bottom - TOLERANCE:
                break
            if min(a.right, b.right) - max(a.x, b.x) > TOLERANCE:
                yield f"{one!r} lies on {other!r}"


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2 reckons it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
