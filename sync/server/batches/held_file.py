"""Who was held back, and who goes with a remark, as a table for the people who settle it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, text
from sync.server.batches.checking import people_checked
from sync.server.office import Office
from sync.server.tabulating import cell, write_table

_AT_ONCE: Final = 2_000
_HEADER: Final = ("number", "name", "village", "district", "effect", "code", "reason")


def write_checked(
    office: Office, branch: str, path: Path, language: Language, code: str = ""
) -> int:
    """Write what the last look found, a row for each person and rule; return how many."""
    return write_table(path, _HEADER, checked_rows(office, branch, language, code))


def checked_rows(
    office: Office, branch: str, language: Language, code: str = ""
) -> Iterator[list[str]]:
    """Yield a row for each person and rule that the last look found."""
    places, offset = load_places(), 0
    while some := people_checked(office, branch, code, limit=_AT_ONCE, offset=offset):
        offset += len(some)
        for row in some:
            village = places.village(row.village_code)
            yield [
                cell(row.number), row.name, village.name if village else "",
                village.district_name if village else "", text(f"insurer.{row.effect}", language),
                row.code, text(f"insurer.check_{row.code}", language),
            ]  # fmt: skip
