"""verify-card and verifier as other programs call them: several files, exit codes, JSON."""

import json
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from enumerator_app.cards.seal import STALE_AFTER_DAYS
from tests import processes
from tests.verifier.corpus import claims, sealed, trust_list, trust_of

GENUINE, REFUSED = sealed(claims()), sealed(claims())[:-3]


def picture(path: Path, code: str) -> Path:
    made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    Image.fromarray(made.to_image(scale=4, add_quiet_zones=True)).save(path)
    return path


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    trust = trust_of(trust_list())
    path = tmp_path / "office_key.json"
    path.write_text(json.dumps({"root_key": trust.root_key, "trust": trust.document}))
    return path


def verify(key_file: Path, *given: object) -> tuple[int, dict]:
    line = [sys.executable, "-W", "error", "-m", "enumerator_app", "verify-card", "--json",
            *map(str, given), "--office-key", str(key_file)]  # fmt: skip
    done = processes.run(line, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_a_folder_is_judged_file_by_file_and_what_cannot_be_read_is_named(key_file, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    picture(folder / "a.png", GENUINE)
    picture(folder / "b.png", REFUSED)
    (folder / "c.jpg").write_bytes(b"\xff\xd8 half")
    (folder / "notes.txt").write_text("nothing to look at")

    code, answer = verify(key_file, folder, GENUINE)

    assert code == 4
    found = [(card["file"], card["word"]) for card in answer["cards"]]
    assert found[1] == ("b.png", "not_genuine")
    assert [name for name, _ in found] == ["a.png", "b.png", None]
    assert {found[0][1], found[2][1]} <= {"genuine", "stale_list"}
    assert answer["unreadable"] == ["c.jpg"]
    assert answer["cards"][0]["number"] == claims().number
    assert answer["cards"][1]["number"] is None


def test_only_right_codes_end_with_0_and_an_unreadable_file_among_them_with_2(key_file, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    picture(folder / "a.png", GENUINE)
    code, answer = verify(key_file, folder)
    assert (code, answer["genuine"]) == (0, True)
    assert (answer["cards"][0]["list_age_days"] > STALE_AFTER_DAYS) == (
        answer["cards"][0]["word"] == "stale_list"
    )
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 and no more")
    half, answer = verify(key_file, folder)
    assert (half, answer["genuine"], answer["unreadable"]) == (2, False, ["b.pdf"])
    assert [card["file"] for card in answer["cards"]] == ["a.png"]
    named, answer = verify(key_file, folder / "b.pdf")
    assert (named, answer["error"]["code"]) == (2, "file_unreadable")


def test_a_picture_without_a_code_among_genuine_ones_is_named_and_nothing_is_all_genuine(
    key_file, tmp_path
):
    folder = tmp_path / "photos"
    folder.mkdir()
    picture(folder / "a.png", GENUINE)
    Image.new("RGB", (200, 200), "white").save(folder / "b.png")
    code, answer = verify(key_file, folder)
    assert (code, answer["genuine"], answer["without_code"]) == (4, False, ["b.png"])


def test_a_folder_without_a_code_is_said_to_have_none(key_file, tmp_path):
    (tmp_path / "empty").mkdir()
    code, answer = verify(key_file, tmp_path / "empty")
    assert (code, answer["error"]["code"]) == (4, "not_genuine")
