"""The fixed part of a card's back: what to do, whom to call, and that it costs nothing."""

from datetime import date
from typing import Final

from enumerator_app.cards.claims import PaperKind
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.items import INK, Box, Item
from enumerator_app.cards.layout import free_words, own_back
from enumerator_app.cards.typesetting import Measure, Style, line, paragraph, width_mm
from enumerator_app.cards.verdict import in_words
from enumerator_app.texts import text

_LEFT: Final = 3.0
_WIDE: Final = 79.6
_COLUMN_X: Final = 35.2
_COLUMN_WIDTH: Final = 47.4
_HEADING: Final = Style(11, "bold", INK)
_BODY: Final = Style(9.5, "regular", INK)
_CALL: Final = Style(13.5, "bold", INK)
_BETWEEN: Final = 4.0


def _column(y: float, height: float) -> Box:
    return Box(_COLUMN_X, y, _COLUMN_WIDTH, height)


def fixed_back(
    kind: PaperKind, printed_on: date, settings: PaperSettings, measure: Measure
) -> list[Item]:
    """Return what is on the back of every card of this kind printed on that day."""
    if kind == "active":
        return _active_back(printed_on, settings, measure)
    return _provisional_back(printed_on, settings, measure)


def back(content: CardContent, settings: PaperSettings, measure: Measure) -> list[Item]:
    """Return the whole back."""
    fixed = fixed_back(content.kind, content.printed_on, settings, measure)
    return [*fixed, *own_back(content)]


def _provisional_back(printed_on: date, settings: PaperSettings, measure: Measure) -> list[Item]:
    said = settings.language
    foot = fixed_foot("provisional", printed_on, settings)
    return [
        line(text("cards.paper.when_heading", said), _column(2.6, 4.6), _HEADING, measure),
        *paragraph(text("cards.paper.when", said), _column(7.3, 15.6), _BODY, measure),
        line(text("cards.paper.free_heading", said), _column(23.4, 4.6), _HEADING, measure),
        *paragraph(text("cards.paper.free", said), _column(28.0, 7.8), _BODY, measure),
        line(ask_line(settings), Box(_LEFT, 36.4, _WIDE, 3.9), _BODY, measure),
        line(whom_line(settings), Box(_LEFT, 40.3, _WIDE, 5.8), Style(14, "bold", INK), measure),
        *paragraph(foot, Box(_LEFT, 46.3, _WIDE, 6.2), Style(7.5, "regular", INK), measure),
    ]


def _active_back(printed_on: date, settings: PaperSettings, measure: Measure) -> list[Item]:
    said = settings.language
    foot = fixed_foot("active", printed_on, settings)
    steps = [text(f"cards.paper.accident_step_{n}", said) for n in (1, 2, 3)]
    return [
        line(text("cards.paper.accident_heading", said), _column(2.6, 4.6), _HEADING, measure),
        *(line(step, _column(7.3 + 3.9 * n, 3.9), _BODY, measure) for n, step in enumerate(steps)),
        line(text("cards.paper.death_heading", said), _column(19.4, 4.6), _HEADING, measure),
        *paragraph(text("cards.paper.death", said), _column(24.0, 11.7), _BODY, measure),
        *_calls(settings, measure),
        *paragraph(
            foot,
            Box(_LEFT, 42.2, _WIDE, 10.3),
            Style(8.25, "regular", INK),
            measure,
            stressed=free_words("active", settings),
        ),
    ]


def _calls(settings: PaperSettings, measure: Measure) -> list[Item]:
    """Whom to call, large; the insurer beside it if there is room, and in the foot in any case."""
    whom, insurer = whom_line(settings), insurer_line(settings)
    wide = sum(width_mm(said, "bold", _CALL.size, measure) for said in (whom, insurer))
    if wide > _WIDE - _BETWEEN:
        return [line(whom, Box(_LEFT, 36.2, _WIDE, 5.6), _CALL, measure)]
    left = line(whom, Box(_LEFT, 36.2, _WIDE, 5.6), _CALL, measure)
    return [left, line(insurer, Box(_LEFT, 36.2, _WIDE, 5.6), _CALL, measure, to_right=True)]


def fixed_foot(kind: PaperKind, printed_on: date, settings: PaperSettings) -> str:
    """Return the small print: whose paper this is, and whose it is not."""
    return text(
        f"cards.paper.foot_{kind}",
        settings.language,
        date=in_words(printed_on),
        insurer=settings.insurer_phone,
        government=_government(settings),
    )


def ask_line(settings: PaperSettings) -> str:
    whom = "ask" if settings.posko_phone else "ask_village"
    if settings.ask_by is None:
        return text(f"cards.paper.{whom}", settings.language)
    return text(f"cards.paper.{whom}_by", settings.language, date=in_words(settings.ask_by))


def whom_line(settings: PaperSettings) -> str:
    if not settings.posko_phone:
        return text("cards.paper.village_office", settings.language)
    return text("cards.paper.posko", settings.language, phone=settings.posko_phone)


def insurer_line(settings: PaperSettings) -> str:
    return text("cards.paper.insurer", settings.language, phone=settings.insurer_phone)


def _government(settings: PaperSettings) -> str:
    is_city = settings.regency_name.casefold().startswith("kota ")
    return text(f"cards.paper.government{'_city' if is_city else ''}", settings.language)
