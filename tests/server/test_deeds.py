"""The record of deeds: whatever a hand in the database does to any of its rows is found."""

import csv
import io
import json
from itertools import pairwise

import openpyxl
import pytest
from sqlalchemy import delete, insert, select, update

from sync.server.people.accounts import add_account, change_scope
from sync.server.people.audit import audit, wrong_deeds_of
from sync.server.people.tables import DEED_HEAD_ROWS, DEED_ROWS
from sync.server.verifying import verify_office
from tests.server.people import signed_in

N = 6


@pytest.fixture
def recorded(office):
    """An office with six deeds, whose end is kept outside."""
    add_account(office, login="ratna", name="Ratna", role="coordinator", by="command line")
    change_scope(office, "ratna", by="command line", districts=["Setu"])
    with office.database.writing() as connection:
        for n in range(N - 2):
            audit(office, connection, "command line", "tried", f"subject {n}")
    office.keep_head_outside()
    assert wrong_deeds_of(office) == []
    assert verify_office(office) == []
    return office


def rows(office):
    with office.database.reading() as connection:
        return list(connection.execute(select(DEED_ROWS).order_by(DEED_ROWS.c.n)).mappings())


def meddle(office, *statements):
    with office.database.writing() as connection:
        for statement in statements:
            connection.execute(statement)


def other(value):
    """A value of the same kind that is another one."""
    return value + 1000 if isinstance(value, int) else f"{value or ''}x"


@pytest.mark.parametrize("column", ["n", "hash", "account", "deed", "subject", "at", "bytes"])
def test_each_changed_cell_of_each_row_is_found(recorded, column):
    for row in rows(recorded):
        is_it = DEED_ROWS.c.n == row["n"]
        meddle(recorded, update(DEED_ROWS).where(is_it).values({column: other(row[column])}))
        assert wrong_deeds_of(recorded), (row["n"], column)
        assert "deed" in {fault.code for fault in verify_office(recorded)}
        changed = DEED_ROWS.c.n == (other(row["n"]) if column == "n" else row["n"])
        meddle(recorded, update(DEED_ROWS).where(changed).values({column: row[column]}))
        assert wrong_deeds_of(recorded) == []


def test_each_dropped_row_is_found(recorded):
    for row in rows(recorded):
        meddle(recorded, delete(DEED_ROWS).where(DEED_ROWS.c.n == row["n"]))
        assert wrong_deeds_of(recorded), row["n"]
        meddle(recorded, insert(DEED_ROWS).values(dict(row)))
        assert wrong_deeds_of(recorded) == []


def test_each_two_rows_that_change_places_are_found(recorded):
    found = rows(recorded)
    for one, two in pairwise(found):
        meddle(recorded, delete(DEED_ROWS).where(DEED_ROWS.c.n.in_([one["n"], two["n"]])))
        swapped = [dict(one) | {"n": two["n"]}, dict(two) | {"n": one["n"]}]
        meddle(recorded, insert(DEED_ROWS).values(swapped))
        assert wrong_deeds_of(recorded), one["n"]
        meddle(recorded, delete(DEED_ROWS).where(DEED_ROWS.c.n.in_([one["n"], two["n"]])))
        meddle(recorded, insert(DEED_ROWS).values([dict(one), dict(two)]))


def test_the_end_cut_off_with_its_head_is_found_by_what_lies_outside(recorded):
    *_, before, last = rows(recorded)
    meddle(
        recorded,
        delete(DEED_ROWS).where(DEED_ROWS.c.n == last["n"]),
        update(DEED_HEAD_ROWS).values(n=before["n"], hash=before["hash"]),
    )
    assert wrong_deeds_of(recorded) == [last["n"]]
    recorded.home.head_file.unlink()  # the control: without the file outside nothing would tell
    assert wrong_deeds_of(recorded) == []


def test_a_deed_that_another_key_signed_is_found(recorded):
    (row, *_) = rows(recorded)
    document = json.loads(row["bytes"])
    document["sig"] = "00" * 64
    change = update(DEED_ROWS).where(DEED_ROWS.c.n == row["n"])
    meddle(recorded, change.values(bytes=json.dumps(document, separators=(",", ":"))))
    assert wrong_deeds_of(recorded) == [row["n"]]


def test_auditors_read_filter_and_check(sqlite_office):
    auditor = signed_in(sqlite_office, "auditor")
    made = add_account(
        sqlite_office, login="budi", name="Budi <b>", role="verifier", by=auditor.account
    )
    for n in range(60):
        with sqlite_office.database.writing() as connection:
            audit(sqlite_office, connection, auditor.account, "tried", f"s{n}")
    page = auditor.get("/audit").text
    assert "s59" in page
    assert "s5<" not in page  # on the second page
    assert "Menjalankan perintah" not in page
    assert "s5<" in auditor.get("/audit?page=2&deed=tried").text
    assert "s59" not in auditor.get("/audit?deed=account_added").text
    assert "Budi &lt;b&gt;" in auditor.get(f"/audit?subject={made.account}").text
    assert "Tidak ada yang cocok" in auditor.get("/audit?subject=nobody").text
    assert "Utuh" in auditor.post("/audit/check").text
    meddle(sqlite_office, update(DEED_ROWS).where(DEED_ROWS.c.n == 7).values(at="x"))
    broken = auditor.post("/audit/check")
    assert "Tidak utuh" in broken.text
    assert "nomor 7" in broken.text


def test_auditors_download_what_they_filtered(sqlite_office):
    add_account(sqlite_office, login="budi", name="=SUM(1)", role="verifier", by="command line")
    with sqlite_office.database.writing() as connection:
        for n in range(60):  # more than a page
            audit(sqlite_office, connection, "command line", "tried", f"=subject {n}")
    auditor = signed_in(sqlite_office, "auditor")
    page = auditor.get("/audit?deed=tried").text
    assert 'href="/audit.csv?deed=tried"' in page
    content = auditor.get("/audit.csv?deed=tried").content.decode("utf-8-sig")
    header, *found = csv.reader(content.splitlines())
    assert header == ["No.", "Kapan", "Siapa", "Apa", "Tentang (nomor)", "Sidik"]
    assert len(found) == 60
    kept = {str(one["n"]): one["hash"] for one in rows(sqlite_office)}
    assert all(kept[row[0]] == row[5] for row in found)
    assert all(row[4].startswith("'=subject") for row in found)  # inert where a sheet computes
    assert "tried" not in {one["deed"] for one in rows(sqlite_office)[-1:]}
    assert rows(sqlite_office)[-1]["deed"] == "audit_table"
    book = auditor.get("/audit.xlsx").content
    cells = openpyxl.load_workbook(io.BytesIO(book)).active
    assert (cells.max_row, cells.max_column) == (len(rows(sqlite_office)) + 1, 6)
    assert signed_in(sqlite_office, "coordinator").get("/audit.csv").status_code == 403


def test_the_record_goes_to_a_table(sqlite_office, tmp_path):
    from sync.server.commands.line import parse  # noqa: PLC0415 - only here a command is run
    from sync.server.commands.running import run  # noqa: PLC0415 - as above

    add_account(sqlite_office, login="sri", name="Sri", role="auditor", by="command line")
    home, out = sqlite_office.home.path, tmp_path / "deeds.csv"
    assert run(parse(["--home", str(home), "audit", "export", str(out), "--json"])) == 0
    assert run(parse(["--home", str(home), "letterhead", "show", "--json"])) == 0
    assert run(parse(["--home", str(home), "audit", "verify", "--json"])) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["deed"] for row in written] == ["account_added"]
    assert [row["n"] for row in written] == ["1"]
