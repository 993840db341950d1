"""Papers of a real office; what stands on them is expected from its tables by other readers."""

import csv
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import openpyxl
import pypdfium2
import pytest
import structlog

from enumerator_app.domain.errors import KnownError, UsageWrong
from enumerator_app.domain.letterhead import Letterhead, Signer
from enumerator_app.domain.number_words import number_words
from sync.server.__main__ import main
from sync.server.deciding import approve
from sync.server.devices import add_device
from sync.server.errors import BatchDiffers, NothingToPrint
from sync.server.exporting import export_registrations
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.letterhead import set_letterhead
from sync.server.papers.kinds import KINDS
from sync.server.papers.wishes import Wish
from tests.server.laptops import Laptop, nik
from tests.server.offices import new_office, serving

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 28)
VISIT = str(UUID(int=7))
VILLAGES = ("3216012001", "3216012002", "3216132001")
OURS = Letterhead(
    government="Pemerintah Kabupaten Bekasi",
    office="Dinas Ketenagakerjaan",
    city="Cikarang Pusat",
    posko_phone="0812-0000-0000",
    signer=Signer(title="Kepala Dinas", name="Dra. Hj. Ratna Komala, M.Si.", nip="19700101"),
    decree=Signer(title="Bupati Bekasi"),
)
NAMES = ("SITI MAEMUNAH", '=HYPERLINK("x")', "O", "W" * 30, "NURUL 'AIN")
BOARD = {
    "enrolled": "Dijamin 01-11-2026 s.d. 31-10-2027, selama iuran dibayar.",
    "refused": "BPJS belum menerima. Tanyakan ke kantor desa.",
    "submitted": "Sudah diajukan ke BPJS. Menunggu jawaban.",
    "registered": "Sudah diterima kantor. Belum dikirim ke BPJS.",
}
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
HEIRS = (("child", "ENDAH", 2010), ("sibling", "OTONG", 1970), ("spouse", "DULLAH", 1971))
WORKERS_SEE = {"card-receipt", "village-notice", "claim-file", "self-pay"}


def heirs():
    return [
        {"id": str(uuid4()), "name": name, "relation": relation, "birth_date": None,
         "birth_year": year, "scholarship": False}
        for relation, name, year in HEIRS
    ]  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """An office with forty people: some enrolled, some refused, some not decided yet."""
    folder = tmp_path_factory.mktemp("papers")
    office = new_office(folder / "office", None)
    set_letterhead(office, OURS, None)
    with serving(office) as place:
        laptop = Laptop(place)
        laptop.enrol(add_device(office, "Balai desa").code)
        laptop.start_epoch()
        for n in range(40):
            laptop.register(
                nik=nik(n + 1),
                name=NAMES[n % 5] + (f" {chr(65 + n // 5)}" if n >= 5 else ""),
                village_code=VILLAGES[n % 3],
                visit_id=VISIT if n % 3 == 0 else None,
                monthly_income=[900_000, 1_100_000, 2_750_000, None][n % 4],
                programmes=["JKK", "JKM"],
                heirs=heirs(),
                consent_witness="PAK UJANG",
                witness_role="mandor",
            )
        laptop.push(laptop.journal)
        approve(office, officer="Ratna", visit=VISIT)
        made = export_to_insurer(office, folder / "list.xlsx", officer="Ratna")
        numbers = [row["number"] for row in xlsx(folder / "list.xlsx")]
        reply = [
            ReplyRow(n, number, "", "accepted" if n % 3 else "refused", f"{n:011d}", "NIK beda")
            for n, number in enumerate(numbers[:9])
        ]
        cover = Cover(date(2026, 11, 1), date(2027, 10, 31))
        import_from_insurer(office, reply, cover, officer="Ratna")
        laptop.register(nik=nik(90), name="NYI RATNA", works_now="ill", village_code=VILLAGES[0])
        laptop.push(laptop.journal[-1:])
    office.batch, office.list = made.id, folder / "list.xlsx"
    yield office
    office.close()


@pytest.fixture
def run():
    """The command line in this process; its log does not outlive the test's own standard error."""
    yield main
    structlog.reset_defaults()


def xlsx(path):
    """Rows of a table, by another reader than the program's."""
    header, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [
        dict(zip(header, ["" if v is None else str(v) for v in row], strict=True)) for row in rows
    ]


def everybody(office, folder):
    export_registrations(office, folder / "all.xlsx")
    return xlsx(folder / "all.xlsx")


def paper(office, kind, folder, **wish):
    """Write a paper; return what was answered, and the text of its pages."""
    path = folder / f"{kind}.pdf"
    done = KINDS[kind](office, Wish(**{"day": DAY, **wish}), path)
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) == done.pages
    return done, pages


def flat(text):
    """Text without blanks, line ends and the hyphens of broken words."""
    return re.sub(r"[\s\-\ufffe\xad\x02]", "", text)


def earlier_table(office, folder):
    """The table of a decree as it was before: one name other, two people less, one more."""
    table = folder / "earlier.csv"
    KINDS["decree"](office, Wish(day=DAY, table=table), folder / "earlier.pdf")
    (folder / "earlier.pdf").unlink()
    header, *rows = csv.reader(table.read_text(encoding="utf-8-sig").splitlines())
    rows[0][1] += " LAMA"
    gone = [*rows[0][:1], "YANG PERGI", *rows[0][2:-1], "3216-Z99-00001-K7QC"]
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows[:-2], gone])
    return table


def wishes(office, folder):
    number = xlsx(office.list)[1]["number"]
    return {
        "verification": {"visit": VISIT},
        "decree": {},
        "decree-change": {"since": earlier_table(office, folder)},
        "cover-letter": {"batch": office.batch},
        "card-receipt": {"village": VILLAGES[0], "papers": "all"},
        "village-notice": {"village": VILLAGES[0]},
        "claim-file": {"number": number},
        "self-pay": {"number": number},
        "daily-recap": {},
    }


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_full_nik_is_only_where_its_receiver_needs_it(kept, tmp_path, kind, language):
    done, pages = paper(kept, kind, tmp_path, language=language, **wishes(kept, tmp_path)[kind])
    said = flat("".join(pages))
    shown = [one["nik"] for one in everybody(kept, tmp_path) if one["nik"] in said]
    assert len(shown) == (1 if kind == "claim-file" else 0)
    assert "None" not in said
    assert not re.search(r"[{}]", said)
    free = "Gratis.Janganberiuang" if language == "id" else "Freeofcharge"
    assert [free in flat(page) for page in pages] == [kind in WORKERS_SEE] * len(pages)
    assert flat("Dinas Ketenagakerjaan").upper() in flat(pages[0]).upper()
    assert done.as_dict()["pages"] == len(pages)


# -- the letter to the insurer


def brackets():
    path = ROOT / "resources" / "programmes" / "contributions.toml"
    return tomllib.loads(path.read_text())["tables"][0]


def contribution(income):
    """JKK and JKM of one person, reckoned from the table as it is written."""
    table = brackets()
    base = max(base for start, base in table["brackets"] if start <= int(income or 0))
    return base * table["jkk_percent"] // 100 + table["jkm"]


def test_the_totals_of_the_letter_are_those_of_the_file_that_goes_with_it(kept, tmp_path):
    rows = xlsx(kept.list)
    monthly = sum(contribution(row["monthly_income"]) for row in rows)
    niks = sum(int(row["nik"]) for row in rows)
    print_ = hashlib.sha256(kept.list.read_bytes()).hexdigest()

    done, pages = paper(kept, "cover-letter", tmp_path, batch=kept.batch, file=kept.list)

    said = flat("".join(pages))
    assert done.rows == len(rows)
    assert done.more == {"monthly": monthly, "nik_sum": str(niks), "sha256": print_}
    assert f"Rp{monthly:,}".replace(",", ".") in said
    assert str(niks) in said
    assert print_ in said
    assert kept.batch.replace("-", "") in said
    assert flat(number_words(monthly, "id")) in said


def test_the_copy_that_the_office_kept_is_the_file_that_went_out(kept, tmp_path):
    done, _ = paper(kept, "cover-letter", tmp_path, batch=kept.batch)
    assert done.more["sha256"] == hashlib.sha256(kept.list.read_bytes()).hexdigest()


@pytest.mark.parametrize("harm", ["a row less", "somebody else", "a row twice"])
def test_a_file_with_other_people_gets_no_letter(kept, tmp_path, harm):
    book = openpyxl.load_workbook(kept.list)
    sheet = book.active
    if harm == "a row less":
        sheet.delete_rows(3)
    elif harm == "somebody else":
        sheet["A3"] = "3216-Z99-00001-K7QC"
    else:
        sheet.append([cell.value for cell in sheet[3]])
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(BatchDiffers):
        paper(kept, "cover-letter", tmp_path, batch=kept.batch, file=tmp_path / "other.xlsx")
    assert not (tmp_path / "cover-letter.pdf").exists()


def test_a_list_that_was_never_made_gets_no_letter(kept, tmp_path):
    for batch in ("20990101-abcdef", "../list", ""):
        with pytest.raises(UsageWrong):
            paper(kept, "cover-letter", tmp_path, batch=batch)


# -- the decree


def recipe():
    """The program in the documentation, as anybody would copy it."""
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    return re.search(r"```python\n(import csv, hashlib.*?)```", page, re.DOTALL)[1]


def test_anybody_can_compute_the_print_of_a_decree_from_its_table(kept, tmp_path):
    done, pages = paper(kept, "decree", tmp_path, letter_number="400.3/Kep.12/2026")
    table = Path(done.more["table"])

    answer = subprocess.run(
        [sys.executable, "-c", recipe(), table], check=True, capture_output=True, text=True
    ).stdout.strip()

    assert answer == done.more["sha256"]
    assert all(answer in flat(page) for page in pages)
    altered = table.read_text(encoding="utf-8-sig").replace("MAEMUNAH", "MAIMUNAH", 1)
    table.write_text(altered, encoding="utf-8-sig")
    other = subprocess.run(
        [sys.executable, "-c", recipe(), table], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert other != answer


def test_the_decree_names_everybody_who_is_approved_once_and_adds_up(kept, tmp_path):
    approved = [
        one for one in everybody(kept, tmp_path)
        if one["state"] in {"verified", "submitted", "enrolled"}
    ]  # fmt: skip
    done, pages = paper(kept, "decree", tmp_path)
    said = flat("".join(pages))

    assert done.rows == len(approved)
    assert done.more["monthly"] == sum(contribution(one["monthly_income"]) for one in approved)
    for one in approved:
        assert said.count(flat(one["number"])) == 1
        assert flat(one["name"]) in said
        assert "*" * 12 + one["nik"][-4:] in said
    for people in Counter(one["village_code"] for one in approved).values():
        assert f"{people}orang" in said
    with Path(done.more["table"]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["no"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert sorted(row["number"] for row in rows) == sorted(one["number"] for one in approved)
    assert [row["village_code"] for row in rows] == sorted(row["village_code"] for row in rows)
    assert not any(value.startswith(("=", "+", "@")) for row in rows for value in row.values())


def test_a_change_names_who_came_whose_entry_changed_and_who_went(kept, tmp_path):
    before = earlier_table(kept, tmp_path)
    done, pages = paper(kept, "decree-change", tmp_path, since=before)
    said = flat("".join(pages))

    assert [done.more[name] for name in ("added", "changed", "removed")] == [2, 1, 1]
    for table, print_ in ((before, "since"), (Path(done.more["table"]), "sha256")):
        line = [sys.executable, "-c", recipe(), table]
        answer = subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()
        assert answer == done.more[print_]
        assert answer in said
    assert flat("Tidak lagi dalam daftar: 1 orang") in said
    assert "YANGPERGI" in said
    with Path(done.more["table"]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["change"] for row in rows] == ["added", "added", "changed", "removed"]
    with before.open(encoding="utf-8-sig", newline="") as file:
        old = {row["number"] for row in csv.DictReader(file)}
    assert not {row["number"] for row in rows[:2]} & old
    assert {row["number"] for row in rows[2:]} < old


def test_hiding_niks_differently_is_no_change_and_no_change_is_no_paper(kept, tmp_path):
    table = tmp_path / "now.csv"
    KINDS["decree"](kept, Wish(day=DAY, table=table), tmp_path / "now.pdf")
    set_letterhead(kept, OURS.model_copy(update={"decree_nik": "full"}), None)
    try:
        with pytest.raises(NothingToPrint):
            paper(kept, "decree-change", tmp_path, since=table)
    finally:
        set_letterhead(kept, OURS, None)
    with pytest.raises(UsageWrong):
        paper(kept, "decree-change", tmp_path)
    with pytest.raises(KnownError):
        paper(kept, "decree-change", tmp_path, since=kept.list)
    assert not (tmp_path / "decree-change.pdf").exists()


def test_the_decree_shows_whole_niks_only_if_the_office_says_so(kept, tmp_path):
    set_letterhead(kept, OURS.model_copy(update={"decree_nik": "full"}), None)
    try:
        _, pages = paper(kept, "decree", tmp_path)
    finally:
        set_letterhead(kept, OURS, None)
    shown = [one["nik"] for one in everybody(kept, tmp_path) if one["state"] == "enrolled"]
    assert len(shown) == 6
    assert all(one in flat("".join(pages)) for one in shown)


def test_a_decree_of_one_village_holds_nobody_of_another(kept, tmp_path):
    done, _ = paper(kept, "decree", tmp_path, village=VILLAGES[0])
    with Path(done.more["table"]).open(encoding="utf-8-sig", newline="") as file:
        assert {row["village_code"] for row in csv.DictReader(file)} == {VILLAGES[0]}
    assert not list(kept.home.path.glob("paper-*"))


def test_the_command_compares_a_table_with_the_print_on_paper(kept, tmp_path, capsys, run):
    done, _ = paper(kept, "decree", tmp_path)
    base = ["--home", str(kept.home.path), "paper", "decree", "--json", "--check"]
    line = [*base, done.more["table"]]
    assert run([*line, "--print", done.more["sha256"].upper()]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "sha256": done.more["sha256"], "rows": done.rows, "same": True,
    }  # fmt: skip
    assert run([*line, "--print", "0" * 64]) == 4
    assert run([*base, str(kept.list)]) == 2


# -- the record of a verification


def test_the_record_of_a_visit_counts_every_person_in_one_row(kept, tmp_path):
    people = [one for one in everybody(kept, tmp_path) if one["visit_id"] == VISIT]
    states = Counter(one["state"] for one in people)
    done, pages = paper(kept, "verification", tmp_path, visit=VISIT, coordinator="Agus Permana")

    counts = done.more["counts"]
    assert counts["recorded"] == done.rows == len(people)
    assert counts["verified"] == states["submitted"] + states["enrolled"] + states["verified"]
    assert counts["refused"] == states["refused"] == 3
    sample = done.more["sample"]
    assert len(sample) == max(2, -(-len(people) * 5 // 100))
    assert set(sample) <= {one["number"] for one in people}
    said = flat("".join(pages))
    assert "AgusPermana" in said
    assert (
        flat("Sabtu, tanggal dua puluh delapan bulan November tahun dua ribu dua puluh enam")
        in said
    )
    for number in sample:
        assert flat(number) in said


def test_the_sample_is_the_same_for_whoever_draws_it(kept, tmp_path):
    draws = [paper(kept, "verification", tmp_path, village=VILLAGES[1])[0].more for _ in range(2)]
    assert draws[0] == draws[1]
    other = paper(kept, "verification", tmp_path, village=VILLAGES[2])[0].more
    assert other["list_print"] != draws[0]["list_print"]


def test_days_are_those_of_west_java(kept, tmp_path):
    wish = {"village": VILLAGES[0], "first": date(2026, 11, 22), "last": date(2026, 11, 22)}
    assert paper(kept, "verification", tmp_path, **wish)[0].rows == 15
    with pytest.raises(NothingToPrint):
        paper(kept, "verification", tmp_path, village=VILLAGES[0], first=date(2026, 11, 23))


# -- lists of a village


def test_the_notice_says_of_each_neighbour_how_far_it_is_and_no_more(kept, tmp_path):
    people = [one for one in everybody(kept, tmp_path) if one["village_code"] == VILLAGES[0]]
    done, pages = paper(kept, "village-notice", tmp_path, village=VILLAGES[0])
    said, lines = flat("".join(pages)), Counter(one["state"] for one in people)

    assert done.rows == len(people)
    assert (
        said.count(flat("Dijamin 01-11-2026 s.d. 31-10-2027, selama iuran dibayar."))
        == lines["enrolled"]
    )
    assert said.count(flat("BPJS belum menerima. Tanyakan ke kantor desa.")) == lines["refused"]
    assert said.count(flat("Sudah diajukan ke BPJS. Menunggu jawaban.")) == lines["submitted"]
    assert said.count(flat("Sudah diterima kantor. Belum dikirim ke BPJS.")) == lines["registered"]
    assert "NIKbeda" not in said  # the insurer's reason is nobody's business
    for one in people:
        assert flat(one["name"]) in said
        assert flat(one["number"]) not in said


def test_the_receipt_lists_who_gets_a_card_and_which(kept, tmp_path):
    people = [one for one in everybody(kept, tmp_path) if one["village_code"] == VILLAGES[0]]
    enrolled = [one for one in people if one["state"] == "enrolled"]

    done, pages = paper(kept, "card-receipt", tmp_path, village=VILLAGES[0])
    assert done.rows == len(enrolled) > 0
    said = flat("".join(pages))
    assert all(flat(one["number"]) in said for one in enrolled)
    assert said.count("Buktipendataan") == 0

    done, pages = paper(kept, "card-receipt", tmp_path, village=VILLAGES[0], papers="all")
    assert flat("".join(pages)).count("Buktipendataan") == len(people) - len(enrolled)
    with pytest.raises(NothingToPrint):
        paper(kept, "card-receipt", tmp_path, village="Setia Asih")


# -- one person


def by_state(office, folder, state):
    return next(one for one in everybody(office, folder) if one["state"] == state)


def test_the_claim_file_says_what_is_on_record_and_who_comes_first_by_law(kept, tmp_path):
    one = by_state(kept, tmp_path, "enrolled")
    _, pages = paper(kept, "claim-file", tmp_path, number=one["number"], day=date(2027, 1, 15))
    said = flat("".join(pages))

    for value in (one["nik"], one["name"], one["number"], "PAK UJANG (mandor)", "naskah 2026-11"):
        assert flat(value) in said
    assert flat("1 November 2026 s.d. 31 Oktober 2027") in said
    assert flat("3 bulan sampai 15 Januari 2027") in said
    order = [said.index(name) for name in ("ENDAH", "DULLAH", "OTONG")]
    assert order[2] == max(order)  # a sibling comes after child and spouse
    assert flat("3 bulan pertama sejak dijamin") in said  # no month is noted as paid: no day
    assert "%" not in said
    assert flat("menyatakan sedang bekerja") in said
    assert flat("Diterima BPJS. Nomor peserta") in said


def test_the_claim_file_of_somebody_who_is_not_covered_claims_no_cover(kept, tmp_path):
    one = next(o for o in everybody(kept, tmp_path) if o["name"] == "NYI RATNA")
    _, pages = paper(kept, "claim-file", tmp_path, number=one["number"], case="accident")
    said = flat("".join(pages))
    assert flat("Belum ada jawaban BPJS yang memberi jaminan") in said
    assert flat("menyatakan sedang sakit dan tidak bekerja") in said
    assert "Dijamin" not in said


def test_the_slip_follows_the_tables_and_their_days(kept, tmp_path):
    table = brackets()
    least = table["brackets"][0][1] * table["jkk_percent"] // 100 + table["jkm"]

    done, pages = paper(kept, "self-pay", tmp_path)
    said = flat("".join(pages))
    assert done.more["monthly"] == least // 2
    assert f"Rp{least // 2:,}".replace(",", ".") in said
    assert f"Rp{least:,}".replace(",", ".") in said
    assert flat("Sampai 31 Desember 2026 ada potongan") in said
    assert "PP50/2025" in said

    done, pages = paper(kept, "self-pay", tmp_path, day=date(2027, 1, 1))
    assert done.more["monthly"] == least
    assert "PP50/2025" not in flat("".join(pages))


def test_who_is_covered_is_told_the_price_of_the_month_after(kept, tmp_path):
    one = by_state(kept, tmp_path, "enrolled")
    done, pages = paper(kept, "self-pay", tmp_path, number=one["number"])
    assert done.more["monthly"] == contribution(one["monthly_income"])
    said = flat("".join(pages))
    assert flat("mulai November 2027") in said
    born = date.fromisoformat(one["birth_date"])
    last = date(born.year + 65, born.month, born.day - 1)
    assert flat(f"{last.day} {MONTHS[last.month - 1]} {last.year}") in said


# -- the day, and what cannot be printed


def test_the_recap_adds_up_to_what_the_office_holds(kept, tmp_path):
    people = everybody(kept, tmp_path)
    done, pages = paper(kept, "daily-recap", tmp_path, first=date(2026, 11, 22))
    assert done.rows == len(people)
    states = Counter(one["state"] for one in people)
    last = next(line for page in pages for line in page.splitlines() if line.startswith("Jumlah"))
    approved = states["submitted"] + states["enrolled"] + states["refused"]
    figures = [int(one) for one in re.findall(r"\d+", last)]
    assert figures[0] == figures[2] == len(people)
    assert figures[3:6] == [
        approved, states["submitted"] + states["enrolled"], states["enrolled"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "wish"),
    [
        ("verification", {}),
        ("verification", {"village": "Atlantis"}),
        ("verification", {"visit": "ffff"}),
        ("card-receipt", {"village": "3273012001"}),
        ("village-notice", {"village": ""}),
        ("claim-file", {"number": "3216-A01-00001-XXXX"}),
        ("self-pay", {"number": "x"}),
    ],
)
def test_what_cannot_be_printed_is_said_and_nothing_is_written(kept, tmp_path, kind, wish):
    with pytest.raises(KnownError) as raised:
        paper(kept, kind, tmp_path, **wish)
    assert raised.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_command_answers_pages_rows_and_path(kept, tmp_path, capsys, run):
    line = ["--home", str(kept.home.path), "paper", "village-notice", "--json"]
    path = tmp_path / "papan.pdf"
    assert run([*line, "--village", VILLAGES[0], "--output", str(path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"pages": 2, "rows": 15, "path": str(path)}
    assert run([*line, "--village", VILLAGES[0]]) == 2
    assert run([*line, "--output", str(path), "--village", VILLAGES[0], "--day", "besok"]) == 2


def test_every_paper_comes_out_of_either_database(office, laptop, tmp_path):
    for n in range(3):
        laptop.register(nik=nik(n + 1), name=NAMES[n], visit_id=VISIT)
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    office.list = tmp_path / "list.xlsx"
    office.batch = export_to_insurer(office, office.list, officer="Ratna").id

    rows = {
        kind: paper(office, kind, tmp_path, **wishes(office, tmp_path)[kind])[0].rows
        for kind in KINDS
    }

    assert rows == {
        "verification": 3, "decree": 3, "decree-change": 4, "cover-letter": 3, "card-receipt": 3,
        "village-notice": 3, "claim-file": 1, "self-pay": 1, "daily-recap": 0,
    }  # fmt: skip


def test_letters_that_cannot_be_seen_turn_nothing_around(sqlite_office, laptop_on, tmp_path):
    """A laptop that lies may send what a form would never take."""
    laptop = laptop_on(sqlite_office)
    laptop.register(
        nik=nik(1), name="SITI \u202eHANIMA\u2069", workplace="Sawah\n\u2067lain\u200b",
        consent_witness="\u202eGNAJU", village_code=VILLAGES[0],
    )  # fmt: skip
    laptop.push(laptop.journal)
    approve(sqlite_office, officer="Ratna")
    number = everybody(sqlite_office, tmp_path)[0]["number"]

    for kind, wish in (
        ("village-notice", {"village": VILLAGES[0]}),
        ("decree", {}),
        ("claim-file", {"number": number}),
    ):
        done, pages = paper(sqlite_office, kind, tmp_path, **wish)
        said = "".join(pages)
        assert "SITI HANIMA" in said
        assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", said)
        if "table" in done.more:
            table = Path(done.more["table"]).read_text(encoding="utf-8-sig")
            assert ",SITI HANIMA," in table
    assert "Sawah lain" in said
    assert "GNAJU (" in said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"), (11, "sebelas"), (15, "lima belas"), (20, "dua puluh"), (100, "seratus"),
        (101, "seratus satu"), (1_000, "seribu"), (1_001, "seribu satu"),
        (11_000, "sebelas ribu"), (101_000, "seratus satu ribu"), (1_000_000, "satu juta"),
        (75_903, "tujuh puluh lima ribu sembilan ratus tiga"),
        (1_002_000_019, "satu miliar dua juta sembilan belas"),
    ],
)  # fmt: skip
def test_sums_are_spelled_as_officials_spell_them(number, words):
    assert number_words(number, "id") == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"), (19, "nineteen"), (21, "twenty-one"), (100, "one hundred"),
        (1_001, "one thousand one"), (2_000_300, "two million three hundred"),
    ],
)  # fmt: skip
def test_and_in_english(number, words):
    assert number_words(number, "en") == words
