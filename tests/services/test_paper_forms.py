"""Paper forms in files as people make them: every shape, every slip, and back out again."""

import csv
import itertools
import json
import random
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.findings import Finding
from enumerator_app.domain.reading import NUMERIC_NIK_CELL
from enumerator_app.domain.registration import FIELDS, HeirDraft
from enumerator_app.domain.table_files import ColumnsUnknown, FileKindUnknown, HeaderMissing
from enumerator_app.services.paper_columns import load_columns
from enumerator_app.services.paper_forms import (
    RejectedRow,
    describe_problem,
    inert,
    read_paper_forms,
    write_rejected,
)

NIK = "3216131203749001"


@pytest.fixture
def file(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    def write(*rows, dates=()):
        path = tmp_path / "forms.xlsx"
        book = xlsxwriter.Workbook(path)
        dated = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, dated)
                elif cell is not None:
                    sheet.write(at, column, cell)
        book.close()
        return path

    return write


def rows_of(path, **options):
    return list(read_paper_forms(path, **options))


def only(path, **options):
    (row,) = rows_of(path, **options)
    return row


def codes(row):
    return [(problem.field, problem.code) for problem in row.problems]


# -- what a row says -------------------------------------------------------------------------


def test_every_field_of_the_definition_is_understood_as_a_column():
    columns = load_columns()
    taken = {columns.meaning(name) for name in FIELDS if name not in {"heirs", "paradata"}}
    assert taken == set(FIELDS) - {"heirs", "paradata"}


def test_a_json_line_becomes_a_draft(file):
    line = {
        "nik": NIK, "name": "Siti Maemunah", "birth_date": "1974-03-12",
        "programmes": ["JKK", "JKM"], "monthly_income": 1000000, "works_since": 2009.0,
        "photo": "foto/1.jpg", "email": None,
        "heirs": [
            {"name": "Nasan", "relation": "spouse", "birth_date": "1970-01-02"},
            {"name": "Euis", "relation": "anak", "birth_year": 2011, "scholarship": True},
        ],
        "paradata": {"name": 12},
    }  # fmt: skip
    path = file("forms.jsonl", json.dumps(line) + "\n")
    row = only(path)
    assert row.draft.values == {
        "nik": NIK, "name": "Siti Maemunah", "birth_date": "1974-03-12", "programmes": "JKK+JKM",
        "monthly_income": "1000000", "works_since": "2009",
    }  # fmt: skip
    assert row.draft.heirs == (
        HeirDraft("Nasan", "spouse", "1970-01-02"),
        HeirDraft("Euis", "anak", "2011", "yes"),
    )
    assert row.draft.paradata == {"name": 12}
    assert row.photo_path == path.parent / "foto" / "1.jpg"
    assert (row.row_number, row.problems) == (1, ())


def test_a_nik_that_is_a_json_number_keeps_all_its_digits(file):
    row = only(file("forms.jsonl", f'{{"nik": {NIK}, "name": "A"}}\n'))
    assert row.draft.values["nik"] == NIK
    assert NUMERIC_NIK_CELL not in row.draft.values


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_with_any_usual_delimiter_mark_and_line_end(tmp_path, delimiter, encoding, end):
    path = tmp_path / "forms.csv"
    cells = (("NIK", "Nama", "Desa"), (NIK, "Ma'mun é", "Karangharja"))
    path.write_bytes(end.join(delimiter.join(row) for row in cells).encode(encoding))
    assert only(path).draft.values == {
        "nik": NIK,
        "name": "Ma'mun é",
        "village_code": "Karangharja",
    }


def test_names_with_the_delimiter_in_them_are_quoted(file):
    row = only(file("f.csv", 'nik,name,address\n,"Siti, Hj.","Kp. Gaga\nRT 3"\n'))
    assert row.draft.values == {"name": "Siti, Hj.", "address": "Kp. Gaga\nRT 3"}


def test_heirs_stand_in_numbered_columns_under_english_and_indonesian_headers(file):
    header = (
        "Nama,NIK,heir_1_name,heir_1_relation,heir_1_birth,Nama ahli waris 2,Hubungan ahli waris 2"
    )
    row = only(file("f.csv", f"{header}\nSiti,,Nasan,suami,1970,Euis,anak\n"))
    assert row.draft.heirs == (HeirDraft("Nasan", "suami", "1970"), HeirDraft("Euis", "anak"))


def test_titles_above_the_header_and_empty_rows_are_passed_over(workbook):
    path = workbook(
        ["DAFTAR PEKERJA TANI"], [None, "Desa Karangharja"], [], ["No", "NIK", "Nama"],
        [1, NIK, "Siti"], [], [None, None, None], [2, "", "Nasan"],
    )  # fmt: skip
    rows = rows_of(path)
    assert [(row.row_number, row.draft.values["name"]) for row in rows] == [
        (5, "Siti"),
        (8, "Nasan"),
    ]


def test_a_date_cell_is_that_day_and_a_figure_is_its_digits(workbook):
    path = workbook(
        ["Nama", "Tanggal lahir", "RT", "Penghasilan", "HP", "Bekerja sejak"],
        ["Siti", date(1974, 3, 12), 3, 1000000.0, 81234567890, 2009],
    )
    assert only(path).draft.values == {
        "name": "Siti", "birth_date": "1974-03-12", "rt": "3", "monthly_income": "1000000",
        "phone": "81234567890", "works_since": "2009",
    }  # fmt: skip


def test_a_numeric_nik_in_a_spreadsheet_is_marked_for_the_rule(workbook):
    row = only(workbook(["NIK", "Nama"], [int(NIK), "Siti"]))
    assert row.draft.values[NUMERIC_NIK_CELL] == "yes"


def test_a_numeric_family_card_number_is_a_problem(workbook):
    row = only(workbook(["No KK", "Nama"], [3216131203749001, "Siti"]))
    assert codes(row) == [("kk_number", "xlsx_nik")]
    assert "Excel" in describe_problem(row.problems[0])


def test_the_first_sheet_that_has_a_header_is_read(tmp_path):
    path = tmp_path / "two.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Petunjuk").write(0, 0, "Isi lembar kedua")
    second = book.add_worksheet("Data")
    second.write_row(0, 0, ["NIK", "Nama"])
    second.write_row(1, 0, [NIK, "Siti"])
    book.close()
    assert only(path).draft.values == {"nik": NIK, "name": "Siti"}


def test_a_mapping_of_ones_own_adds_headers(file):
    own = file("own.toml", '[columns]\nname = ["Petani"]\n[ignored]\ncolumns = ["Blok"]\n')
    path = file("f.csv", "Petani,NIK,RT,Blok\nSiti,,,7\n")
    with pytest.raises(ColumnsUnknown):
        rows_of(path)
    assert only(path, mapping=own).draft.values == {"name": "Siti"}


@pytest.mark.parametrize(
    "content", ["columns = 3", "[columns]\nnama = ['x']", "no toml", "\xff\xfe"]
)
def test_a_mapping_that_is_none_is_refused(file, content):
    own = file("own.toml", content.encode("latin-1"))
    with pytest.raises(FileUnreadable):
        rows_of(file("f.csv", "NIK,Nama\n,Siti\n"), mapping=own)


@pytest.mark.parametrize(
    "photo", ["/etc/passwd", "../other/1.jpg", "C:\\foto\\1.jpg", "foto/../../1.jpg"]
)
def test_a_photo_outside_the_folder_is_a_problem(file, photo):
    row = only(file("f.jsonl", json.dumps({"name": "Siti", "photo": photo}) + "\n"))
    assert codes(row) == [("photo", "photo_outside")]


def test_a_photo_path_may_have_backslashes(file):
    path = file("f.jsonl", json.dumps({"name": "Siti", "photo": "foto\\1.jpg"}) + "\n")
    assert only(path).photo_path == path.parent / "foto" / "1.jpg"


# -- rows that are none ----------------------------------------------------------------------


def test_a_line_that_is_no_json_is_one_rejected_row(file):
    lines = ['{"name": "A"}', "{", "[1]", '{"name": NaN}', "\xff", '{"name": "B"}', "[" * 100_000]
    rows = rows_of(file("f.jsonl", "\n".join(lines).encode("latin-1")))
    assert [row.draft.values.get("name") for row in rows] == [
        "A",
        None,
        None,
        None,
        None,
        "B",
        None,
    ]
    assert [codes(row) for row in rows[1:5]] == [[("", "row_unreadable")]] * 4


def test_a_line_without_end_is_one_rejected_row(file):
    rows = rows_of(file("f.jsonl", b'{"name": "A"}\n' + b"x" * 5_000_000 + b'\n{"name": "B"}\n'))
    assert [bool(row.problems) for row in rows] == [False, True, False]


def test_a_key_that_nobody_knows_rejects_its_row_only(file):
    rows = rows_of(file("f.jsonl", '{"name": "A", "nikk": "1"}\n{"name": "B"}\n'))
    assert codes(rows[0]) == [("", "column_unknown")]
    assert "nikk" in describe_problem(rows[0].problems[0])
    assert rows[1].problems == ()


def test_nested_values_where_texts_belong_are_problems(file):
    line = {"name": {"first": "A"}, "heirs": ["Nasan", {"name": "B", "share": 50}]}
    row = only(file("f.jsonl", json.dumps(line) + "\n"))
    assert codes(row) == [
        ("name", "value_unreadable"), ("heirs", "value_unreadable"), ("heirs", "column_unknown"),
    ]  # fmt: skip


def test_a_quote_that_is_never_closed_costs_one_row(file):
    rows = [f"{n},Pekerja {n}" for n in range(200)]
    rows[7] = '7,Kp. 12" Pipa'
    found = rows_of(file("f.csv", "ticket,name\n" + "\n".join(rows) + "\n"))
    assert len(found) == 200
    assert [row.row_number for row in found if row.problems] == [9]


def test_a_row_with_too_many_cells_is_rejected_and_a_short_one_is_not(file):
    rows = rows_of(file("f.csv", "nik,name,rt\n,A,1,2\n,B\n,C,3,,\n"))
    assert [bool(row.problems) for row in rows] == [True, False, False]


def test_letters_that_are_no_utf8_reject_their_row_only(file):
    rows = rows_of(file("f.csv", b"nik;name\n;Mu\xf1oz\n;Siti\n"))
    assert codes(rows[0]) == [("", "text_broken")]
    assert rows[1].draft.values == {"name": "Siti"}


# -- files that are none ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("f.csv", "", HeaderMissing),
        ("f.csv", "a,b\n1,2\n", HeaderMissing),
        ("f.csv", "NIK,Nama,Zodiak\n", ColumnsUnknown),
        ("f.csv", "NIK,Nama,Nama\n", ColumnsUnknown),
        ("f.xlsx", "no workbook", FileUnreadable),
        ("f.pdf", "%PDF", FileKindUnknown),
        ("f", "", FileKindUnknown),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_before_its_first_row(file, name, content, error):
    with pytest.raises(error) as refused:
        rows_of(file(name, content))
    assert refused.value.parameters["name"] == name


def test_a_file_that_is_not_there_is_unreadable(tmp_path):
    for kind in ("jsonl", "csv", "xlsx"):
        with pytest.raises(FileUnreadable):
            rows_of(tmp_path / f"gone.{kind}")


def test_an_empty_workbook_and_a_zip_that_is_none_are_refused(workbook, tmp_path):
    with pytest.raises(HeaderMissing):
        rows_of(workbook())
    path = tmp_path / "zip.xlsx"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("a.txt", "nothing")
    with pytest.raises(FileUnreadable):
        rows_of(path)


def test_a_workbook_damaged_anywhere_is_refused_or_read_up_to_there(workbook, tmp_path):
    whole = workbook(["NIK", "Nama"], *([NIK, f"Pekerja {n}"] for n in range(50))).read_bytes()
    dice = random.Random(3)
    path = tmp_path / "damaged.xlsx"
    for _ in range(60):
        damaged = bytearray(whole)
        at = dice.randrange(len(damaged))
        damaged[at : at + dice.randint(1, 40)] = dice.randbytes(dice.randint(0, 40))
        path.write_bytes(damaged)
        try:
            assert len(rows_of(path)) <= 51
        except (FileUnreadable, HeaderMissing, ColumnsUnknown):
            continue


# -- and back --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_rejected_rows_can_be_corrected_in_their_file_and_read_again(kind, file, workbook):
    if kind == "xlsx":
        path = workbook(["NIK", "Nama", "HP"], ["32", "=Siti", "+62 812"], ["33", "Budi", None])
    elif kind == "csv":
        path = file("f.csv", "NIK,Nama,HP\n32,=Siti,+62 812\n33,Budi,\n")
    else:
        lines = [{"nik": "32", "name": "=Siti", "phone": "+62 812"}, {"nik": "33", "name": "Budi"}]
        path = file("f.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    rows = rows_of(path)
    why = Finding("nik_len", "error", "nik", {"n": 2})
    target = write_rejected(path, [RejectedRow(row, (why,)) for row in rows])
    assert target.parent == path.parent
    assert target.suffix == (".jsonl" if kind == "jsonl" else ".csv")
    assert "NIK baru 2 angka" in target.read_text(encoding="utf-8-sig")
    assert [row.draft for row in rows_of(target)] == [row.draft for row in rows]
    assert all(row.problems == () for row in rows_of(target))


def test_rejected_cells_are_inert_in_a_spreadsheet(file):
    signs = ["=1+1", "+1", "-1", "@SUM(A1)", NIK]
    path = file("f.jsonl", "".join(json.dumps({"name": s, "nik": s}) + "\n" for s in signs))
    rows = [RejectedRow(row, ()) for row in rows_of(path)]
    target = write_rejected(path.with_suffix(".xlsx"), rows)
    with target.open(encoding="utf-8-sig", newline="") as lines:
        cells = list(csv.DictReader(lines, delimiter=";"))
    assert [row["name"] for row in cells] == [f"'{sign}" for sign in signs]
    assert [row.draft.values["name"] for row in rows_of(target)] == signs


def test_rows_that_could_not_be_read_stay_in_the_file_as_they_were(file):
    path = file("f.csv", 'ticket,name\n1,A"\n2,B\n')
    rejected = [RejectedRow(row, row.problems) for row in rows_of(path) if row.problems]
    assert '1,A"' in write_rejected(path, rejected).read_text(encoding="utf-8-sig").replace(
        '""', '"'
    )


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_what_is_made_inert_reads_back_as_it_was(typed):
    shown = inert(typed)
    assert not shown.startswith(("=", "+", "-", "@"))
    assert shown.removeprefix("'") == typed.removeprefix("'")


def test_many_rows_pass_through_in_little_memory(tmp_path):
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as lines:
        lines.write("NIK,Nama,Desa,Tanggal lahir\n")
        lines.writelines(f"{NIK},Pekerja {n},3216132003,1974-03-12\n" for n in range(10_000))
    list(itertools.islice(read_paper_forms(path), 1))
    tracemalloc.start()
    count = sum(1 for _ in read_paper_forms(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 10_000
    assert peak < 1_000_000


def test_a_moment_in_a_cell_is_one_of_west_java(workbook):
    row = only(workbook(["Nama", "Didata pada"], ["Siti", datetime(2026, 11, 22, 9, 30)]))  # noqa: DTZ001 - a cell has no zone
    assert row.draft.values["registered_at"] == "2026-11-22T09:30:00+07:00"
