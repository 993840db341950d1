"""The two faces of a card (CR80, 85.60 x 53.98 mm), in millimetres.

Each face has fixed parts, the same for all cards of a kind, around the person's own part, in the
order in which they are read: the text of a PDF comes out in that order. Text keeps
2.9 mm from the sides and 1.4 mm from top and bottom; what a worker must act on has at least 8.25
points. A provisional paper has no solid head and a hatched amber strip; only an active card is
solid green: the two are told apart at arm's length and on a photocopy.
"""

from dataclasses import replace
from typing import Final

from enumerator_app.cards.claims import PaperKind
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.emblem import rice_ear, shield
from enumerator_app.cards.items import (
    AMBER,
    BLACK,
    GREEN,
    GREY_INK,
    HAIRLINE,
    INK,
    TINT,
    WHITE,
    Area,
    Box,
    Code,
    Frame,
    Hatch,
    Item,
    Logo,
    Photo,
    Words,
)
from enumerator_app.cards.typesetting import Measure, Style, even_lines, line, name_lines
from enumerator_app.cards.verdict import in_words
from enumerator_app.texts import text

CARD_WIDTH: Final = 85.60
CARD_HEIGHT: Final = 53.98
SIDE_MARGIN: Final = 2.9
TOP_MARGIN: Final = 1.4

_LEFT: Final = 3.0
_WIDE: Final = 79.6
_PHOTO: Final = Box(_LEFT, 11.7, 22, 28)
_COLUMN_X: Final = 27.5
_COLUMN_WIDTH: Final = 55.1
_LABEL: Final = Style(7, "regular", INK)  # grey would not survive a copy
_PHOTO_RADIUS: Final = 0.8
_EMBLEM: Final = Box(_LEFT, 1.6, 7, 7)
_HEAD_X: Final = 11.5
_TAG: Final = Box(69.2, 4.85, 13.4, 4.2)
_SHIELD: Final = Box(78.2, 48.0, 4.4, 4.6)
_STRIP: Final = Box(0, 41.2, CARD_WIDTH, CARD_HEIGHT - 41.2)
_QR: Final = Box(_LEFT, 3.6, 29.4, 29.4)  # its top is level with the heading beside it


def _column(y: float, height: float) -> Box:
    return Box(_COLUMN_X, y, _COLUMN_WIDTH, height)


def fixed_front(kind: PaperKind, settings: PaperSettings, measure: Measure) -> list[Item]:
    """Return what is on the front of every card of this kind, up to the person's own part."""
    head = _active_head(settings) if kind == "active" else _provisional_head(settings)
    strip = [Area(_STRIP, GREEN)] if kind == "active" else []
    return [*head, *_head_words(kind, settings, measure), *strip]


def fixed_end(kind: PaperKind, settings: PaperSettings, measure: Measure) -> list[Item]:
    """Return what is on the front of every card of this kind, read after the person's part."""
    return [] if kind == "active" else _provisional_strip(settings, measure)


def _head_words(kind: PaperKind, settings: PaperSettings, measure: Measure) -> list[Item]:
    """Whose paper it is, what it is, and that it costs nothing."""
    said, active = settings.language, kind == "active"
    regency = text("cards.paper.regency", said, regency=settings.regency_name).upper()
    title, free = text(f"cards.paper.title_{kind}", said), text("cards.paper.free_tag", said)
    wide = _TAG.x - 1.5 - _HEAD_X
    regency_style = Style(7.5, "semibold", WHITE if active else INK)
    accent = WHITE if active else GREEN
    return [
        line(regency, Box(_HEAD_X, 1.4, 71.1, 3.2), regency_style, measure),
        line(title, Box(_HEAD_X, 4.7, wide, 4.6), Style(10.5, "bold", accent), measure),
        Frame(_TAG, accent, 0.3, radius=1.0),
        _centred(free, _TAG, Style(8.25, "bold", accent), measure),
    ]


def own_front(content: CardContent, settings: PaperSettings, measure: Measure) -> list[Item]:
    """Return what is on the front of this person's card alone."""
    said = settings.language
    number = Style(12, "bold", INK)
    items: list[Item] = [
        *_portrait(content, settings, measure),
        *name_lines(content.name, _column(_PHOTO.y, 9.4), INK, measure),
        line(text("cards.paper.number_label", said), _column(21.5, 2.9), _LABEL, measure),
        line(content.number, _column(24.4, 5.0), number, measure),
    ]
    if content.copy > 1:
        copy = text("cards.paper.copy", said, copy=content.copy)
        style = Style(7, "semibold", INK)
        items.append(line(copy, _column(21.5, 2.9), style, measure, to_right=True))
    if content.kind == "active":
        return [*items, *_active_lines(content, settings, measure)]
    return [*items, *_provisional_lines(content, settings, measure)]


def front(content: CardContent, settings: PaperSettings, measure: Measure) -> list[Item]:
    """Return the whole front."""
    return [
        *fixed_front(content.kind, settings, measure),
        *own_front(content, settings, measure),
        *fixed_end(content.kind, settings, measure),
    ]


def own_back(content: CardContent) -> list[Item]:
    """Return what is on the back of this person's card alone: the code."""
    return [Code(_QR, content.seal)]


def _provisional_head(settings: PaperSettings) -> list[Item]:
    rule = Area(Box(_LEFT, 9.7, _WIDE, 0.5), GREEN)
    if settings.logo is not None:
        return [rule, Logo(_EMBLEM, settings.logo)]
    return [rule, Frame(_EMBLEM, GREEN, 0.25, radius=1.0), *rice_ear(_EMBLEM, GREEN)]


def _active_head(settings: PaperSettings) -> list[Item]:
    head: list[Item] = [Area(Box(0, 0, CARD_WIDTH, 10.2), GREEN), Area(_EMBLEM, WHITE, radius=1.0)]
    if settings.logo is not None:
        inner = Box(_EMBLEM.x + 0.4, _EMBLEM.y + 0.4, 6.2, 6.2)
        return [*head, Logo(inner, settings.logo)]
    return [*head, *rice_ear(_EMBLEM, GREEN)]


def _provisional_strip(settings: PaperSettings, measure: Measure) -> list[Item]:
    said = settings.language
    status = text("cards.paper.status_provisional", said)
    note = text("cards.paper.status_provisional_note", said)
    return [
        Area(_STRIP, AMBER),
        Hatch(Box(0, _STRIP.y, CARD_WIDTH, 1.6), INK, pitch=2.4, line=0.4),
        line(status, Box(_LEFT, 43.1, _WIDE, 5.5), Style(13.5, "black", BLACK), measure),
        line(note, Box(_LEFT, 48.7, _WIDE, 3.8), Style(9, "semibold", INK), measure),
    ]


def _provisional_lines(
    content: CardContent, settings: PaperSettings, measure: Measure
) -> list[Item]:
    body = Style(9, "regular", INK)
    said = [place_line(content, settings), recorded_line(content, settings)]
    return [*even_lines(said, [_column(31.2, 3.8), _column(35.4, 3.8)], body, measure)]


def _active_lines(content: CardContent, settings: PaperSettings, measure: Measure) -> list[Item]:
    said = settings.language
    cover = {"from": in_words(content.cover_from), "to": in_words(content.cover_to)}
    status = text("cards.paper.status_active", said, **cover)
    benefits = benefits_line(content.programmes, settings)
    return [
        line(text("cards.paper.kpj_label", said), _column(29.6, 2.9), _LABEL, measure),
        line(str(content.kpj), _column(32.5, 4.7), Style(11.25, "bold", INK), measure),
        line(
            place_line(content, settings), _column(37.2, 3.2), Style(7.5, "regular", INK), measure
        ),
        line(status, Box(_LEFT, 42.7, _WIDE, 5.5), Style(13, "black", WHITE), measure),
        *_benefits(benefits, measure),
    ]


def _benefits(said: str, measure: Measure) -> list[Item]:
    """Set what is covered; a shield ends the line unless the words need its place."""
    style, box = Style(9.25, "semibold", WHITE), Box(_LEFT, 48.4, _WIDE, 3.8)
    words = line(said, box, style, measure)
    if words.box.right > _SHIELD.x - 1:
        return [words]
    return [words, *shield(_SHIELD, WHITE, GREEN)]


def recorded_line(content: CardContent, settings: PaperSettings) -> str:
    key = "cards.paper.recorded_for" if content.programmes else "cards.paper.recorded"
    programmes = ", ".join(content.programmes)
    date = in_words(content.registered_on)
    return text(key, settings.language, date=date, programmes=programmes)


def place_line(content: CardContent, settings: PaperSettings) -> str:
    kind = text(f"cards.paper.kind_{content.village_kind}", settings.language)
    return text(
        "cards.paper.place" if content.district else "cards.paper.place_alone",
        settings.language,
        kind=kind,
        village=content.village,
        district=content.district,
    )


def benefits_line(programmes: tuple[str, ...], settings: PaperSettings) -> str:
    said = settings.language
    named = [text(f"cards.paper.programme_{code.lower()}", said) for code in programmes]
    joined = text("cards.paper.and", said).join(
        part for part in (", ".join(named[:-1]), *named[-1:]) if part
    )
    return f"{joined[:1].upper()}{joined[1:]}."


def free_words(kind: PaperKind, settings: PaperSettings) -> str:
    """Return that nobody may ask for money."""
    said = settings.language
    if kind == "active":
        return text("cards.paper.free_active", said)
    return f"{text('cards.paper.free_heading', said)} {text('cards.paper.free', said)}"


def _portrait(content: CardContent, settings: PaperSettings, measure: Measure) -> list[Item]:
    frame = Frame(_PHOTO, HAIRLINE, 0.2, radius=_PHOTO_RADIUS)
    if content.photo is not None:
        return [Photo(_PHOTO, content.photo, radius=_PHOTO_RADIUS), frame]
    words = text("cards.paper.no_photo", settings.language)
    said = _centred(words, _PHOTO, Style(8.25, "regular", GREY_INK), measure)
    return [Area(_PHOTO, TINT, radius=_PHOTO_RADIUS), said, frame]


def _centred(said: str, box: Box, style: Style, measure: Measure) -> Words:
    words = line(said, box, style, measure)
    return replace(words, x=box.x + (box.width - words.width) / 2)
