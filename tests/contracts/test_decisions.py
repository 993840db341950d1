import itertools
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from enumerator_app.cards.seal import open_seal
from enumerator_app.cards.trust import read_trust_list
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NumberUnknown
from enumerator_app.domain.states import DECISIONS, TRANSITIONS
from sync.protocol.signing import REVISION, issuing_key, key_id, opened_document
from sync.server.batches.trouble import NobodyReady
from sync.server.deciding import Verdict, approve, decide, decide_one, find_by_number
from sync.server.errors import DecisionNotAllowed
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow, read_reply
from sync.server.office import Office
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, fields_of, nik, person

COVER = Cover(date(2026, 1, 1), date(2099, 12, 31))
SIXTY_FIVE = date(2050, 3, 12)  # of the invented person


@pytest.fixture
def registered(laptop: Laptop) -> Laptop:
    """A laptop whose three people the office has."""
    for n in range(3):
        laptop.register(nik=nik(n + 1), name=f"=ORANG {n}")
    laptop.push(laptop.journal)
    laptop.pull()
    return laptop


def numbers(laptop: Laptop) -> list[str]:
    bodies = [from_canonical(entry.body) for entry in laptop.journal if entry.body]
    return [body["number"] for body in bodies if "number" in body]


def rows(laptop: Laptop, **changed) -> list[ReplyRow]:
    return [
        ReplyRow(**{
            "place": n + 2, "number": number, "nik": nik(n + 1), "status": "accepted",
            "kpj": f"2600000000{n}", "reason": "", **changed,
        })
        for n, number in enumerate(numbers(laptop))
    ]  # fmt: skip


def test_decisions_come_down_the_feed_signed_by_the_office(office: Office, registered: Laptop):
    assert approve(office, officer="Ratna") == 3
    notices = registered.pull()
    assert [item["kind"] for item in notices] == ["decision"] * 3
    for item in notices:
        fields = opened_document(
            item["bytes"].encode(), REVISION, {key_id(registered.issuing): registered.issuing}
        )
        assert fields is not None
        assert (fields["decision"], fields["state"], fields["officer"]) == (
            "verified", "verified", "Ratna",
        )  # fmt: skip
        assert fields["revision"] == item["revision"]
    assert registered.hello()["digest_ok"]
    assert verify_office(office) == []


def test_each_decision_names_the_one_before_it(office: Office, registered: Laptop):
    approve(office, officer="Ratna")
    chain = [fields_of(item) for item in registered.pull()]
    assert [fields["prev"] for fields in chain] == [
        None, *(fields["revision"] for fields in chain[:-1]),
    ]  # fmt: skip


def test_a_decision_reaches_every_laptop_that_holds_the_record(
    office: Office, new_laptop: Callable[[], Laptop]
):
    one, other = new_laptop(), new_laptop()
    one.register(nik=nik(1))
    other.register(nik=nik(2))
    for laptop in (one, other):
        laptop.push(laptop.journal)
        laptop.pull()
    approve(office, officer="Ratna")
    assert len(one.pull()) == len(other.pull()) == 1


def test_only_records_without_warnings_are_approved_as_clean(office: Office, laptop: Laptop):
    laptop.register(nik=nik(1), sex="P")  # the NIK says a man
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal)
    assert approve(office, officer="Ratna", clean_only=True) == 1
    assert standing(office)["by_state"] == {"registered": 1, "verified": 1}


def test_one_visit_is_approved_by_itself(office: Office, laptop: Laptop):
    visit = "0198e4a0-0000-7000-8000-000000000001"
    laptop.register(nik=nik(1), visit_id=visit)
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal)
    assert approve(office, officer="Ratna", visit=visit) == 1


def test_a_returned_record_is_corrected_and_looked_at_again(office: Office, registered: Laptop):
    record = find_by_number(office, numbers(registered)[0].lower().replace("-", " "))
    verdict = Verdict(record.id, "returned", "Tanggal belum cocok", "birth_date")
    decide_one(office, verdict, officer="Ratna", actor="officer")
    (notice,) = registered.pull()
    told = fields_of(notice)
    assert (told["state"], told["field"], told["reason"]) == (
        "returned", "birth_date", "Tanggal belum cocok",
    )  # fmt: skip
    entry = registered.write(
        "correct", person(nik=nik(1), number=record.number), subject=told["subject"],
        base=told["revision"],
    )  # fmt: skip
    assert registered.push([entry])["others"] == []
    assert standing(office)["by_state"] == {"registered": 3}
    assert verify_office(office) == []


def test_a_number_that_nobody_has_is_unknown(office: Office, registered: Laptop):
    for typed in ("3216-A01-99999-0000", "x", "", numbers(registered)[0][:-1]):
        with pytest.raises(NumberUnknown):
            find_by_number(office, typed)


MOVES = tuple(itertools.product(DECISIONS, ("officer", "insurer")))
ALLOWED = [(to, actor) for to, actor in MOVES if actor in TRANSITIONS.get(("registered", to), ())]


@pytest.mark.parametrize(("wanted", "actor"), ALLOWED)
def test_the_moves_of_the_table_are_made(office: Office, registered: Laptop, wanted, actor):
    record = find_by_number(office, numbers(registered)[0])
    decide_one(office, Verdict(record.id, wanted), officer="R", actor=actor)
    assert find_by_number(office, record.number).state == wanted


def test_no_other_move_is_made(office: Office, registered: Laptop):
    record = find_by_number(office, numbers(registered)[0])
    for wanted, actor in (move for move in MOVES if move not in ALLOWED):
        with pytest.raises(DecisionNotAllowed):
            decide_one(office, Verdict(record.id, wanted), officer="R", actor=actor)
        assert find_by_number(office, record.number).revision == record.revision


def test_nobody_is_submitted_to_the_insurer_twice(
    office: Office, registered: Laptop, tmp_path: Path
):
    approve(office, officer="Ratna")
    first = export_to_insurer(office, tmp_path / "one.xlsx", officer="Ratna")
    registered.register(nik=nik(9))
    registered.push(registered.journal[-1:])
    approve(office, officer="Ratna")
    second = export_to_insurer(office, tmp_path / "two.xlsx", officer="Ratna")
    assert (first.rows, second.rows) == (3, 1)
    assert first.id != second.id
    with pytest.raises(NobodyReady):
        export_to_insurer(office, tmp_path / "three.xlsx", officer="Ratna")
    assert not (tmp_path / "three.xlsx").exists()


def test_cells_for_the_insurer_are_text_that_no_spreadsheet_runs(
    office: Office, registered: Laptop, tmp_path: Path
):
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]
    header = [cell.value for cell in sheet[1]]
    for n, row in enumerate(sheet.iter_rows(min_row=2)):
        cells = dict(zip(header, row, strict=True))
        assert cells["nik"].value == nik(n + 1)
        assert cells["name"].value == f"=ORANG {n}"
        assert {cell.data_type for cell in row} <= {"s", "n"}  # openpyxl calls empty cells "n"
        assert all(cell.value is None for cell in row if cell.data_type == "n")


def test_the_insurers_answer_brings_cover_and_an_active_card(
    office: Office, registered: Laptop, tmp_path: Path
):
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    registered.pull()
    reply = rows(registered)
    reply[2] = ReplyRow(4, reply[2].number, "", "refused", "", "NIK tidak padan")
    result = import_from_insurer(office, reply, COVER, officer="Ratna")
    assert (result.accepted, result.refused, result.unmatched) == (2, 1, [])
    told = [fields_of(item) for item in registered.pull()]
    enrolled = [fields for fields in told if fields["decision"] == "enrolled"]
    assert {fields["kpj"] for fields in enrolled} == {"26000000000", "26000000001"}
    assert {fields["cover_from"] for fields in enrolled} == {"2026-01-01"}
    (refused,) = [fields for fields in told if fields["decision"] == "refused"]
    assert (refused["code"], refused["raw"], refused["field"]) == ("nik", "NIK tidak padan", "nik")
    assert refused["reason"].endswith("Kata BPJS: “NIK tidak padan”")
    trust = trust_list(office)
    for fields in enrolled:
        verdict = open_seal(fields["card"], trust, trust.issued_on)
        assert (verdict.word, verdict.claims.number) == ("genuine", fields["number"])
        assert verdict.claims.cover_to == SIXTY_FIVE - timedelta(days=1)
    assert registered.hello()["digest_ok"]
    assert verify_office(office) == []


def trust_list(office: Office):
    document = from_canonical(office.home.trust_file.read_bytes())
    key = issuing_key(document["certificate"], office.public.root_key)
    assert key is not None
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public_key))
    return read_trust_list(document["list"].encode(), public)


def test_cover_ends_the_day_before_the_age_limit(office: Office, laptop: Laptop, tmp_path: Path):
    laptop.register(nik="3216061506620001", birth_date="1962-06-15")
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    laptop.pull()
    answer = ReplyRow(2, numbers(laptop)[0], "", "accepted", "12345678901", "")
    cover = Cover(date(2027, 1, 1), date(2027, 12, 31))
    assert import_from_insurer(office, [answer], cover, officer="R").accepted == 1
    assert fields_of(laptop.pull()[-1])["cover_to"] == "2027-06-14"


def test_rows_that_fit_nobody_change_nothing_and_say_why(
    office: Office, registered: Laptop, tmp_path: Path
):
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    good = rows(registered)
    strange = [
        ReplyRow(2, good[0].number, nik(99), "accepted", "12345678901", ""),
        ReplyRow(3, good[1].number, "", "accepted", "1234", ""),
        ReplyRow(4, good[2].number, "", "", "12345678901", ""),
        ReplyRow(5, "", "", "accepted", "12345678901", ""),
    ]
    result = import_from_insurer(office, strange, COVER, officer="R")
    assert (result.accepted, result.refused) == (0, 0)
    assert [one["reason"] for one in result.unmatched] == [
        "contradicts", "unknown", "kpj", "status",
    ]  # fmt: skip
    assert standing(office)["by_state"] == {"submitted": 3}
    assert import_from_insurer(office, good, COVER, officer="R").accepted == 3
    again = import_from_insurer(office, good, COVER, officer="R")
    assert (again.accepted, again.unchanged, again.unmatched) == (0, 3, [])


def test_a_reply_under_other_headers_is_read_by_a_mapping(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Daftar hasil"])
    sheet.append(["No Pendataan", "NIK", "Hasil proses", "Nomor KPJ", "Alasan"])
    sheet.append(["3216-A01-00001-43FD", "3216125407859708", "OK", 26000000001, None])
    sheet.append(["3216-A01-00002-F01P", "3216121712839658", "TIDAK", None, "beda"])
    book.save(tmp_path / "reply.xlsx")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[columns]\nstatus = ["Hasil proses"]\n[status]\naccepted = ["ok"]\nrefused = ["tidak"]\n'
    )
    read = read_reply(tmp_path / "reply.xlsx", mapping)
    assert [(row.status, row.kpj, row.reason) for row in read] == [
        ("accepted", "26000000001", ""), ("refused", "", "beda"),
    ]  # fmt: skip


def test_decisions_taken_while_a_laptop_sends_do_not_lose_each_other(
    office: Office, registered: Laptop
):
    for n in range(20):
        registered.register(nik=nik(100 + n))
    registered.push(registered.journal)
    with office.database.reading() as connection:
        subjects = list(connection.exec_driver_sql("SELECT id FROM subject").scalars())
    verdicts = [Verdict(subject, "verified") for subject in subjects]
    halves = (verdicts[::2], verdicts[1::2])
    threads = [
        Thread(target=decide, args=(office, half), kwargs={"officer": "R", "actor": "officer"})
        for half in halves
    ]
    for thread in threads:
        thread.start()
    for n in range(5):
        registered.register(nik=nik(200 + n))
        registered.push(registered.journal[-1:])
    for thread in threads:
        thread.join()
    registered.pull()
    assert registered.hello()["digest_ok"]
    assert verify_office(office) == []
