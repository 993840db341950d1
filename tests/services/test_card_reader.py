"""The reading process with its real models: a drawn card held into the picture."""

import contextlib
import io
import json
import random
import subprocess
import sys

import pytest
from PIL import Image

from enumerator_app.__main__ import main
from enumerator_app.domain.errors import PhotoUnreadable
from enumerator_app.services.card_reader import CardReader
from enumerator_app.services.card_sight import question, serve
from tests.benchmarks.bench_card_reader import truth
from tests.benchmarks.drawn_cards import as_seen, drawn_person


@pytest.fixture(scope="module")
def reader():
    with contextlib.closing(CardReader()) as reader:
        yield reader


@pytest.fixture
def held():
    dice = random.Random(11)
    card = drawn_person(dice)
    return card, [as_seen(card, dice, 0.05) for _ in range(2)]


def test_a_card_in_good_light_is_read_and_right(reader, held):
    card, pictures = held
    proposals = reader.read(pictures)
    assert proposals["nik"] == card.nik
    assert {name: truth(card)[name] for name in proposals} == proposals
    assert len(proposals) >= 7


def test_two_different_cards_agree_on_no_nik(reader, held):
    other = drawn_person(random.Random(12))
    pictures = [held[1][0], as_seen(other, random.Random(13), 0.05)]
    assert "nik" not in reader.read(pictures)


def test_a_blank_picture_proposes_nothing(reader):
    written = io.BytesIO()
    Image.new("RGB", (1280, 720), (120, 120, 120)).save(written, "JPEG")
    assert reader.read([written.getvalue()]) == {}


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7", b"GIF89a" + bytes(64)])
def test_what_is_no_picture_is_refused_and_the_process_goes_on(reader, raw):
    with pytest.raises(PhotoUnreadable):
        reader.read([raw])
    written = io.BytesIO()
    Image.new("RGB", (64, 64)).save(written, "JPEG")
    assert reader.read([written.getvalue()]) == {}


def test_a_process_that_died_is_started_again(reader):
    for _ in range(2):
        written = io.BytesIO()
        Image.new("RGB", (64, 64)).save(written, "JPEG")
        assert reader.read([written.getvalue()]) == {}
        reader._process.kill()


def test_the_process_ends_when_nobody_asks():
    process = subprocess.Popen(
        [
            sys.executable, "-c",
            "from enumerator_app.services.card_sight import main; main(idle_s=0.2)",
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        process.wait(timeout=30)
        assert process.returncode == 0
        assert process.stdout.read() == b""


def test_a_question_cut_short_ends_it_too():
    written = io.BytesIO()
    serve(io.BytesIO(question([b"x" * 100])[:50]), written)
    assert written.getvalue() == b""


def test_the_command_says_what_it_proposes_and_where_it_is_silent(held, tmp_path, capsys):
    card, pictures = held
    names = []
    for number, raw in enumerate(pictures):
        (tmp_path / f"{number}.jpg").write_bytes(raw)
        names.append(str(tmp_path / f"{number}.jpg"))
    assert main(["read-card", *names, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["proposals"]["nik"] == card.nik
    assert set(said["silent"]).isdisjoint(said["proposals"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.jpg", "1.jpg"]


def test_the_command_refuses_a_file_that_is_not_there(tmp_path, capsys):
    assert main(["read-card", str(tmp_path / "none.jpg"), "--json"]) == 2
    assert "none.jpg" in capsys.readouterr().out
