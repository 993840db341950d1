"""An invented answer of the insurer to an exported batch: most accepted, the last one refused."""

from pathlib import Path
from typing import Final

from openpyxl import Workbook, load_workbook

_HEADERS: Final = ("number", "nik", "status", "kpj", "reason")
_FIRST_KPJ: Final = 26_000_000_001


def write_reply(batch: Path, reply: Path) -> int:
    """Write the reply to `batch` and return how many rows it answers."""
    book = load_workbook(batch, read_only=True)
    rows = [row for row in book.worksheets[0].iter_rows(values_only=True) if any(row)]
    book.close()
    start = next(i for i, row in enumerate(rows) if "number" in row and "nik" in row)
    number, nik = rows[start].index("number"), rows[start].index("nik")
    people = [(str(row[number]), str(row[nik])) for row in rows[start + 1 :] if row[number]]
    answers = Workbook(write_only=True)
    sheet = answers.create_sheet("jawaban")
    sheet.append(_HEADERS)
    for place, (label, identity) in enumerate(people):
        accepted = place + 1 < len(people)
        kpj = f"{_FIRST_KPJ + place:011d}"
        sheet.append(
            (label, identity, "accepted", kpj, "") if accepted else _refusal(label, identity)
        )
    answers.save(reply)
    return len(people)


def _refusal(label: str, identity: str) -> tuple[str, ...]:
    return (label, identity, "refused", "", "NIK tidak padan dengan data kependudukan")
