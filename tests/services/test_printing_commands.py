"""The commands cards, printed and calibrate, as they are typed, on a real home."""

import json

import pypdfium2
import pytest

from enumerator_app.__main__ import main
from enumerator_app.domain.numbers import registration_number
from tests.ui.open_laptops import OPERATOR, PASSPHRASE, new_laptop, opened_again, registered


@pytest.fixture
def home(tmp_path):
    with new_laptop(tmp_path) as laptop:
        for number in range(7):
            registered(laptop, f"NAMA {'ABCDEFG'[number]}", "", document_seen="suket")
        numbers = [worker.number for worker in laptop.everyone()]
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE)
    return tmp_path, numbers


@pytest.fixture
def ask(home, capsys):
    folder, _ = home

    def run(*words):
        line = ["--home", str(folder / "home"), "--passphrase-file", str(folder / "secret")]
        code = main([*line, "--operator", OPERATOR, "--json", *map(str, words)])
        out = capsys.readouterr().out
        return code, json.loads(out) if out.strip() else {}

    return run


def said_in(path):
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_some_sheets_of_an_order_are_printed_and_only_those_are_noted(home, ask):
    folder, _ = home
    path = folder / "c.pdf"
    code, made = ask("cards", "--all", "--output", path, "--pages", "2")
    assert (code, made["cards"], made["pages"]) == (0, 2, 1)
    (page,) = said_in(path)
    assert "NAMA F" in page
    assert "NAMA E" not in page
    assert ask("status")[1]["waiting_print"] == 5


def test_pages_count_from_a_started_sheet(home, ask):
    folder, _ = home
    order = ("cards", "--all", "--output", folder / "c.pdf", "--first-position", 4)
    assert ask(*order, "--pages", "1", "--keep-waiting")[1]["cards"] == 2
    assert ask(*order, "--pages", "2", "--keep-waiting")[1]["cards"] == 5


@pytest.mark.parametrize("pages", ["9", "2-9"])
def test_a_sheet_that_the_order_does_not_reach_is_refused_with_how_many_there_are(home, ask, pages):
    folder, _ = home
    code, said = ask("cards", "--all", "--output", folder / "c.pdf", "--pages", pages)
    assert code == 2
    assert "lembar 9 tidak ada; kartu ini muat di 2 lembar" in said["error"]["message"]
    assert not (folder / "c.pdf").exists()


NO_PLACES = [("a4-5-fold", 0), ("a4-5-fold", -1), ("a4-5-fold", 6), ("a4-10", 11), ("cr80", 2)]


@pytest.mark.parametrize(("layout", "place"), NO_PLACES)
def test_a_place_that_the_sheet_does_not_have_is_refused(home, ask, layout, place):
    folder, _ = home
    order = ("cards", "--all", "--output", folder / "c.pdf", "--layout", layout)
    code, said = ask(*order, f"--first-position={place}")
    assert (code, said["error"]["code"]) == (2, "usage_wrong")
    assert f"tempat {place} tidak ada" in said["error"]["message"]
    assert not (folder / "c.pdf").exists()


def test_the_first_place_of_the_command_is_the_first_place_of_the_window(home, ask):
    folder, _ = home
    order = ("cards", "--all", "--output", folder / "c.pdf", "--keep-waiting", "--layout", "a4-10")
    first, told, second = (
        (ask(*order, *more), place_of(folder / "c.pdf", "NAMA A"))[1]
        for more in ((), ("--first-position", 1), ("--first-position", 2))
    )
    assert first == told
    assert second != first


@pytest.mark.parametrize("pages", ["0", "3-2", "x", "-1", "1-"])
def test_pages_that_mean_nothing_are_refused(home, ask, pages):
    folder, _ = home
    code, _ = ask("cards", "--all", "--output", folder / "c.pdf", f"--pages={pages}")
    assert code == 2
    assert not (folder / "c.pdf").exists()


def test_after_a_stop_the_last_good_card_decides(home, ask):
    folder, numbers = home
    path = folder / "c.pdf"
    ask("cards", "--new", "--output", path, "--keep-waiting")
    assert ask("status")[1]["waiting_print"] == 7
    code, said = ask("printed", "--last-good", numbers[3])
    assert (code, said) == (0, {"printed": 4, "waiting": numbers[4:]})
    assert ask("cards", "--new", "--output", path)[1]["cards"] == 3
    assert ask("printed", "--all")[1] == {"printed": 0, "waiting": []}


def test_a_card_that_is_not_on_its_way_cannot_be_the_last_good_one(home, ask):
    _, numbers = home
    assert ask("printed", "--last-good", numbers[0])[0] == 2


def test_a_copy_that_jammed_waits_again_and_new_prints_it(home, ask):
    folder, numbers = home
    path = folder / "c.pdf"
    ask("cards", "--all", "--output", path)
    order = ("cards", "--number", numbers[2], "--output", path, "--keep-waiting")
    ask(*order, "--reason", "damaged")
    on_its_way = ask("status")[1]
    assert (on_its_way["waiting_print"], on_its_way["on_the_way"]) == (1, 1)
    assert ask("printed", "--none")[1] == {"printed": 0, "waiting": [numbers[2]]}
    waits = ask("status")[1]
    assert (waits["waiting_print"], waits["on_the_way"]) == (1, 0)
    assert ask("cards", "--new", "--output", path, "--layout", "cr80")[1]["cards"] == 1
    assert "Salinan ke-2" in said_in(path)[0]
    assert ask("status")[1]["waiting_print"] == 0


def test_a_reprint_says_which_copy_it_is(home, ask):
    folder, numbers = home
    order = ("cards", "--number", numbers[0], "--output", folder / "c.pdf", "--layout", "cr80")
    ask(*order)
    code, _ = ask(*order, "--reason", "lost")
    assert code == 0
    assert "Salinan ke-2" in said_in(folder / "c.pdf")[0]


def test_the_numbers_read_off_the_test_page_move_the_prints_of_that_printer(home, ask):
    folder, _ = home
    code, said = ask("calibrate", "--output", folder / "test.pdf", "--two-sided")
    assert (code, said["pages"], said["right_mm"]) == (0, 2, 0)
    assert "Halaman uji printer" in said_in(folder / "test.pdf")[0]
    told = ask("calibrate", "--printer", "Epson L3210", "--right", 1.5, "--down", -0.5)[1]
    assert (told["right_mm"], told["down_mm"], told["back_right_mm"]) == (1.5, -0.5, 0)
    assert ask("calibrate", "--printer", "HP")[1]["right_mm"] == 0
    assert ask("calibrate", "--printer", "Epson L3210", "--right", 30)[0] == 2


@pytest.mark.parametrize(("typed", "read"), [("1,5", 1.5), ("-0,5", -0.5), ("2.25", 2.2),
                                             ("-3", -3), ("10", 10)])  # fmt: skip
def test_millimetres_are_read_with_a_comma_and_with_a_point(ask, typed, read):
    code, said = ask("calibrate", "--right", typed)
    assert (code, said["right_mm"]) == (0, read)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("typed", ["nan", "inf", "1e3", "satu", "", "1,5,2", "10,1", "9999"])
def test_what_is_no_number_of_millimetres_is_refused_in_a_sentence(ask, typed, language):
    code, said = ask("calibrate", "--right", typed, "--language", language)
    assert (code, said["error"]["code"]) == (2, "usage_wrong")
    begins = "Perintah ini" if language == "id" else "This command"
    assert said["error"]["message"].startswith(begins)
    units = ("mm", "milimeter", "millimetres")
    assert any(unit in said["error"]["message"] for unit in units)
    assert ask("calibrate")[1]["right_mm"] == 0


def test_a_jam_is_a_reason_for_a_copy_as_it_is_in_the_window(home, ask):
    folder, numbers = home
    order = ("cards", "--number", numbers[0], "--output", folder / "c.pdf")
    assert ask(*order, "--reason", "printer_stopped")[0] == 0


def place_of(path, words):
    with pypdfium2.PdfDocument(path) as document:
        text = document[0].get_textpage()
        index = text.search(words).get_next()[0]
        left, _, _, top = text.get_charbox(index)
        return left * 25.4 / 72, top * 25.4 / 72


def test_a_card_for_a_calibrated_printer_is_moved(home, ask):
    folder, _ = home
    ask("calibrate", "--printer", "Epson", "--right", 2, "--down", 1)
    places = []
    for more in ((), ("--printer", "Epson"), ("--printer", "HP")):
        path = folder / "c.pdf"
        ask("cards", "--all", "--output", path, "--keep-waiting", *more)
        places.append(place_of(path, "NAMA A"))
    assert places[1][0] - places[0][0] == pytest.approx(2, abs=0.02)
    assert places[0][1] - places[1][1] == pytest.approx(1, abs=0.02)
    assert places[2] == places[0]


@pytest.mark.parametrize("layout", ["receipt", "receipt-58", "receipt-80"])
def test_receipts_can_be_asked_for(home, ask, layout):
    folder, _ = home
    made = ask("cards", "--all", "--output", folder / "c.pdf", "--layout", layout)[1]
    assert (made["cards"], made["pages"]) == (7, 7)


def test_a_number_is_taken_as_it_is_read_aloud_and_the_paper_is_that_persons(home, ask):
    folder, numbers = home
    wanted = next(number for number in numbers if "-00003-" in number)
    for n, said in enumerate(("3", "00003", wanted[5:14], wanted[9:], wanted)):
        path = folder / f"{n}.pdf"
        code, made = ask("cards", "--number", said, "--output", path, "--keep-waiting")
        assert (code, made["cards"]) == (0, 1), said
        assert any("NAMA C" in page for page in said_in(path)), said


def test_a_short_number_that_two_people_have_prints_nobody(home, ask):
    folder, numbers = home
    with opened_again(folder) as laptop:  # as after records of another laptop came back
        other = laptop.find(next(number for number in numbers if "-00004-" in number))
        theirs = registration_number(
            regency="3216", device_code="B01", serial=3, subject=other.subject
        )
        change = ("UPDATE registration SET number = ? WHERE number = ?", (theirs, other.number))
        laptop.store._file.write(lambda connection: connection.execute(*change) and None)
    code, said = ask("cards", "--number", "3", "--output", folder / "c.pdf")
    assert (code, said["error"]["code"]) == (2, "number_ambiguous")
    assert not (folder / "c.pdf").exists()
    code, made = ask("cards", "--number", "Z99-3", "--output", folder / "c.pdf")
    assert (code, made["cards"]) == (0, 1)
    code, said = ask("cards", "--number", "B01-3", "--output", folder / "d.pdf")
    assert (code, said["error"]["code"]) == (2, "paper_of_other_laptop")  # named, and not its own
    assert ask("cards", "--number", "99", "--output", folder / "d.pdf")[0] == 2
