"""A laptop that was copied: what both saved arrives, and papers of the key they share stop."""

import shutil

import pytest

from enumerator_app.demo.programs import Program, program
from tests.end_to_end.test_revoked import PERSON
from tests.end_to_end.test_spine import Office, new_office


def copied(office: Office) -> Program:
    """An image of the laptop, in a second machine that knows nothing of it."""
    shutil.copytree(office.folder / "laptop", office.folder / "copy")
    options = ("--passphrase-file", office.folder / "pass")
    return program("enumerator", "--home", office.folder / "copy", *options)


def words(of: Program, papers: object) -> list[str]:
    """Return how the papers are judged there, by number."""
    cards = of.ask("verify-card", papers, accept=(0, 4))["cards"]
    return [card["word"] for card in sorted(cards, key=lambda card: card["number"])]


@pytest.fixture
def office(tmp_path):
    office = new_office(tmp_path)
    with office.serving() as serving:
        office.enrol(serving.url)
        office.laptop.ask("register", office.forms(PERSON))
        office.laptop.ask("sync")
        yield office


def test_slips_of_a_copied_laptop_stop_until_the_office_decides(office, tmp_path):
    copy = copied(office)
    office.laptop.ask("register", office.forms({**PERSON, "name": "Onih Rohati"}))
    office.laptop.ask("sync")
    copy.ask("register", office.forms({**PERSON, "name": "Karta Wijaya"}))
    papers = tmp_path / "papers.pdf"
    copy.ask("cards", "--all", "--output", papers)
    assert words(office.laptop, papers) == ["genuine", "genuine"]

    copy.ask("sync")
    told = office.laptop.ask("sync")

    assert told["cards_halted"]
    assert words(office.laptop, papers) == ["genuine", "revoked"]  # the first is of before
    refused = office.laptop.ask("cards", "--new", "--output", tmp_path / "no.pdf", accept=(2,))
    assert refused["error"]["code"] == "cards_halted"
    assert refused["error"]["data_safe"]
    going_on = office.laptop.ask("register", office.forms({**PERSON, "name": "Enok Suryati"}))
    assert going_on["registered"] == 1

    (case,) = office.server.ask("cases")["cases"]
    assert case["kind"] == "copied_device"
    office.server.ask("case", case["id"], "--answer", "keep")
    assert not office.laptop.ask("sync")["cards_halted"]
    assert words(office.laptop, papers) == ["genuine", "genuine"]
    office.laptop.ask("cards", "--new", "--output", papers)
