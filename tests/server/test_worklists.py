"""Lists of expected people: out of a file, to the laptops that are meant, and what came of them."""

import gzip
import hashlib
import hmac
import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pypdfium2
import pytest
from sqlalchemy import select

from enumerator_app.cards.reading import read_codes_from_pdf
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NobodyExpected
from enumerator_app.domain.invitations import parse_invitation
from sync.protocol.documents import opened_certified
from sync.server.cases import list_cases
from sync.server.devices import revoke_device
from sync.server.erasing import erase
from sync.server.errors import DeviceUnknown
from sync.server.list_files import write_rejected
from sync.server.niks import publish_niks
from sync.server.office import Office
from sync.server.tables import VISIT_ROWS
from sync.server.worklist.inviting import write_letters
from sync.server.worklist.keeping import assign, import_worklist
from sync.server.worklist.standing import export_listed, standing
from tests.server.laptops import Laptop, fields_of, nik

HEADER = "Nama;NIK;Tgl lahir;Kampung;Desa;Kecamatan;Poktan;Sumber\n"
KARANGHARJA = "3216132001"
ROWS = (
    f"Siti Aminah;{nik(1)};12-03-1985;Kp. Rawa;Karangharja;;Sri Mukti;Dinas\n"
    "Udin;0042;;;Karangharja;;;\n"
    f"Enah;{nik(2)};;;3216012001;;;\n"
)


def listed(office: Office, rows: str = ROWS, **how: Any):
    path = office.home.path / "daftar.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return import_worklist(office, path, **how)


def fetched(laptop: Laptop) -> dict[str, Any]:
    answer = laptop.ask("GET", "/v1/documents/worklist")
    assert answer.status == 200
    outer = from_canonical(answer.body)
    found: dict[str, Any] = from_canonical(outer["document"].encode())["fields"]
    return found


def people_on(laptop: Laptop) -> dict[str, list[str]]:
    """Name -> line, out of the parts that the laptop's own document names, each by its hash."""
    found = {}
    for part in fetched(laptop)["parts"]:
        answer = laptop.ask("GET", f"/v1/parts/{part['hash']}")
        assert answer.status == 200
        assert hashlib.sha256(answer.body).hexdigest() == part["hash"]
        assert len(answer.body) == part["size"]
        content = json.loads(gzip.decompress(answer.body))
        assert content["village"] == part["of"]
        assert len(content["people"]) == part["count"]
        found |= {line[1]: line for line in content["people"]}
    return found


def test_a_list_reaches_every_laptop_signed_and_in_parts(office: Office, laptop: Laptop):
    done = listed(office)
    assert (done.people, done.villages, done.devices, done.rejected) == (3, 2, 1, [])
    told = [fields_of(item) for item in laptop.pull() if item["kind"] == "document"]
    assert [one["version"] for one in told if one["name"] == "worklist"] == [1]
    raw = laptop.ask("GET", "/v1/documents/worklist").body
    assert opened_certified(raw, office.public.root_key, "worklist") is not None
    assert opened_certified(raw, "00" * 32, "worklist") is None
    assert people_on(laptop)["UDIN"][2] == "************0042"
    codes = [line[0] for line in people_on(laptop).values()]
    assert [parse_invitation(code) for code in codes] == codes
    assert len(set(codes)) == 3


def test_the_same_list_again_tells_nobody_and_a_new_line_tells_all(office: Office, laptop: Laptop):
    listed(office)
    before = people_on(laptop)
    laptop.pull()
    listed(office)
    changed = listed(office, ROWS + "Karta;;;;Karangharja;;;\n")
    assert changed.new == 1
    after = people_on(laptop)
    assert {name: after[name][0] for name in before} == {n: line[0] for n, line in before.items()}


def test_a_place_of_birth_stands_behind_all_that_earlier_laptops_read(
    office: Office, laptop: Laptop
):
    path = office.home.path / "daftar.csv"
    path.write_text("Nama;Desa;Tempat Lahir\nKarta;Karangharja;Kab. Garut\n", encoding="utf-8")
    import_worklist(office, path)
    line = people_on(laptop)["KARTA"]
    assert len(line) == 8
    assert line[7] == "KAB. GARUT"
    assert "KAB. GARUT" in "".join(export(office))


def test_codes_stay_with_people_when_more_is_known_of_them(office: Office, laptop: Laptop):
    listed(office, "Udin;0042;;;Karangharja;;;\n")
    code = people_on(laptop)["UDIN"][0]
    listed(office, "Udin;3216061203850042;;;Karangharja;;;\n")
    assert people_on(laptop)["UDIN"][:3] == [code, "UDIN", "3216061203850042"]
    listed(office, "Udin bin Karta;3216061203850042;;;Sukamanah;Sukatani;;\n")
    assert list(people_on(laptop)) == ["UDIN BIN KARTA"], "he moved, and stands in one place"
    assert people_on(laptop)["UDIN BIN KARTA"][0] == code


def test_somebody_of_the_same_name_gets_a_code_of_their_own(office: Office, laptop: Laptop):
    done = listed(office, "Udin;1111;;;Karangharja;;;\nUdin;2222;;;Karangharja;;;\n")
    assert done.new == 2
    assert sum(part["count"] for part in fetched(laptop)["parts"]) == 2


def test_a_list_for_one_laptop_is_seen_by_that_one_alone(office: Office, new_laptop):
    one, other = new_laptop(), new_laptop()
    listed(office, devices=[one.code])
    assert len(people_on(one)) == 3
    assert other.ask("GET", "/v1/documents/worklist").status == 404
    assign(office, KARANGHARJA, [other.code])
    assert set(people_on(other)) == {"SITI AMINAH", "UDIN"}
    assert set(people_on(one)) == {"ENAH"}
    assert other.ask("GET", f"/v1/documents/worklist@{one.device}").status == 404
    with pytest.raises(DeviceUnknown):
        listed(office, devices=["Z99"])


def test_a_stopped_laptop_gets_no_list_any_more(office: Office, laptop: Laptop):
    listed(office)
    part = fetched(laptop)["parts"][0]["hash"]
    revoke_device(office, laptop.code)
    assert laptop.ask("GET", "/v1/documents/worklist").status == 404
    assert laptop.ask("GET", f"/v1/parts/{part}").status == 404
    assert laptop.ask("GET", "/v1/documents/trust_list").status == 200


def test_a_laptop_that_joins_later_has_the_lists_too(office: Office, new_laptop):
    listed(office)
    assert len(people_on(new_laptop())) == 3


BAD = {
    "=cmd|'/C calc'!A0;1234;;;Karangharja;;;": "name_odd",
    ";;;;Karangharja;;;": "name_missing",
    "Udin;;31-02-1980;;Karangharja;;;": "date_impossible",
    "Udin;;12-03-85;;Karangharja;;;": "date_year_short",
    "Udin;;12-03-2985;;Karangharja;;;": "date_outside",
    "Udin;12;;;Karangharja;;;": "nik_part",
    "Udin;3.21606E+15;;;Karangharja;;;": "xlsx_nik",
    "Udin;321606120385000A;;;Karangharja;;;": "nik_letter",
    f"Udin;{nik(1)};;;Karangharja;;;": "nik_twice",
    "Udin;;;;Atlantis;;;": "village_unknown",
    "Udin;;;;;;;": "village_missing",
    f"{'X' * 99};;;;Karangharja;;;": "too_long",
    f"Udin;;;{'Kp ' * 80};Karangharja;;;": "too_long",
    'Udin;"open;;;Karangharja;;;': "row_unreadable",
}


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_costs_itself_alone_and_says_why(sqlite_office: Office, row: str):
    done = listed(sqlite_office, ROWS + row + "\n" + "Karta;;;;Karangharja;;;\n")
    assert [one.code for one in done.rejected] == [BAD[row]]
    assert done.people == 4
    written = write_rejected(sqlite_office.home.path / "daftar.csv", done.rejected)
    assert written is not None
    assert done.rejected[0].reason in written.read_text(encoding="utf-8-sig").replace('""', '"')


def test_a_nik_that_excel_keeps_as_a_number_is_refused(sqlite_office: Office, tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["Nama", "NIK", "Desa"])
    book.active.append(["Udin", 3216061203850001, "Karangharja"])
    book.active.append(["Enah", "3216061203850002", "Karangharja"])
    book.save(tmp_path / "daftar.xlsx")
    done = import_worklist(sqlite_office, tmp_path / "daftar.xlsx")
    assert ([one.code for one in done.rejected], done.people) == (["xlsx_nik"], 1)


def said(laptop: Laptop, code: str, answer: str, subject: Any = None) -> Any:
    body = {"code": code, "answer": answer, "version": 1}
    return laptop.write("listed", body, subject=subject)


def counts(office: Office) -> dict[str, int]:
    (row,) = standing(office, KARANGHARJA)
    return {
        name: row[name]
        for name in ("registered", "not_found", "died", "moved", "open")
        if row[name]
    }


def test_what_was_said_of_people_is_counted_at_the_office(office: Office, laptop: Laptop, tmp_path):
    listed(office)
    codes = {name: line[0] for name, line in people_on(laptop).items()}
    said(laptop, codes["UDIN"], "not_found")
    laptop.push(laptop.journal)
    assert counts(office) == {"not_found": 1, "open": 1}
    laptop.push([said(laptop, codes["UDIN"], "died")])
    assert counts(office) == {"died": 1, "open": 1}
    laptop.push([said(laptop, codes["UDIN"], "open")])
    assert counts(office) == {"open": 2}
    entry = laptop.register(nik=nik(77), village_code=KARANGHARJA)
    chosen = said(laptop, codes["UDIN"], "registered", entry.fields["subject"])
    laptop.push([entry, chosen])
    laptop.push([said(laptop, codes["UDIN"], "not_found")])
    assert counts(office) == {"registered": 1, "open": 1}, "nothing said later undoes it"
    assert export_listed(office, tmp_path / "daftar.csv") == 3
    table = (tmp_path / "daftar.csv").read_text(encoding="utf-8-sig")
    assert [line for line in table.splitlines() if "UDIN" in line and laptop.code in line]


def test_a_registration_taken_back_opens_the_line_again(office: Office, laptop: Laptop):
    listed(office)
    code = people_on(laptop)["UDIN"][0]
    entry = laptop.register(nik=nik(77))
    subject = entry.fields["subject"]
    said(laptop, code, "registered", subject)
    laptop.push(laptop.journal)
    assert counts(office) == {"registered": 1, "open": 1}
    laptop.push([laptop.write("withdraw", {"reason": "undone"}, subject=subject, base=entry.hash)])
    assert counts(office) == {"open": 2}


def test_who_registers_without_the_list_is_found_by_the_nik(office: Office, laptop: Laptop):
    listed(office)
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    assert counts(office) == {"registered": 1, "open": 1}


def test_nonsense_in_an_answer_is_stored_and_counts_for_nothing(office: Office, laptop: Laptop):
    listed(office)
    for body in ({}, {"code": 7, "answer": "died"}, {"code": "U" * 99, "answer": "died"}):
        laptop.write("listed", body)
    said(laptop, people_on(laptop)["UDIN"][0], "flew away")
    receipt = laptop.push(laptop.journal)
    assert receipt["others"] == []
    assert counts(office) == {"open": 2}


def test_an_erased_person_leaves_the_lists_of_all_laptops(office: Office, laptop: Laptop):
    listed(office)
    entry = laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    code = people_on(laptop)["SITI AMINAH"][0]
    erase(office, str(entry.fields["subject"]), ground="asked")
    assert set(people_on(laptop)) == {"UDIN", "ENAH"}
    assert nik(1) not in json.dumps(export(office))
    listed(office, f"Siti Aminah;{nik(1)};;;Karangharja;;;\n")
    assert people_on(laptop)["SITI AMINAH"][0] != code, "nothing leads from the old code to her"


def export(office: Office) -> list[str]:
    path = office.home.path / "semua.csv"
    export_listed(office, path)
    return path.read_text(encoding="utf-8-sig").splitlines()


@pytest.mark.parametrize("named", ["district", "record"])
def test_what_the_enumerator_said_of_a_namesake_is_a_reason_of_the_case(
    office: Office, new_laptop, named: str
):
    one, other = new_laptop(), new_laptop()
    entry = one.register(nik=nik(5))
    one.push(one.journal)
    key = "district" if named == "district" else str(entry.fields["subject"])
    other.register(nik=nik(5), other_than=[key])
    other.push(other.journal)
    (case,) = list_cases(office, "same_nik")
    assert case["reasons"] == ["same_nik", "said_other_person"]


def test_without_that_the_case_has_the_nik_alone_as_a_reason(office: Office, new_laptop):
    for laptop in (new_laptop(), new_laptop()):
        laptop.register(nik=nik(5))
        laptop.push(laptop.journal)
    assert list_cases(office, "same_nik")[0]["reasons"] == ["same_nik"]


def test_the_short_hashes_are_those_that_the_protocol_page_says(office: Office, laptop: Laptop):
    """Computed here from the page's words, with the key out of the document."""
    for n in range(3):
        laptop.register(nik=nik(n))
    laptop.push(laptop.journal)
    done = publish_niks(office)
    assert (done.count, done.changed) == (3, True)
    raw = laptop.ask("GET", "/v1/documents/district_niks").body
    fields = opened_certified(raw, office.public.root_key, "district_niks")
    assert fields is not None
    key = bytes.fromhex(fields["key"])
    digests = [hmac.new(key, nik(n).encode(), hashlib.sha256).digest() for n in range(3)]
    wanted = b"".join(sorted(digest[:4] for digest in digests))
    (part,) = fields["parts"]
    assert laptop.ask("GET", f"/v1/parts/{part['hash']}").body == wanted
    assert publish_niks(office).key_id != done.key_id
    assert laptop.ask("GET", f"/v1/parts/{part['hash']}").status == 404


def test_attendance_of_somebody_whom_only_the_districts_list_knows_is_kept(
    office: Office, laptop: Laptop
):
    visit, who = str(uuid4()), str(uuid4())
    said = {"visit": visit, "group": None, "ticket": "", "district": 3, "who": who}
    for present in (True, False):
        laptop.write("attend", {**said, "present": present})
    assert laptop.push(laptop.journal)["others"] == []
    with office.database.reading() as connection:
        rows = connection.execute(select(VISIT_ROWS.c.id, VISIT_ROWS.c.subject)).all()
    assert [tuple(row) for row in rows] == [(f"a:{visit}:{who}", None)]


def test_who_is_still_expected_gets_a_letter_with_the_code_of_the_line(
    office: Office, laptop: Laptop, tmp_path: Path
):
    listed(office)
    laptop.register(nik=nik(1), name="SITI AMINAH", village_code=KARANGHARJA)
    laptop.push(laptop.journal)
    path = tmp_path / "undangan.pdf"
    day = date(2026, 12, 3)
    done = write_letters(office, "Karangharja", path, day=day, place="Balai desa", time="08.00")
    assert (done.pages, done.rows) == (1, 1)
    export_listed(office, tmp_path / "lists.xlsx", KARANGHARJA)
    header, *rows = openpyxl.load_workbook(tmp_path / "lists.xlsx").active.values
    (udin,) = (dict(zip(header, row, strict=True)) for row in rows if row[1] == "UDIN")
    with pypdfium2.PdfDocument(path) as document:
        said = " ".join(document[0].get_textpage().get_text_range().split())
    assert udin["code"] in said
    assert "Kamis, 3 Desember 2026" in said
    assert "Gratis. Jangan beri uang kepada siapa pun." in said
    assert "SITI" not in said.upper()
    assert [parse_invitation(code) for code in read_codes_from_pdf(path)] == [
        parse_invitation(udin["code"])
    ]
    with pytest.raises(NobodyExpected):
        write_letters(office, "Sukamahi", tmp_path / "nobody.pdf", day=day)
    assert not (tmp_path / "nobody.pdf").exists()
