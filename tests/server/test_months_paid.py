"""Months that are paid, the update before, payment that stops, and the end of somebody's cover."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from sync.server.batches.trouble import EndingWrong, NothingToPay, PaymentFollowed, PaymentUnknown
from sync.server.commands import insurer_line
from sync.server.covering import paying, unpaying
from sync.server.covering.ending import REASONS, end_cover, undo_end
from sync.server.covering.paying import list_payments, record_payment
from sync.server.covering.stopping import stop_payment, write_stopped
from sync.server.covering.unpaying import Undone, undo_payment
from sync.server.covering.updating import monthly_update, write_update
from sync.server.deciding import approve, find_by_number
from sync.server.errors import DecisionNotAllowed, NothingToPrint
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office
from sync.server.papers.cover_papers import stop_paper, update_paper
from sync.server.papers.kinds import KINDS
from sync.server.papers.wishes import Wish
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, fields_of, nik
from tests.server.people import signed_in, words_of

JANUARY, FEBRUARY, MARCH = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
COVER = Cover(JANUARY, date(2027, 12, 31))
LEAST = 16_800  # 10,000 + 6,800 by the table of the law
MORE = 20_000 + 6_800  # one per cent of 2,000,000 and the same


@pytest.fixture
def covered(sqlite_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path):
    """Four people whom the insurer took from January on; the last turns 65 on 15 April."""
    return cover_four(sqlite_office, laptop_on(sqlite_office), tmp_path)


def cover_four(office: Office, laptop: Laptop, folder: Path) -> tuple[Office, Laptop, list[str]]:
    said = [{}, {"monthly_income": 2_000_000}, {"village_code": "3216012002"}, {}]
    said[3] = {"birth_date": "1962-04-15"}
    for n, more in enumerate(said):
        laptop.register(nik=nik(n + 1), name=f"ORANG {n}", **more)
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    export_to_insurer(office, folder / "list.xlsx", officer="Ratna")
    sheet = openpyxl.load_workbook(folder / "list.xlsx").active
    header, *rows = sheet.iter_rows(values_only=True)
    numbers = sorted(row[header.index("number")] for row in rows)
    reply = [ReplyRow(n, one, "", "accepted", f"{n:011}", "") for n, one in enumerate(numbers)]
    assert import_from_insurer(office, reply, COVER, officer="Ratna").accepted == 4
    laptop.pull()
    office.clock = lambda: datetime(2027, 2, 20, tzinfo=UTC)
    return office, laptop, numbers


def ends(office: Office, numbers: list[str]) -> list[str]:
    return [find_by_number(office, one).cover_to for one in numbers]


def record_page(office: Office, number: str) -> str:
    return f"/service/{find_by_number(office, number).id}"


def test_a_month_is_paid_once_for_each_person(covered):
    office, _, _ = covered
    first = record_payment(office, JANUARY, officer="Ratna")
    assert (first.people, first.amount) == (4, 3 * LEAST + MORE)
    with pytest.raises(NothingToPay):
        record_payment(office, JANUARY, officer="Ratna")
    second = record_payment(office, FEBRUARY, officer="Ratna")
    assert second.people == 4
    assert [one["month"] for one in list_payments(office)] == ["2027-02", "2027-01"]
    with pytest.raises(NothingToPay):
        record_payment(office, date(2026, 12, 1), officer="Ratna")  # before the cover


def test_nothing_is_paid_after_the_end(covered):
    office, laptop, numbers = covered
    record_payment(office, JANUARY, officer="Ratna")
    end_cover(office, numbers[0], "died", date(2027, 2, 3), officer="Ratna")
    told = fields_of(laptop.pull()[-2])  # the list of stopped papers is told after it
    assert (told["decision"], told["ended_on"], told["ended_reason"]) == (
        "ended", "2027-02-03", "died",
    )  # fmt: skip
    assert find_by_number(office, numbers[0]).cover_to == "2027-02-03"
    assert record_payment(office, FEBRUARY, officer="Ratna").people == 3
    with pytest.raises(DecisionNotAllowed):
        end_cover(office, numbers[0], "moved", date(2027, 2, 4), officer="Ratna")
    again = ReplyRow(1, numbers[0], "", "accepted", "99999999999", "")
    result = import_from_insurer(office, [again], COVER, officer="Ratna")
    assert (result.accepted, result.unmatched[0]["reason"]) == (0, "answered_before")
    assert verify_office(office) == []


def test_without_the_state_of_the_record_the_dead_would_be_paid_for(covered, monkeypatch):
    """The control: who is due is asked by dates alone."""
    office, _, numbers = covered
    end_cover(office, numbers[0], "died", date(2027, 2, 3), officer="Ratna")
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE subject SET state = 'enrolled'")
    assert {one.number for one in paying.due_people(office, FEBRUARY)} == set(numbers)


def test_the_day_of_the_end_is_not_to_come_and_not_before_the_registration(covered):
    office, _, numbers = covered
    today = date(2027, 2, 20)
    for day in (today + timedelta(days=1), date(2026, 11, 21)):
        with pytest.raises(EndingWrong):
            end_cover(office, numbers[0], "moved", day, officer="Ratna")
    end_cover(office, numbers[0], "moved", today, officer="Ratna")


def test_the_age_is_no_reason_before_it_is_reached(covered):
    office, _, numbers = covered  # the first is 41, the fourth turns 65 on 15 April
    office.clock = lambda: datetime(2027, 4, 20, tzinfo=UTC)
    for number, day in ((numbers[0], date(2027, 4, 20)), (numbers[3], date(2027, 4, 14))):
        with pytest.raises(EndingWrong):
            end_cover(office, number, "age_65", day, officer="Ratna")
    end_cover(office, numbers[3], "age_65", date(2027, 4, 15), officer="Ratna")


def test_months_paid_after_the_end_are_told_and_shown(covered):
    office, _, numbers = covered
    for month in (JANUARY, FEBRUARY):
        record_payment(office, month, officer="Ratna")
    browser, address = signed_in(office, "coordinator"), record_page(office, numbers[0])
    assert "Sudah dicatat dibayar 2 bulan, terakhir Februari 2027." in words_of(
        browser.get(address)
    )
    form = {"reason": "died", "on": "20-12-2026", "code": browser.code}
    asked = browser.post(f"{address}/end", form)
    assert "Sesudah 20-12-2026 sudah dicatat dibayar 2 bulan: Januari" in words_of(asked)
    assert (asked.status_code, find_by_number(office, numbers[0]).state) == (422, "enrolled")
    assert 'name="paid_after" value="2"' in asked.text
    assert browser.post(f"{address}/end", {**form, "paid_after": "2"}).is_redirect
    record = find_by_number(office, numbers[0])
    assert (record.state, record.cover_from, record.cover_to) == ("ended", None, None)
    answer = browser.get(address)
    page = words_of(answer)
    assert "Tercatat dibayar untuk bulan sesudah hari itu: Januari 2027, Februari 2027." in page
    assert answer.text.count('class="m-paid" x=') == 2
    undo_end(office, numbers[0], officer="Ratna")
    record = find_by_number(office, numbers[0])
    assert (record.cover_from, record.cover_to) == ("2027-01-01", "2027-12-31")
    assert verify_office(office) == []


def test_the_update_says_who_enters_leaves_and_turns_65_and_its_sums_add_up(covered, tmp_path):
    office, _, numbers = covered
    first = monthly_update(office, JANUARY)
    assert (first.people, first.before, first.entered) == (4, 0, 3 * LEAST + MORE)
    record_payment(office, JANUARY, officer="Ratna")
    end_cover(office, numbers[1], "formal_work", date(2027, 1, 20), officer="Ratna")
    found = monthly_update(office, FEBRUARY)
    assert [(one.number, one.reason) for one in found.of_kind("leaves")] == [
        (numbers[1], "formal_work")
    ]
    assert [one.number for one in found.of_kind("soon")] == [numbers[3]]
    assert (found.people_before, found.people, found.left) == (4, 3, MORE)
    assert found.before - found.left + found.entered + found.changed == found.total == 3 * LEAST
    assert write_update(found, tmp_path / "update.xlsx", "id") == 2
    sheet = openpyxl.load_workbook(tmp_path / "update.xlsx").active
    assert sheet.max_row == 3


def test_who_reaches_the_age_limit_leaves_and_is_not_paid_for(covered):
    office, _, numbers = covered
    april = date(2027, 4, 1)
    assert numbers[3] in {one.number for one in paying.due_people(office, april)}
    record_payment(office, april, officer="Ratna")
    found = monthly_update(office, date(2027, 5, 1))
    assert [(one.number, one.reason) for one in found.of_kind("leaves")] == [(numbers[3], "age_65")]
    assert find_by_number(office, numbers[3]).cover_to == "2027-04-14"


def test_a_month_paid_beyond_the_cover_extends_it_with_a_new_card(covered):
    office, laptop, numbers = covered
    stop_payment(office, FEBRUARY, "", officer="Ratna")
    laptop.pull()
    done = record_payment(office, MARCH, officer="Ratna", with_stopped=True)
    assert (done.people, done.extended) == (4, 4)
    assert find_by_number(office, numbers[0]).cover_to == "2027-03-31"
    told = [fields_of(one) for one in laptop.pull() if one["kind"] == "decision"]
    assert {fields["cover_to"] for fields in told} == {"2027-03-31"}
    assert all(fields["card"].startswith("TP1:") for fields in told)


def test_too_many_unpaid_months_are_no_extension(covered):
    office, _, _ = covered
    stop_payment(office, FEBRUARY, "", officer="Ratna")
    may = paying.due_people(office, date(2027, 5, 1), with_stopped=True)
    assert len(may) == 3  # the fourth is 65
    with pytest.raises(NothingToPay):  # the fourth month: to the insurer a new registration
        record_payment(office, date(2027, 6, 1), officer="Ratna", with_stopped=True)


def test_when_payment_stops_each_village_knows_who_loses_cover_and_when(covered, tmp_path):
    office, laptop, numbers = covered
    look = stop_payment(office, MARCH, "3216012002", officer="Ratna", only_look=True)
    assert (len(look.people), look.moved, laptop.pull()) == (1, 0, [])
    found = stop_payment(office, MARCH, "3216012002", officer="Ratna")
    assert (found.by_village, found.moved) == ({"3216012002": 1}, 1)
    assert find_by_number(office, numbers[2]).cover_to == "2027-03-31"
    assert find_by_number(office, numbers[0]).cover_to == "2027-12-31"
    assert write_stopped(found, tmp_path / "stop.xlsx", "id") == 1
    sheet = openpyxl.load_workbook(tmp_path / "stop.xlsx").active
    header, row = sheet.iter_rows(values_only=True)
    cells = dict(zip(header, row, strict=True))
    assert (cells["covered_to"], cells["ask_by"]) == ("2027-03-31", "2027-06-30")
    assert cells["self_pay_monthly"] == str(LEAST)  # the cut for self-payers ended with 2026
    assert verify_office(office) == []


def test_the_claim_file_names_the_months_that_were_paid_and_the_end(covered, tmp_path):
    office, _, numbers = covered
    for month in (JANUARY, FEBRUARY):
        record_payment(office, month, officer="Ratna")
    end_cover(office, numbers[0], "died", date(2027, 2, 10), officer="Ratna")
    wish = Wish(day=date(2027, 2, 20), number=numbers[0])
    KINDS["claim-file"](office, wish, tmp_path / "claim.pdf")
    said = text_of(tmp_path / "claim.pdf")
    assert "Januari 2027, Februari 2027" in said
    assert "10 Februari 2027" in said


def test_an_end_said_in_error_is_taken_back_with_a_new_card(covered):
    office, laptop, numbers = covered
    end_cover(office, numbers[0], "died", date(2027, 2, 10), officer="Ratna")
    laptop.pull()
    undo_end(office, numbers[0], officer="Ratna")
    record = find_by_number(office, numbers[0])
    assert (record.state, record.cover_to) == ("enrolled", "2027-12-31")
    (told,) = [fields_of(one) for one in laptop.pull() if one["kind"] == "decision"]
    assert (told["state"], told["kpj"], told["card"][:4]) == ("enrolled", record.kpj, "TP1:")
    assert record_payment(office, FEBRUARY, officer="Ratna").people == 4
    with pytest.raises(DecisionNotAllowed):
        undo_end(office, numbers[0], officer="Ratna")
    assert verify_office(office) == []


def test_a_payment_noted_in_error_is_taken_back_within_a_day(covered):
    office, _, _ = covered
    paid = record_payment(office, JANUARY, officer="Ratna")
    assert undo_payment(office, paid.id, officer="Ratna") == Undone(0, 0)
    assert list_payments(office) == []
    again = record_payment(office, JANUARY, officer="Ratna")
    assert again.people == paid.people
    office.clock = lambda: datetime(2027, 2, 21, 1, tzinfo=UTC)
    with pytest.raises(PaymentUnknown):
        undo_payment(office, again.id, officer="Ratna")


def test_a_payment_under_a_newer_one_is_not_taken_back(covered):
    office, _, numbers = covered
    stop_payment(office, FEBRUARY, "", officer="Ratna")
    paid = record_payment(office, MARCH, officer="Ratna", with_stopped=True)
    end_cover(office, numbers[0], "died", date(2027, 2, 3), officer="Ratna")
    record_payment(office, date(2027, 4, 1), officer="Ratna")
    before = ends(office, numbers)
    with pytest.raises(PaymentFollowed):
        undo_payment(office, paid.id, officer="Budi")
    assert ends(office, numbers) == before


def test_taken_back_half_way_it_is_begun_again(covered, monkeypatch):
    office, laptop, numbers = covered
    stop_payment(office, FEBRUARY, "", officer="Ratna")
    laptop.pull()
    paid = record_payment(office, MARCH, officer="Ratna", with_stopped=True)
    assert ends(office, numbers) == ["2027-03-31"] * 4
    whole = unpaying.move_ends

    def half(office, people, end, *, officer):
        whole(office, people[:2], end, officer=officer)
        raise KeyboardInterrupt

    monkeypatch.setattr(unpaying, "move_ends", half)
    with pytest.raises(KeyboardInterrupt):
        undo_payment(office, paid.id, officer="Budi")
    assert [one["id"] for one in list_payments(office)] == [paid.id]
    monkeypatch.setattr(unpaying, "move_ends", whole)
    undo_payment(office, paid.id, officer="Budi")
    assert ends(office, numbers) == ["2027-02-28"] * 4
    assert monthly_update(office, MARCH).stopped == 4, "the stop stands again"
    told = [fields_of(one) for one in laptop.pull() if one["kind"] == "decision"]
    assert [one["cover_to"] for one in told[-4:]] == ["2027-02-28"] * 4
    assert verify_office(office) == []


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return " ".join(" ".join(p.get_textpage().get_text_range().split()) for p in document)


def test_the_papers_say_who_and_how_much_and_no_nik(covered, tmp_path):
    office, _, numbers = covered
    record_payment(office, JANUARY, officer="Ratna")
    end_cover(office, numbers[1], "formal_work", date(2027, 1, 20), officer="Ratna")
    update_paper(office, monthly_update(office, FEBRUARY), tmp_path / "update.pdf", "id")
    said = text_of(tmp_path / "update.pdf")
    assert "PEMUTAKHIRAN PESERTA FEBRUARI 2027" in said
    assert "Rp50.400" in said  # three times 16,800
    assert "ORANG 1" in said
    assert "Bekerja di perusahaan" in said
    found = stop_payment(office, MARCH, "", officer="Ratna", only_look=True)
    done = stop_paper(office, found, tmp_path / "stop.pdf", "id")
    said = text_of(tmp_path / "stop.pdf")
    assert done.pages == 2, "a page for each village"
    assert "31-03-2027" in said
    assert "16.800" in said
    assert all(f"ORANG {n}" in said for n in (0, 2, 3))
    assert not any(nik(n)[6:] in said for n in range(1, 5))
    end_all = stop_payment(office, MARCH, "3299", officer="Ratna", only_look=True)
    with pytest.raises(NothingToPrint):
        stop_paper(office, end_all, tmp_path / "none.pdf", "id")


def test_the_command_line_knows_the_same_reasons():
    assert insurer_line.REASONS == REASONS
