"""Papers on their way, reprints and printers: on a real file, opened again after its process."""

import pytest

from enumerator_app.services.printers import Placement
from enumerator_app.services.printing import PrintOrder
from tests.ui.open_laptops import new_laptop, opened_again, registered

NAMES = ("SITI MAEMUNAH", "ROKAYAH", "KARSIH")
WAIT = PrintOrder(sheet="a4-5-fold", keep_waiting=True)


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    for name in NAMES:
        registered(laptop, name, "", document_seen="suket")
    yield laptop
    laptop.close()


def waiting(laptop):
    return [worker.name for worker in laptop.to_print()]


def subjects(laptop):
    return [worker.subject for worker in laptop.everyone()]


def prints(laptop, subject):
    return [e for e in laptop.detail(subject).timeline if e.kind == "card_printed"]


def printed_events(laptop, subject):
    return [e for e in laptop.store.timeline(subject) if e.kind == "card_printed"]


def test_what_is_on_its_way_is_not_noted_as_printed(laptop, tmp_path):
    laptop.printing.print_cards(subjects(laptop), tmp_path / "c.pdf", WAIT)
    assert len(laptop.printing.runs.on_their_way()) == 3
    assert waiting(laptop) == list(NAMES)


def test_only_cards_up_to_the_last_good_one_are_noted_and_the_rest_waits(laptop, tmp_path):
    everyone = subjects(laptop)
    laptop.printing.print_cards(everyone, tmp_path / "c.pdf", WAIT)
    assert laptop.printing.runs.settle(2) == (everyone[2],)
    assert waiting(laptop) == ["KARSIH"]
    assert [len(prints(laptop, subject)) for subject in everyone] == [1, 1, 0]
    assert laptop.printing.runs.on_their_way() == ()


def test_a_power_cut_does_not_forget_the_question(tmp_path):
    laptop = new_laptop(tmp_path)
    registered(laptop, "KARSIH", "", document_seen="suket")
    (subject,) = subjects(laptop)
    laptop.printing.print_cards([subject], tmp_path / "c.pdf", WAIT)
    laptop.close()
    laptop = opened_again(tmp_path)
    assert [paper.subject for paper in laptop.printing.runs.on_their_way()] == [subject]
    laptop.close()


def test_who_was_noted_before_the_crash_is_not_noted_twice(laptop, tmp_path):
    """The journal was written and the list of papers on their way was not."""
    everyone = subjects(laptop)
    laptop.printing.print_cards(everyone, tmp_path / "c.pdf", WAIT)
    laptop.store.mark_printed(everyone[:1])
    assert [p.subject for p in laptop.printing.runs.on_their_way()] == everyone[1:]
    laptop.printing.runs.settle(2)
    assert [len(prints(laptop, subject)) for subject in everyone] == [1, 1, 1]


def test_a_second_run_joins_the_first_and_nobody_is_in_it_twice(laptop, tmp_path):
    everyone = subjects(laptop)
    laptop.printing.print_cards(everyone[:2], tmp_path / "c.pdf", WAIT)
    laptop.printing.print_cards(everyone[1:], tmp_path / "c.pdf", WAIT)
    assert [p.subject for p in laptop.printing.runs.on_their_way()] == everyone


def test_a_reprint_has_its_reason_and_a_first_print_has_none(laptop, tmp_path):
    everyone = subjects(laptop)
    laptop.printing.print_cards(everyone[:1], tmp_path / "c.pdf", PrintOrder(sheet="cr80"))
    order = PrintOrder(sheet="cr80", reason="lost")
    laptop.printing.print_cards(everyone[:2], tmp_path / "c.pdf", order)
    laptop.printing.print_cards(everyone[:1], tmp_path / "c.pdf", PrintOrder(sheet="cr80"))
    assert [e.detail["issue"] for e in printed_events(laptop, everyone[0])] == [1, 2, 3]
    said = [[e.detail["reason"] for e in printed_events(laptop, who)] for who in everyone[:2]]
    assert said == [["", "lost", "unstated"], [""]]


def test_each_printer_has_its_own_place_and_others_that_of_any_printer(tmp_path):
    laptop = new_laptop(tmp_path)
    printers = laptop.printing.printers
    printers.set_placement("", Placement(right=3, down=-2))
    printers.set_placement("Epson L3210", Placement(right=-12, back_down=5))
    laptop.close()
    laptop = opened_again(tmp_path)
    settings = [laptop.printing.settings(name) for name in ("", "Epson L3210", "HP 107a")]
    moved = [(s.offset_x_mm, s.offset_y_mm, s.back_offset_y_mm) for s in settings]
    assert moved == [(0.3, -0.2, 0), (-1.2, 0, 0.5), (0.3, -0.2, 0)]
    laptop.close()


def test_an_offset_beyond_a_centimetre_is_refused():
    with pytest.raises(ValueError, match="down"):
        Placement(down=101)


def test_what_went_to_the_printer_after_the_question_stays_on_its_way(laptop, tmp_path):
    everyone = subjects(laptop)
    laptop.printing.print_cards(everyone, tmp_path / "c.pdf", WAIT)
    assert laptop.printing.runs.settle(1, asked=2) == (everyone[1],)
    assert [p.subject for p in laptop.printing.runs.on_their_way()] == everyone[2:]


def test_a_copy_that_did_not_come_out_waits_again_with_its_reason_and_its_number(laptop, tmp_path):
    """Who had a paper before waits by no rule of the list: only by what was asked for."""
    everyone = subjects(laptop)
    laptop.printing.print_cards(everyone, tmp_path / "c.pdf", PrintOrder(sheet="cr80"))
    again = PrintOrder(sheet="cr80", reason="lost", keep_waiting=True)
    laptop.printing.print_cards(everyone[:2], tmp_path / "c.pdf", again)
    assert (laptop.counts().waiting_print, laptop.counts().on_the_way) == (2, 2)
    assert laptop.printing.runs.settle(1) == (everyone[1],)
    assert waiting(laptop) == ["ROKAYAH"]
    assert (laptop.counts().waiting_print, laptop.counts().on_the_way) == (1, 0)
    laptop.printing.print_cards([everyone[1]], tmp_path / "c.pdf", WAIT)
    assert (laptop.counts().waiting_print, laptop.counts().on_the_way) == (1, 1)
    laptop.printing.runs.settle(1)
    (_, last) = printed_events(laptop, everyone[1])
    assert (last.detail["issue"], last.detail["reason"]) == (2, "lost")
    assert (waiting(laptop), laptop.counts().waiting_print) == ([], 0)


def test_a_copy_that_waits_again_outlives_the_process_and_ends_with_the_record(tmp_path):
    laptop = new_laptop(tmp_path)
    for name in NAMES[:2]:
        registered(laptop, name, "", document_seen="suket")
    everyone = subjects(laptop)
    laptop.printing.print_cards(everyone, tmp_path / "c.pdf", PrintOrder(sheet="cr80"))
    laptop.printing.print_cards(everyone, tmp_path / "c.pdf", WAIT)
    laptop.printing.runs.settle(0)
    laptop.close()
    laptop = opened_again(tmp_path)
    assert waiting(laptop) == list(NAMES[:2])
    laptop.withdraw(everyone[0], "tidak jadi")
    assert (waiting(laptop), laptop.counts().waiting_print) == ([NAMES[1]], 1)
    laptop.close()


def test_a_second_jam_of_the_same_copy_keeps_it_waiting_once(laptop, tmp_path):
    (subject, *_) = everyone = subjects(laptop)
    laptop.printing.print_cards(everyone, tmp_path / "c.pdf", PrintOrder(sheet="cr80"))
    for _ in range(2):
        laptop.printing.print_cards([subject], tmp_path / "c.pdf", WAIT)
        assert laptop.printing.runs.settle(0) == (subject,)
    assert (waiting(laptop), laptop.counts().waiting_print) == ([NAMES[0]], 1)
