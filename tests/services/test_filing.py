"""Files of paper forms as the command line takes them: one bad row never costs the others."""

import json

import pytest

from enumerator_app.__main__ import main
from enumerator_app.bootstrap.laptops import practice_laptop
from tests.cheap_secrets import CHEAP_LAPTOP

PASSPHRASE = "lima kata yang panjang sekali"
GOOD = {
    "name": "Darsono Wawan",
    "document_seen": "none",
    "village_code": "3216102004",
    "consent_method": "signature",
    "occupation": "Buruh tani padi",
    "works_now": "working",
    "programmes": ["JKK", "JKM"],
}


@pytest.fixture
def register(tmp_path, capsys):
    practice_laptop(
        tmp_path / "home",
        operator_name="Nining",
        passphrase=PASSPHRASE,
        cost=CHEAP_LAPTOP,
    ).close()
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE)

    def run(path):
        where = ("--home", str(tmp_path / "home"), "--passphrase-file", str(secret))
        code = main([*where, "register", str(path), "--json", "--language", "en"])
        said = capsys.readouterr()
        return code, json.loads(said.out), said.err

    return run


def lines_of(path, *rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def person(number, **fields):
    return {**GOOD, "name": f"Orang Uji {chr(64 + number)}", **fields}


def test_a_row_that_is_none_is_rejected_with_its_sentence(register, tmp_path):
    path = lines_of(tmp_path / "forms.jsonl", person(1), person(2, heirs=[5]), ["no", "row"])

    code, answer, said = register(path)

    assert code == 3
    assert (answer["registered"], answer["rejected"]) == (1, 2)
    assert "This value is not a text." in said
    assert "This row cannot be read" in said


def test_a_photo_whose_name_no_disk_can_hold_rejects_its_row_only(register, tmp_path):
    path = lines_of(
        tmp_path / "forms.jsonl",
        person(1, photo="a\0b.jpg"),
        person(2, photo="x" * 5000),
        person(3),
    )

    code, answer, _ = register(path)

    assert code == 3
    assert (answer["registered"], answer["rejected"]) == (1, 2)


def test_a_row_too_large_to_keep_is_rejected_and_the_rows_after_it_are_saved(register, tmp_path):
    heirs = [{"name": f"Anak {n}", "relation": "child", "born": "2010"} for n in range(2000)]
    path = lines_of(tmp_path / "forms.jsonl", person(1), person(2, heirs=heirs), person(3))

    code, answer, said = register(path)

    assert code == 3
    assert (answer["registered"], answer["rejected"]) == (2, 1)
    assert "row 2: " in said


def test_rejected_rows_with_letters_that_cannot_be_written_are_written_without_them(
    register, tmp_path
):
    path = lines_of(tmp_path / "forms.jsonl", person(1, name="", address="Kp. \ud800 Lor"))

    code, answer, _ = register(path)

    assert code == 3
    written = json.loads((tmp_path / "forms.rejected.jsonl").read_text())
    assert answer["rejected_file"] == str(tmp_path / "forms.rejected.jsonl")
    assert written["address"] == "Kp. ? Lor"
    assert not list(tmp_path.glob("*.part"))


def test_what_was_saved_is_counted_though_the_rejected_file_cannot_be_written(register, tmp_path):
    path = lines_of(tmp_path / "forms.jsonl", person(1), person(2, name=""))
    (tmp_path / "forms.rejected.jsonl").mkdir()  # no file can take this name

    code, answer, said = register(path)

    assert code == 3
    assert (answer["registered"], answer["rejected"]) == (1, 1)
    assert answer["rejected_file"] is None
    assert "could not be written" in said
    assert not list(tmp_path.glob("*.part"))
