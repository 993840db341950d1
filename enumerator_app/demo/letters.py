"""The office's part on paper: its letterhead first, and at the end the letters of the job."""

from pathlib import Path
from typing import Any, Final

from enumerator_app.demo.programs import Program

LETTERHEAD: Final = """\
government = "Pemerintah Kabupaten Bekasi"
office = "Dinas Contoh"
city = "Cikarang Pusat"
posko_phone = "0812-0000-0000"
complaint_phone = "0821-0000-0000"
ask_by = 2027-01-31

[signer]
title = "Kepala Dinas Contoh"

[decree]
title = "Bupati Bekasi"
"""


def set_letterhead(office: Program, folder: Path) -> int:
    """Set the sample letterhead; return its version. Laptops get it with their next sync."""
    path = folder / "kop.toml"
    path.write_text(LETTERHEAD, encoding="utf-8")
    version: int = office.ask("letterhead", "set", path)["version"]
    return version


def write_letters(office: Program, results: Path, batch: dict[str, Any]) -> dict[str, Any]:
    """Write the letters of the job; return what each side says of the same people.

    `agree`: the letter counts those on the list, and the decree's table has the print that stands
    on its pages.
    """
    list_file = results / "untuk-bpjs.xlsx"
    letter = office.ask(
        "paper", "cover-letter", "--batch", batch["export"], "--file", list_file,
        "--output", results / "surat-pengantar.pdf",
    )  # fmt: skip
    decree = office.ask("paper", "decree", "--output", results / "lampiran-keputusan.pdf")
    check = office.ask(
        "paper", "decree", "--check", decree["table"], "--print", decree["sha256"], accept=(0, 4)
    )
    agree = letter["rows"] == batch["rows"] and check["same"]
    return {"letter": letter["rows"], "decree": decree["rows"], "agree": agree,
            "path": str(results / "lampiran-keputusan.pdf")}  # fmt: skip
