"""The card of a covered person, printed at the desk: no laptop is needed for a lost one."""

from io import BytesIO
from typing import Final

from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.sheets import render_cards
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language
from sync.server.errors import DecisionNotAllowed
from sync.server.letterhead import read_letterhead
from sync.server.office import Office
from sync.server.serving.person import PersonFile, registered_on

SHEET: Final = "a4-5-fold"


def has_card(file: PersonFile, office: Office) -> bool:
    """Return whether there is a card to print: sealed, and its cover not over."""
    cover = file.cover
    today = day_in_wib(office.clock())
    return bool(file.card and file.row.state == "enrolled" and cover and cover[1] >= today)


def card_pdf(office: Office, file: PersonFile, language: Language) -> bytes:
    """Return a sheet with the newest card of this person.

    Raises:
        DecisionNotAllowed: there is none.
    """
    if not has_card(file, office) or file.record is None or file.cover is None:
        raise DecisionNotAllowed(number=file.row.number, state=file.row.state)
    village = load_places().village(file.row.village_code)
    content = CardContent(
        kind="active",
        name=file.record.name,
        number=file.row.number,
        village=village.name if village else file.row.village_code,
        village_kind=village.kind if village else "desa",
        district=village.district_name if village else "",
        registered_on=registered_on(file),
        programmes=file.record.programmes,
        photo=office.photos.read(file.record.photo) if file.record.photo else None,
        seal=file.card,
        printed_on=day_in_wib(office.clock()),
        kpj=file.row.kpj,
        cover_from=file.cover[0],
        cover_to=file.cover[1],
        copy=file.cards,
    )
    pages = BytesIO()
    render_cards([content], pages, SHEET, settings=_settings(office, language))
    return pages.getvalue()


def _settings(office: Office, language: Language) -> PaperSettings:
    said, logo = read_letterhead(office)
    return PaperSettings(
        regency_name=said.regency_name,
        posko_phone=said.posko_phone,
        insurer_phone=said.insurer_phone or "175",
        ask_by=said.ask_by,
        language=language,
        logo=logo,
    )
