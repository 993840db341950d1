"""The reference data that ships with the program, read once."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from enumerator_app.domain.findings import Rulebook
from enumerator_app.domain.places import Places
from enumerator_app.domain.programme import ProgrammeTables
from enumerator_app.resource_files import read_toml, resource_path


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What is read aloud before anybody is asked; `version` is stored with each consent."""

    version: str
    valid_from: date
    paragraphs: dict[str, tuple[str, ...]]


@cache
def load_places() -> Places:
    """Return the villages of Kabupaten Bekasi and the regencies of the country."""
    folder = resource_path("places")
    villages, regencies = (
        (folder / name).read_text(encoding="utf-8")
        for name in ("kab_bekasi_villages.csv", "regencies.csv")
    )
    return Places.from_csv(villages, regencies)


@cache
def load_rulebook() -> Rulebook:
    """Return the rules about a registration, in the version that ships."""
    return Rulebook.from_tables(
        read_toml("rules", "registration.toml"), read_toml("rules", "words.toml")
    )


@cache
def load_heir_order() -> dict[str, Any]:
    """Return the legal order of heirs."""
    return read_toml("rules", "heirs.toml")


@cache
def load_programme_tables() -> ProgrammeTables:
    """Return the dated tables of contributions and benefits."""
    return ProgrammeTables.from_tables(
        read_toml("programmes", "contributions.toml"), read_toml("programmes", "benefits.toml")
    )


@cache
def load_consent_texts() -> tuple[ConsentText, ...]:
    """Return all versions of the consent text, the newest last."""
    tables = (read_toml("consent", path.name) for path in resource_path("consent").glob("*.toml"))
    texts = (
        ConsentText(
            table["version"],
            table["valid_from"],
            {language: tuple(said.split("\n")) for language, said in _stripped(table["text"])},
        )
        for table in tables
    )
    return tuple(sorted(texts, key=lambda consent: consent.valid_from))


def _stripped(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, said.strip()) for language, said in table.items()]
