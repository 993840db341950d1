"""The reference data that ships with the program, read once."""

from functools import cache
from typing import Any

from enumerator_app.domain.findings import Rulebook
from enumerator_app.domain.places import Places
from enumerator_app.resource_files import read_toml, resource_path


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
