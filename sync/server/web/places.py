"""Kecamatan and villages as pages name them, and as a list to choose from."""

from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, text


def areas(language: Language) -> list[tuple[str, str]]:
    """Return the whole regency, each kecamatan and each village, by code with its words."""
    places = load_places()
    found = [("", text("web.stop_everywhere", language))]
    for district in places.districts:
        found.append((district.code, text("web.stop_district", language, name=district.name)))
        villages = places.villages_of(district.code)
        found += [(one.code, f"{district.name}: {one.name}") for one in villages]
    return found


def place_words(area: str, language: Language) -> str:
    return dict(areas(language))[area]
