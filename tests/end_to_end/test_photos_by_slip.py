"""Slips printed by one command, held up in a picture, and matched by another."""

import json

import pypdfium2
import pytest
import zxingcpp

from tests.end_to_end.test_spine import own_office, run, woman  # noqa: F401 - a fixture by import

VILLAGE, DAY = "32.16.01.2001", "2026-11-22"


@pytest.fixture
def served(own_office):  # noqa: F811 - the fixture imported above
    with own_office.serving() as serving:
        own_office.enrol(serving.url)
        yield own_office


def answer(laptop, *arguments):
    return json.loads(run(laptop, *arguments, "--json").stdout)


def test_a_printed_slip_brings_a_picture_to_its_person(served, tmp_path):
    laptop, folder = served.laptop, tmp_path / "camera"
    visit = laptop.ask("visit", "open", "--village", VILLAGE, "--place", "Balai Desa",
                       "--day", DAY, "--tickets", 3)["visit"]  # fmt: skip
    rows = (woman(name="Rukmini", visit_id=visit, ticket="002"),)
    assert laptop.ask("register", served.forms(*rows))["registered"] == 1
    slips = tmp_path / "slips.pdf"
    laptop.ask("tickets", "--count", 3, "--village", VILLAGE, "--date", DAY, "--output", slips)
    page = pypdfium2.PdfDocument(slips)[0].render(scale=150 / 72).to_pil().convert("RGB")
    folder.mkdir()
    page.save(folder / "all.jpg")
    (second,) = [c for c in zxingcpp.read_barcodes(page) if "-002-" in c.text]
    left, top = second.position.top_left.x, second.position.top_left.y
    page.crop((left - 60, top - 60, left + 320, top + 320)).save(folder / "one.jpg")
    asked = ("photos", "import", folder)
    dry = answer(laptop, *asked, "--dry-run")
    assert (dry["matched"], dry["saved"]) == (1, 0)
    done = answer(laptop, *asked)
    assert (done["saved"], done["left"]) == (
        1,
        [{"file": "all.jpg", "ticket": "", "reason": "two_slips"}],
    )
    again = answer(laptop, *asked)
    assert (again["saved"], again["already_saved"]) == (0, 1)
    assert laptop.ask("sync")["photos"] == 1
