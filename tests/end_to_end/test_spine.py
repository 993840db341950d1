"""From nothing to an office that holds everyone: public commands, processes, sockets, files."""

import itertools
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook

from enumerator_app.cards.reading import read_codes_from_pdf
from enumerator_app.demo.programs import OfficeProcess, Program, program
from enumerator_app.storage.home import Home
from tests import processes

PASSPHRASE = "lima kata yang panjang sekali"


class Office:
    """An office and one laptop of it, in folders of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "pass").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
        options = ("--passphrase-file", folder / "pass")
        self.server = program("district-server", "--home", folder / "office", *options)
        self.laptop = program("enumerator", "--home", folder / "laptop", *options)

    def serving(self) -> OfficeProcess:
        return OfficeProcess(self.server, self.folder / "server.log")

    def enrol(self, url: str) -> None:
        code = self.server.ask("device", "add", "Laptop")["code"]
        self.laptop.ask("enrol", "--server", url, "--code", code, "--operator", "Nining")

    def forms(self, *rows: dict[str, object]) -> Path:
        path = self.folder / "forms.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path


def new_office(folder: Path) -> Office:
    made = Office(folder)
    made.server.ask("init", "--regency", "32.16", "--admin", "Admin")
    return made


@pytest.fixture
def own_office(tmp_path):
    return new_office(tmp_path)


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory):
    """One office with one laptop for all tests that leave both whole; people differ by test."""
    office = new_office(tmp_path_factory.mktemp("office"))
    with office.serving() as serving:
        office.enrol(serving.url)
        yield office


_serials = itertools.count(9001)


def woman(**changes: object) -> dict[str, object]:
    """A form of another invented woman, complete enough to be registered."""
    return {
        "nik": f"321504410774{next(_serials)}",
        "name": "Rukmini",
        "birth_date": "01-07-1974",
        "sex": "P",
        "village_code": "32.16.01.2001",
        "consent_method": "signature",
        "works_now": "bekerja",
        "programmes": "JKK+JKM",
        "phone": "-",
        **changes,
    }


def run(of: Program, *arguments: object) -> subprocess.CompletedProcess[str]:
    line = [*of.command, *of.options, *map(str, arguments)]
    return processes.run(line, capture_output=True, text=True, check=False)


def test_a_worker_goes_from_the_form_to_the_office_and_back_with_a_paper_that_verifies(enrolled):
    forms = enrolled.forms(woman(), woman(name="Karsih"))

    registered = enrolled.laptop.ask("register", forms)
    printed = enrolled.laptop.ask("cards", "--new", "--output", enrolled.folder / "slips.pdf")
    verdicts = enrolled.laptop.ask("verify-card", enrolled.folder / "slips.pdf")
    sent = enrolled.laptop.ask("sync")
    enrolled.server.ask("registrations", "export", enrolled.folder / "office.csv")

    assert (registered["registered"], registered["rejected"]) == (2, 0)
    assert printed["cards"] == len(verdicts["cards"]) >= 2
    assert {card["word"] for card in verdicts["cards"]} == {"genuine"}
    assert sent["heads_agree"]
    assert sent["pending"] == 0
    table = (enrolled.folder / "office.csv").read_text(encoding="utf-8-sig")
    numbers = {card["number"] for card in verdicts["cards"]}
    assert all(number in table for number in numbers)


def test_a_nik_of_another_regency_and_a_birthday_on_1_july_are_notes_not_refusals(enrolled):
    answer = enrolled.laptop.ask("register", enrolled.forms(woman()))

    assert answer["registered"] == 1
    assert answer["rejected"] == 0


def test_a_file_run_again_registers_nobody_twice(enrolled):
    forms = enrolled.forms(woman())
    enrolled.laptop.ask("register", forms)
    before = enrolled.laptop.ask("status")["registrations"]

    again = enrolled.laptop.ask("register", forms)

    assert (again["registered"], again["already_registered"]) == (0, 1)
    assert enrolled.laptop.ask("status")["registrations"] == before


def test_a_stopped_server_loses_nothing_and_everything_arrives_once_when_it_is_back(own_office):
    office = own_office
    with office.serving() as serving:
        office.enrol(serving.url)
        port = serving.url.rsplit(":", 1)[1]
    office.laptop.ask("register", office.forms(woman()))

    unreachable = run(office.laptop, "sync", "--json")
    kept = office.laptop.ask("status")
    with OfficeProcess(office.server, office.folder / "again.log", port=port):
        sent = office.laptop.ask("sync")
        office.laptop.ask("sync")
        there = office.server.ask("status")

    assert unreachable.returncode == 5
    assert json.loads(unreachable.stdout)["error"]["data_safe"]
    assert kept["pending"] == 1
    assert sent["pending"] == 0
    assert sent["heads_agree"]
    assert there["registrations"] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nik": "32160142X7740001"}, "Ada huruf di NIK"),
        ({"birth_date": "31-02-1974"}, "31-02-1974"),
        ({"village_code": "3216010001"}, "BPS"),
        ({"village_code": "3216019999"}, "tidak ada di daftar"),
    ],
    ids=["letters in a NIK", "31 February", "a BPS code", "an unknown village"],
)
def test_a_bad_form_gets_its_sentence_and_exit_code_3(enrolled, change, words):
    answer = run(enrolled.laptop, "register", enrolled.forms(woman(**change)), "--json")

    assert answer.returncode == 3
    assert words in answer.stderr
    fields = json.loads(answer.stdout)
    assert fields["rejected"] == 1
    assert Path(fields["rejected_file"]).exists()


def test_a_numeric_nik_cell_is_refused_with_its_reason(enrolled):
    book = Workbook()
    sheet = book.active
    sheet.append(["nik", "name", "village_code", "consent_method"])
    sheet.append([3216010303709001, "Karta", "3216012001", "signature"])
    path = enrolled.folder / "forms.xlsx"
    book.save(path)

    answer = run(enrolled.laptop, "register", path)

    assert answer.returncode == 3
    assert "digit terakhir bisa hilang" in answer.stderr


def test_a_truncated_photo_rejects_its_row_and_saves_nobody(enrolled):
    (enrolled.folder / "half.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")

    answer = run(enrolled.laptop, "register", enrolled.forms(woman(photo="half.jpg")), "--json")

    assert answer.returncode == 3
    assert json.loads(answer.stdout)["registered"] == 0


def test_a_wrong_passphrase_says_so_and_that_the_data_is_safe(enrolled):
    wrong = enrolled.folder / "wrong"
    wrong.write_text("bukan kata sandi yang benar\n", encoding="utf-8")

    answer = run(enrolled.laptop, "status", "--json", "--passphrase-file", wrong)
    afterwards = enrolled.laptop.ask("status")

    assert answer.returncode == 6
    assert afterwards["device"]
    assert json.loads(answer.stdout)["error"]["data_safe"]


def test_a_damaged_file_is_named_and_never_answers_wrongly(enrolled):
    enrolled.laptop.ask("register", enrolled.forms(woman()))
    copy = enrolled.folder / "damaged"
    shutil.copytree(enrolled.folder / "laptop", copy)
    database = copy / "registrations.db"
    raw = bytearray(database.read_bytes())
    raw[4096 + 100 : 4096 + 160] = bytes(60)
    database.write_bytes(bytes(raw))

    answer = run(enrolled.laptop, "status", "--json", "--home", copy)

    assert answer.returncode == 7


def test_a_second_process_on_the_same_home_is_sent_away(enrolled):
    held = Home(enrolled.folder / "laptop")
    try:
        answer = run(enrolled.laptop, "status", "--json")
    finally:
        held.close()

    assert answer.returncode == 8


def test_a_port_in_use_is_said_in_a_sentence(enrolled):
    with OfficeProcess(enrolled.server, enrolled.folder / "first.log") as first:
        port = first.url.rsplit(":", 1)[1]
        answer = run(enrolled.server, "serve", "--port", port, "--json")

    assert answer.returncode == 2
    assert port in json.loads(answer.stdout)["error"]["message"]


def test_a_card_that_was_changed_ends_with_exit_code_4(enrolled):
    enrolled.laptop.ask("register", enrolled.forms(woman()))
    enrolled.laptop.ask("cards", "--new", "--output", enrolled.folder / "slip.pdf")
    code = read_codes_from_pdf(enrolled.folder / "slip.pdf")[0]
    place = len(code) // 2
    changed = code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :]

    page = enrolled.folder / "periksa.html"
    assert enrolled.laptop.ask("verifier", "--output", page)["file"] == str(page)
    assert "device_keys" in page.read_text(encoding="utf-8")
    genuine = run(enrolled.laptop, "verify-card", code)
    answer = run(enrolled.laptop, "verify-card", changed)

    assert genuine.returncode == 0
    assert answer.returncode == 4


def test_an_unknown_number_is_named(enrolled):
    output = enrolled.folder / "x.pdf"

    answer = run(
        enrolled.laptop, "cards", "--number", "3216-A01-00099-0000", "--output", output, "--json"
    )

    assert answer.returncode == 2
    assert not output.exists()


def test_each_saved_row_is_acknowledged_on_standard_error_in_any_language(enrolled):
    forms = enrolled.forms(woman(), woman())

    answer = run(enrolled.laptop, "register", forms, "--language", "id", "--json")

    saved = [line for line in answer.stderr.splitlines() if line.startswith("saved 3216-A")]
    assert len(saved) == json.loads(answer.stdout)["registered"] == 2
