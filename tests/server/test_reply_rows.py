"""Rows of replies that go wrong: dates, one member number for two, and what a person puts right."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sync.server.batches.covers import require_fitting
from sync.server.batches.listed import close_listed, list_open, list_replies
from sync.server.batches.trouble import CoverWrong
from sync.server.deciding import approve, find_by_number
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow, read_reply
from sync.server.office import Office
from sync.server.standing import standing
from tests.server.laptops import Laptop, nik
from tests.server.people import signed_in
from tests.server.test_answers_after_restore import numbers_of
from tests.server.test_batches_page import seen

JANUARY = date(2027, 1, 1)


def listed_by(office: Office, laptop: Laptop, path: Path) -> list[str]:
    """Put four people on a list for January 2027; return their numbers."""
    for n in range(4):
        laptop.register(nik=nik(n + 1))
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    export_to_insurer(office, path, officer="Ratna", month=JANUARY)
    return numbers_of(laptop)


def yes(place: int, number: str, kpj: str = "") -> ReplyRow:
    return ReplyRow(place, number, "", "accepted", kpj or f"260000000{place:02}", "")


def test_a_reply_on_each_database(
    office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path
):
    numbers = listed_by(office, laptop_on(office), tmp_path / "list.xlsx")
    for wrong in (
        Cover(date(2026, 12, 31), date(2027, 6, 30)), Cover(JANUARY, date(2028, 1, 1)),
        Cover(date(2027, 6, 1), date(2027, 5, 1)),
    ):  # fmt: skip
        with pytest.raises(CoverWrong):
            require_fitting(office, [yes(2, numbers[0])], wrong)
    require_fitting(office, [yes(2, numbers[0])], Cover(JANUARY, date(2027, 12, 31)))
    reply = [
        yes(2, numbers[0]), yes(3, numbers[1], "26000000077"), yes(4, numbers[2], "26000000077"),
    ]  # fmt: skip
    result = import_from_insurer(office, reply, Cover(), officer="Ratna")
    assert [(one["row"], one["reason"]) for one in result.unmatched] == [
        (3, "kpj_taken"), (4, "kpj_taken"),
    ]  # fmt: skip
    record = find_by_number(office, numbers[0])
    assert (record.cover_from, record.cover_to) == ("2027-01-01", "2027-12-31")
    taken = import_from_insurer(office, [yes(2, numbers[3], record.kpj)], Cover(), officer="R")
    assert [one["reason"] for one in taken.unmatched] == ["kpj_taken"]
    assert standing(office)["by_state"] == {"enrolled": 1, "submitted": 3}
    again = import_from_insurer(office, [yes(5, numbers[1], "26000000077")], Cover(), officer="R")
    assert again.accepted == 1
    assert sorted(one["row"] for one in list_open(office)) == [2, 4]


@pytest.fixture
def sent(sqlite_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path):
    numbers = listed_by(sqlite_office, laptop_on(sqlite_office), tmp_path / "list.xlsx")
    return sqlite_office, numbers


def test_a_second_reading_that_changes_something_is_kept_with_its_own_numbers(sent):
    office, numbers = sent
    reply = [yes(2, numbers[0]), yes(3, numbers[1], "1")]
    import_from_insurer(office, reply, Cover(JANUARY, date(2026, 1, 1)), officer="Ratna")
    assert sorted(one["reason"] for one in list_open(office)) == ["cover", "kpj"]
    second = import_from_insurer(office, reply, Cover(), officer="Ratna")
    found = {one["id"]: (one["accepted"], one["listed"]) for one in list_replies(office)}
    assert len(found) == 2
    assert found[second.id] == (1, 1)
    assert [(one["reply"], one["reason"]) for one in list_open(office)] == [(second.id, "kpj")]
    browser = signed_in(office, "coordinator")
    page = seen(browser.get(f"/batches/replies/{second.id}"))
    assert "1 diterima + 0 ditolak + 0 sudah tercatat + 1 perlu dilihat = 2 baris." in page


def test_a_number_that_lost_its_zeros_is_put_right_on_the_page(sent):
    office, numbers = sent
    told = Cover(date(2027, 2, 1), date(2027, 8, 31))
    import_from_insurer(office, [yes(3, numbers[1], "123")], told, officer="Ratna")
    browser = signed_in(office, "coordinator")
    page = browser.get("/batches/listed")
    assert 'value="01-02-2027"' in page.text, "the dates of the reply stay with its row"
    assert f"NIK {nik(2)}" in seen(page)
    (one,) = list_open(office)
    form = {"reply": one["reply"], "row": "3", "number": numbers[1], "answer": "this"}
    early = {**form, "kpj": "26000000003", "cover_from": "2026-01-01"}
    assert "tidak cocok dengan kiriman" in seen(browser.post("/batches/listed", early))
    assert browser.post("/batches/listed", form).status_code == 422
    done = browser.post("/batches/listed", {**form, "kpj": "260-0000 0003", "status": "accepted"})
    assert done.headers["location"] == "/batches/listed"
    assert find_by_number(office, numbers[1]).kpj == "26000000003"


def test_whom_only_a_name_fits_is_not_typed_beforehand(sent):
    office, _ = sent
    row = ReplyRow(2, "", "", "accepted", "26000000002", "", "SITI AMINAH", "1985-03-12")
    import_from_insurer(office, [row], Cover(), officer="Ratna")
    page = signed_in(office, "coordinator").get("/batches/listed")
    assert 'name="number" value=""' in page.text
    assert "ketik nomornya sendiri" in seen(page)


def test_a_row_stays_that_says_another_thing_than_the_answer(sent):
    office, numbers = sent
    other = ReplyRow(2, "", "", "accepted", "26000000009", "", "SITI AMINAH", "1985-03-12")
    import_from_insurer(office, [other], Cover(), officer="Ratna")
    import_from_insurer(office, [yes(2, numbers[0])], Cover(), officer="Ratna")
    assert [one["content"]["kpj"] for one in list_open(office)] == ["26000000009"]


def test_the_same_reply_after_a_restore_answers_rows_that_wait(sent):
    office, numbers = sent
    import_from_insurer(office, [yes(2, numbers[0])], Cover(), officer="Ratna")
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE insurer_row SET state = 'sent', kpj = NULL")
    again = import_from_insurer(office, [yes(2, numbers[0])], Cover(), officer="Ratna")
    assert again.unchanged == 1
    with office.database.reading() as connection:
        query = "SELECT kpj FROM insurer_row WHERE state = 'accepted'"
        assert connection.exec_driver_sql(query).scalars().all() == ["26000000002"]


def test_semicolons_part_columns_as_well(sent, tmp_path: Path):
    office, numbers = sent
    table = tmp_path / "balasan.csv"
    table.write_text(f"Nomor;Status;KPJ;Alasan\n{numbers[0]};diterima;26000000001;\n")
    (row,) = read_reply(table)
    assert (row.number, row.status, row.kpj) == (numbers[0], "accepted", "26000000001")
    browser = signed_in(office, "coordinator")
    lost = browser.post("/batches/reply", files={"file": ("x.csv", b"apa;saja\n1;2\n")})
    assert lost.status_code == 422
    assert "Baca balasan" in seen(lost), "the page of lists, where another file can be chosen"


def test_no_row_closed_by_hand_twice(sent):
    office, numbers = sent
    import_from_insurer(office, [yes(3, numbers[1], "123")], Cover(), officer="Ratna")
    (one,) = list_open(office)
    right = {"kpj": "26000000003", "status": ""}
    close_listed(office, one["reply"], 3, numbers[1], Cover(), officer="Ratna", right=right)
    assert list_open(office) == []
