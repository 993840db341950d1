"""The insurer's answer: certain rows are carried out once, the rest waits for a person."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from enumerator_app.domain.registration import FIELDS
from enumerator_app.texts import LANGUAGES, text
from sync.server.batches import reasons, replies
from sync.server.batches.keeping import list_batches
from sync.server.batches.listed import close_listed, list_open
from sync.server.batches.reasons import OTHER, reason_of
from sync.server.batches.trouble import ReplyRowUnknown
from sync.server.deciding import approve
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow, read_reply
from sync.server.office import Office
from sync.server.standing import standing
from tests.server.laptops import Laptop, fields_of, nik

COVER = Cover(date(2027, 1, 1), date(2027, 12, 31))
NAMES = ("SITI AMINAH", "MUHAMAD YUSUF", "O", "NURUL AIN")
BORN = ("1985-03-12", "1979-07-01", "1990-12-31", "1975-02-02")


@pytest.fixture
def sent(sqlite_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path):
    laptop = laptop_on(sqlite_office)
    for n, (name, born) in enumerate(zip(NAMES, BORN, strict=True)):
        laptop.register(nik=nik(n + 1), name=name, birth_date=born)
    laptop.push(laptop.journal)
    approve(sqlite_office, officer="Ratna")
    made = export_to_insurer(sqlite_office, tmp_path / "list.xlsx", officer="Ratna")
    laptop.pull()
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    header, *rows = sheet.iter_rows(values_only=True)
    numbers = {row[header.index("nik")]: row[header.index("number")] for row in rows}
    return sqlite_office, laptop, made, [numbers[nik(n + 1)] for n in range(4)]


def accepted(place: int, number: str = "", **said) -> ReplyRow:
    row = {"nik": "", "status": "accepted", "kpj": f"260000000{place:02}", "reason": "", **said}
    return ReplyRow(place=place, number=number, **row)


def counts(result) -> tuple[int, int, int, int]:
    return result.accepted, result.refused, result.unchanged, len(result.unmatched)


def test_the_number_goes_before_the_nik_and_the_rows_add_up(sent):
    office, _, made, numbers = sent
    reply = [
        accepted(2, numbers[0]),
        accepted(3, nik=nik(2)),
        accepted(4, numbers[2], status="refused", kpj="", reason="TK aktif di segmen PU"),
        accepted(5, nik=nik(77)),
    ]
    result = import_from_insurer(office, reply, COVER, officer="Ratna")
    assert counts(result) == (2, 1, 0, 1)
    assert sum(counts(result)) == result.rows == 4
    assert result.by_code == {"already_employee": 1}
    (batch,) = list_batches(office, of=made.id)
    assert (batch.accepted, batch.refused, batch.sent) == (2, 1, 1)
    assert batch.accepted + batch.refused + batch.sent == batch.rows


def test_the_same_reply_again_changes_nothing(sent):
    office, laptop, _, numbers = sent
    reply = [
        accepted(2, numbers[0]),
        accepted(3, numbers[1], status="refused", kpj="", reason="NIK INVALID"),
        accepted(4, nik=nik(77)),
    ]
    import_from_insurer(office, reply, COVER, officer="Ratna")
    laptop.pull()
    before = standing(office)
    result = import_from_insurer(office, reply, COVER, officer="Ratna")
    assert counts(result) == (0, 0, 2, 1)
    assert standing(office) == before
    assert laptop.pull() == []
    assert len(list_open(office)) == 1, "the row that waits for a person waits once"


def test_two_rows_that_differ_are_both_left_to_a_person(sent):
    office, _, _, numbers = sent
    reply = [
        accepted(2, numbers[0]),
        accepted(3, nik=nik(1), status="refused", kpj="", reason="usia"),
        accepted(4, numbers[1]),
        accepted(5, numbers[1], kpj="26000000004"),
    ]
    result = import_from_insurer(office, reply, COVER, officer="Ratna")
    assert [(one["row"], one["reason"]) for one in result.unmatched] == [
        (2, "contradicts"), (3, "contradicts"), (5, "twice"),
    ]  # fmt: skip
    assert standing(office)["by_state"] == {"enrolled": 1, "submitted": 3}


def test_another_answer_later_is_listed_and_not_carried_out(sent):
    office, _, _, numbers = sent
    import_from_insurer(office, [accepted(2, numbers[0])], COVER, officer="Ratna")
    other = [
        accepted(2, numbers[0], kpj="99999999999"),
        accepted(3, numbers[0], status="refused", kpj="", reason="batal"),
    ]
    for row in other:
        result = import_from_insurer(office, [row], COVER, officer="Ratna")
        assert [one["reason"] for one in result.unmatched] == ["answered_before"]
    assert standing(office)["by_state"] == {"enrolled": 1, "submitted": 3}


def test_name_and_birth_date_are_listed_and_carried_out_by_a_person_only(sent):
    office, laptop, _, numbers = sent
    row = accepted(7, name="Moh. Yusup", birth_date="01-07-1979")
    result = import_from_insurer(office, [row], COVER, officer="Ratna")
    assert counts(result) == (0, 0, 0, 1)
    (listed,) = list_open(office)
    assert (listed["reason"], listed["perhaps"]) == ("perhaps", [numbers[1]])
    assert standing(office)["by_state"] == {"submitted": 4}
    said = close_listed(office, listed["reply"], 7, numbers[1], COVER, officer="Ratna")
    assert said == "accepted"
    told = fields_of(laptop.pull()[-1])
    assert (told["number"], told["kpj"], told["card"][:4]) == (numbers[1], row.kpj, "TP1:")
    assert list_open(office) == []
    with pytest.raises(ReplyRowUnknown):
        close_listed(office, listed["reply"], 7, numbers[1], COVER, officer="Ratna")


def test_a_weak_match_that_was_automatic_would_be_seen(sent, monkeypatch):
    """The control: with the weak match taken for a certain one, somebody is enrolled by name."""
    office, _, _, _ = sent
    whom = replies._whom

    def careless(row, known):
        person, why, weak = whom(row, known)
        return (weak[0], "", ()) if weak else (person, why, weak)

    monkeypatch.setattr(replies, "_whom", careless)
    row = accepted(7, name="Moh. Yusup", birth_date="01-07-1979")
    assert import_from_insurer(office, [row], COVER, officer="Ratna").accepted == 1


def test_a_row_that_is_nobody_of_ours_is_closed_without_a_change(sent):
    office, _, _, _ = sent
    import_from_insurer(office, [accepted(2, nik=nik(77))], COVER, officer="Ratna")
    (listed,) = list_open(office)
    assert close_listed(office, listed["reply"], 2, None, COVER, officer="Ratna") == "nobody"
    assert list_open(office) == []
    assert standing(office)["by_state"] == {"submitted": 4}


# The insurer's words as clerks write them, and what a person would say they mean.
WORDS = {
    "TK aktif di segmen PU": "already_employee",
    "NIK INVALID": "nik",
    "NIK tidak padan dengan data kependudukan": "nik",
    "usia > 65": "age",
    "Umur melebihi batas": "age",
    "Tgl. Lahir berbeda": "birth_date",
    "NAMA TIDAK SESUAI": "name",
    "Nama ibu kandung salah": "mother",
    "Peserta telah meninggal dunia": "died",
    "data ganda": "twice",
    "Sudah terdaftar sebagai BPU": "already_member",
    "no HP tidak aktif": "contact",
    "lihat lampiran": OTHER,
    "": OTHER,
    "komunikasi": OTHER,  # the signs "nik" inside another word mean nothing
}


@pytest.mark.parametrize("raw", WORDS)
def test_free_words_become_the_code_that_a_person_would_give(raw: str):
    assert reason_of(raw).code == WORDS[raw]
    assert raw in reason_of(raw).sentence()


def test_every_code_has_a_sentence_and_a_field_that_exists():
    for code, words, field in reasons._table():
        assert words
        assert field is None or field in FIELDS
        assert all(text(f"insurer.reason_{code}", language) for language in LANGUAGES)


def test_a_reply_with_names_and_spreadsheet_dates_is_read(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["Nomor KPJ", "Nama Peserta", "Tgl Lahir", "NIK", "Status"])
    book.active.append([26000000001, "SITI", date(1985, 3, 12), "3216061203850001", "Diterima"])
    book.save(tmp_path / "reply.xlsx")
    (row,) = read_reply(tmp_path / "reply.xlsx")
    assert (row.name, row.birth_date, row.kpj) == ("SITI", "1985-03-12", "26000000001")
